"""Assessing an application: the board, the answers of named people, and measuring from the page."""
