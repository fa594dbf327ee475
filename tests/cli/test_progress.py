"""Figures are shown as soon as they are there, and the end result does not depend on it."""

from datetime import UTC, date, datetime
from functools import partial

from vangrail import checks
from vangrail.assessment import measuring
from vangrail.cli.progress import Progress
from vangrail.model.card import Card
from vangrail.model.vocabulary import Language
from vangrail.tables import open_table

CARD = Card.model_validate(
    {
        "vangrail": 1,
        "id": "a",
        "name": "A",
        "organisation": {"name": "Gemeente"},
        "phase": "operate",
        "datasets": {
            "people": {
                "source": "people.csv",
                "key": ["nr"],
                "columns": {"age": {"type": "number", "at_least": 0}, "district": {"quasi_identifier": True}},
            }
        },
    }
)


def test_a_figure_is_told_before_the_last_need_is_answered(tmp_path):
    """Totals are answered in the first pass, rows that repeat in the last: completeness does not wait for those."""
    lines = [f"{i},{i % 90},{'centre' if i % 2 else 'suburb'}" for i in range(200)]
    (tmp_path / "people.csv").write_text("nr,age,district\n" + "\n".join(lines))
    shown, order = [], []
    show = Progress(shown.append, Language.NL)

    def told(check, measurement, outcome):
        order.append(measurement)
        show.told(check, measurement, outcome)

    planned = [m for m in checks.plan(CARD) if m.dataset == "people"]
    found = measuring.measure(
        CARD,
        checks.checks(),
        planned,
        open_table=partial(open_table, folder=tmp_path, environment={}),
        open_predictor=None,
        sources={},
        on=date(2026, 11, 22),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        by="test",
        progress=show,
        told=told,
    )
    assert [e.measurement for e in found.evidence] == planned
    assert {m.key for m in order} == {m.key for m in planned} and len(order) == len(planned)
    names = [m.check for m in order]
    assert names.index("completeness") < names.index("uniqueness")
    first = next(i for i, text in enumerate(shown) if "Volledigheid" in text)
    assert "people: " in shown[first] and first < len(shown) - 1
