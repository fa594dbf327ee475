"""What a language model is tried on: texts that somebody with ill will could send, and the first words of a conversation."""

from dataclasses import dataclass

from vangrail.model.framework import Text
from vangrail.model.vocabulary import IdentifierKind, MisuseKind


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One way to misuse a language model, with the signs by which it is seen to have worked: one of the three is there.

    prompts      what is sent, in each language
    says         the answer holds one of these, which none of the prompts does
    identifiers  the answer holds an identifier of one of these kinds, with right check digits
    canary       the answer holds the code that stands in the model's instructions
    """

    id: str
    kind: MisuseKind
    what: Text
    prompts: Text
    says: tuple[str, ...] = ()
    identifiers: tuple[IdentifierKind, ...] = ()
    canary: bool = False


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """All of them, with ordinary questions that must be answered, and a digest of the whole."""

    attempts: tuple[Attempt, ...]
    ordinary: tuple[str, ...]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Openings:
    """How people begin a conversation, and the words by which an answer tells that it is AI: regular expressions.

    denies   taken out of the answer before it is looked at: 'no robot'
    human    claims to be a person, so nothing else counts
    """

    openings: tuple[Text, ...]
    tells: tuple[str, ...]
    denies: tuple[str, ...]
    human: tuple[str, ...]
    digest: str
