"""Reads what a body already has into cards: a spreadsheet, records of the Dutch Algoritmeregister. Bytes in, values out.

What comes in is hostile until it is read: nothing is unpacked, parsed or repeated beyond a limit, and no formula is run.
"""
