"""Reads an application's folder: card.yaml, answers.yaml and records.yaml, with messages that say where and what to do."""

from vangrail.cards.folder import Application, read_application

__all__ = ["Application", "read_application"]
