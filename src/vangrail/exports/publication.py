"""What becomes public about an application: chosen field by field, so that nothing is public by accident.

A publication is plain JSON (`publication/1`), made once from the card and the assessment, and kept as it was approved. It holds
no names: of the responsible person only function and functional address, and a name in a text that people wrote gives way to the
function of whoever bears it. Groups of people are only shown for figures about citizens, never for figures about staff, and a
group of fewer than `SMALL_COUNT` never with its number; then the numbers of the other groups stay away too, because the small
one would follow by subtraction.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vangrail.exports import charts
from vangrail.exports import formatting as f
from vangrail.exports.dossier import most_different, telling
from vangrail.model.board import Assessment, Judgement, Line
from vangrail.model.card import Card, LegalBasis
from vangrail.model.framework import Limit, Measure, Text, both
from vangrail.model.outcome import SMALL_COUNT, Detail, Group, Measured, shown
from vangrail.model.vocabulary import Language, Role, Unit, Verdict

PUBLICATION = "publication/1"
MOST_FIGURES = 60
GROUPS_OF = frozenset(("fairness", "selection", "data", "performance", "detection", "forecast", "proxies"))
"""The families of checks whose groups are groups of citizens or of things. Others tell staff apart: officers, roles, teams."""
DETAILS_OF = frozenset(("energy",))
"""The families whose parts are quantities per year, so that no people are counted in them."""
_WEB = re.compile(r"https?://\S+")


@dataclass(frozen=True, kw_only=True)
class LawSaid:
    """What the law says of the application, in words, as the caller read it from the classification.

    confirmed_on   the day on which a named person confirmed it on these facts; none while it is a proposal
    points         what it falls under, each with its article
    roles          what the organisation is in the sense of the AI Act, such as 'deployer'
    routes         why it is high-risk: 'annex_i_a', 'annex_i_b', 'annex_iii'
    annex_iii      the points of Annex III, such as '5a'
    """

    outcome: str
    text: Text
    confirmed_on: date | None
    points: tuple[tuple[Text, str], ...] = ()
    roles: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    annex_iii: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Made:
    """A publication, and in which texts a name gave way to a function."""

    content: dict[str, Any]
    names_replaced: tuple[str, ...]


def publication(assessment: Assessment, *, law: LawSaid) -> Made:
    """The public page of an application as JSON."""
    card, own = assessment.card, _Words(assessment.card)
    owner = card.people.get(Role.APPLICATION_OWNER)
    content = {
        "vangrail": PUBLICATION,
        "on": assessment.board.on.isoformat(),
        "application": {"id": card.id, "name": own("name", card.name), "phase": assessment.board.phase.value},
        "organisation": {
            "name": card.organisation.name,
            "kind": card.organisation.kind.value if card.organisation.kind else None,
            "number": card.organisation.number,
        },
        "what": {
            "summary": own("summary", card.summary),
            "disclosure": own("disclosure.text", card.disclosure.text),
            "disclosure_where": own("disclosure.where", card.disclosure.where),
            "use": list(card.purpose.use),
        },
        "why": {
            "purpose": own("purpose.text", card.purpose.text),
            "public_task": own("purpose.public_task", card.purpose.public_task),
            "benefits": [
                {
                    "indicator": own("benefits.indicator", b.indicator),
                    "unit": b.unit,
                    "baseline": b.baseline,
                    "baseline_on": _day(b.baseline_on),
                    "target": b.target,
                    "target_on": _day(b.target_on),
                    "measured": b.measured,
                    "measured_on": _day(b.measured_on),
                    "source": own("benefits.source", b.source),
                }
                for b in card.benefits
            ],
            "alternatives": [
                {
                    "name": own("alternatives.name", a.name),
                    "effect": own("alternatives.effect", a.effect),
                    "why": own("alternatives.why", a.why),
                    "chosen": a.chosen,
                }
                for a in card.alternatives
            ],
        },
        "affected": [
            {
                "who": own("affected.who", a.who),
                "how": own("affected.how", a.how),
                "vulnerable": a.vulnerable,
                "number_per_year": None if a.number_per_year is None else shown(a.number_per_year),
            }
            for a in card.affected
        ],
        "themes": {"policy": list(card.themes), "four_d": list(card.four_d), "sdg": list(card.sdg)},
        "process": [
            {"step": own("process.step", s.step), "actor": s.actor.value, "why": own("process.why", s.why)}
            for s in card.process
        ],
        "oversight": {
            "authority": own("oversight.authority", card.oversight.authority),
            "time": own("oversight.time", card.oversight.time),
            "four_eyes": own("oversight.four_eyes", card.oversight.four_eyes),
        },
        "data": {
            "personal_data": own("privacy.personal_data", card.privacy.personal_data),
            "why": own("privacy.why", card.privacy.why),
            "retention": own("privacy.retention", card.privacy.retention),
            "special_categories": own("privacy.special_categories", card.privacy.special_categories),
            "datasets": [
                {
                    "name": name,
                    "description": own("datasets.description", d.description),
                    "origin": own("datasets.origin", d.origin),
                    "authentic_source": own("datasets.authentic_source", d.authentic_source),
                }
                for name, d in card.datasets.items()
            ],
        },
        "technique": {
            "models": [{"name": m.name, "version": m.version, "kind": m.kind} for m in card.models],
            "suppliers": [{"name": s.name, "product": s.product, "country": s.country} for s in card.suppliers],
        },
        "energy": {
            "operation_kwh_year": card.energy.operation_kwh_year,
            "training_kwh": card.energy.training_kwh,
            "method": own("energy.method", card.energy.method),
            "location": own("energy.location", card.energy.location),
            "sources": own("energy.sources", card.energy.sources),
        },
        "responsible": {
            "function": owner.function if owner else None,
            "contact": owner.contact if owner else None,
        },
        "contact": {
            "ask": own("contact.ask", card.contact.ask),
            "object": own("contact.object", card.contact.object),
            "term_days": card.contact.term_days,
            "person": own("contact.person", card.contact.person),
        },
        "fallback": own("fallback.procedure", card.fallback.procedure),
        "accessibility": {
            "statement": own("accessibility.statement", card.accessibility.statement),
            "offline_alternative": own("accessibility.offline_alternative", card.accessibility.offline_alternative),
        },
        "legal_basis": [_rule(r, own) for r in card.legal_basis],
        "law": {
            "outcome": law.outcome,
            "text": _text(law.text),
            "confirmed_on": _day(law.confirmed_on),
            "points": [{"title": _text(title), "article": article} for title, article in law.points],
            "roles": list(law.roles),
            "routes": list(law.routes),
            "annex_iii": list(law.annex_iii),
        },
        "counts": {v.value: n for v, n in assessment.board.count().items()},
        "principles": [
            {
                "id": p.id,
                "number": p.number,
                "title": _text(p.title),
                "counts": {v.value: n for v, n in assessment.board.count(principle=p.id).items()},
            }
            for p in assessment.framework.principles
        ],
        "figures": [
            _figure(line, judgement, assessment, own)
            for line, judgement in telling(assessment.board.asked, number=MOST_FIGURES)
        ],
        "not_measured": own("data_access.because", card.data_access.because)
        if card.data_access and not card.data_access.possible
        else None,
    }
    return Made(content=content, names_replaced=own.replaced)


class _Words:
    """Texts that people wrote on the card, with the names of people replaced by their functions."""

    def __init__(self, card: Card) -> None:
        people = {
            p.name: p.function or role.value.replace("_", " ")
            for role, p in card.people.items()
            if role is not Role.SUPPLIER
        }
        self._people = people
        names = sorted(map(re.escape, people), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)") if names else None
        self._replaced: dict[str, None] = {}

    def __call__(self, place: str, text: str | None) -> str | None:
        if not text or self._pattern is None:
            return text
        changed = self._pattern.sub(lambda m: self._people[m[0]], text)
        if changed != text:
            self._replaced[place] = None
            changed = f.capital(changed)
        return changed

    @property
    def replaced(self) -> tuple[str, ...]:
        """The fields in which a name stood."""
        return tuple(self._replaced)


def _rule(rule: LegalBasis, own: _Words) -> dict[str, Any]:
    link = rule.link if rule.link and _WEB.fullmatch(rule.link) else None
    return {
        "title": rule.title,
        "article": rule.article,
        "how_met": own("legal_basis.how_met", rule.how_met),
        "link": link,
    }


def _figure(line: Line, judgement: Judgement, assessment: Assessment, own: _Words) -> dict[str, Any]:
    evidence, proof = judgement.measured, judgement.proof
    if evidence is None or not isinstance(evidence.outcome, Measured) or not isinstance(proof, Measure):
        raise TypeError("only what was measured has a figure")
    outcome, measurement = evidence.outcome, evidence.measurement
    known = assessment.checks[measurement.check]
    groups = outcome.groups if known.family in GROUPS_OF else ()
    small = any(g.rows is None or g.rows < SMALL_COUNT for g in groups)
    return {
        "requirement": line.requirement.id,
        "requirement_title": _text(line.requirement.title),
        "verdict": judgement.verdict.value,
        "because": _text(judgement.because, own),
        "check": measurement.check,
        "dataset": measurement.dataset,
        "subject": measurement.subject,
        "title": _text(known.title),
        "measures": _text(known.measures),
        "about": {language.value: known.about(measurement, language) for language in Language},
        "value": outcome.value,
        "unit": outcome.unit.value,
        "rows": shown(outcome.rows),
        "low": outcome.low,
        "high": outcome.high,
        "confidence": outcome.confidence,
        "exact": outcome.exact,
        "group_unit": outcome.group_unit.value if outcome.group_unit else None,
        "groups": [_group(g, tell_rows=not small) for g in groups],
        "details": [_detail(d) for d in outcome.details] if known.family in DETAILS_OF else [],
        "limit": _limit(judgement.limit, proof, own),
        "measured_on": evidence.measured_at.date().isoformat(),
        "valid_until": _day(judgement.valid_until),
    }


def _group(group: Group, *, tell_rows: bool) -> dict[str, Any]:
    small = group.rows < SMALL_COUNT if group.rows is not None else group.value is None
    figures = ("value", "low", "high", "difference", "difference_low", "difference_high")
    return {
        "name": group.name,
        "attributes": dict(group.attributes),
        "called": {language.value: f.group_name(group, language) for language in Language},
        "small": small,
        "rows": group.rows if tell_rows else None,
        **{name: None if small else getattr(group, name) for name in figures},
        "is_reference": group.is_reference,
        "not_measurable": _text(group.not_measurable) if group.not_measurable else None,
    }


def _detail(detail: Detail) -> dict[str, Any]:
    return {
        "name": detail.name,
        "called": {language.value: f.detail_name(detail, language) for language in Language},
        "value": detail.value,
        "low": detail.low,
        "high": detail.high,
        "unit": detail.unit.value if detail.unit else None,
        "note": _text(detail.note) if detail.note else None,
    }


def _limit(limit: Limit | None, proof: Measure, own: _Words) -> dict[str, Any] | None:
    """A limit with its reason; who chose it is the organisation, without the name."""
    if limit is None:
        return None
    ours = proof.limit_reason if limit.is_default else {}
    return {
        "at_most": limit.at_most,
        "at_least": limit.at_least,
        "because": _text(ours or dict.fromkeys(Language, limit.because), own),
        "default": limit.is_default,
        "chosen_on": _day(limit.chosen_on),
    }


def _text(text: Text, own: _Words | None = None) -> dict[str, str]:
    return {language.value: (own("figures", words) or "") if own else words for language, words in text.items()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- the texts of a publication ---------------------------------------------------------------------------------------
def prose(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text that people wrote, with the place of it, in the order of the page."""
    what, why, data = content["what"], content["why"], content["data"]
    yield "name", content["application"]["name"]
    for place, text in (
        ("summary", what["summary"]),
        ("purpose.text", why["purpose"]),
        ("purpose.public_task", why["public_task"]),
        ("disclosure.text", what["disclosure"]),
    ):
        if text:
            yield place, text
    lists = (
        ("affected", content["affected"], ("who", "how")),
        ("process", content["process"], ("step", "why")),
        ("benefits", why["benefits"], ("indicator",)),
        ("alternatives", why["alternatives"], ("name", "effect", "why")),
        ("datasets", data["datasets"], ("description",)),
        ("legal_basis", content["legal_basis"], ("how_met",)),
    )
    for place, items, names in lists:
        for item in items:
            yield from ((f"{place}.{name}", item[name]) for name in names if item[name])
    for place, part in (("oversight", content["oversight"]), ("privacy", data), ("energy", content["energy"])):
        yield from ((f"{place}.{k}", v) for k, v in part.items() if isinstance(v, str) and v)
    for place, text in (("fallback.procedure", content["fallback"]), ("data_access.because", content["not_measured"])):
        if text:
            yield place, text
    for place, part in (("contact", content["contact"]), ("accessibility", content["accessibility"])):
        yield from ((f"{place}.{k}", v) for k, v in part.items() if isinstance(v, str) and v)


def themes_of(content: Mapping[str, Any]) -> list[str]:
    """The terms that a publication names: what it is about first. One of before that was asked says nothing of it."""
    themes = content["themes"]
    return list(dict.fromkeys([*themes.get("policy", ()), *themes["four_d"], *themes["sdg"]]))


# --- how a publication stands now -------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Since:
    """What happened to the published figures since.

    stale           by place among the figures: why the figure no longer counts
    measured_again  by place: the later day on which it was measured, with what came out not yet public
    verified_on     the newest day on which one of these figures was measured
    """

    stale: Mapping[int, Text]
    measured_again: Mapping[int, date]
    verified_on: date | None


_GONE = both(nl="Dit wordt niet meer gemeten.", en="This is no longer measured.")


def since(content: Mapping[str, Any], now: Mapping[str, Any]) -> Since:
    """Lay a publication beside the assessment of now (`assessment/1`)."""
    present: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for requirement in now["requirements"]:
        for piece in requirement["evidence"]:
            if piece["kind"] == "measure" and "subject" in piece:
                present.setdefault((piece["check"], piece["dataset"], piece["subject"]), piece)
    stale: dict[int, Text] = {}
    again: dict[int, date] = {}
    days = []
    for place, figure in enumerate(content["figures"]):
        found = present.get((figure["check"], figure["dataset"], figure["subject"]))
        published = date.fromisoformat(figure["measured_on"])
        if found is None:
            stale[place] = _GONE
            days.append(published)
            continue
        measured = date.fromisoformat(found["measured_at"][:10])
        days.append(measured)
        if found["verdict"] == Verdict.EXPIRED:
            stale[place] = {Language(k): v for k, v in found["because"].items()}
        elif measured > published:
            again[place] = measured
    return Since(stale=stale, measured_again=again, verified_on=max(days, default=None))


# --- figures in words -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class GroupRow:
    """One group of a figure in a table."""

    name: str
    rows: str
    own: str
    difference: str


@dataclass(frozen=True, kw_only=True)
class FigureShown:
    """A published figure in the words of one language. `place` is its place among the figures."""

    place: int
    title: str
    about: str
    measures: str
    question: str
    value: str
    certainty: str
    limit: str
    limit_reason: str
    verdict: Verdict
    because: str
    rows: str
    measured: str
    measured_on: date
    plot: charts.Plot | None
    compared: str
    groups: tuple[GroupRow, ...]
    quantities: tuple[tuple[str, str, str], ...]


_CERTAINTY = both(
    nl="Het echte cijfer ligt met {percent} % zekerheid tussen {low} en {high}.",
    en="With {percent} % certainty the real figure lies between {low} and {high}.",
)
_RANGE = both(
    nl="Dit is een schatting. Ze ligt tussen {low} en {high}.", en="This is an estimate, between {low} and {high}."
)
_COUNTED = both(
    nl="Alles is geteld, dus er is geen onzekerheid.", en="Everything was counted, so nothing is uncertain."
)
_STATED = both(
    nl="Dit is geschat of opgegeven; hoe zeker het is, weten we niet.",
    en="This was estimated or stated; how certain it is, is not known.",
)
_NO_LIMIT = both(nl="Er is vooraf geen grens gekozen.", en="No limit was chosen beforehand.")
_LIMIT = both(nl="De grens is: {limit}.", en="The limit is: {limit}.")
_MEASURED_ON = both(nl="Gemeten op {on}, {place}.", en="Measured on {on}, {place}.")
_NOT_TOLD = both(nl="niet getoond", en="not shown")
_DIFFERENCE = both(nl="Verschil met de vergelijkingsgroep", en="Difference with the group compared with")
_DISTANCE = both(nl="Verschil", en="Difference")
_RATIO = both(nl="Verhouding tot de vergelijkingsgroep", en="Ratio to the group compared with")
_REFERENCE = both(nl="vergelijkingsgroep", en="group compared with")


def figures_shown(content: Mapping[str, Any], language: Language) -> list[FigureShown]:
    """The figures of a publication in words, with the geometry of their charts."""
    return [_shown(place, figure, language) for place, figure in enumerate(content["figures"])]


def _shown(place: int, figure: Mapping[str, Any], language: Language) -> FigureShown:
    outcome, limit = _outcome(figure), _read_limit(figure["limit"])
    groups = most_different(outcome.groups, as_ratio=outcome.unit is Unit.RATIO)
    plot = charts.plot_of_groups(outcome, groups, limit, language) if groups else None
    against = _DIFFERENCE if any(g.is_reference for g in groups) else _DISTANCE
    compared = any(g.difference is not None for g in groups)
    day = date.fromisoformat(figure["measured_on"])
    where = f.place(figure["dataset"], language)
    return FigureShown(
        place=place,
        title=_in(figure["title"], language),
        about=_in(figure["about"], language),
        measures=_in(figure["measures"], language),
        question=_in(figure["requirement_title"], language),
        value=f.value(outcome, language, limit),
        certainty=_certainty(outcome, limit, language),
        limit=f.said(_NO_LIMIT, language)
        if limit is None
        else f.said(_LIMIT, language).format(limit=f.limit(limit, outcome.unit, language)),
        limit_reason=_in(figure["limit"]["because"], language) if figure["limit"] else "",
        verdict=Verdict(figure["verdict"]),
        because=_in(figure["because"], language),
        rows="" if figure["rows"] is None else f.number(figure["rows"], language, 0),
        measured=f.said(_MEASURED_ON, language).format(on=f.day(day, language), place=where),
        measured_on=day,
        plot=plot or charts.plot_of_figure(outcome, limit, language),
        compared=f.said(_RATIO if outcome.unit is Unit.RATIO else against, language) if compared else "",
        groups=tuple(_row(g, outcome, figure, language) for g in groups),
        quantities=tuple(
            (
                f.detail_name(_read_detail(d), language),
                f.quantity(_read_detail(d), language) or "",
                _in(d["note"], language) if d["note"] else "",
            )
            for d in figure["details"]
            if d["value"] is not None
        ),
    )


def _certainty(outcome: Measured, limit: Limit | None, language: Language) -> str:
    if outcome.low is None or outcome.high is None:
        return f.said(_COUNTED if outcome.exact else _STATED, language)
    ends = [outcome.low, outcome.high]
    digits = f.digits_for([outcome.value, *ends], outcome.unit, low=outcome.low, high=outcome.high)
    low, high = (f.number(end, language, digits) for end in ends)
    high = f.with_unit(high, outcome.unit, language)
    if outcome.confidence is None:
        return f.said(_RANGE, language).format(low=low, high=high)
    percent = f.number(100 * outcome.confidence, language)
    return f.said(_CERTAINTY, language).format(percent=percent, low=low, high=high)


def _row(group: Group, outcome: Measured, figure: Mapping[str, Any], language: Language) -> GroupRow:
    difference = _with_interval(
        group.difference, group.difference_low, group.difference_high, outcome.unit, language
    ) or (f.said(_REFERENCE, language) if group.is_reference else "–")
    return GroupRow(
        name=f.group_name(group, language),
        rows=f.said(_NOT_TOLD, language) if group.rows is None else f.number(group.rows, language, 0),
        own=_with_interval(group.value, group.low, group.high, outcome.group_unit or outcome.unit, language) or "–",
        difference=difference,
    )


def _with_interval(
    value: float | None, low: float | None, high: float | None, unit: Unit, language: Language
) -> str | None:
    if value is None:
        return None
    digits = f.digits_for([x for x in (value, low, high) if x is not None], unit)
    text = f.number(value, language, digits)
    text = f.with_unit(text, unit, language) if unit is Unit.PERCENT else text
    return text if low is None or high is None else f"{text} ({f.interval(low, high, language, digits)})"


def _outcome(figure: Mapping[str, Any]) -> Measured:
    return Measured(
        value=figure["value"],
        unit=Unit(figure["unit"]),
        rows=figure["rows"] or 0,
        low=figure["low"],
        high=figure["high"],
        confidence=figure["confidence"],
        exact=figure["exact"],
        group_unit=Unit(figure["group_unit"]) if figure["group_unit"] else None,
        groups=tuple(_read_group(g) for g in figure["groups"]),
    )


def _read_group(group: Mapping[str, Any]) -> Group:
    names = ("value", "low", "high", "difference", "difference_low", "difference_high", "is_reference")
    told = group["not_measurable"]
    return Group(
        attributes={"": group["name"]},  # a database may reorder keys; the name is as it was
        called=group.get("called"),  # older publications have none
        rows=group["rows"],
        not_measurable={Language(k): v for k, v in told.items()} if told else None,
        **{name: group[name] for name in names},
    )


def _read_detail(detail: Mapping[str, Any]) -> Detail:
    return Detail(
        name=detail["name"],
        called=detail.get("called"),
        value=detail["value"],
        low=detail["low"],
        high=detail["high"],
        unit=Unit(detail["unit"]) if detail["unit"] else None,
    )


def _read_limit(limit: Mapping[str, Any] | None) -> Limit | None:
    return None if limit is None else Limit(at_most=limit["at_most"], at_least=limit["at_least"])


def _in(text: Mapping[str, str], language: Language) -> str:
    return text.get(language.value) or text[Language.NL.value]
