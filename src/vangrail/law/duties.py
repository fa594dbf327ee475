"""Duties with their days: what applies now, what later and from when, and what must still be known."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Literal

from vangrail.law.ai_act.article_05 import PRACTICES
from vangrail.law.case import Case
from vangrail.law.dates import law_day
from vangrail.law.engine import facts_behind
from vangrail.law.knowledge import Certainty, Rule, law_knowledge
from vangrail.law.logic import NO, PRESUMED, UNKNOWN, YES, Truth
from vangrail.model.framework import Text

Applies = Literal["now", "later", "on_release", "unknown"]
"""Now; from a later day; as soon as it is put out or into service; or not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """From which day a rule counts for a case."""

    day: date | None
    """The day that counts for this case; `None` when the law gives none."""
    enacted: date | None
    """The day in the act as first published; `None` when it did not have this rule."""
    amended: date | None
    """The day in the law as it stands."""
    set_by: str
    """The act that set the day in the law as it stands."""
    contested: tuple[date, ...] = ()
    """Both days when the day itself is contested, the one that is planned on last."""
    older: bool = False
    """Whether the day is later because the system is older (Article 111)."""
    never: bool = False
    """Whether it falls away because the system is older."""
    hangs_on: str = ""
    """The rule on transition that is not settled, if any."""


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A duty that applies, will apply, or may apply."""

    rule: Rule
    roles: tuple[str, ...]
    """The roles among yours that it falls on."""
    applies: Applies
    start: Start
    presumed: bool
    """Whether it is shown because an exception was not shown."""
    certainty: Certainty
    """How sure the law itself is."""
    _found: Case = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        """The permanent id of its rule."""
        return self.rule.id

    @property
    def article(self) -> str:
        """Where it stands."""
        return self.rule.article

    @property
    def title(self) -> Text:
        """Its name."""
        return self.rule.title

    @property
    def text(self) -> Text:
        """What must be done, in one or two sentences."""
        return self.rule.text

    @property
    def group(self) -> str:
        """The part of the rule base that it stands in."""
        return self.rule.group

    @property
    def source(self) -> tuple[str, ...]:
        """The documents that it rests on."""
        return self.rule.source

    @property
    def open_point(self) -> str | None:
        """The contested point that touches it."""
        return self.rule.open_point

    @property
    def from_day(self) -> date | None:
        """The day that counts for this case; `None` when the law gives none."""
        return self.start.day

    @property
    def from_enacted(self) -> date | None:
        """The day in the act as first published; `None` when it did not have this duty."""
        return self.start.enacted

    @property
    def from_amended(self) -> date | None:
        """The day in the law as it stands."""
        return self.start.amended

    @property
    def set_by(self) -> str:
        """The act that set the day in the law as it stands."""
        return self.start.set_by

    @property
    def contested(self) -> tuple[date, ...]:
        """Both days when the day itself is contested, the one that is planned on last."""
        return self.start.contested

    @property
    def older_system(self) -> bool:
        """Whether the day is later because the system is older (Article 111)."""
        return self.start.older

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The facts that could still change whether, or from when, it applies."""
        found = self._found
        open_rules = [self.rule.id, *(r for r in self.rule.duty_of if r not in _NO_ROLE and not found[r].certain)]
        if self.start.hangs_on:
            open_rules.append(self.start.hangs_on)
        names = dict.fromkeys(f for r in open_rules for f in facts_behind(found, r, only_open=True))
        return tuple(n for n in names if getattr(found.facts, n) is None)


_NO_ROLE = frozenset({"controller", "authority", "operator", "gpai_provider"})


@cache
def _duty_rules() -> tuple[Rule, ...]:
    return tuple(r for r in law_knowledge().rules.values() if r.duty_of)


def duties(found: Case) -> tuple[Duty, ...]:
    """Every duty that is not excluded, in the order of the rule base."""
    starts: dict[tuple[object, ...], Start] = {}
    risky = found["annex-iii"].truth is not NO or found["HRI-01"].truth is not NO
    rules = (r for r in _duty_rules() if risky or r.dating.schedule is None)
    return tuple(d for rule in rules if (d := _duty(found, rule, starts)) is not None)


def _holders(found: Case, rule: Rule) -> tuple[Truth, tuple[str, ...]]:
    """The roles of the rule that are held, and how sure the surest is."""
    if _NO_ROLE.issuperset(rule.duty_of):
        return YES, rule.duty_of
    truth, held = NO, []
    for role in rule.duty_of:
        one = YES if role in _NO_ROLE else found[role].truth
        if one is not NO:
            held.append(role)
        if one > truth:  # noqa: PLR1730  see logic
            truth = one
    return truth, tuple(held)


def _duty(found: Case, rule: Rule, starts: dict[tuple[object, ...], Start]) -> Duty | None:
    held, roles = _holders(found, rule)
    if held is NO or (finding := found[rule.id]).truth is NO:
        return None
    inside = found["scope-base"].truth if rule.group in ("transparency", "gpai", "duty", "fria", "derogation") else YES
    truth = min(finding.truth, held, inside)
    if truth is NO:
        return None
    start = _start(found, rule, starts)
    if start.never:
        return None
    return Duty(
        rule=rule,
        roles=roles,
        applies=_applies(found, rule, truth, start),
        start=start,
        presumed=truth is PRESUMED,
        certainty=finding.certainty or rule.certainty,
        _found=found,
    )


def _applies(found: Case, rule: Rule, truth: Truth, start: Start) -> Applies:
    if truth is UNKNOWN or start.day is None:
        return "unknown"
    if start.day > found.on:
        return "later"
    # GDPR and Belgian law protect people from the first processing on; the Act waits for release (2(8)).
    if rule.group not in ("gdpr", "belgium", "other") and found["SCP-06"].truth is YES:
        return "on_release"
    return "now"


def _start(found: Case, rule: Rule, starts: dict[tuple[object, ...], Start]) -> Start:
    """Fifty duties of a case share a handful of schedules; each is worked out once."""
    if rule.dating.schedule is None:
        return _fixed(found, rule)
    if rule.group == "derogation" or rule.id == "PRV-18":
        return _scheduled(found, rule, transition=False)
    key = (rule.dating.schedule, rule.dating.formal is None, rule.dating.not_before is None)
    if key not in starts:
        starts[key] = _scheduled(found, rule, transition=True)
    return starts[key]


def _fixed(found: Case, rule: Rule) -> Start:
    on, dating = found.on, rule.dating
    if rule.id == "ALL-04":
        return _of_prohibitions(found)
    start = _by_rule(rule.id, on)
    if dating.legacy is None:
        return start
    legacy = {"TRA-2": "LEG-05"}.get(rule.id, "LEG-06")
    older = found[legacy].truth >= PRESUMED
    return replace(
        start,
        day=law_day(dating.legacy, on) if older else start.day,
        older=older,
        hangs_on=legacy if found[legacy].truth is UNKNOWN else "",
    )


@lru_cache(maxsize=4096)
def _by_rule(rule: str, on: date) -> Start:
    """The day of a rule that has one of its own: the same for every case."""
    dating = law_knowledge().rules[rule].dating
    if dating.amended is None:
        return Start(day=None, enacted=None, amended=None, set_by="")
    return Start(
        day=law_day(dating.amended, on),
        enacted=dating.enacted.enacted if dating.enacted else None,
        amended=dating.amended.day,
        set_by=dating.amended.act,
    )


def _of_prohibitions(found: Case) -> Start:
    """The earliest day among the letters that are, or may be, met."""
    rules = law_knowledge().rules
    worst = max(found[r].truth for r in PRACTICES.values())
    days = [rules[r].dating for r in PRACTICES.values() if found[r].truth is worst]
    first = min(days, key=lambda d: d.amended.day if d.amended else date.max)
    amended = first.amended
    return Start(
        day=amended.day if amended else None,
        enacted=first.enacted.enacted if first.enacted else None,
        amended=amended.day if amended else None,
        set_by=amended.act if amended else "",
    )


def _scheduled(found: Case, rule: Rule, *, transition: bool) -> Start:
    """The day of the high-risk route, later or never for an older system (Article 111(2)).

    transition   whether Article 111 reaches it: not what follows from the derogation, which is not high-risk
    """
    on, known = found.on, law_knowledge().dates
    route = known[_route(found, rule)]
    day = law_day(route, on)
    formal = law_day(rule.dating.formal, on) if rule.dating.formal else None
    floor = rule.dating.not_before
    if floor is not None:
        day = max(day, floor.day)
    since = found.facts.placed_or_in_service_since
    older, never, hangs_on = False, False, ""
    if transition:
        legacy, authorities = found["LEG-01"].truth, found["for-authorities"].truth
        if legacy >= PRESUMED and authorities is NO:
            never = True
        elif legacy >= PRESUMED and authorities >= PRESUMED:
            older, day = True, known["high_risk_public_legacy"].day
        elif legacy is not NO:
            hangs_on = "LEG-02"
        changed = found.facts.design_changed_significantly_since
        if found["LEG-04"].truth is YES and isinstance(changed, date):
            day = max(day, changed)
    if isinstance(since, date) and since > day:
        day = since
    contested = (formal, day) if formal is not None and formal != day else ()
    return Start(
        day=day,
        enacted=route.enacted,
        amended=route.day,
        set_by=route.act,
        contested=contested,
        older=older,
        never=never,
        hangs_on=hangs_on,
    )


def _route(found: Case, rule: Rule) -> str:
    """The id of the day that starts it; by both routes, or when it is open by which, the earlier one counts."""
    if rule.dating.schedule != "high_risk":
        return str(rule.dating.schedule)
    only_product = found["high-risk-iii"].truth is NO and found["high-risk-i-a"].truth is not NO
    return "high_risk_annex_i" if only_product else "high_risk_annex_iii"
