"""Dutch pages are Dutch and English pages are English, but for what people typed: walked over the demo, page by page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from vangrail.cards import templates
from vangrail.web import demo
from vangrail.web.organisations.models import Person

TELL_TALE = {
    "nl": {"the", "and", "not", "with", "this", "which", "from", "are", "have", "your", "for", "there", "been", "that", "it", "first", "subparagraph"},
    "en": {"het", "een", "niet", "van", "voor", "wordt", "zijn", "deze", "naar", "omdat", "geen", "ook", "nog", "jouw", "je"},
}  # fmt: skip
"""Small words that a page in this language does not have, and that are no words of it."""
SAME = re.compile(r"/(eisen|metingen|versies|registers?|vragen|bewerken|zaken|mensen|productkaarten)/[^/]+/")
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PAGES_EACH = 90


class Reader(HTMLParser):
    """The texts of a page that are in its own language, and where its links go."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._open: list[tuple[str, bool]] = [("", True)]
        self._language = ""

    def handle_starttag(self, tag, attrs) -> None:
        """What is marked as another language, and what is code, is passed over."""
        held = dict(attrs)
        if tag == "html":
            self._language = held["lang"][:2]
        if tag == "a" and "download" not in held and (held.get("href") or "").startswith("/"):
            self.links.append(held["href"].split("#")[0].split("?")[0])
        ours = self._open[-1][1] and held.get("lang", self._language)[:2] == self._language
        ours = ours and tag not in ("script", "style", "code", "pre", "textarea", "svg")
        if ours:
            self.texts += [held[name] for name in ("title", "alt", "aria-label", "placeholder") if held.get(name)]
        if tag not in EMPTY:
            self._open.append((tag, ours))

    def handle_endtag(self, tag) -> None:
        """Back to what stood around it."""
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data) -> None:
        """One piece of text."""
        if self._open[-1][1] and data.strip():
            self.texts.append(data)


def typed() -> list[str]:
    """Everything that people typed: what the database holds, but for texts that it holds in both languages."""

    def inside(value) -> Iterator[str]:
        if isinstance(value, str) and len(value) > 3:
            yield from value.splitlines()
        elif isinstance(value, dict) and not set(value) <= {"nl", "en"}:
            yield from (text for item in value.values() for text in inside(item))
            yield from (key for key in value if isinstance(key, str) and " " in key)
        elif isinstance(value, list | tuple):
            yield from (text for item in value for text in inside(item))

    kinds = (models.CharField, models.TextField, models.JSONField)
    found = {
        plain(text)
        for model in apps.get_models()
        if model.__module__.startswith("vangrail.web")
        for field in model._meta.concrete_fields
        if isinstance(field, kinds)
        for value in model._base_manager.values_list(field.name, flat=True).iterator()
        for text in inside(value)
    }
    found |= {plain(text) for template in templates.templates() for text in inside(template.card)}  # becomes theirs
    return sorted(found, key=len, reverse=True)


def plain(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def visit(client: Client, start: str, kinds: set[str]) -> Iterator[tuple[str, Reader]]:
    """One page of each kind that can be reached from here."""
    waiting = [start]
    while waiting:
        place = waiting.pop(0)
        kind = SAME.sub(r"/\1/*/", place)
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = client.get(place, follow=True)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        reader = Reader()
        reader.feed(answer.content.decode())
        yield place, reader
        waiting += reader.links


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_in_its_own_language(client, settings, language):
    settings.DEMO = True
    demo.fill()
    said_by_people = typed()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    kinds: set[str] = set()
    wrong: dict[str, str] = {}
    for name in (None, "Lieve Hertecant", "Koen Dierinckx", "Nele Beheerder"):
        if name is not None:
            client.force_login(Person.objects.filter(name=name).first(), "django.contrib.auth.backends.ModelBackend")
        for place, page in visit(client, "/werk/" if name else "/", kinds):
            for text in map(plain, page.texts):
                left = text
                for one in said_by_people:
                    if one in left:
                        left = left.replace(one, " ")
                words = set(re.findall(r"[^\W\d_]+", left.lower())) & TELL_TALE[language]
                if len(words) > 1:
                    wrong.setdefault(text, place)
    assert not wrong, "\n".join(f"{place}: {text[:300]}" for text, place in wrong.items())
    assert len(kinds) > PAGES_EACH
