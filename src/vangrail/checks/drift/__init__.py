"""Drift: whether the cases of now still look like those on which the application was validated."""
