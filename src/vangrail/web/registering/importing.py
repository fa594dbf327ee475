"""Bringing in what an organisation has already: a list, records of the Dutch register, a card. Looked at first, undone at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from vangrail.cards import adopting
from vangrail.cards.skeleton import name_as_id
from vangrail.imports import algoritmeregister
from vangrail.imports.algoritmeregister import found_in, is_record_heading, read_records
from vangrail.imports.columns import recognise
from vangrail.imports.found import Found, Problem
from vangrail.imports.rows import read_rows
from vangrail.imports.sheets import Row, Sheet, read_sheet
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language, Phase
from vangrail.web.applications import acts as applications
from vangrail.web.applications.models import Application, Draft
from vangrail.web.look.language import pick
from vangrail.web.organisations.models import Organisation, Person
from vangrail.web.registering import acts
from vangrail.web.registering.editing import read_card
from vangrail.web.registering.models import Arrival, Import

MOST_AT_ONCE = 100
"""Applications registered in one go: each gets its board at once, and whoever pressed the button waits for that."""
UNDONE_NOTE = both(nl="Invoer ongedaan gemaakt.", en="Import undone.")


# --- reading ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def bring(*, organisation: Organisation, by: Person, name: str, content: bytes, as_product: bool) -> Import:
    """Read a file, whatever it is called; nothing is taken in yet. VangrailError for what is none of the forms."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    made = Import(organisation=organisation, by=by, file_name=name[-200:], as_product=as_product)
    if start.startswith((b"{", b"[")):
        made.kind, made.content = "records", {"records": list(read_records(content))}
    elif name.lower().endswith((".yaml", ".yml")) or start.startswith(b"vangrail:"):
        made.kind, made.content = "card", {"card": _card(content)}
    else:
        sheet = read_sheet(content)
        if is_record_heading(sheet.headings):
            rows = [algoritmeregister.by_heading(sheet.headings, row.cells) for row in sheet.rows]
            made.kind, made.content = "records", {"records": rows}
        else:
            made.kind, made.content = "list", _plain(sheet)
            made.columns = {str(place): path for place, path in recognise(sheet.headings).items()}
    made.save()
    return made


def _card(content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise VangrailError(
            both(nl="Dit bestand is geen tekst in UTF-8.", en="This file is no text in UTF-8."),
            do=both(nl="Bewaar het opnieuw als UTF-8.", en="Save it again as UTF-8."),
        ) from error
    values, document = read_card(text)
    return acts.checked(values, document=document).model_dump(mode="json", exclude_defaults=True)


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "headings": list(sheet.headings),
        "rows": [
            {"number": r.number, "cells": list(r.cells), "problems": {str(p): dict(t) for p, t in r.problems.items()}}
            for r in sheet.rows
        ],
        "notes": [dict(note) for note in sheet.notes],
    }


def text_of(held: Mapping[str, str]) -> Text:
    return {Language(language): text for language, text in held.items()}


def sheet_of(brought: Import) -> Sheet:
    """The list as it was read."""
    held = brought.content
    return Sheet(
        headings=tuple(held["headings"]),
        rows=tuple(
            Row(
                number=r["number"],
                cells=tuple(r["cells"]),
                problems={int(p): text_of(t) for p, t in r["problems"].items()},
            )
            for r in held["rows"]
        ),
        notes=tuple(text_of(note) for note in held["notes"]),
    )


def taken_names(organisation: Organisation) -> set[str]:
    """The short names that applications have; one whose import was undone may come back."""
    return set(Application.objects.of(organisation).filter(retired_at=None).values_list("slug", flat=True))


def found(brought: Import) -> tuple[Found, ...]:
    """What would be taken in, as it stands now."""
    phase = Phase(brought.phase) if brought.phase else None
    taken = taken_names(brought.organisation)
    match brought.kind:
        case "list":
            columns = {int(place): path for place, path in brought.columns.items()}
            return read_rows(sheet_of(brought), columns, phase=phase, taken=taken)
        case "records":
            return found_in(brought.content["records"], on=timezone.localdate(brought.at), phase=phase, taken=taken)
        case _:
            return (_found_card(brought, taken),)


def _found_card(brought: Import, taken: set[str]) -> Found:
    held = brought.content["card"]
    if brought.as_product:
        card = Card.model_validate(held)
        content: dict[str, Any] = {"name": card.name} | adopting.adopt(
            adopting.product_of(card), source=brought.file_name, by=card.organisation.name,
            on=timezone.localdate(brought.at),
        )  # fmt: skip
        if brought.phase:
            content["phase"] = brought.phase
    else:
        content = {k: v for k, v in held.items() if k not in ("vangrail", "organisation")}
    identity = content.get("id") or name_as_id(str(content["name"]))
    problem = Problem(
        column=None,
        what=both(nl="er is al een toepassing met deze naam.", en="there is already an application with this name."),
    )
    return Found(
        row=1, name=str(content["name"]), content=content, problems=(problem,) if identity in taken else (), left={}
    )


# --- taking in -------------------------------------------------------------------------------------------------------
@transaction.atomic
def choose(*, brought: Import, columns: Mapping[str, str], phase: str) -> Import:
    """Say what the columns are about, and which phase a row has that says none."""
    _open(brought)
    brought.columns, brought.phase = dict(columns), phase
    brought.save()
    return brought


@transaction.atomic
def take_in(*, brought: Import, by: Person, register: bool) -> tuple[int, int]:
    """Take in what has no problem: as drafts, of which the first that lack nothing are registered. Returns how many of each."""
    brought = Import.objects.select_for_update().select_related("organisation").get(pk=brought.pk)
    _open(brought)
    good = [f for f in found(brought) if not f.problems]
    if not good:
        raise VangrailError(
            both(nl="Er is niets dat ingevoerd kan worden.", en="There is nothing that can be taken in."),
            do=both(nl="Kijk de kolommen na, of verbeter het bestand.", en="Check the columns, or correct the file."),
        )
    for one in good:
        draft = acts.start(organisation=brought.organisation, by=by, content=one.content)
        Arrival.objects.create(brought=brought, row=one.row, name=one.name[:200], draft=draft, left=dict(one.left))
    brought.taken_at = timezone.now()
    brought.content = {}  # what came in is in the drafts by now; the rest of the file is nobody's business any longer
    brought.save()
    registered = register_whole(brought=brought, by=by) if register else 0
    return len(good) - registered, registered


@transaction.atomic
def register_whole(*, brought: Import, by: Person) -> int:
    """Register the drafts of an import that lack nothing, a hundred at most. Returns how many."""
    registered = 0
    for arrival in whole_drafts(brought)[:MOST_AT_ONCE]:
        note = pick(nl=f"Ingevoerd uit {brought.file_name}, rij {arrival.row}.",
                    en=f"Imported from {brought.file_name}, row {arrival.row}.")  # fmt: skip
        acts.register(draft=arrival.draft, by=by, note=note[:500])  # type: ignore[arg-type]  # those that have one
        registered += 1
    return registered


def whole_drafts(brought: Import) -> list[Arrival]:
    """The drafts of an import that can be registered, by row."""
    if brought.undone_at is not None:
        return []
    arrivals = brought.arrivals.exclude(draft=None).select_related("draft__organisation", "brought").order_by("row")
    taken = taken_names(brought.organisation)
    return [
        a
        for a in arrivals
        if a.draft is not None
        and is_whole(acts.card_in(a.draft), brought.organisation)
        and acts.whole(acts.card_in(a.draft), brought.organisation)["id"] not in taken
    ]


def is_whole(content: Mapping[str, Any], organisation: Organisation) -> bool:
    """Whether nothing is missing to register it."""
    if acts.lacking(dict(content)):
        return False
    try:
        Card.model_validate(acts.whole(dict(content), organisation))
    except ValidationError:
        return False
    return True


def _open(brought: Import) -> None:
    if brought.taken_at is not None or brought.undone_at is not None:
        raise VangrailError(both(nl="Deze invoer is al gedaan.", en="This import is done already."))


@transaction.atomic
def undo(*, brought: Import, by: Person) -> tuple[int, int]:
    """Take everything of an import away again. Returns how many drafts are gone, and how many applications are out of use.

    A registered application stays in the ledger: its card gets a last version that says why. VangrailError when work has
    been done on one since: then a person must look.
    """
    brought = Import.objects.select_for_update().get(pk=brought.pk)
    if brought.taken_at is None or brought.undone_at is not None:
        raise VangrailError(both(nl="Er is niets om ongedaan te maken.", en="There is nothing to undo."))
    arrivals = brought.arrivals.select_related("draft", "application__organisation")
    registered = [a.application for a in arrivals if a.application is not None]
    worked = [a.name for a in registered if _worked_on(a)]
    if worked:
        raise VangrailError(
            both(nl=f"Aan {len(worked)} toepassingen is al verder gewerkt: {', '.join(worked[:5])}.",
                 en=f"Work has been done on {len(worked)} applications: {', '.join(worked[:5])}."),
            do=both(nl="Die antwoorden en beslissingen wis je niet mee. Zet die toepassingen zelf op 'uitfasering'.",
                    en="Those answers and decisions are not wiped. Retire those applications yourself."),
        )  # fmt: skip
    drafts, _ = Draft.objects.filter(arrival__brought=brought).delete()
    for application in registered:
        _retire(application, by=by)
    brought.undone_at, brought.undone_by = timezone.now(), by
    brought.save()
    return drafts, len(registered)


def _worked_on(application: Application) -> bool:
    later = (application.answergivens, application.recordkepts, application.decisions, application.confirmations)
    return application.versions.count() > 1 or any(one.exists() for one in later)


def _retire(application: Application, *, by: Person) -> None:
    card = Card.model_validate(application.version.content).model_copy(update={"phase": Phase.RETIRE})
    note = pick(nl=UNDONE_NOTE[Language.NL], en=UNDONE_NOTE[Language.EN])
    applications.declare(application=application, card=card, by=by, note=note)
    application.retired_at = timezone.now()
    application.save()


def counted(all_found: Sequence[Found], organisation: Organisation) -> dict[str, int]:
    """How many there are, how many are good, and how many of those can be registered at once."""
    good = [f for f in all_found if not f.problems]
    return {
        "all": len(all_found),
        "good": len(good),
        "wrong": len(all_found) - len(good),
        "whole": sum(is_whole(f.content, organisation) for f in good),
    }
