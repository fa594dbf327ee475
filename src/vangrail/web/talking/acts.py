"""What people do when they talk about a requirement. Each act is one transaction."""

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from vangrail import knowledge
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Membership, Person
from vangrail.web.talking import files
from vangrail.web.talking.models import Assignment, Call, Comment, Document

LONGEST = 5_000
"""The longest comment, in characters."""


def colleagues(application: Application) -> list[Person]:
    """Everyone who can be called or asked: the members of the organisation, by name."""
    held = Membership.objects.filter(organisation=application.organisation_id, person__is_active=True)
    return [m.person for m in held.select_related("person").order_by("person__name", "pk")]


@transaction.atomic
def comment(
    *, application: Application, requirement: str, text: str, by: Person, called: Iterable[Person] = ()
) -> Comment:
    """Say something about a requirement, and call on colleagues. VangrailError without words, or for who is no colleague."""
    _require_known(requirement)
    if not text.strip():
        raise VangrailError(
            both(nl="Er staat nog niets.", en="The comment is empty."),
            do=both(nl="Schrijf wat je wilt zeggen of vragen.", en="Write what you want to say or ask."),
        )
    written = Comment.objects.create(
        application=application, requirement=requirement, by=by, at=timezone.now(), text=text.strip()
    )
    see(application=application, requirement=requirement, by=by)  # whoever answers has seen the question
    wanted = {p for p in called if p != by}
    _require_colleagues(application, wanted)
    Call.objects.bulk_create(Call(comment=written, person=p) for p in wanted)
    return written


@transaction.atomic
def withdraw(*, comment: Comment, by: Person) -> None:
    """Take one's own words back. VangrailError for somebody else's."""
    if comment.by != by:
        raise VangrailError(
            both(nl="Dit schreef iemand anders.", en="Somebody else wrote this."),
            do=both(nl="Vraag het aan wie het schreef.", en="Ask the person who wrote it."),
        )
    Comment.objects.filter(pk=comment.pk, withdrawn_at=None).update(text="", withdrawn_at=timezone.now())
    comment.calls.all().delete()


def see(*, application: Application, requirement: str, by: Person) -> int:
    """Somebody saw the comments that call on them; returns how many were new."""
    return Call.objects.filter(
        person=by, seen_at=None, comment__application=application, comment__requirement=requirement
    ).update(seen_at=timezone.now())


@transaction.atomic
def assign(
    *, application: Application, requirement: str, to: Person, by: Person, due: date | None = None, note: str = ""
) -> Assignment:
    """Ask somebody to look into a requirement. Whoever had it before no longer has. VangrailError for a day in the past."""
    _require_known(requirement)
    _require_colleagues(application, {to})
    if due is not None and due < timezone.localdate():
        raise VangrailError(
            both(nl="Deze dag is voorbij.", en="This day lies in the past."),
            do=both(
                nl="Kies vandaag of een latere dag, of laat het leeg.",
                en="Choose today or a later day, or leave it empty.",
            ),
        )
    _end(application, requirement)
    return Assignment.objects.create(
        application=application, requirement=requirement, to=to, by=by, at=timezone.now(), due=due, note=note.strip()
    )


@transaction.atomic
def finish(*, application: Application, requirement: str, by: Person, may_assign: bool) -> None:
    """It is done, says who had to do it or who may ask people. VangrailError for anybody else."""
    held = Assignment.objects.select_for_update().filter(
        application=application, requirement=requirement, ended_at=None
    )
    open_one = held.first()
    if open_one is None:
        raise VangrailError(both(nl="Niemand bekijkt deze eis nu.", en="Nobody has this requirement now."))
    if open_one.to != by and not may_assign:
        raise VangrailError(
            both(nl=f"{open_one.to} bekijkt deze eis.", en=f"{open_one.to} has this requirement."),
            do=both(nl="Vraag het aan die persoon.", en="Ask that person."),
        )
    _end(application, requirement)


@transaction.atomic
def attach(*, application: Application, requirement: str, file: "UploadedFile[bytes]", by: Person) -> Document:
    """Attach a file. VangrailError when it is empty, too large, or no kind that is taken."""
    _require_known(requirement)
    kept = files.keep(application, file)
    return Document.objects.create(
        application=application,
        requirement=requirement,
        by=by,
        at=timezone.now(),
        name=files.called(file.name or "", files.KINDS[kept.kind].extension),
        kind=kept.kind,
        size=kept.size,
        sha256=kept.sha256,
    )


def documents_of(application: Application, requirement: str) -> list[Document]:
    """The documents that are there, the oldest first."""
    return list(application.documents.filter(requirement=requirement, removed_at=None))


@transaction.atomic
def remove(*, document: Document, by: Person) -> None:
    """Remove a file that should not be here. Its name and digest stay. VangrailError for somebody else's."""
    if document.by != by:
        raise VangrailError(
            both(nl=f"{document.by} voegde dit document toe.", en=f"{document.by} attached this file."),
            do=both(nl="Vraag die persoon om het weg te doen.", en="Ask that person to remove it."),
        )
    Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now())
    others = Document.objects.filter(application=document.application, sha256=document.sha256, removed_at=None)
    if not others.exists():
        place = files.place_of(document.application, document.sha256)
        transaction.on_commit(lambda: place.unlink(missing_ok=True))


def _end(application: Application, requirement: str) -> None:
    Assignment.objects.filter(application=application, requirement=requirement, ended_at=None).update(
        ended_at=timezone.now()
    )


def _require_known(requirement: str) -> None:
    if all(r.id != requirement for r in knowledge.framework().requirements):
        raise VangrailError(both(nl=f"Er is geen eis '{requirement}'.", en=f"There is no requirement '{requirement}'."))


def _require_colleagues(application: Application, people: set[Person]) -> None:
    if people - set(colleagues(application)):
        raise VangrailError(
            both(nl="Deze persoon werkt hier niet.", en="This person does not work for this organisation."),
            do=both(nl="Kies iemand uit de lijst.", en="Choose somebody from the list."),
        )
