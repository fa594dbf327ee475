"""Finds identifiers in text and measures plain Dutch. Pure functions: text in, values out; nothing is kept or logged."""
