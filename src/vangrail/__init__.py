"""Guardrails (vangrails) for AI in Flemish governments: measured, answered, decided by named people, open to citizens."""

__version__ = "0.1.0"
