"""What the columns of a small file mean: asked in words, and put on the card. Who writes YAML can say more there."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vangrail.cards.adopting import put
from vangrail.cards.skeleton import name_as_id
from vangrail.model.card import Condition, Dataset
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.needs import Field, Where
from vangrail.tables import Table, open_table, sql
from vangrail.tables.dates import day_first
from vangrail.web.applications.finding import application_of
from vangrail.web.applications.models import Application, Draft
from vangrail.web.applications.places import folder_of
from vangrail.web.look.acting import tried
from vangrail.web.look.language import pick, told
from vangrail.web.managing.data_files import data_files
from vangrail.web.organisations.members import Member, members_only
from vangrail.web.organisations.models import Person
from vangrail.web.organisations.rights import Act
from vangrail.web.registering import acts
from vangrail.web.registering.acts import Content

CONDITIONS = ("advice", "decision", "outcome")
"""The columns of a decision log that say yes or no, each with the value that means yes."""


class ColumnsForm(forms.Form):
    """Which column is what. Only the advice makes a table a decision log; the rest can be left open."""

    key = forms.ChoiceField(required=False)
    advice = forms.ChoiceField(required=False)
    advice_yes = forms.CharField(required=False, max_length=200)
    favourable = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    decision = forms.ChoiceField(required=False)
    decision_yes = forms.CharField(required=False, max_length=200)
    outcome = forms.ChoiceField(required=False)
    outcome_yes = forms.CharField(required=False, max_length=200)
    known_for = forms.ChoiceField(required=False, widget=forms.RadioSelect, initial="all")
    protected = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", pick(nl="– geen –", en="– none –")), *((c, c) for c in columns)]
        ask = {
            "key": (
                pick(nl="Welke kolom wijst een rij aan?", en="Which column identifies a row?"),
                pick(nl="Bijvoorbeeld een dossiernummer.", en="For example a file number."),
            ),
            "advice": (
                pick(nl="In welke kolom staat wat de AI adviseerde?", en="Which column holds what the AI advised?"),
                pick(nl="Laat open als er geen advies in staat.", en="Leave open when there is no advice in it."),
            ),
            "decision": (
                pick(nl="In welke kolom staat wat de medewerker besliste?", en="Which column holds what the official decided?"),
                "",
            ),
            "outcome": (
                pick(nl="In welke kolom staat wat later waar bleek?", en="Which column holds what turned out to be true?"),
                pick(
                    nl="Een 'ja' betekent: het advies had 'ja' moeten zijn. Leeg waar niemand het weet.",
                    en="A 'yes' means: the advice should have been 'yes'. Empty where nobody knows.",
                ),
            ),
        }  # fmt: skip
        for name, (label, help_text) in ask.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in CONDITIONS:
            self.fields[f"{name}_yes"].label = pick(
                nl="Welk woord of getal betekent daar 'ja'?", en="Which word or number means 'yes' there?"
            )
        self.fields["favourable"].label = pick(
            nl="Is een advies 'ja' goed nieuws voor de persoon?", en="Is the advice 'yes' good news for the person?"
        )
        self.fields["favourable"].choices = [  # type: ignore[attr-defined]
            ("yes", pick(nl="Ja, bijvoorbeeld een toekenning", en="Yes, for example a grant")),
            ("no", pick(nl="Nee, bijvoorbeeld een extra controle", en="No, for example an extra check")),
        ]
        self.fields["known_for"].label = pick(
            nl="Voor wie is bekend wat waar bleek?", en="For whom is it known what turned out to be true?"
        )
        self.fields["known_for"].choices = [  # type: ignore[attr-defined]
            ("all", pick(nl="Voor iedereen", en="For everybody")),
            ("selected", pick(nl="Alleen voor wie gecontroleerd werd", en="Only for whom was checked")),
        ]
        self.fields["protected"].label = pick(
            nl="Welke kolommen delen mensen in groepen in?", en="Which columns put people in groups?"
        )
        self.fields["protected"].help_text = pick(
            nl="Wijk, geslacht, taal, leeftijd ... We meten of de ene groep het slechter heeft dan de andere.",
            en="District, sex, language, age ... It is measured whether one group fares worse than another.",
        )
        self.fields["protected"].choices = choices[1:]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A column of the log goes with the word that means yes, and an advice with what is good news."""
        cleaned = super().clean() or {}
        for name in CONDITIONS:
            if cleaned.get(name) and not cleaned.get(f"{name}_yes"):
                self.add_error(
                    f"{name}_yes", pick(nl="Vul in wat daar 'ja' betekent.", en="Fill in what means 'yes' there.")
                )
        if cleaned.get("advice") and not cleaned.get("favourable"):
            self.add_error("favourable", pick(nl="Kies een van de twee.", en="Choose one of the two."))
        rest = [n for n in ("decision", "outcome", "protected") if cleaned.get(n)]
        if rest and not cleaned.get("advice"):
            self.add_error(
                "advice", pick(nl="Kies eerst de kolom met het advies.", en="Choose the column with the advice first.")
            )
        return cleaned


@members_only(Act.EDIT_CARD)
def columns(request: HttpRequest, member: Member, application: str, file: str) -> HttpResponse:
    """Say what the columns of a file mean. It is kept in the draft of the card; recording that makes it count."""
    found = application_of(member, application)
    held = next((f for f in data_files(found) if f.name == file), None)
    if held is None:
        raise Http404
    context = {"member": member, "application": found, "file": held}
    try:
        with open_table("data", Dataset(source=held.source), folder=folder_of(found), environment={}) as table:
            there = [f for f in table.fields if f.given]
            form = ColumnsForm(request.POST or None, columns=[f.name for f in there])
            done = tried(
                form,
                lambda: declare(
                    application=found,
                    source=held.source,
                    table=table,
                    fields=there,
                    by=member.person,
                    **form.cleaned_data,
                ),
            )
    except VangrailError as error:
        return render(request, "registering/columns.html", context | {"unreadable": told(error)})
    if done is None:
        return render(request, "registering/columns.html", context | {"form": form, "fields": there})
    messages.success(
        request,
        pick(
            nl="Dat staat in je concept van de kaart. Leg het hieronder vast; daarna kun je meten.",
            en="That is in your draft of the card. Record it below; after that you can measure.",
        ),
    )
    return redirect("edit_card", member.organisation.slug, application)


@transaction.atomic
def declare(
    *, application: Application, source: str, table: Table, fields: list[Field], by: Person, **said: Any
) -> Draft:
    """Put a table, and what its columns mean, in the draft of the card. VangrailError when no row has the value that means yes."""
    draft = acts.edit(application=application, by=by)
    card = acts.card_in(draft)
    name = _name_of(card, source)
    put(card, f"datasets.{name}.source", source)
    put(card, f"datasets.{name}.key", [said["key"]] if said["key"] else [])
    dates = {c: {"type": kind.value, "format": form} for c, (kind, form) in day_first(table).items()}
    columns = {f.name: dates.get(f.name, {"type": f.type.value}) for f in fields}
    columns = (card["datasets"][name].get("columns") or {}) | columns
    put(card, f"datasets.{name}", card["datasets"][name] | {"columns": columns})  # a name may hold a dot
    if said["advice"]:
        put(card, "decision_log.dataset", name)
        put(card, "decision_log.favourable", said["favourable"])
        for one in CONDITIONS:
            put(card, f"decision_log.{one}", _condition(table, said[one], said[f"{one}_yes"]))
        if said["outcome"]:
            put(card, "decision_log.outcome.known_for", said["known_for"] or "all")
        put(card, "decision_log.protected", [{"column": column} for column in said["protected"]])
    return acts.save_all(draft=draft, seen=draft.round, card=card, by=by)


def _name_of(card: Content, source: str) -> str:
    """What the card calls the table of this file: what it did already, or else the name of the file."""
    known = {str(table.get("source")): name for name, table in (card.get("datasets") or {}).items()}
    return known.get(source) or name_as_id(PurePosixPath(source).stem)


def _condition(table: Table, column: str, yes: str) -> Content | None:
    if not column:
        return None
    need = Where(sql.condition(Condition(column=column, positive=(yes,)), table.fields))
    if not table.answer([need])[need]:
        raise VangrailError(
            both(
                nl=f"In de kolom '{column}' staat nergens wat je opgaf.",
                en=f"Nowhere in the column '{column}' is there what you gave.",
            ),
            do=both(
                nl="Schrijf het precies zoals in het bestand, ook met dezelfde hoofdletters.",
                en="Write it exactly as in the file, with the same capitals.",
            ),
        )
    return {"column": column, "positive": [yes]}
