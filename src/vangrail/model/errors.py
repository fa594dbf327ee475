"""What a user can solve. Everything else is a bug and is let through."""

from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language


class VangrailError(Exception):
    """Something a user can solve: what is wrong and where, why it matters, and what to do.

    Shown without a traceback, in the language of who reads it: `told` on the site and on the command line (`--lang`),
    English in a log. Names files, columns, counts and rules; never a value from a row. Whatever can reach a page says it
    in both languages; a plain `str` is for what only a terminal shows, and is the same in both.
    """

    def __init__(self, what: Text | str, *, why: Text | str = "", do: Text | str = "") -> None:
        self.what, self.why, self.do = (both(nl=t, en=t) if isinstance(t, str) else t for t in (what, why, do))
        super().__init__(self.told(Language.EN))

    def told(self, language: Language) -> str:
        """All of it in one language, a line each."""
        return "\n".join(part[language] for part in (self.what, self.why, self.do) if part[language])

    @property
    def said(self) -> Text:
        """All of it in each language, to keep or to show later."""
        return {language: self.told(language) for language in Language}


class OutOfReach(VangrailError):
    """Something elsewhere does not answer now. Another try may succeed, and nothing on the card needs to change."""


class Clash(ValueError):
    """Values that do not go together, found while a card is read; the card's reader adds the file and the line."""

    def __init__(self, *, nl: str, en: str) -> None:
        self.said = both(nl=nl, en=en)
        super().__init__(en)
