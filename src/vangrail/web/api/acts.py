"""What a program may do with its token."""

from django.db import transaction
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from vangrail import checks
from vangrail.assessment import storing
from vangrail.model.errors import VangrailError
from vangrail.model.evidence import Evidence
from vangrail.model.needs import Fingerprint
from vangrail.web.api.models import Token
from vangrail.web.api.schemas import Measurements
from vangrail.web.applications import acts, measuring
from vangrail.web.applications.assessing import card_of

_FINGERPRINT = TypeAdapter(Fingerprint)


@transaction.atomic
def take(token: Token, pushed: Measurements) -> int:
    """Figures that a pipeline measured; returns how many were new. VangrailError for what does not fit the card."""
    application = token.application
    if pushed.card_digest != application.version.digest:
        raise VangrailError(
            "The card that was measured with is not the card on the site.",
            why="Figures of another card would be read as figures of this one.",
            do="Bring the two to the same version first: download it from the site, or upload yours.",
        )
    planned = {m.key: m for m in checks.plan(card_of(application))}
    evidence = [_evidence(body, number) for number, body in enumerate(pushed.evidence)]
    for found in evidence:
        if found.measurement.key not in planned:
            check, dataset, subject = found.measurement.key
            raise VangrailError(f"Nothing is planned like check '{check}' of '{subject}' in '{dataset}'.")
        if found.measured_at > timezone.now():
            raise VangrailError(f"A figure of '{found.measurement.check}' is from the future: {found.measured_at}.")
    for kind, prints in (("source", pushed.fingerprints), ("model", pushed.models)):
        for name, held in prints.items():
            fingerprint = _FINGERPRINT.validate_python(held.model_dump())
            measuring.saw(application, kind, name, fingerprint, pushed=True)
    Token.objects.filter(pk=token.pk).update(used_at=timezone.now())
    return acts.take_evidence(application=application, evidence=evidence, by=None)


def _evidence(body: object, number: int) -> Evidence:
    try:
        return storing.from_body(body)  # type: ignore[arg-type]  # it is checked here
    except (ValidationError, KeyError, TypeError, AttributeError) as error:
        raise VangrailError(
            f"Figure {number} is not in the form in which Vangrail keeps figures.",
            do="Send what `vangrail assess --push` sends, made with the version of this site.",
        ) from error
