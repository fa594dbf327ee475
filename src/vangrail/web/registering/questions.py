"""The short form: the questions without which nobody can say what an application is, with why each is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from vangrail.cards.adopting import put
from vangrail.model.card import value_at
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Phase, ProcessActor

Content = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of the short form.

    why       why it is asked, with the work that asks it
    example   a good answer
    kind      how it is asked
    read      what stands on the card -> what is shown in the field
    write     the answer -> on the card; what else stood there stays
    """

    id: str
    ask: Text
    why: Text
    source: str
    example: Text
    kind: Literal["line", "long", "person", "phase", "actor", "theme"]
    read: Callable[[Content], str]
    write: Callable[[Content, str], None]
    needed: bool = False


def _at(path: str) -> dict[str, Any]:
    def read(card: Content) -> str:
        return str(value_at(card, path) or "")

    def write(card: Content, answer: str) -> None:
        put(card, path, answer)

    return {"read": read, "write": write}


def _person(role: str) -> dict[str, Any]:
    def read(card: Content) -> str:
        return str((value_at(card, f"people.{role}") or {}).get("name", ""))

    def write(card: Content, answer: str) -> None:
        held = value_at(card, f"people.{role}") or {}
        # Another person has another position and another address.
        same = held if held.get("name") == answer else {}
        put(card, f"people.{role}", {**same, "name": answer} if answer else None)

    return {"read": read, "write": write}


def _first(part: str, key: str) -> dict[str, Any]:
    """A field of the first item of a list."""

    def read(card: Content) -> str:
        items = card.get(part) or [{}]
        return str(items[0].get(key, ""))

    def write(card: Content, answer: str) -> None:
        items = [dict(item) for item in card.get(part) or [{}]]
        put(items[0], key, answer)
        put(card, part, [item for item in items if item])

    return {"read": read, "write": write}


def _read_affected(card: Content) -> str:
    return "\n".join(str(item.get("who", "")) for item in card.get("affected") or [])


def _write_affected(card: Content, answer: str) -> None:
    held = {item.get("who"): item for item in card.get("affected") or []}
    who = dict.fromkeys(line.strip() for line in answer.splitlines() if line.strip())
    put(card, "affected", [held.get(one, {"who": one}) for one in who])


def _themes(card: Content) -> list[str]:
    held = card.get("themes") or []
    return [held] if isinstance(held, str) else list(held)


def _read_theme(card: Content) -> str:
    return next(iter(_themes(card)), "")


def _write_theme(card: Content, answer: str) -> None:
    """The first of its themes; the others stand on the page of the card."""
    others = [t for t in _themes(card)[1:] if t != answer]
    put(card, "themes", [answer, *others] if answer else others)


def _write_contact(card: Content, answer: str) -> None:
    """One place for both, until the card says that objecting is done elsewhere."""
    if value_at(card, "contact.object") in (None, "", value_at(card, "contact.ask")):
        put(card, "contact.object", answer)
    put(card, "contact.ask", answer)


STEPS: tuple[tuple[Text, tuple[Question, ...]], ...] = (
    (
        both(nl="Wat en waarom", en="What and why"),
        (
            Question(
                id="name",
                ask=both(nl="Hoe heet de toepassing?", en="What is the application called?"),
                why=both(
                    nl="Onder deze naam vinden collega's en burgers ze terug.",
                    en="Under this name colleagues and citizens find it.",
                ),
                source="tru-acc-1",
                example=both(
                    nl="Meldingen van sluikstort naar de juiste dienst",
                    en="Reports of illegal dumping to the right crew",
                ),
                kind="line",
                needed=True,
                **_at("name"),
            ),
            Question(
                id="summary",
                ask=both(nl="Wat doet ze?", en="What does it do?"),
                why=both(
                    nl="Wie dit leest, moet begrijpen wat er gebeurt. Deze tekst komt later op de openbare pagina.",
                    en="Who reads this must understand what happens. Later this text goes on the public page.",
                ),
                source="dem-11",
                example=both(
                    nl="Ze leest de tekst van een melding en stelt een van zes diensten voor. Een medewerker kijkt mee.",
                    en="It reads the text of a report and proposes one of six services. An employee looks along.",
                ),
                kind="long",
                **_at("summary"),
            ),
            Question(
                id="purpose",
                ask=both(nl="Waarvoor dient ze?", en="What is it for?"),
                why=both(
                    nl="Het doel bepaalt welke regels gelden. Met een ander doel is het een andere toepassing.",
                    en="The purpose decides which rules apply. With another purpose it is another application.",
                ),
                source="dem-2",
                example=both(
                    nl="Meldingen meteen naar de juiste dienst sturen. Niet om overtreders op te sporen.",
                    en="Sending reports to the right service at once. Not to trace offenders.",
                ),
                kind="long",
                needed=True,
                **_at("purpose.text"),
            ),
            Question(
                id="public_task",
                ask=both(
                    nl="Welke opdracht van je bestuur dient ze?", en="Which task of your government does it serve?"
                ),
                why=both(
                    nl="AI is een middel. Er moet een taak achter zitten die van jullie is.",
                    en="AI is a means. There must be a task behind it that is yours.",
                ),
                source="dem-1",
                example=both(nl="Openbare netheid (Nieuwe Gemeentewet, art. 135 §2)", en="Public cleanliness"),
                kind="line",
                **_at("purpose.public_task"),
            ),
            Question(
                id="theme",
                ask=both(nl="Waarover gaat het?", en="What is it about?"),
                why=both(
                    nl="Zo vinden mensen ze terug in het openbare register.",
                    en="By this people find it in the public register.",
                ),
                source="dem-11",
                example=both(
                    nl="Milieu en netheid. Gaat het over meer? Voeg dat later toe op de kaart.",
                    en="Environment and cleanliness. Is it about more? Add that on the card later.",
                ),
                kind="theme",
                read=_read_theme,
                write=_write_theme,
            ),
        ),
    ),
    (
        both(nl="Voor wie en hoe", en="For whom and how"),
        (
            Question(
                id="affected",
                ask=both(nl="Wie merkt er iets van?", en="Who notices it?"),
                why=both(
                    nl="Ook wie er niet om vroeg, kan er iets van merken. Denk aan je eigen collega's.",
                    en="Those who did not ask for it can notice it as well. Think of your own colleagues.",
                ),
                source="hum-5",
                example=both(
                    nl="Een groep per regel: inwoners die melden; medewerkers van het meldpunt",
                    en="A group per line: residents who report; employees of the desk",
                ),
                kind="long",
                read=_read_affected,
                write=_write_affected,
            ),
            Question(
                id="step",
                ask=both(nl="In welke stap doet AI mee?", en="In which step does AI take part?"),
                why=both(
                    nl="Zo is van in het begin duidelijk wat een mens doet en wat niet.",
                    en="So it is clear from the beginning what a person does and what not.",
                ),
                source="hum-1",
                example=both(nl="De dienst voorstellen", en="Proposing the service"),
                kind="line",
                **_first("process", "step"),
            ),
            Question(
                id="actor",
                ask=both(nl="Wie doet die stap?", en="Who does that step?"),
                why=both(
                    nl="Hoe minder een mens doet, hoe meer er gevraagd wordt.",
                    en="The less a person does, the more is asked.",
                ),
                source="hum-1",
                example=both(nl="AI adviseert, een medewerker beslist.", en="AI advises, an employee decides."),
                kind="actor",
                **_first("process", "actor"),
            ),
            Question(
                id="supplier",
                ask=both(nl="Wie levert ze?", en="Who supplies it?"),
                why=both(
                    nl="Veel antwoorden heeft alleen de leverancier. Leeg laten als je ze zelf maakt.",
                    en="Only the supplier has many of the answers. Leave empty when you make it yourself.",
                ),
                source="lit-6",
                example=both(nl="Spraakwater nv", en="Spraakwater nv"),
                kind="line",
                **_first("suppliers", "name"),
            ),
            Question(
                id="product",
                ask=both(nl="Hoe heet het product?", en="What is the product called?"),
                why=both(
                    nl="Een ander bestuur gebruikt misschien hetzelfde product en leerde er al van.",
                    en="Another government may use the same product and have learnt from it.",
                ),
                source="tru-trans-3",
                example=both(nl="Wegwijs 3", en="Wegwijs 3"),
                kind="line",
                **_first("suppliers", "product"),
            ),
        ),
    ),
    (
        both(nl="Wie en waar het staat", en="Who, and where it stands"),
        (
            Question(
                id="owner",
                ask=both(
                    nl="Wie is verantwoordelijk voor de toepassing?", en="Who is responsible for the application?"
                ),
                why=both(
                    nl="Iemand met naam houdt de kaart bij en antwoordt op vragen.",
                    en="A named person keeps the card and answers questions.",
                ),
                source="tru-acc-1",
                example=both(nl="Jo Vandersteegen", en="Jo Vandersteegen"),
                kind="person",
                **_person("application_owner"),
            ),
            Question(
                id="decider",
                ask=both(nl="Wie beslist of ze verder mag?", en="Who decides whether it may go on?"),
                why=both(
                    nl="Aan elke poort beslist een mens met naam. Alleen wie hier staat, kan dat doen: neem de naam zoals ze in Vangrail staat.",
                    en="At each gate a named person decides. Only who stands here can do that: use the name as it is in Vangrail.",
                ),
                source="tru-acc-1",
                example=both(nl="Koen Dierinckx", en="Koen Dierinckx"),
                kind="person",
                **_person("decider"),
            ),
            Question(
                id="dpo",
                ask=both(nl="Wie is de DPO?", en="Who is the DPO?"),
                why=both(
                    nl="De functionaris voor gegevensbescherming geeft advies over persoonsgegevens.",
                    en="The data protection officer advises on personal data.",
                ),
                source="tru-priv-1",
                example=both(nl="Samira El Khattabi", en="Samira El Khattabi"),
                kind="person",
                **_person("dpo"),
            ),
            Question(
                id="phase",
                ask=both(nl="Waar staat ze nu?", en="Where does it stand now?"),
                why=both(
                    nl="De fase bepaalt wat nu al gevraagd wordt. Daarna verandert ze alleen aan een poort.",
                    en="The phase decides what is asked by now. After that it changes only at a gate.",
                ),
                source="dem-7",
                example=both(
                    nl="Nog niets gekocht of gebouwd? Dan is het een idee.",
                    en="Nothing bought or built yet? Then it is an idea.",
                ),
                kind="phase",
                needed=True,
                **_at("phase"),
            ),
            Question(
                id="contact",
                ask=both(
                    nl="Waar stelt een burger een vraag of maakt die bezwaar?",
                    en="Where does a citizen ask a question or object?",
                ),
                why=both(
                    nl="Wie met AI te maken krijgt, moet iemand kunnen bereiken.",
                    en="Whoever has to do with AI must be able to reach someone.",
                ),
                source="tru-acc-2",
                example=both(nl="meldpunt@zavelbeke.example of 050 00 00 22", en="desk@town.example or 050 00 00 22"),
                kind="line",
                read=_at("contact.ask")["read"],
                write=_write_contact,
            ),
        ),
    ),
)
QUESTIONS = {q.id: q for _, step in STEPS for q in step}
ACTORS = tuple(ProcessActor)
PHASES = tuple(Phase)
