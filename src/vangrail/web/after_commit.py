"""Work that follows from what was written, once the transaction has committed, however often it was asked for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction


def once_after_commit(do: Callable[[Any], object], about: Any) -> None:
    """Do this about something after this transaction, once. What fails then is logged, and does not undo the transaction."""
    for _, waiting, *_ in connection.run_on_commit:
        if isinstance(waiting, partial) and waiting.func is do and waiting.args == (about,):
            return
    transaction.on_commit(partial(do, about), robust=True)
