"""Classifying an application under the law: the interview, its result explained, and a named person who confirms it."""
