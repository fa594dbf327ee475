"""Short letters by mail: that there is something to do, or an answer to read. Never what it says."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils import translation

from vangrail.model.errors import VangrailError
from vangrail.web.after_commit import once_after_commit
from vangrail.web.look.language import pick
from vangrail.web.organisations import secrets
from vangrail.web.organisations.models import Membership
from vangrail.web.organisations.rights import Act, may
from vangrail.web.participation.models import Case

_log = logging.getLogger(__name__)


def to_owner(case: Case) -> None:
    """Who handles the case hears that it is there."""
    once_after_commit(_to_owner, case.pk)


def to_citizen(case: Case) -> None:
    """Who left an address hears that there is something to read."""
    once_after_commit(_to_citizen, case.pk)


def to_reviewers(case: Case) -> None:
    """Who may look again hears that an answer was proposed."""
    once_after_commit(_to_reviewers, case.pk)


def _to_owner(pk: int) -> None:
    case = _case(pk)
    if case.owner is None:
        return
    with translation.override("nl"):
        _send(
            case.owner.email,
            f"{case.application.name}: nieuw bericht van buiten",
            f"Er is een bericht over '{case.application.name}' dat jij behandelt.\n"
            f"Het antwoord moet er zijn op {case.due:%d/%m/%Y}.\n\nJe vindt het bij Inspraak.",
        )


def _to_citizen(pk: int) -> None:
    case = _case(pk)
    if case.email is None:
        return
    try:
        address = secrets.opened(bytes(case.email))
    except VangrailError:
        _log.warning("an address that was left for an answer cannot be read: the secret key has changed")
        return
    with translation.override(case.language):
        subject = pick(nl="Er is nieuws over je bericht", en="There is news about your message")
        text = pick(
            nl=f"Er is iets te lezen over je bericht bij {case.application.organisation.name}.\n"
            "Ga naar de pagina waar je het bericht stuurde, kies 'Volg je bericht' en typ je code.\n\n"
            "In deze mail staat niets over de inhoud, en ook je code niet.",
            en=f"There is something to read about your message to {case.application.organisation.name}.\n"
            "Go to the page where you sent it, choose 'Follow your message' and type your code.\n\n"
            "This mail holds nothing of the contents, nor your code.",
        )
        _send(address, subject, text)


def _to_reviewers(pk: int) -> None:
    case = _case(pk)
    members = Membership.objects.filter(organisation=case.application.organisation, person__is_active=True)
    for member in members.select_related("person"):
        if may(member.held, Act.REVIEW_CASES) and member.person_id not in (case.owner_id, case.proposed_by_id):
            _send(
                member.person.email,
                f"{case.application.name}: een bezwaar wacht op een tweede blik",
                f"Een collega stelde een antwoord voor op een bezwaar over '{case.application.name}'.\n"
                f"Het antwoord moet er zijn op {case.due:%d/%m/%Y}. Iemand anders beslist; dat kun jij zijn.\n\n"
                "Je vindt het bij Inspraak.",
            )


def _case(pk: int) -> Case:
    return Case.objects.select_related("application__organisation", "owner").get(pk=pk)


def _send(address: str, subject: str, text: str) -> None:
    try:
        send_mail(" ".join(subject.split()), text, None, [address])
    except (OSError, SMTPException):
        _log.warning("a letter could not be sent; what it was about is saved")
