"""What waits for somebody before a gate: what it still lacks from their role, and advice that is asked."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from vangrail import knowledge
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Phase, Role
from vangrail.web.applications.finding import newest_cards
from vangrail.web.applications.models import Application
from vangrail.web.decisions.models import Advice
from vangrail.web.managing.tasks import Task
from vangrail.web.organisations.members import Member
from vangrail.web.organisations.rights import Act

_LACKS = both(nl="Voor de poort ontbreekt iets van jouw rol", en="The gate lacks something of your role")
_ADVICE = both(nl="Je advies is gevraagd", en="Your advice is asked")


def tasks_of(member: Member) -> list[Task]:
    """What the next gate of each application asks of this member's roles."""
    cards = {v.application_id: v for v in newest_cards(member.organisation)}
    gates = (
        Application.objects.of(member.organisation)
        .filter(assessed__isnull=False)
        .values_list("pk", "slug", "assessed__content__gate")
    )
    required = {Role(r) for r in member.organisation.advice_required}
    given = {
        (a.application_id, a.after, a.role): a.version
        for a in Advice.objects.filter(application__organisation=member.organisation)
    }
    asked_of = {g.after: required | set(g.advice_of) for g in knowledge.framework().gates}
    titles = {r.id: r.title for r in knowledge.framework().requirements}
    tasks = []
    for pk, slug, gate in gates:
        if gate is None or pk not in cards:
            continue
        card = cards[pk]
        mine = _roles(member, card.content.get("people", {}))
        name, url = str(card.content["name"]), reverse("gate", args=[member.organisation.slug, slug])
        lacks = [lack for lack in gate["lacks"] if mine & set(lack["who"])]
        if lacks:
            tasks.append(_lacks(member, slug, gate, lacks, titles, application=name, url=url))
        after = Phase(gate["after"])
        advisers = asked_of.get(after, set()) & {Role(r) for r in mine}
        if member.may(Act.ADVISE) and any(given.get((pk, after.value, r.value)) != card.number for r in advisers):
            tasks.append(Task(kind=_ADVICE, title=gate["title"], application=name, url=url))
    return tasks


def _lacks(
    member: Member,
    slug: str,
    gate: Mapping[str, Any],
    lacks: list[Any],
    titles: Mapping[str, Text],
    *,
    application: str,
    url: str,
) -> Task:
    asked = dict.fromkeys(lack["requirement"] for lack in lacks)  # two things can lack of one requirement
    return Task(
        kind=_LACKS,
        title=gate["title"],
        application=application,
        url=url,
        parts=tuple(
            (titles.get(one, one), reverse("requirement", args=[member.organisation.slug, slug, one])) for one in asked
        ),
    )


def _roles(member: Member, people: Mapping[str, Any]) -> set[str]:
    """The roles in which this application looks to this member: what its card names them for, and what they are here where
    it names nobody."""
    named = {r for r, person in people.items() if person["name"].casefold() == member.name.casefold()}
    return named | {r.value for r in member.roles if r.value in set(Role) and r.value not in people}
