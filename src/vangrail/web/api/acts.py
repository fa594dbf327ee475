"""What a program may do with its token."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter

from vangrail import checks
from vangrail.assessment import storing
from vangrail.model.card import RECORDS
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Fingerprint
from vangrail.web.api.models import Token
from vangrail.web.api.schemas import Measurements
from vangrail.web.applications import acts, measuring
from vangrail.web.applications.assessing import card_of

_FINGERPRINT = TypeAdapter(Fingerprint)


@transaction.atomic
def take(token: Token, pushed: Measurements) -> int:
    """Figures that a pipeline measured; returns how many were new. VangrailError for what does not fit the card.

    What the site holds itself, the records, it measures itself: a pipeline has others.
    """
    application = token.application
    if pushed.application != application.slug:
        raise VangrailError(
            both(
                nl=f"Deze sleutel is van een andere toepassing: '{application.slug}'.",
                en=f"This token is of another application: '{application.slug}'.",
            ),
            do=both(
                nl="Maak bij je toepassing een eigen sleutel, onder 'Sleutels'.",
                en="Make a token with your own application, under 'Tokens'.",
            ),
        )
    if pushed.card_digest != application.version.digest:
        raise VangrailError(
            both(
                nl="De kaart waarmee gemeten is, is niet de kaart op de site.",
                en="The card that was measured with is not the card on the site.",
            ),
            why=both(
                nl="Cijfers van een andere kaart zouden gelezen worden als cijfers van deze.",
                en="Figures of another card would be read as figures of this one.",
            ),
            do=both(
                nl="Breng ze eerst gelijk: download de kaart van de site, of laad de jouwe op.",
                en="Bring the two to the same version first: download it from the site, or upload yours.",
            ),
        )
    card = card_of(application)
    planned = {m.key: m for m in checks.plan(card) if not m.dataset.startswith(RECORDS)}
    evidence = [_evidence(body, number) for number, body in enumerate(pushed.evidence)]
    for found in evidence:
        _require_planned(found, planned)
    _require_known(pushed.fingerprints, {*card.datasets, *(m.dataset for m in planned.values())})
    _require_known(pushed.models, {m.name for m in card.models})
    for kind, prints in (("source", pushed.fingerprints), ("model", pushed.models)):
        for name, held in prints.items():
            fingerprint = _FINGERPRINT.validate_python(held.model_dump())
            measuring.saw(application, kind, name, fingerprint, pushed=True)
    Token.objects.filter(pk=token.pk).update(used_at=timezone.now())
    return acts.take_evidence(application=application, evidence=evidence, by=None)


def _require_storable(value: Any) -> None:
    """ValueError for what no figure has and no database keeps: no number, half a character, a character that is none."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for part in value:
            _require_storable(part)
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError("not a number")
    elif isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError("a zero character")


def _require_planned(found: Evidence, planned: Mapping[tuple[str, str, str], Measurement]) -> None:
    check, dataset, subject = found.measurement.key
    plan = planned.get(found.measurement.key)
    if plan is None:
        raise VangrailError(
            both(
                nl=f"Niets op de kaart vraagt meting '{check}' van '{subject}' in '{dataset}' van buiten.",
                en=f"Nothing is planned from outside like check '{check}' of '{subject}' in '{dataset}'.",
            )
        )
    theirs, ours = found.measurement, plan
    if (theirs.version, storing.plain(theirs.settings)) != (ours.version, storing.plain(ours.settings)):
        raise VangrailError(
            both(
                nl=f"Meting '{check}' van '{subject}' is anders gedaan dan deze site vraagt: met versie {theirs.version}, hier geldt "
                f"versie {ours.version}.",
                en=f"Check '{check}' of '{subject}' was taken otherwise than this site plans: with version {theirs.version}, and "
                f"here version {ours.version} holds.",
            ),
            why=both(
                nl="Zo'n cijfer zou meteen verouderd zijn.", en="Such a figure would be stale as soon as it is there."
            ),
            do=both(
                nl="Gebruik in je pijplijn dezelfde versie van Vangrail als de site.",
                en="Use the version of Vangrail in your pipeline that the site has.",
            ),
        )
    if found.measured_at > timezone.now():
        raise VangrailError(
            both(
                nl=f"Een cijfer van '{check}' komt uit de toekomst. Kijk de klok van je pijplijn na.",
                en=f"A figure of '{check}' is from the future. Check the clock of your pipeline.",
            )
        )


def _require_known(named: Iterable[str], known: set[str]) -> None:
    if unknown := sorted(set(named) - known):
        raise VangrailError(
            both(
                nl=f"{len(unknown)} van de databronnen of modellen staan niet op de kaart, of worden hier zelf bijgehouden.",
                en=f"{len(unknown)} of the data sources or models are not on the card, or are kept here.",
            ),
            do=both(
                nl="Stuur wat `vangrail assess --push` stuurt, met de versie van deze site.",
                en="Send what `vangrail assess --push` sends, with the version of this site.",
            ),
        )


def _evidence(body: object, number: int) -> Evidence:
    try:
        found = storing.from_body(body)  # type: ignore[arg-type]  # it is checked here
        _require_storable(asdict(found))
        return found
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VangrailError(
            both(
                nl=f"Cijfer {number} heeft niet de vorm waarin Vangrail cijfers bewaart.",
                en=f"Figure {number} is not in the form in which Vangrail keeps figures.",
            ),
            do=both(
                nl="Stuur wat `vangrail assess --push` stuurt, met de versie van deze site.",
                en="Send what `vangrail assess --push` sends, made with the version of this site.",
            ),
        ) from error
