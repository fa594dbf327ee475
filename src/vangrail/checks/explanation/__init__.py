"""Explanation: what a model goes by, for all cases and for one, and whether what is said of it is true and holds still."""
