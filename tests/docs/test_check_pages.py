"""The parts of a card that the pages about checks show are accepted."""

import pytest
from test_pages import BASE, ROOT, parts

from vangrail.model.card import Card, Record

PAGES = sorted(p for p in (ROOT / "docs" / "checks").glob("*.md") if "```yaml" in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_what_a_page_shows_is_accepted(page):
    """A page may point to the data sets of the page about the card."""
    known = next(part for part in parts("docs/card.md") if "datasets" in part)
    for part in parts(page.relative_to(ROOT)):
        if set(part) == {"records"}:
            assert [Record.model_validate(r) for r in part["records"]]
        elif set(part) & set(Card.model_fields):  # else a page shows only the inside of a part
            assert Card.model_validate(BASE | known | part)
