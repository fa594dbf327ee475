"""What a card, its answers and its limits point to by name must be there: a name that nobody knows would not count."""

from collections.abc import Iterator

from vangrail import checks, knowledge
from vangrail.cards import Application
from vangrail.cli.norms import closest
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Measure


def require_known(application: Application) -> None:
    """Every requirement, check, subject and term that is named exists. VangrailError with every one that does not.

    A limit under a misspelt name would be passed over, and our default would serve in its place.
    """
    card = application.card
    problems = [*_requirements(application), *_limits(card), *_terms(card)]
    if problems:
        raise VangrailError("\n".join(problems))


def _requirements(application: Application) -> Iterator[str]:
    known = [r.id for r in knowledge.framework().requirements]
    named = [("answers.yaml", a.requirement) for a in application.answers]
    named += [("records.yaml", r.requirement) for r in application.records if r.requirement is not None]
    for file, requirement in named:
        if requirement not in known:
            yield f"{file}: '{requirement}' is not a requirement.{closest(requirement, known)}"


def _limits(card: Card) -> Iterator[str]:
    requirements = knowledge.framework().requirements
    known = {m for r in requirements for m in r.checks} | set(checks.checks())
    defaults = {p.check: p.limit for r in requirements for p in r.evidence if isinstance(p, Measure) and p.limit}
    planned = checks.plan(card)
    for number, limit in enumerate(card.limits):
        place = f"card.yaml, limits.{number}"
        if limit.check not in known:
            yield f"{place}: '{limit.check}' is not a check.{closest(limit.check, sorted(known))}"
            continue
        subjects = sorted({m.subject for m in planned if m.check == limit.check})
        if limit.subject is not None and subjects and limit.subject not in subjects:
            yield (
                f"{place}: '{limit.check}' has no subject '{limit.subject}'.{closest(limit.subject, subjects)}"
                f" It has: {', '.join(subjects)}."
            )
        default = defaults.get(limit.check)
        for bound, other in (("at_most", "at_least"), ("at_least", "at_most")):
            one_sided = default is not None and getattr(default, other) is None
            if one_sided and getattr(default, bound) is not None and getattr(limit.limit, bound) is None:
                better = "smaller" if bound == "at_most" else "larger"
                yield f"{place}: '{limit.check}' is better when it is {better}, so its limit needs '{bound}'."


def _terms(card: Card) -> Iterator[str]:
    vocabularies = {v.id: [t.id for t in v.terms] for v in knowledge.framework().vocabularies}
    used = {
        "data-themes": ("themes", card.themes),
        "four-d": ("four_d", card.four_d),
        "sdg": ("sdg", card.sdg),
        "oecd-risks": ("oecd_risks", card.oecd_risks),
        "oecd-benefits": ("benefits.oecd", tuple(term for b in card.benefits for term in b.oecd)),
        "literacy-topics": ("literacy.covers", card.literacy.covers),
    }
    for vocabulary, (place, terms) in used.items():
        for term in terms:
            if term not in vocabularies[vocabulary]:
                yield (
                    f"card.yaml, {place}: '{term}' is not a term of '{vocabulary}'."
                    f"{closest(term, vocabularies[vocabulary])} Known: {', '.join(vocabularies[vocabulary])}."
                )
