"""The versions of a card: as it is, as it was on a day, and any two side by side. Only reads."""
