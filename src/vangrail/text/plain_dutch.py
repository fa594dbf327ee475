"""Measures how plain a Dutch text is: sentences, words, syllables, an index, and what a writer could change.

The index is Flesch-Douma (reading ease, W.H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960):

    206.84 - 0.77 × syllables per 100 words - 0.93 × words per sentence

HIGHER IS EASIER. Douma's own table: 0-30 very hard, 30-45 hard, 45-60 fairly hard, 60-70 normal, 70-80 fairly easy, 80-90 easy,
90-100 very easy. LIX (C.H. Björnsson, Läsbarhet, Stockholm 1968) stands beside it: words per sentence + share of words of more
than six letters in percent; there LOWER is easier. Neither sees whether a text is true, well ordered or complete, and neither is a
language level such as B1: both only count lengths.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vangrail.model.language import DifficultWord

ABBREVIATIONS: Final = frozenset(
    [
        "art",
        "artt",
        "bijv",
        "bv",
        "blz",
        "p",
        "nr",
        "nrs",
        "enz",
        "o.a",
        "m.a.w",
        "d.w.z",
        "m.b.t",
        "i.v.m",
        "t.a.v",
        "t.o.v",
        "m.i.v",
        "i.p.v",
        "n.a.v",
        "a.h.v",
        "d.m.v",
        "t.e.m",
        "t.g.v",
        "m.u.v",
        "i.k.v",
        "o.b.v",
        "i.s.m",
        "i.f.v",
        "z.o.z",
        "a.u.b",
        "aub",
        "incl",
        "excl",
        "ca",
        "max",
        "min",
        "tel",
        "dr",
        "ir",
        "ing",
        "prof",
        "mr",
        "mevr",
        "dhr",
        "st",
        "ste",
        "resp",
        "vgl",
        "cf",
        "cfr",
        "al",
        "c.q",
        "e.d",
        "e.a",
        "o.m",
        "m.n",
        "z.g.n",
        "zgn",
        "zgh",
        "w.o",
        "par",
        "hfst",
        "jl",
        "afd",
        "dd",
        "d.d",
        "l",
        "bis",
        "jr",
        "sr",
        "vzw",
        "b.s",
        "k.b",
        "m.b",
        "k",
        "etc",
        "jan",
        "feb",
        "mrt",
        "apr",
        "aug",
        "sept",
        "sep",
        "okt",
        "nov",
        "dec",
        "ma",
        "di",
        "wo",
        "do",
        "vr",
        "za",
        "zo",
        "op.cit",
        "n.v",
        "b.v",
        "n.v.t",
        "e.v",
        "ev",
        "vb",
        "bvb",
        "gem",
        "str",
        "stwg",
        "t.a",
        "p.a",
        "aanvr",
        "adm",
        "besl",
        "bijl",
        "conf",
        "decr",
        "dir",
        "doss",
        "evt",
        "fed",
        "form",
        "gemeentesecr",
        "omz",
        "prov",
        "ref",
        "reg",
        "secr",
        "toel",
        "verz",
        "vl",
        "vnl",
    ]
)
"""What a point behind it does not end a sentence, without the last point."""

EXPLAINED: Final = frozenset(
    ("AI", "EU", "OK", "PDF", "TV", "ID", "BTW", "CO2", "IT", "SMS", "DNA", "USB", "QR", "URL", "FAQ")
)
"""Abbreviations in capitals that need no explanation, or are words by now."""

_ADDRESS = r"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)]|[^\s@<>()]+@[^\s@<>()]*[^\W_]"
_SHORTENED = r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"
_WORD = re.compile(rf"{_ADDRESS}|{_SHORTENED}|[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?|\d+(?:[.,:/]\d+)*")
_IS_ADDRESS, _IS_SHORTENED = re.compile(_ADDRESS), re.compile(_SHORTENED)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n[ \t]*(?=\n|[-•*–·]|\d+[.)])|:[ \t]*\n")
_SHORT_LINE = re.compile(r"^([^\n]{1,30}(?<![,;\s]))\n(?=[ \t]*[A-Z\d])", re.MULTILINE)
"""A line that is no part of a sentence: a line of an address, or of opening hours."""
_ARTICLE = re.compile(r"\s*art(?:ikel|\.)?\s+\d+\w*", re.IGNORECASE)
_LAST = re.compile(r"[\w.]+$")
_VOWELS = re.compile(r"aai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ei|ai|oi|ij|ĳ|au|ou|[aeiouy]")
_ACCENTS = str.maketrans("áàâãéèêíìîóòôõúùûýÿåœæ", "aaaaeeeiiioooouuuyyaoe")
_DIAERESIS = re.compile(r"[äëïöü]")
_TAG = re.compile(r"<!--[^<>]{0,2000}>|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,19})\b[^<>]{0,2000}>")
_IN_LINE: Final = frozenset(
    ("a", "abbr", "b", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u")
)
_BORROWED: Final = (
    (re.compile(r"(?:on|dead|time)line"), lambda m: {"o": "onlain", "d": "dedlain", "t": "taimlain"}[m[0][0]]),
    (re.compile(r"(?:up|down)load"), lambda m: {"u": "uplod", "d": "daunlod"}[m[0][0]]),
    (re.compile(r"(?:web)?site(?=s?$|')"), lambda m: m[0].replace("site", "sait")),
    (re.compile(r"update(?!n)"), "updeet"),
    (re.compile(r"ware(?<=softw...|hardw...)"), "wer"),
    (re.compile(r"team(?!e)"), "tiem"),
    (re.compile(r"leas(?=e|ing)"), "lies"),
    (re.compile(r"beige|^cake|^beat"), "e"),
    (re.compile(r"oeuvre"), "uvre"),
)
"""Words of other languages that municipalities write daily, as they sound: their vowels follow other rules."""
_CAPITALS = re.compile(r"\b(?:[A-Z][A-Z0-9]{1,5}|[A-Z]{2,7}\d+)\b")
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[ \t]+[A-Z]{2,})+\b")
_ONLY_LETTERS = re.compile(r"[^\W\d_]")

_AUXILIARY: Final = frozenset(("word", "wordt", "worden", "werd", "werden", "geworden"))
_IS: Final = frozenset(("is", "zijn", "was", "waren"))
_SEPARABLE: Final = re.compile(
    r"(?:aan|af|achter|bij|binnen|dicht|door|in|mee|na|neer|om|onder|op|open|over|samen|terug|toe|tegen|tussen|uit|vast|voor|"
    r"vrij|weg|mede|bekend|goed|klaar|plaats|recht)?ge[a-zë]{2,}(?:d|t|en)"
)
_INSEPARABLE: Final = re.compile(r"(?:be|ver|ont|her|over|onder|door|voor)[a-zë]{3,}(?:d|t)|(?:be|ver|ont)[a-zë]{2,}en")
_NO_PARTICIPLE: Final = frozenset(
    [
        "gemeente",
        "gemeenten",
        "gebied",
        "gebieden",
        "gebouwen",
        "gegevens",
        "geld",
        "gemiddeld",
        "geschikt",
        "gewest",
        "gewesten",
        "geval",
        "gevallen",
        "gezin",
        "gezinnen",
        "genoeg",
        "gezond",
        "gewoon",
        "gelijk",
        "getal",
        "getallen",
        "gesprek",
        "gesprekken",
        "gevolg",
        "gevolgen",
        "geluid",
        "geluiden",
        "gebreken",
        "gebruiken",
        "bedrag",
        "bedragen",
        "besluit",
        "besluiten",
        "bestuur",
        "besturen",
        "beleid",
        "beroep",
        "bericht",
        "berichten",
        "bewijs",
        "verschillend",
        "verschillende",
        "verband",
        "verbanden",
        "verslag",
        "verslagen",
        "vereniging",
        "verenigingen",
        "vergoedingen",
        "verkeer",
        "verlof",
        "vervoer",
        "verzoek",
        "verzoeken",
        "verder",
        "onder",
        "voorbeelden",
        "voorwaarden",
        "belangen",
        "betekenis",
        "bewoners",
        "beeld",
        "beelden",
        "bestand",
        "bestanden",
        "behoeften",
        "hertekend",
        "gent",
        "geacht",
        "gek",
        "gelukkig",
        "geheel",
        "gering",
        "gedrag",
        "gedragen",
        "gedachten",
        "begin",
        "bekend",
        "bereid",
        "vertrouwd",
        "bevoegd",
        "beperkt",
        "verplicht",
        "ervaren",
        "gerust",
        "gesloten",
        "open",
        "dient",
        "dus",
        "bepaalde",
        "voordelen",
        "overheid",
        "oorspronkelijk",
        "voorzieningen",
        "vaten",
        "vermogen",
        "vragen",
        "verlies",
        "ontwerp",
        "gelden",
        "gebouw",
        "gebruik",
        "bezwaren",
        "bezwaar",
        "behalve",
        "beide",
        "beter",
        "best",
        "beste",
        "over",
        "voort",
        "voort",
        "voorstel",
        "verkoopt",
        "bent",
        "wordt",
        "gedeelten",
        "beden",
        "bestaat",
        "betekent",
        "bevat",
        "bevatten",
        "behoort",
        "betreft",
        "vergt",
        "vereist",
        "ontvangt",
        "ontstaat",
        "ontbreekt",
    ]
)
"""Words that look like a participle and are none, or that describe a state rather than hide who acts."""

_NOMINAL: Final = re.compile(
    r"\b(?:het|de)\s+(?:\w+\s+)?(\w{3,}(?:ing|atie|itie|utie))\s+van\b|\bhet\s+(\w{4,}en)\s+van\b", re.IGNORECASE
)
_NO_ACT: Final = frozenset(
    ("woning", "koning", "omgeving", "afdeling", "regering", "bevolking", "mening", "tekening", "rekening")
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was counted in a text, and what a writer could look at. Positions are left out: it is about the whole.

    flesch_douma    higher is easier; None without words
    lix             lower is easier; None without words
    long_sentences  sentences of more than 20 words
    """

    sentences: int
    words: int
    syllables: int
    long_words: int
    long_sentences: int
    longest_sentence: int
    difficult: tuple[tuple[DifficultWord, int], ...]
    passives: int
    nominal: int
    abbreviations: tuple[str, ...]

    @property
    def words_per_sentence(self) -> float:
        """The mean length of a sentence, in words."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def flesch_douma(self) -> float | None:
        """Reading ease after Douma (1960). Higher is easier."""
        if not self.words:
            return None
        return 206.84 - 77 * self.syllables / self.words - 0.93 * self.words / self.sentences

    @property
    def lix(self) -> float | None:
        """Difficulty after Björnsson (1968). Lower is easier."""
        if not self.words:
            return None
        return self.words / self.sentences + 100 * self.long_words / self.words


def read(text: str, difficult: Mapping[str, DifficultWord] | None = None) -> Reading:
    """Count everything in a text. `difficult` maps a word or phrase, in lower case, to what could stand instead."""
    text = _as_read(text)
    found = [(s, words_of(s)) for s in sentences(text)]
    found = [(s, w) for s, w in found if w]
    every = [w for _, words in found for w in words]
    return Reading(
        sentences=len(found),
        words=len(every),
        syllables=sum(syllables(w) for w in every),
        long_words=sum(sum(c.isalpha() for c in w) > 6 for w in every),
        long_sentences=sum(len(w) > 20 for _, w in found),
        longest_sentence=max((len(w) for _, w in found), default=0),
        difficult=_difficult([[w.lower() for w in words] for _, words in found], difficult or {}),
        passives=sum(_passive([w.lower() for w in words]) for _, words in found),
        nominal=sum(_nominal(s) for s, _ in found),
        abbreviations=_unexplained(text, every),
    )


def _as_read(text: str) -> str:
    """What a reader sees of a text with the tags of a web page, or with the ends of lines of a form: no tags, and no other ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text and _TAG.search(text):
        text = _TAG.sub(lambda m: "" if (m["name"] or "").lower() in _IN_LINE else "\n\n", text)
    return html.unescape(text) if "&" in text else text


def sentences(text: str) -> list[str]:
    """The sentences: cut at . ! ?, at items of a list and at short lines; not at abbreviations, numbers or initials."""
    found, start = [], 0
    text = _SHORT_LINE.sub(r"\1\n\n", _as_read(text))
    for m in _END.finditer(text):
        if text[m.start()] == "." and not _ends(text, m, start):
            continue
        found.append(text[start : m.end()].strip())
        start = m.end()
    found.append(text[start:].strip())
    return [s for s in found if _ONLY_LETTERS.search(s)]


def _ends(text: str, m: re.Match[str], start: int) -> bool:
    """Whether this point ends a sentence: not behind an abbreviation, an initial, or before a small letter."""
    behind = text[m.end() : m.end() + 3].lstrip(" \t\"'“‘(")
    if behind[:1].islower():
        return False
    last = _LAST.search(text, max(start, m.start() - 20), m.start())
    word = last[0] if last else ""
    if not behind or "\n" in text[m.end() : m.end() + 2]:
        return True
    if _ARTICLE.fullmatch(text, start, m.start()):  # 'Artikel 1. De aanvraag', but not 'Zie artikel 1. De aanvraag'
        return False
    if len(word) == 1 and word.isupper():
        return False
    return word.lower().strip(".") not in ABBREVIATIONS


def words_of(sentence: str) -> list[str]:
    """The words of a sentence; a number is a word, a sign is none. 'e-mail', 's'avonds', 'i.v.m.' and an address are one."""
    return _WORD.findall(sentence)


def syllables(word: str) -> int:
    """How many syllables a Dutch word has, by its groups of vowels; a number or an address counts as one, at least one in all.

    A diaeresis begins a new syllable (re-ë-el), i before another vowel than e does too (so-ci-aal, but bij-na-me ie is one), and so do
    e and o before another vowel that makes no Dutch sound with them (the-o-rie, mu-se-um). Abbreviations in capitals or with points are spelled.
    """
    if word[:1].isdigit() or _IS_ADDRESS.fullmatch(word):
        return 1
    if _IS_SHORTENED.fullmatch(word):
        return sum(c.isalpha() for c in word)
    if word.isupper() and 1 < len(word) <= 5 and not re.search("[AEIOUY]", word[1:]):
        return len(word)
    small = word.lower().translate(_ACCENTS)
    small = _DIAERESIS.sub(lambda m: "-" + "aeiou"["äëïöü".index(m[0])], small)
    for form, sound in _BORROWED:
        small = form.sub(sound, small)
    small = re.sub(r"qu", "kw", small)
    small = re.sub(r"(?<![aeiou])y(?=[aeiou])", "j", small)
    small = re.sub(r"(?<=[aeiou])y", "i", small)
    small = re.sub(
        r"i(?=[aou])|i(?=ee(?!u))|e(?=a(?!u)|o)|o(?=a)|u(?=[aeo])(?!ui)|e(?=um\b)", lambda m: m[0] + "-", small
    )
    return max(1, len(_VOWELS.findall(small)))


def _difficult(
    found: Sequence[Sequence[str]], known: Mapping[str, DifficultWord]
) -> tuple[tuple[DifficultWord, int], ...]:
    """The longest phrase first, so that 'met betrekking tot' is not also 'betrekking'."""
    longest = max((key.count(" ") + 1 for key in known), default=0)
    counts: Counter[str] = Counter()
    for words in found:
        at = 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                phrase = " ".join(words[at : at + size])
                if phrase in known:
                    counts[known[phrase].word] += 1
                    at += size
                    break
            else:
                at += 1
    by_word = {d.word: d for d in known.values()}
    return tuple((by_word[w], n) for w, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _passive(words: Sequence[str]) -> bool:
    """A form of 'worden' with a participle in the same sentence; or of 'zijn' with one and 'door'."""
    participle = any(is_participle(w) for w in words)
    return participle and (any(w in _AUXILIARY for w in words) or ("door" in words and any(w in _IS for w in words)))


def is_participle(word: str) -> bool:
    """Whether a word looks like a past participle: gedaan, aangevraagd, behandeld, ontvangen."""
    if word in _NO_PARTICIPLE:
        return False
    return bool(_SEPARABLE.fullmatch(word) or _INSEPARABLE.fullmatch(word)) or word in (
        "gedaan",
        "gezien",
        "gegaan",
        "voldaan",
    )


def _nominal(sentence: str) -> int:
    """An act written as a thing: 'de behandeling van', 'het indienen van'."""
    return sum((m[1] or m[2] or "").lower() not in _NO_ACT for m in _NOMINAL.finditer(sentence))


def _unexplained(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Abbreviations with points, and those in capitals that are not explained in brackets, before or behind.

    Words that are shouted are none: a text in capitals, two such words side by side, or a long one.
    """
    shortened = tuple(dict.fromkeys(w.lower() for w in words if _IS_SHORTENED.fullmatch(w) and not w.isupper()))
    if sum(w.isupper() and len(w) > 1 for w in words) > len(words) / 2:
        return shortened
    found = []
    for name in dict.fromkeys(m[0] for m in _CAPITALS.finditer(_SHOUTED.sub("", text))):
        explained = re.search(rf"\({re.escape(name)}\)|\b{re.escape(name)}\s*\(", text)
        if name not in EXPLAINED and not explained:
            found.append(name)
    return (*found, *shortened)
