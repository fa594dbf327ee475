"""The page on the law names every fact with its answers, and its example runs."""

import re
from pathlib import Path
from typing import Any

from vangrail.law import questions
from vangrail.model.vocabulary import Language

PAGE = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")


def test_every_fact_is_on_the_page_with_its_question() -> None:
    for question in questions().values():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{question.fact}` |"))
        assert question.question[Language.EN] in row
        assert all(value in row for value in question.values), question.fact


def test_the_page_names_no_fact_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(questions())


def test_the_example_says_what_it_says() -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102  the page's own example
    assert names["found"].outcome == "high_risk"
