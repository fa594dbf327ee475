"""What people do to publish. Nothing becomes public by one person, and nothing that is public changes afterwards."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from vangrail.cards.fields import labels
from vangrail.cards.folder import digest
from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import LeafKind, RecordKind
from vangrail.web.applications import acts
from vangrail.web.applications.models import Application
from vangrail.web.look.language import current, pick
from vangrail.web.organisations.models import Person
from vangrail.web.publishing import making
from vangrail.web.publishing.models import Approval, Publication, Withdrawal
from vangrail.web.register import keeping


def _fill_in(paths: list[str]) -> str:
    """What to fill in on the card, as its pages call it, and who can."""
    fields = "; ".join(f"'{labels()[path].label[current()]}'" for path in paths)
    return pick(
        nl=f"Vul op de kaart in: {fields}. Dat doet de toepassingsverantwoordelijke of een medewerker.",
        en=f"Fill in on the card: {fields}. The application owner or a contributor does that.",
    )


@transaction.atomic
def prepare(*, application: Application, by: Person) -> Publication:
    """Freeze what the page would say now, for somebody else to approve. VangrailError when it cannot be public like this."""
    content = making.make(application).content
    if not content["what"]["summary"] or not content["why"]["purpose"]:
        raise VangrailError(
            both(
                nl="De kaart zegt niet wat de toepassing doet, of waarvoor.",
                en="The card does not say what the application does, or what for.",
            ),
            why=both(nl="Dat wil een inwoner het eerst weten.", en="That is what a resident wants to know first."),
            do=both(
                nl="Vul de samenvatting en het doel in op de kaart, en probeer opnieuw.",
                en="Fill in the summary and the purpose on the card, and try again.",
            ),
        )
    silent = [f"contact.{way}" for way in ("ask", "object") if not content["contact"][way]]
    if silent:
        raise VangrailError(
            both(
                nl="De kaart zegt niet waar mensen een vraag stellen of bezwaar maken.",
                en="The card does not say where people can ask a question or object.",
            ),
            why=both(
                nl="Wie de pagina leest, moet kunnen reageren (principedocument p. 6).",
                en="Whoever reads the page must be able to answer back (principedocument p. 6).",
            ),
            do=_fill_in(silent),
        )
    places = making.places_with(content, making.NEVER)
    if places:
        fields = ", ".join(places)
        raise VangrailError(
            both(
                nl=f"Er staat een rijksregisternummer of een rekeningnummer in: {fields}.",
                en=f"A national number or a bank account number stands in: {fields}.",
            ),
            why=both(
                nl="Persoonsgegevens van burgers worden nooit openbaar.",
                en="Personal data of citizens never become public.",
            ),
            do=both(nl="Haal het uit deze velden van de kaart.", en="Take it out of these fields of the card."),
        )
    number = (application.publications.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    made = Publication(
        application=application,
        by=by,
        at=timezone.now(),
        number=number,
        version=application.version,
        content=content,
        digest=digest(content),
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise VangrailError(
            both(
                nl="Iemand bereidde op hetzelfde moment een publicatie voor.",
                en="Somebody prepared a publication at the same moment.",
            ),
            do=both(nl="Bekijk die eerst.", en="Look at that one first."),
        ) from error
    return made


@transaction.atomic
def review(*, publication: Publication, by: Person, approved: bool, reasons: str = "") -> Approval:
    """A second person approves a publication, which makes it public, or sends it back with reasons.

    VangrailError for who prepared it, for a publication that a newer one replaced, and the second time.
    """
    application = publication.application
    if publication.by == by:
        raise VangrailError(
            both(nl="Je hebt deze publicatie zelf voorbereid.", en="You prepared this publication yourself."),
            why=both(
                nl="Twee mensen kijken voor iets openbaar wordt: wie voorbereidt, keurt niet goed.",
                en="Two people look before something becomes public: who prepares does not approve.",
            ),
            do=both(nl="Vraag een collega die mag goedkeuren.", en="Ask a colleague who may approve."),
        )
    if Approval.objects.filter(publication=publication).exists():
        raise _decided()
    if application.publications.filter(number__gt=publication.number).exists():
        raise VangrailError(
            both(nl="Er is een nieuwere publicatie voorbereid.", en="A newer publication was prepared."),
            do=both(nl="Bekijk die.", en="Look at that one."),
        )
    if not approved:
        acts.require_reasons(reasons)
    said = Approval(
        application=application, by=by, at=timezone.now(), publication=publication, approved=approved, reasons=reasons
    )
    try:
        with transaction.atomic():
            said.save()
    except IntegrityError as error:
        raise _decided() from error
    if approved:
        body = {"event": "published", "publication": publication.number, "digest": publication.digest}
        acts.tell(application, LeafKind.PUBLISHED, body, {"prepared_by": str(publication.by), "approved_by": by.name})
        record = Record(
            kind=RecordKind.PUBLICATION,
            on=timezone.localdate(),
            what=f"Openbare pagina, publicatie {publication.number}",
            by=by.name,
        )
        acts.keep_record(application=application, record=record, by=by)
        keeping.keep(application)
    return said


@transaction.atomic
def withdraw(*, application: Application, by: Person, reasons: str) -> Withdrawal:
    """Take the page off the register, with everything that was published before. The reasons become public."""
    acts.require_reasons(reasons)
    current = public_now(application)
    if current is None:
        raise VangrailError(
            both(nl="Van deze toepassing is nu niets openbaar.", en="Nothing of this application is public now.")
        )
    said = Withdrawal(application=application, by=by, at=timezone.now(), last=current, reasons=reasons)
    said.save()
    body = {"event": "withdrawn", "publication": current.number}
    acts.tell(application, LeafKind.PUBLISHED, body, {"by": by.name, "reasons": reasons})
    keeping.keep(application)
    return said


def _decided() -> VangrailError:
    return VangrailError(
        both(nl="Iemand besliste al over deze publicatie.", en="Somebody has decided on this publication already.")
    )


def public_now(application: Application) -> Publication | None:
    """The publication that is public now."""
    return keeping.visible(application).last()
