"""Takes several works a step at a time, so that what they ask at the same time can be answered in one pass over the rows."""

from collections.abc import Callable, Sequence
from typing import Any

from vangrail.tables.engine import Engine, Look, T, Work


def run(engine: Engine, relation: str, works: Sequence[Work[T]], done: Callable[[T], None] = lambda _: None) -> None:
    """Do all the works on these rows. `done` is given what each found, as soon as it is there.

    An engine that has no gain from it gets one work after the other: then the first figures are there sooner.
    """
    if engine.one_pass:
        _in_step(engine, relation, works, done)
    else:
        for work in works:
            _in_step(engine, relation, [work], done)


def _in_step(engine: Engine, relation: str, works: Sequence[Work[T]], done: Callable[[T], None]) -> None:
    asking: list[tuple[Work[T], Any]] = []

    def go_on(work: Work[T], answer: Any) -> None:
        try:
            asking.append((work, work.send(answer)))
        except StopIteration as stopped:
            done(stopped.value)

    for work in works:
        go_on(work, None)
    while asking:
        looks = [(w, asked) for w, asked in asking if isinstance(asked, Look)]
        if looks:  # first everything that is only a look, or what follows from it would need a pass of its own
            seen = engine.look(relation, tuple(dict.fromkeys(e for _, look in looks for e in look.of)))
            asking = [(w, asked) for w, asked in asking if not isinstance(asked, Look)]
            for work, _ in looks:
                go_on(work, seen)
            continue
        todo, asking = asking, []
        answers = iter(engine.ask(relation, [ask for _, asks in todo for ask in asks]))
        for work, asks in todo:
            go_on(work, [next(answers) for _ in asks])


def one(engine: Engine, relation: str, work: Work[T]) -> T:
    """What one work finds."""
    found: list[T] = []
    run(engine, relation, [work], found.append)
    return found[0]
