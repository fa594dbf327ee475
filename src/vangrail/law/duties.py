"""Duties with their days: what applies now, what later and from when, and what must still be known."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from vangrail.law.ai_act.article_05 import PRACTICES
from vangrail.law.case import Found
from vangrail.law.dates import law_day, possible_starts
from vangrail.law.engine import facts_behind
from vangrail.law.knowledge import Certainty, Rule, law_knowledge
from vangrail.law.logic import NO, PRESUMED, UNKNOWN, YES, Truth
from vangrail.model.framework import Text

Applies = Literal["now", "later", "on_release", "unknown"]
"""Now; from a later day; as soon as it is put out or into service; or not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """A duty that applies, will apply, or may apply."""

    id: str
    article: str
    roles: tuple[str, ...]
    """The roles among yours that it falls on."""
    title: Text
    text: Text
    applies: Applies
    from_day: date | None
    """The day that counts for this case; `None` when it depends on facts that are missing."""
    from_enacted: date | None
    """The day in the act as first published; `None` when it did not have this duty."""
    from_amended: date | None
    """The day in the law as it stands."""
    set_by: str
    """The act that set the day in the law as it stands."""
    contested: tuple[date, ...]
    """Both days when the day itself is contested, the one that is planned on last."""
    open_point: str | None
    older_system: bool
    """Whether the day is later, or the duty falls away, because the system is older (Article 111)."""
    presumed: bool
    """Whether it is shown because an exception was not shown."""
    missing: tuple[str, ...]
    """The facts that could still change whether it applies."""
    certainty: Certainty
    source: tuple[str, ...]
    group: str


_NO_ROLE = frozenset({"controller", "authority", "operator", "gpai_provider"})


@cache
def _duty_rules() -> tuple[Rule, ...]:
    return tuple(r for r in law_knowledge().rules.values() if r.duty_of)


def duties(found: Found) -> tuple[Duty, ...]:
    """Every duty that is not excluded, in the order of the rule base."""
    return tuple(d for rule in _duty_rules() if (d := _duty(found, rule)) is not None)


def _holders(found: Found, rule: Rule) -> tuple[Truth, tuple[str, ...]]:
    """The roles of the rule that are held, and how sure the surest is."""
    truth, held = NO, []
    for role in rule.duty_of:
        one = YES if role in _NO_ROLE else found[role].truth
        if one is not NO:
            held.append(role)
        truth = max(truth, one)
    return truth, tuple(held)


def _duty(found: Found, rule: Rule) -> Duty | None:
    finding = found[rule.id]
    if finding.truth is NO:
        return None
    held, roles = _holders(found, rule)
    inside = found["scope-base"].truth if rule.group in ("transparency", "gpai", "duty", "fria", "derogation") else YES
    truth = min(finding.truth, held, inside)
    if truth is NO:
        return None
    start = _start(found, rule)
    if start.never:
        return None
    return Duty(
        id=rule.id,
        article=rule.article,
        roles=roles,
        title=rule.title,
        text=rule.text,
        applies=_applies(found, rule, truth, start),
        from_day=start.day,
        from_enacted=start.enacted,
        from_amended=start.amended,
        set_by=start.set_by,
        contested=start.contested,
        open_point=rule.open_point,
        older_system=start.older,
        presumed=truth is PRESUMED,
        missing=() if truth is YES and not start.missing else _missing(found, rule, held, start),
        certainty=finding.certainty or rule.certainty,
        source=rule.source,
        group=rule.group,
    )


def _missing(found: Found, rule: Rule, held: Truth, start: "_Start") -> tuple[str, ...]:
    names = dict.fromkeys(facts_behind(found, rule.id, only_open=True))
    if not held.certain:
        for role in rule.duty_of:
            if role not in _NO_ROLE:
                names.update(dict.fromkeys(facts_behind(found, role, only_open=True)))
    names.update(dict.fromkeys(start.missing))
    return tuple(n for n in names if getattr(found.case.facts, n) is None)


def _applies(found: Found, rule: Rule, truth: Truth, start: "_Start") -> Applies:
    if truth is UNKNOWN or start.day is None:
        return "unknown"
    if start.day > found.case.on:
        return "later"
    # GDPR and Belgian law protect people from the first processing on; the Act waits for release (2(8)).
    if rule.group not in ("gdpr", "belgium", "other") and found["SCP-06"].truth is YES:
        return "on_release"
    return "now"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Start:
    day: date | None
    enacted: date | None
    amended: date | None
    set_by: str
    contested: tuple[date, ...] = ()
    older: bool = False
    never: bool = False
    missing: tuple[str, ...] = ()


def _start(found: Found, rule: Rule) -> _Start:
    if rule.dating.schedule:
        return _scheduled(found, rule)
    return _fixed(found, rule)


def _fixed(found: Found, rule: Rule) -> _Start:
    on, dating = found.case.on, rule.dating
    if rule.id == "ALL-04":
        return _of_prohibitions(found)
    if dating.amended is None:
        return _Start(day=None, enacted=None, amended=None, set_by="")
    enacted = dating.enacted.enacted if dating.enacted else None
    day = law_day(dating.amended, on)
    older = False
    missing: tuple[str, ...] = ()
    if dating.legacy is not None:
        legacy = {"TRA-2": "LEG-05"}.get(rule.id, "LEG-06")
        older = found[legacy].truth >= PRESUMED
        missing = facts_behind(found, legacy, only_open=True) if found[legacy].truth is UNKNOWN else ()
        if older:
            day = law_day(dating.legacy, on)
    return _Start(
        day=day, enacted=enacted, amended=dating.amended.day, set_by=dating.amended.act, older=older, missing=missing
    )


def _of_prohibitions(found: Found) -> _Start:
    """The earliest day among the letters that are, or may be, met."""
    rules = law_knowledge().rules
    worst = max(found[r].truth for r in PRACTICES.values())
    days = [rules[r].dating for r in PRACTICES.values() if found[r].truth is worst]
    first = min(days, key=lambda d: d.amended.day if d.amended else date.max)
    amended = first.amended
    return _Start(
        day=amended.day if amended else None,
        enacted=first.enacted.enacted if first.enacted else None,
        amended=amended.day if amended else None,
        set_by=amended.act if amended else "",
    )


def _scheduled(found: Found, rule: Rule) -> _Start:
    """The day of the high-risk route, later or never for an older system (Article 111(2))."""
    on, known = found.case.on, law_knowledge().dates
    routes = _routes(found, rule)
    names = ["high_risk_annex_iii", "high_risk_annex_i"]
    route = known[names[0] if "annex_iii" in routes else names[1]]
    day = law_day(route, on)
    formal = law_day(rule.dating.formal, on) if rule.dating.formal else None
    floor = rule.dating.not_before
    if floor is not None:
        day = max(day, floor.day)
    since = found.case.facts.placed_or_in_service_since
    older, never, missing = False, False, []
    if rule.group != "derogation" and rule.id != "PRV-18":
        legacy, authorities = found["LEG-01"].truth, found["for-authorities"].truth
        if legacy >= PRESUMED and authorities is NO:
            never = True
        elif legacy >= PRESUMED and authorities >= PRESUMED:
            older, day = True, known["high_risk_public_legacy"].day
        elif legacy is not NO:
            missing = [*facts_behind(found, "LEG-02", only_open=True)]
        changed = found.case.facts.design_changed_significantly_since
        if found["LEG-04"].truth is YES and isinstance(changed, date):
            day = max(day, changed)
    if isinstance(since, date) and since > day:
        day = since
    contested = (formal, day) if formal is not None and formal != day else ()
    return _Start(
        day=day,
        enacted=route.enacted,
        amended=route.day,
        set_by=route.act,
        contested=contested,
        older=older,
        never=never,
        missing=tuple(f for f in missing if f in ("placed_or_in_service_since", "intended_for_public_authorities")),
    )


def _routes(found: Found, rule: Rule) -> tuple[str, ...]:
    match rule.dating.schedule:
        case "high_risk_annex_i":
            return ("annex_i",)
        case "high_risk_annex_iii":
            return ("annex_iii",)
        case _:
            starts = possible_starts(found.case)
            product = law_day(law_knowledge().dates["high_risk_annex_i"], found.case.on)
            return ("annex_i",) if starts == (product,) else ("annex_iii", "annex_i")
