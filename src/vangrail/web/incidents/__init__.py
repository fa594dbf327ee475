"""Incidents: what went wrong, what the law asks by when, who does what, and what is learnt from it."""
