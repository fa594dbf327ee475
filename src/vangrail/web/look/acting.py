"""Doing what a form asks: a mistake of the user is shown beside the form, with everything they typed still in it."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form

from vangrail.model.errors import VangrailError
from vangrail.web.look.language import told

T = TypeVar("T")


def tried(form: Form, act: Callable[[], T]) -> T | None:
    """What the act gives, when the form is valid and the act is not refused; else nothing, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return act()
    except VangrailError as error:
        form.add_error(None, told(error))
        return None
