"""A public page as its template shows it: the frozen publication in the words of the visitor's language, and how it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vangrail import knowledge
from vangrail.exports.dossier import plot_svg
from vangrail.exports.publication import FigureShown, figures_shown, themes_of
from vangrail.exports.register import Published
from vangrail.model.framework import Term, Text, Vocabulary, both
from vangrail.model.vocabulary import Language
from vangrail.web.applications.models import Application
from vangrail.web.decisions.models import Stop
from vangrail.web.look import language
from vangrail.web.publishing.models import Publication
from vangrail.web.register.models import Entry

FIRST = 3
"""So many figures are open on the page; the others are folded."""
ENERGY = "energy-per-use"
_LAW: Mapping[str, Text] = {
    "out_of_scope": both(
        nl="De Europese AI-verordening geldt hier niet. Andere wetten gelden wel, zoals de regels over privacy.",
        en="The European AI Act does not apply here. Other laws do, such as the rules on privacy.",
    ),
    "prohibited": both(
        nl="De Europese AI-verordening verbiedt dit gebruik van AI.", en="The European AI Act prohibits this use of AI."
    ),
    "high_risk": both(
        nl="Dit is AI met een hoog risico. De Europese AI-verordening vraagt dan extra bescherming: mensen die toezicht houden, "
        "controle op fouten, en een goede uitleg.",
        en="This is high-risk AI. The European AI Act then asks for extra protection: people who oversee it, checks for errors, "
        "and a good explanation.",
    ),
    "transparency": both(
        nl="Dit is geen AI met een hoog risico. De overheid moet je wel zeggen dat je met AI te maken hebt.",
        en="This is not high-risk AI. The government must tell you that you are dealing with AI.",
    ),
    "minimal": both(
        nl="Dit is geen AI met een hoog risico. Andere wetten gelden wel, zoals de regels over privacy.",
        en="This is not high-risk AI. Other laws do apply, such as the rules on privacy.",
    ),
    "unknown": both(
        nl="Het staat nog niet vast wat de Europese AI-verordening hiervan zegt.",
        en="It is not settled yet what the European AI Act says of this.",
    ),
}


_RISK: Mapping[str, Text] = {
    "out_of_scope": both(nl="valt er niet onder", en="does not fall under it"),
    "prohibited": both(nl="verboden", en="prohibited"),
    "high_risk": both(nl="hoog", en="high"),
    "transparency": both(nl="niet hoog", en="not high"),
    "minimal": both(nl="niet hoog", en="not high"),
    "unknown": both(nl="nog niet bekend", en="not known yet"),
}
_DECIDING = (
    (
        "ai_acts",
        both(
            nl="De computer doet een deel van het werk alleen: een mens bekijkt dan niet elk geval.",
            en="The computer does part of the work alone: then no person looks at each case.",
        ),
    ),
    (
        "ai_acts_human_checks",
        both(
            nl="De computer doet een deel van het werk, en een mens kijkt dat na.",
            en="The computer does part of the work, and a person checks it.",
        ),
    ),
    (
        "ai_advises",
        both(
            nl="Een mens beslist. De computer geeft alleen advies.",
            en="A person decides. The computer only gives advice.",
        ),
    ),
    ("human", both(nl="Een mens beslist.", en="A person decides.")),
)
_NOT_SAID = both(nl="De kaart zegt nog niet wie beslist.", en="The card does not say yet who decides.")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its chart, and what happened to it since."""

    shown: FigureShown
    plot: SafeString | None
    stale: str
    again: date | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that the template of a public page needs.

    entry       how it is now; none in a preview and on a page of the past
    until       for a page of the past: when the next one came
    """

    c: Mapping[str, Any]
    number: int
    at: datetime
    organisation: str
    application: str
    risk: str
    law: str
    law_confirmed: date | None
    law_points: tuple[str, ...]
    deciding: str
    on: date
    principles: tuple[Mapping[str, Any], ...]
    themes: tuple[str, ...]
    figures: tuple[Figure, ...]
    energy: tuple[Figure, ...]
    entry: Entry | None = None
    stop: Stop | None = None
    is_preview: bool = False
    until: datetime | None = None
    address: str = ""
    history: list[Publication] = field(default_factory=list)
    benefits: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def preview(cls, publication: Publication) -> "Page":
        """As it would be."""
        return cls(**_words(publication, {}), at=publication.at, is_preview=True)

    @classmethod
    def past(cls, publication: Publication, *, until: datetime | None) -> "Page":
        """As it was."""
        return cls(**_words(publication, {}), at=publication.approval.at, until=until)

    @classmethod
    def now(cls, entry: Entry, *, stop: Stop | None, address: str, history: list[Publication]) -> "Page":
        """As it is."""
        words = _words(entry.publication, entry.since)
        return cls(**words, at=entry.published_at, entry=entry, stop=stop, address=address, history=history)

    @property
    def name(self) -> str:
        """The name of the application."""
        return str(self.c["application"]["name"])

    @property
    def first(self) -> tuple[Figure, ...]:
        """The figures that say most."""
        return self.figures[:FIRST]

    @property
    def more(self) -> tuple[Figure, ...]:
        """The others."""
        return self.figures[FIRST:]

    @property
    def case_url(self) -> str:
        """Where one asks a question or objects; empty while this installation has no such page. A preview stays where it is."""
        if self.is_preview:
            return "#vraag"
        try:
            return reverse("new_case", kwargs={"organisation": self.organisation, "application": self.application})
        except NoReverseMatch:
            return ""

    @property
    def embed(self) -> str:
        """A block of plain HTML for a site of the organisation: a link, without script or frame."""
        return format_html(
            '<p><a href="{}">{}</a><br>{}</p>',
            self.address,
            self.name,
            language.pick(
                nl=f"AI bij {self.c['organisation']['name']}: wat doet ze, wie beslist, en hoe maak je bezwaar?",
                en=f"AI at {self.c['organisation']['name']}: what does it do, who decides, and how do you object?",
            ),
        )


def _words(publication: Publication, since: Mapping[str, Any]) -> dict[str, Any]:
    content, spoken = publication.content, language.current()
    stale, again = since.get("stale", {}), since.get("again", {})
    figures = [
        Figure(
            shown=shown,
            plot=mark_safe(plot_svg(shown.plot, language=spoken)) if shown.plot else None,  # noqa: S308  its texts are escaped
            stale=stale.get(str(shown.place), {}).get(spoken.value, ""),
            again=date.fromisoformat(again[str(shown.place)]) if str(shown.place) in again else None,
        )
        for shown in figures_shown(content, spoken)
    ]
    is_energy = {n for n, figure in enumerate(content["figures"]) if figure["check"] == ENERGY}
    confirmed = content["law"]["confirmed_on"]
    return {
        "c": content,
        "number": publication.number,
        "organisation": publication.application.organisation.slug,
        "application": publication.application.slug,
        "risk": _RISK[content["law"]["outcome"]][spoken],
        "law": _LAW[content["law"]["outcome"]][spoken],
        "law_confirmed": date.fromisoformat(confirmed) if confirmed else None,
        "law_points": tuple(f"{_said(p['title'])} ({_article(p['article'])})" for p in content["law"]["points"]),
        "deciding": _deciding(content)[spoken],
        "on": date.fromisoformat(content["on"]),
        "principles": tuple(
            {"title": _said(p["title"]), "counts": [(v, n) for v, n in p["counts"].items() if n]}
            for p in content["principles"]
        ),
        "themes": tuple(themes_in_words(content)),
        "figures": tuple(f for f in figures if f.shown.place not in is_energy),
        "energy": tuple(f for f in figures if f.shown.place in is_energy),
        "benefits": tuple(
            {**b, **{k: date.fromisoformat(b[k]) for k in ("baseline_on", "target_on", "measured_on") if b[k]}}
            for b in content["why"]["benefits"]
        ),
    }


def _said(text: Mapping[str, str]) -> str:
    return text.get(language.current().value) or text["nl"]


def _article(article: str) -> str:
    """Where it stands: 'art. 50(1)', 'bijlage III 5(a)'."""
    if article.startswith("Annex"):
        return article if language.current() is Language.EN else article.replace("Annex", "bijlage", 1)
    return f"art. {article}"


def _deciding(content: Mapping[str, Any]) -> Text:
    """In one sentence how far the computer goes: the furthest step counts."""
    actors = {s["actor"] for s in content["process"]}
    return next((text for actor, text in _DECIDING if actor in actors), _NOT_SAID)


def themes_in_words(content: Mapping[str, Any]) -> list[str]:
    """What it is about, the four D's and the goals that it names."""
    terms = theme_terms()
    return [terms[t].title[language.current()] for t in themes_of(content) if t in terms]


def theme_terms() -> dict[str, Term]:
    """Every term by which the register can be filtered."""
    return {t.id: t for v in theme_vocabularies() for t in v.terms}


def theme_vocabularies() -> list[Vocabulary]:
    """The lists of those terms: what it is about first."""
    known = {v.id: v for v in knowledge.framework().vocabularies}
    return [known[id_] for id_ in ("data-themes", "four-d", "sdg")]


def page_path(organisation: str, application: str) -> str:
    """The stable address of a public page, below the site."""
    return reverse("public_page", kwargs={"organisation": organisation, "application": application})


def address_of(request: HttpRequest, application: Application) -> str:
    """The stable address with the name of the site before it."""
    return request.build_absolute_uri(page_path(application.organisation.slug, application.slug))


def published(request: HttpRequest, entry: Entry) -> Published:
    """An entry as the open data take it."""
    return Published(
        content=entry.publication.content,
        address=request.build_absolute_uri(page_path(entry.organisation.slug, entry.slug)),
        organisation=entry.organisation.slug,
        number=entry.publication.number,
        published_at=timezone.localtime(entry.published_at),
        changed_at=timezone.localtime(entry.changed_at),
        stopped=entry.stopped,
        stale=entry.stale,
        newer_card=entry.newer_card,
        verified_on=entry.verified_on,
    )
