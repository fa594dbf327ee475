"""Measures an application: what its card plans, on the data where they lie. Runs in the worker."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from vangrail import checks
from vangrail.assessment import measuring
from vangrail.cards.sources import sources
from vangrail.model.card import TEXTS, Card, Dataset
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Fingerprint
from vangrail.predictors import open_predictor
from vangrail.tables import open_table
from vangrail.web.applications import acts
from vangrail.web.applications.assessing import PROGRAM, card_of, records_of, refresh
from vangrail.web.applications.models import Application, SourceSeen
from vangrail.web.applications.places import folder_of, require_inside
from vangrail.web.organisations.models import Person

_FINGERPRINT = TypeAdapter(Fingerprint)
Environment = Mapping[str, str]


def connections(application: Application) -> Environment:
    """The connections that the administrator declared for the organisation, by name."""
    return {c.name: c.address for c in application.organisation.connections.all()}


def measure(
    application: Application, *, by: Person | None, environment: Environment, progress: Callable[[str], None]
) -> int:
    """Everything that is planned; returns how many figures are new. VangrailError for what a user can solve.

    environment   the connections that the administrator declared, by name
    """
    card, folder = card_of(application), folder_of(application)
    require_inside(card)
    at = timezone.now().replace(microsecond=0)
    run = measuring.measure(
        card,
        checks.checks(),
        checks.plan(card),
        open_table=partial(_table, folder=folder, environment=environment),
        open_predictor=partial(_predictor, card, folder=folder, environment=environment),
        sources=sources(card, folder=folder, records=records_of(application)),
        on=timezone.localdate(),
        at=at,
        by=PROGRAM,
        progress=progress,
    )
    columns = {d.name: d.columns for d in run.datasets}
    with transaction.atomic():
        for kind, prints in (("source", run.fingerprints), ("model", run.models)):
            for name, fingerprint in prints.items():
                saw(application, kind, name, fingerprint, columns=columns.get(name, 0))
        for name, error in run.out_of_reach.items():
            _could_not_see(application, "model", name, error)
        return acts.take_evidence(application=application, evidence=run.evidence, by=by)


def look(application: Application, *, environment: Environment) -> bool:
    """Look whether data, models and texts are still what they were; returns whether something changed.

    Cheap beside measuring: only fingerprints are taken. What cannot be read is remembered as such, with the reason.
    """
    card, folder = card_of(application), folder_of(application)
    require_inside(card)
    before = list(application.sources_seen.order_by("kind", "name").values_list("kind", "name", "fingerprint"))
    elsewhere = set(application.sources_seen.filter(pushed=True).values_list("kind", "name"))
    for name, dataset in card.datasets.items():
        if ("source", name) in elsewhere:
            continue
        try:
            with open_table(name, dataset, folder=folder, environment=environment) as table:
                saw(application, "source", name, table.fingerprint(), columns=len(table.fields))
        except VangrailError as error:
            _could_not_see(application, "source", name, error)
    for model in card.models:
        if ("model", model.name) in elsewhere:
            continue
        if not application.sources_seen.filter(kind="model", name=model.name).exists():
            continue
        try:
            with open_predictor(model, folder=folder, environment=environment) as predictor:
                saw(application, "model", model.name, predictor.fingerprint())
        except VangrailError as error:
            _could_not_see(application, "model", model.name, error)
    try:
        for name, source in sources(card, folder=folder, records=records_of(application)).items():
            saw(application, "source", name, source.fingerprint())
    except VangrailError as error:
        _could_not_see(application, "source", TEXTS, error)
    after = list(application.sources_seen.order_by("kind", "name").values_list("kind", "name", "fingerprint"))
    if before != after:
        refresh(application)
    return before != after


def _table(name: str, dataset: Dataset, **place: Any) -> Any:
    return open_table(name, dataset, **place)


def _predictor(card: Card, name: str, **place: Any) -> Any:
    return open_predictor(next(m for m in card.models if m.name == name), **place)


def saw(
    application: Application, kind: str, name: str, fingerprint: Fingerprint, *, columns: int = 0, pushed: bool = False
) -> None:
    """Remember what a source held. `pushed`: a pipeline says so; what lies there is not looked at from here."""
    held = _FINGERPRINT.dump_python(fingerprint, mode="json")
    defaults = {"fingerprint": held, "unreadable": {}, "columns": columns, "seen_at": timezone.now(), "pushed": pushed}
    SourceSeen.objects.update_or_create(application=application, kind=kind, name=name, defaults=defaults)


def _could_not_see(application: Application, kind: str, name: str, error: VangrailError) -> None:
    defaults = {"fingerprint": None, "unreadable": error.what, "seen_at": timezone.now()}
    SourceSeen.objects.update_or_create(application=application, kind=kind, name=name, defaults=defaults)
