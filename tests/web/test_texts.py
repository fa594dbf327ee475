"""Both languages are complete: no text stands in a template outside the tag that asks for both."""

import re
from pathlib import Path

import pytest

from vangrail import web

TEMPLATES = sorted(Path(web.__file__).parent.rglob("templates/**/*.html"))
NAMES = {
    "Vangrail",
    "Demo",
    "English",
    "Nederlands",
    "JSON",
    "LDES",
    "CSV",
    "XLSX",
    "PDF",
    "Atom",
    "Turtle",
    "HTML",
    "API",
    "kWh",
    "kB",
}
"""What is the same word in both languages."""


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.name)
def test_no_loose_words(file):
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    loose = [w for w in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", text)) if w not in NAMES]
    assert not loose, f"put these between {{% say nl=... en=... %}}: {loose}"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.name)
def test_every_text_is_there_twice(file):
    for tag in re.findall(r"\{%\s*say\s(.*?)%\}", file.read_text(encoding="utf-8"), flags=re.DOTALL):
        values = dict(re.findall(r"\b(nl|en)=(\"[^\"]*\"|'[^']*')", tag))
        assert set(values) == {"nl", "en"} and all(len(v) > 2 for v in values.values()), tag


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.name)
def test_nothing_of_a_user_goes_in_unescaped(file):
    """`safe` turns text into markup, and so does a script or style of one's own. The one exception is help of ours."""
    text = file.read_text(encoding="utf-8").replace("{{ field.help_text|safe }}", "")
    assert not re.search(r"\|\s*safe\b|autoescape off|<script\b|<style\b|\sstyle=|\son\w+=", text)
