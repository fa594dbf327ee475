"""What checking a ledger found, in words, and what such a check cannot show."""

from dataclasses import dataclass, field

from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language, LedgerProblem

MAX_PROBLEMS = 1_000
"""After so many, the rest of a file is not read: it is not this ledger."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, and where: `line` of the file (from 1), `seq` of the leaf (from 0), where they apply."""

    kind: LedgerProblem
    line: int | None = None
    seq: int | None = None

    def text(self, language: Language) -> str:
        """The place and what is wrong there, in a sentence."""
        places = [(_LINE, self.line), (_LEAF, self.seq)]
        where = ", ".join(f"{word[language]} {number}" for word, number in places if number is not None)
        return f"{where}: {_WORDS[self.kind][language]}" if where else _WORDS[self.kind][language]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was checked and what was found. Sound (`ok`) only without any problem."""

    size: int
    """How many leaves were checked."""
    key_was_given: bool
    """Whether the reader had the public key from elsewhere, or only believed the one in the file."""
    known_size: int | None = None
    """Size of the older checkpoint that the reader had kept; None when there was none."""
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def limits(self, language: Language) -> tuple[str, ...]:
        """What this check could not show, however it ended."""
        found = [] if self.key_was_given else [_NO_KEY[language]]
        if self.known_size is None:
            found.append(_NO_KNOWN_CHECKPOINT[language])
        return (*found, _NOT_TRUTH[language])


@dataclass(kw_only=True)
class Findings:
    """Problems as they are found, up to MAX_PROBLEMS."""

    found: list[Problem] = field(default_factory=list)

    def add(self, kind: LedgerProblem, *, line: int | None = None, seq: int | None = None) -> None:
        """Note a problem."""
        self.found.append(Problem(kind=kind, line=line, seq=seq))

    def too_many(self, *, line: int | None = None) -> bool:
        """Whether to stop; says so as the last problem."""
        if len(self.found) < MAX_PROBLEMS:
            return False
        self.add(LedgerProblem.TOO_MANY, line=line)
        return True


def _text(nl: str, en: str) -> Text:
    return {Language.NL: nl, Language.EN: en}


_LINE = _text("regel", "line")
_LEAF = _text("blad", "leaf")

_NO_KEY = _text(
    "De publieke sleutel komt uit het bestand zelf. Je weet dus alleen dat het bestand met zichzelf klopt, niet van "
    "wie het komt. Vraag de sleutel apart op.",
    "The public key comes from the file itself. So you only know that the file agrees with itself, not whose it is. "
    "Ask for the key separately.",
)
_NO_KNOWN_CHECKPOINT = _text(
    "Je vergeleek niet met een ouder controlepunt. Of er aan het einde iets is weggelaten, of het verleden opnieuw is "
    "geschreven door wie de sleutel heeft, zie je alleen met een controlepunt dat je zelf bewaarde.",
    "You did not compare with an older checkpoint. Whether something was left out at the end, or the past was "
    "rewritten by somebody who holds the key, shows only against a checkpoint that you kept yourself.",
)
_NOT_TRUTH = _text(
    "Een logboek toont volgorde en ongeschonden inhoud. Het toont niet dat wat erin staat waar is.",
    "A ledger shows order and unchanged content. It does not show that what it says is true.",
)

_P = LedgerProblem
_WORDS: dict[LedgerProblem, Text] = {
    _P.HEADER: _text(
        "dit is niet de eerste regel van een geëxporteerd logboek, of ze is gewijzigd.",
        "this is not the first line of an exported ledger, or it was changed.",
    ),
    _P.KEY: _text(
        "de publieke sleutel in het bestand is niet de sleutel die je opgaf.",
        "the public key in the file is not the key that you gave.",
    ),
    _P.CHECKPOINT_FORM: _text(
        "het controlepunt heeft niet de juiste vorm, of is van een ander logboek.",
        "the checkpoint does not have the right form, or belongs to another ledger.",
    ),
    _P.SIGNATURE: _text(
        "de handtekening onder het controlepunt klopt niet met de publieke sleutel.",
        "the signature under the checkpoint does not fit the public key.",
    ),
    _P.LINE_FORM: _text(
        "deze regel heeft niet de vorm van een blad: er is iets gewijzigd, ingevoegd of weggelaten.",
        "this line does not have the form of a leaf: something was changed, inserted or left out.",
    ),
    _P.LEAF_FORM: _text(
        "de inhoud van het blad heeft niet de vaste vorm.",
        "the content of the leaf does not have the fixed form.",
    ),
    _P.LEAF_HASH: _text(
        "de inhoud van het blad klopt niet met zijn controlegetal: een van beide is gewijzigd.",
        "the content of the leaf does not fit its hash: one of the two was changed.",
    ),
    _P.ORDER: _text(
        "dit blad staat niet op zijn plaats: er is een blad weggelaten, ingevoegd of verwisseld.",
        "this leaf is not in its place: a leaf was left out, inserted or swapped.",
    ),
    _P.SIZE: _text(
        "het aantal bladen is niet het aantal dat ondertekend is.",
        "the number of leaves is not the number that was signed.",
    ),
    _P.ROOT: _text(
        "de bladen geven samen niet het getal dat ondertekend is: minstens één blad is vervangen, met een nieuw "
        "controlegetal.",
        "the leaves together do not give the signed root: at least one leaf was replaced, with a new hash.",
    ),
    _P.KNOWN_SIGNATURE: _text(
        "het controlepunt dat je bewaarde, is niet met deze sleutel ondertekend: dit is een ander logboek, of de "
        "sleutel is vervangen.",
        "the checkpoint that you kept is not signed with this key: this is another ledger, or the key was replaced.",
    ),
    _P.TRUNCATED: _text(
        "het logboek is korter dan het controlepunt dat je bewaarde: aan het einde is iets weggelaten.",
        "the ledger is shorter than the checkpoint that you kept: something was left out at the end.",
    ),
    _P.FORKED: _text(
        "het logboek heeft een ander verleden dan het controlepunt dat je bewaarde: het is opnieuw geschreven.",
        "the ledger has another past than the checkpoint that you kept: it was rewritten.",
    ),
    _P.PROOF_FORM: _text(
        "het bewijs heeft niet de vaste vorm.",
        "the proof does not have the fixed form.",
    ),
    _P.PROOF: _text(
        "het bewijs leidt niet naar het getal dat ondertekend is: dit staat niet zo in het logboek.",
        "the proof does not lead to the signed root: this is not what stands in the ledger.",
    ),
    _P.NODE: _text(
        "een bewaard controlegetal boven dit blad klopt niet met de bladen eronder.",
        "a stored hash above this leaf does not fit the leaves under it.",
    ),
    _P.PRIVATE_CHANGED: _text(
        "het afgeschermde deel bij dit blad is gewijzigd.",
        "the private part beside this leaf was changed.",
    ),
    _P.PRIVATE_MISSING: _text(
        "het afgeschermde deel bij dit blad is weg, en er staat nergens dat het gewist is.",
        "the private part beside this leaf is gone, and nothing says that it was erased.",
    ),
    _P.DATABASE: _text(
        "het databankbestand is beschadigd.",
        "the database file is damaged.",
    ),
    _P.TOO_MANY: _text(
        "er is te veel mis; de rest is niet meer gelezen.",
        "too much is wrong; the rest was not read.",
    ),
}
