"""Lets Ctrl-C through while an engine works.

Python hears a signal only between two steps of its own, so a statement that takes a minute inside an engine would go on for
that minute: SQLite finished it first, and DuckDB was seen to go on for longer.
"""

import contextlib
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 10


class _Worker(threading.Thread):
    """A thread that does one thing after another; starting one for each statement was measured five times slower."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="vangrail-engine")
        self.asked: SimpleQueue[Callable[[], Any]] = SimpleQueue()
        self.done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            found: tuple[Any, BaseException | None]
            try:
                found = self.asked.get()(), None
            except BaseException as error:
                found = None, error  # raised again where it was asked
            self.done.put(found)
            del found  # rows are not kept until the next statement


_IDLE: list[_Worker] = []


def stoppable(work: Callable[[], T], stop: Callable[[], None], *, patience: float = PATIENCE_SECONDS) -> T:
    """What `work` gives or raises. On Ctrl-C `stop` is called, which has to end the work, and KeyboardInterrupt goes on.

    The work is done in another thread, for signals come to the main thread only; from another thread it is just called.

    patience    how many seconds to wait for the work to end after `stop`
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    worker = _IDLE.pop() if _IDLE else _Worker()
    worker.asked.put(work)
    try:
        found, error = worker.done.get()
    except KeyboardInterrupt:
        stop()
        with contextlib.suppress(Empty):  # or the connection would be closed under the work
            worker.done.get(timeout=patience)
        raise  # the worker is not used again: nobody knows what it is still doing
    _IDLE.append(worker)
    try:
        if error is not None:
            raise error
        return found  # type: ignore[no-any-return]  # it is what `work` gave
    finally:
        del error  # it holds this frame, and this frame would hold it
