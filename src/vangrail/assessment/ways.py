"""How one does what a verdict asks for: with a command where the card is a file, on a page where there is a site."""

from collections.abc import Callable
from dataclasses import dataclass

from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import RecordKind


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What to do in this place to answer a question of the law, confirm, verify the ledger, measure, or record an event."""

    answer_question: Text
    confirm: Text
    verify: Text
    measure: Text
    record: Callable[[RecordKind], Text]


def _in_a_file(kind: RecordKind) -> Text:
    nl, en = (f"Noteer het in records.yaml met 'kind: {kind}'.", f"Write it in records.yaml with 'kind: {kind}'.")
    if kind is RecordKind.MONITORING:
        nl += " Of plan 'vangrail watch' met --alert-file of --webhook."
        en += " Or plan 'vangrail watch' with --alert-file or --webhook."
    return both(nl=nl, en=en)


WITH_COMMANDS = Ways(
    answer_question=both(
        nl="Beantwoord met: vangrail classify --interview", en="Answer with: vangrail classify --interview"
    ),
    confirm=both(
        nl='Bevestig met: vangrail classify --confirm --by "NAAM" --role ROL --reasons "..."',
        en='Confirm with: vangrail classify --confirm --by "NAME" --role ROLE --reasons "..."',
    ),
    verify=both(nl="Bekijk alles met: vangrail ledger verify", en="See everything with: vangrail ledger verify"),
    measure=both(nl="Meet met: vangrail assess", en="Measure with: vangrail assess"),
    record=_in_a_file,
)
"""Where the card is a file in a folder."""
