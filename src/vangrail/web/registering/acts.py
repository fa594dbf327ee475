"""What people do to register an application and to edit its card. A draft counts for nothing until it becomes a version."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from vangrail.cards import adopting
from vangrail.cards.adopting import put
from vangrail.cards.comparing import Merged, merged
from vangrail.cards.folder import digest
from vangrail.cards.located import Document
from vangrail.cards.mistakes import mistakes
from vangrail.cards.skeleton import name_as_id
from vangrail.model.card import Card, value_at
from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language
from vangrail.web.applications import acts as applications
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.models import Application, CardVersion, Draft
from vangrail.web.look.language import in_each, pick
from vangrail.web.organisations.models import Organisation, Person
from vangrail.web.registering import words
from vangrail.web.registering.models import Offer

Content = dict[str, Any]
Changes = Mapping[str, Any]
NEEDED = ("name", "purpose.text", "phase")
"""Without these nothing can be asked or classified, so nothing is registered."""


class SavedMeanwhile(VangrailError):
    """Somebody else saved while this was typed. What they saved stays; what was typed is not lost either."""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Something on a draft that keeps it from becoming a version: where it stands, on which page, and what to do."""

    place: tuple[str, ...]
    said: Text
    line: int | None = None

    @property
    def part(self) -> str | None:
        """The page of the card on which it can be mended; none where only the text of the card shows it."""
        return words.part_of(self.place)


class Refused(VangrailError):
    """A card that is not one yet, with everything that is wrong."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__({language: "\n".join(w.said[language] for w in wrong) for language in Language})
        self.wrong = wrong


# --- drafts ----------------------------------------------------------------------------------------------------------
def card_in(draft: Draft) -> Content:
    """What was filled in until now, as plain values of a card."""
    return dict(draft.content.get("card", {}))


def _held(card: Content, *, after: int) -> Content:
    """What a draft holds: the card, and the version that it was begun from."""
    return {"card": card, "after": after}


@transaction.atomic
def start(*, organisation: Organisation, by: Person, content: Mapping[str, Any] | None = None) -> Draft:
    """A new application, not registered yet."""
    return Draft.objects.create(
        organisation=organisation, saved_by=by, content=_held(copy.deepcopy(dict(content or {})), after=0)
    )


@transaction.atomic
def edit(*, application: Application, by: Person) -> Draft:
    """The draft in which the card of an application is edited: the one there is, or a new one from the newest version."""
    found = Draft.objects.filter(application=application).select_related("saved_by").first()
    if found is not None:
        return found
    version = application.version
    content = _held(dict(version.content), after=version.number)
    try:
        with transaction.atomic():
            return Draft.objects.create(
                organisation=application.organisation, application=application, saved_by=by, content=content
            )
    except IntegrityError:  # somebody else began at the same moment
        return Draft.objects.select_related("saved_by").get(application=application)


@transaction.atomic
def save(*, draft: Draft, seen: int, changes: Changes, by: Person) -> Draft:
    """Save some fields of a draft. SavedMeanwhile when somebody else saved it after the round that was seen."""
    content = card_in(draft)
    for path, value in changes.items():
        put(content, path, value)
    return save_all(draft=draft, seen=seen, card=content, by=by)


@transaction.atomic
def save_all(*, draft: Draft, seen: int, card: Content, by: Person, after: int | None = None) -> Draft:
    """Save the whole card of a draft; as `save`."""
    content = _held(card, after=draft.content["after"] if after is None else after)
    now = timezone.now()
    kept = Draft.objects.filter(pk=draft.pk, round=seen).update(
        content=content, round=seen + 1, saved_by=by, saved_at=now
    )
    if not kept:
        raise meanwhile(draft)
    draft.content, draft.round, draft.saved_by, draft.saved_at = content, seen + 1, by, now
    return draft


def meanwhile(draft: Draft) -> SavedMeanwhile:
    """What to tell whoever finds that a draft is no longer what they saw."""
    there = Draft.objects.filter(pk=draft.pk).select_related("saved_by").first()
    if there is None:
        return SavedMeanwhile(
            both(nl="Dit concept bestaat niet meer: iemand heeft het vastgelegd of weggegooid.",
                 en="This draft is no longer there: somebody recorded it or threw it away.")
        )  # fmt: skip
    local = timezone.localtime(there.saved_at)
    return SavedMeanwhile(
        both(
            nl=f"{there.saved_by} bewaarde dit concept om {local:%H:%M}, terwijl jij typte.",
            en=f"{there.saved_by} saved this draft at {local:%H:%M}, while you were typing.",
        ),
        why=both(
            nl="Wat jij typte, staat hieronder nog. Het is niet bewaard, zodat er niets van een ander verdwijnt.",
            en="What you typed is still below. It is not saved, so that nothing of another disappears.",
        ),
        do=both(
            nl="Kijk na wat er verschilt. Bewaar je daarna opnieuw, dan geldt jouw tekst.",
            en="See what differs. When you save again after that, your text counts.",
        ),
    )


@transaction.atomic
def discard(*, draft: Draft, by: Person) -> None:
    """Throw a draft away. Versions stay."""
    draft.delete()


# --- from draft to version -------------------------------------------------------------------------------------------
def whole(card: Content, organisation: Organisation) -> Content:
    """What was filled in, with what the site knows itself: the organisation, and the short name of a new application."""
    body = {"name": organisation.name, "kind": organisation.kind, "number": organisation.number}
    own = card.get("organisation", {})
    filled = {k: v for k, v in body.items() if v} | dict(organisation.profile) | (own if isinstance(own, dict) else {})
    whole_ = {"vangrail": 1, **card, "organisation": filled | {"name": organisation.name}}
    whole_.setdefault("id", name_as_id(str(card.get("name", ""))))
    return whole_


def checked(card: Content, *, document: Document | None = None) -> Card:
    """The card. Refused with everything that is wrong, in the words of the page, and the line where there is a text."""
    try:
        return Card.model_validate(card)
    except ValidationError as error:
        wrong = [
            Wrong(
                place=tuple(map(str, mistake.place)),
                said=words.problem(mistake),
                line=document.line(mistake.place) if document else None,
            )
            for mistake in mistakes(error, form=Card, values=card)
        ]
        raise Refused(sorted(wrong, key=lambda w: w.line or 0)) from error


def lacking(card: Content) -> list[Wrong]:
    """What must be filled in before an application can be registered."""
    return [_empty(tuple(path.split("."))) for path in NEEDED if not value_at(card, path)]


def _empty(place: tuple[str, ...]) -> Wrong:
    said = in_each(
        lambda: pick(nl=f"'{words.label(place)}' is nog leeg.", en=f"'{words.label(place)}' is still empty.")
    )
    return Wrong(place=place, said=said)


@transaction.atomic
def register(*, draft: Draft, by: Person, note: str = "") -> Application:
    """Make a draft an application, with version 1 of its card. Refused with what is missing; VangrailError for a name that is taken."""
    missing = lacking(card_in(draft))
    if missing:
        raise Refused(missing)
    card = checked(whole(card_in(draft), draft.organisation))
    there = Application.objects.of(draft.organisation).filter(slug=card.id).first()
    if there is not None and there.retired_at is not None:
        application = _bring_back(there, card, by=by)
    elif there is not None:
        raise VangrailError(
            both(nl=f"{draft.organisation} heeft al een toepassing met deze naam.",
                 en=f"{draft.organisation} already has an application with this name."),
            why=both(nl="De naam wordt een adres, en dat kan maar één keer bestaan.",
                     en="The name becomes an address, and that can exist only once."),
            do=both(nl="Geef ze een andere naam, of pas de kaart aan van wat er al is.",
                    en="Give it another name, or edit the card of what is there."),
        )  # fmt: skip
    else:
        application = applications.register(organisation=draft.organisation, card=card, by=by, note=note)
    arrival = getattr(draft, "arrival", None)
    if arrival is not None:
        arrival.application, arrival.draft = application, None
        arrival.save()
    draft.delete()
    return application


def _bring_back(application: Application, card: Card, *, by: Person) -> Application:
    """An application whose import was undone is taken in again: its history stays, with a new version at its end."""
    application.retired_at = None
    application.save()
    note = pick(nl="Opnieuw geregistreerd.", en="Registered again.")
    applications.declare(application=application, card=card, by=by, note=note)
    return application


@transaction.atomic
def declare(*, draft: Draft, by: Person, note: str) -> CardVersion:
    """Make the draft a new version, which is never changed again. VangrailError when the card was saved by another way meanwhile."""
    application = draft.application
    if application is None:
        raise TypeError("this draft is registered, not declared")
    if not note.strip():
        raise VangrailError(
            both(nl="Zeg in een paar woorden wat er veranderd is.", en="Say in a few words what has changed."),
            why=both(nl="Zo vindt een ander het later terug.", en="So that others find it later."),
        )
    if newer(draft) is not None:
        raise VangrailError(
            both(nl="Iemand legde intussen een andere versie vast.", en="Somebody recorded another version meanwhile."),
            do=both(nl="Zet eerst je wijzigingen op de nieuwste versie, met de knop hierboven.",
                    en="First put your changes on the newest version, with the button above."),
        )  # fmt: skip
    card = checked(whole(card_in(draft), application.organisation))
    _keep_phase(application, card)
    version = applications.declare(
        application=application, card=card, by=by, note=note.strip(), after=draft.content["after"]
    )
    draft.delete()
    return version


def _keep_phase(application: Application, card: Card) -> None:
    """A phase is left by a gate. Until the first decision a wrong choice at the registration can be mended."""
    if card.phase is card_of(application).phase or not application.decisions.exists():
        return
    raise VangrailError(
        both(nl="De fase verandert alleen door een beslissing aan de poort.",
             en="The phase changes only by a decision at the gate."),
        do=both(nl="Zet de fase terug, en vraag de beslissing bij 'Poort'.",
                en="Put the phase back, and ask for the decision under 'Gate'."),
    )  # fmt: skip


def newer(draft: Draft) -> CardVersion | None:
    """A version that was recorded after the one that the draft was begun from."""
    if draft.application is None:
        return None
    last = draft.application.version
    return last if last.number != draft.content["after"] else None


@transaction.atomic
def catch_up(*, draft: Draft, seen: int, by: Person) -> Merged:
    """Put what was changed in the draft on the newest version. What both changed keeps the text of the draft, and is named."""
    last = newer(draft)
    if last is None or draft.application is None:
        return Merged(content=card_in(draft), clashes=())
    base = draft.application.versions.get(number=draft.content["after"])
    found = merged(base.content, card_in(draft), last.content)
    save_all(draft=draft, seen=seen, card=found.content, by=by, after=last.number)
    return found


# --- product cards ---------------------------------------------------------------------------------------------------
@transaction.atomic
def offer(*, application: Application, by: Person) -> Offer:
    """Let other organisations adopt what this card says of the product. Its purpose, people, process and data stay here."""
    version = application.version
    content = adopting.product_of(card_of(application))
    if not content:
        raise VangrailError(
            both(nl="De kaart zegt nog niets over het product.", en="The card says nothing of the product yet."),
            do=both(nl="Vul in wat ze doet, de leverancier of het model.",
                    en="Fill in what it does, the supplier or the model."),
        )  # fmt: skip
    withdraw(application=application, by=by)
    return Offer.objects.create(
        application=application,
        version=version.number,
        name=str(version.content["name"])[:200],
        content=content,
        digest=digest(content),
        by=by,
    )


@transaction.atomic
def withdraw(*, application: Application, by: Person) -> None:
    """Offer it no longer. Who adopted it keeps what they have."""
    application.offers.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def offered_to(organisation: Organisation) -> Any:
    """The product cards of other organisations, by name."""
    return (
        Offer.objects.filter(withdrawn_at=None)
        .exclude(application__organisation=organisation)
        .select_related("application__organisation", "by")
        .order_by("name", "pk")
    )


@transaction.atomic
def adopt(*, offer: Offer, organisation: Organisation, by: Person, on: date | None = None) -> Draft:
    """Begin an application of one's own with a product card."""
    content = adopting.adopt(
        offer.content,
        source=offer.source,
        by=offer.application.organisation.name,
        on=on or timezone.localdate(),
        version=str(offer.version),
    )
    return start(organisation=organisation, by=by, content={"name": offer.name, **content})


def newer_offer(card: Mapping[str, Any]) -> Offer | None:
    """The product card that this card began with, where it says something else by now."""
    origin = card.get("adopted_from") or {}
    body, _, slug = str(origin.get("source", "")).partition("/")
    found = Offer.objects.filter(
        withdrawn_at=None, application__organisation__slug=body, application__slug=slug
    ).select_related("application__organisation")
    offer_ = found.first() if origin.get("kind") == "product_card" else None
    return offer_ if offer_ is not None and offer_.digest != origin.get("digest") else None


def taken_over(card: Content, offer: Offer, *, on: date) -> Content:
    """The card with what the product card says now; where it departs it stays as it is."""
    origin = dict(card["adopted_from"])
    departed = {d["field"] for d in origin.get("departures", ())}
    result = copy.deepcopy(card)
    for field in {*origin.get("states", {}), *offer.content}:
        if field not in departed:
            put(result, field, copy.deepcopy(_with_own(offer.content.get(field), value_at(card, field))))
    fresh = adopting.adopt(
        offer.content, source=offer.source, by=offer.application.organisation.name, on=on, version=str(offer.version)
    )["adopted_from"]
    kept = [d for d in origin.get("departures", ()) if d["field"] in offer.content]
    result["adopted_from"] = fresh | ({"departures": kept} if kept else {})
    return result


def _with_own(stated: Any, held: Any) -> Any:
    """What is stated, with what an organisation had added to an item of the same name: its contract, its address."""
    if not isinstance(stated, list) or not isinstance(held, list):
        return stated
    own = {item.get("name"): item for item in held if isinstance(item, dict)}
    found = [{**own.get(item.get("name"), {}), **item} if isinstance(item, dict) else item for item in stated]
    named = {item.get("name") for item in stated if isinstance(item, dict)}
    return found + [item for item in held if isinstance(item, dict) and item.get("name") not in named]


def depart(card: Content, field: str, because: str) -> Content:
    """The card with a field set free of the product card, for a reason."""
    origin = dict(card.get("adopted_from") or {})
    if field not in origin.get("states", {}):
        raise VangrailError(
            both(nl="Hierover zegt de productkaart niets.", en="The product card says nothing of this.")
        )
    if not because.strip():
        raise VangrailError(
            both(nl="Zeg waarom het bij jullie anders is.", en="Say why it is otherwise with you."),
            why=both(nl="Anders lijkt het een vergissing.", en="Otherwise it looks like a mistake."),
        )
    others = [d for d in origin.get("departures", []) if d["field"] != field]
    origin["departures"] = [*others, {"field": field, "because": because.strip()}]
    return {**card, "adopted_from": origin}


def return_to_product(card: Content, field: str) -> Content:
    """The card with a field as the product card has it."""
    origin = dict(card.get("adopted_from") or {})
    if field not in origin.get("states", {}):
        raise VangrailError(
            both(nl="Hierover zegt de productkaart niets.", en="The product card says nothing of this.")
        )
    origin["departures"] = [d for d in origin.get("departures", []) if d["field"] != field]
    if not origin["departures"]:
        del origin["departures"]
    result = copy.deepcopy(card)
    put(result, field, copy.deepcopy(_with_own(origin["states"][field], value_at(card, field))))
    result["adopted_from"] = origin
    return result
