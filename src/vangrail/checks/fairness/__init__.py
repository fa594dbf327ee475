"""Fairness (tru-fair-1): how often groups get what, and how often the advice is wrong about them, with intervals.

Every comparison in one assessment shares the same chance of a false alarm; `comparing.py` says how.
"""
