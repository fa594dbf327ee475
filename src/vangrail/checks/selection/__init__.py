"""Selective labels: when the outcome is known only for the cases that were selected (inspections, audits).

Hit rates tell how often a check found something, per group. Base rates, from cases drawn at random, tell how often there
was something to find. Only the two together show whether a group is checked more than its base rate explains.
"""
