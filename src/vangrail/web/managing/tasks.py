"""What waits for a person. Each part of the site says its own share, so that the parts need not know each other.

A part has a module `waiting` with `tasks_of(member) -> list[Task]`; it is found by its name. Its number of queries may not
depend on how much waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from vangrail.model.framework import Text
from vangrail.web.organisations.members import Member


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something that waits for somebody.

    kind          which sort of work it is, in words; tasks of one kind stand together
    title         what it is about: ours, or what a person called it
    application   the name of the application; empty when it is about none
    url           where it is done
    due           the last day, where there is one
    details       more about it, where that helps
    parts         what it consists of, each with where that is done
    """

    kind: Text
    title: Text | str
    url: str
    application: str = ""
    due: date | None = None
    details: tuple[Text | str, ...] = field(default=())
    parts: tuple[tuple[Text | str, str], ...] = field(default=())

    def overdue(self, on: date) -> bool:
        """Whether it should have been done before this day."""
        return self.due is not None and self.due < on


def tasks_of(member: Member) -> list[Task]:
    """Everything that waits for this member: what has a day first, the earliest before the others."""
    found = [task for waits in _sources() for task in waits(member)]
    return sorted(found, key=lambda t: (t.due is None, t.due or date.max))


def _sources() -> list[Callable[[Member], list[Task]]]:
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.waiting"
        if config.name.startswith("vangrail.web.") and find_spec(name) is not None:
            found.append(import_module(name).tasks_of)
    return found
