"""The words of a text as they are searched: folded, and stemmed by Snowball's Dutch stemmer (Kraaij and Pohlmann 1994).

Both the word and its stem are kept, and both are looked for from their start on: so 'weginspecties' finds 'weginspectie', and
'sluikstort' finds 'sluikstortherkenning', on every database alike. What stands inside a compound ('stort') is not found.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable

import snowballstemmer

LONGEST = 60
MOST_ASKED = 8
"""Of a longer question only the first words are looked for."""
_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    "aan al als bij da dan dat de den der des die dit doe door een en er ge had het hij hoe hun ik in is ja je kan me met "  # noqa: SIM905  a list of fifty would be a page
    "mij na naar nee niet nog nu of om on onder ons ook op over te tot u uit van via voor waar was wat we wel wie wij wil "
    "word worden wordt ze zich zij zijn zo zou the of and".split()
)
_each_thread = threading.local()
"""A stemmer remembers the word it is at, so each thread has its own."""


def _stems(words: list[str]) -> list[str]:
    if not hasattr(_each_thread, "stemmer"):
        _each_thread.stemmer = snowballstemmer.stemmer("dutch")
    found: list[str] = _each_thread.stemmer.stemWords(words)
    return found


def folded(text: str) -> list[str]:
    """The words in plain small letters, without accents, in their order; small words that say nothing are left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return [w[:LONGEST] for w in _WORD.findall(plain) if len(w) > 1 and w not in _STOP]


def kept(texts: Iterable[str]) -> set[str]:
    """Every word of these texts, and every stem."""
    words = [w for text in texts for w in folded(text)]
    return {*words, *(s[:LONGEST] for s in _stems(words) if len(s) > 1)}


def asked(text: str) -> list[tuple[str, ...]]:
    """For each word that somebody looks for: the beginnings that count as found. The shortest covers the others."""
    words = list(dict.fromkeys(folded(text)))[:MOST_ASKED]
    found = []
    for word, stem in zip(words, _stems(words), strict=True):
        both = sorted({word, stem if len(stem) > 1 else word}, key=len)
        found.append((both[0],) if both[-1].startswith(both[0]) else tuple(both))
    return found


def last_with(beginning: str) -> str:
    """The last word that can have this beginning: every word between the two has it, in every order of letters."""
    return beginning.ljust(LONGEST, "z")
