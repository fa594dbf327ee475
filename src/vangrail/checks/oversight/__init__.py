"""Oversight: whether people really decide, or click on."""
