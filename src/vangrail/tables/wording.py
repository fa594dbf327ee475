"""What is said of a data set, in both languages: where it is, and then what."""

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import Language


def data_set(name: str) -> Text:
    """A data set of the card."""
    return both(nl=f"Dataset '{name}'", en=f"Data set '{name}'")


def said(where: Text | str, *, nl: str, en: str) -> Text:
    """What is said, behind where it is; a place that is written as on the card is the same in both languages."""
    place = both(nl=where, en=where) if isinstance(where, str) else where
    return both(nl=place[Language.NL] + nl, en=place[Language.EN] + en)


def in_use(where: Text) -> VangrailError:
    """Another program has the file open."""
    what = said(where, nl=" is in gebruik door een ander programma.", en=" is in use by another program.")
    return VangrailError(
        what, do=both(nl="Sluit dat programma, of meet een kopie.", en="Close that program, or measure a copy.")
    )


def changed(where: Text) -> VangrailError:
    """The data are not what they were when they were opened."""
    return VangrailError(
        said(
            where,
            nl=" veranderde terwijl het gemeten werd.",
            en=" changed while it was being measured.",
        ),
        why=both(
            nl="De cijfers zouden deels van de oude en deels van de nieuwe gegevens zijn.",
            en="The figures would be partly of the old and partly of the new data.",
        ),
        do=both(
            nl="Meet opnieuw als er niemand meer in schrijft, of meet een kopie.",
            en="Measure again when nothing writes to it, or measure a copy.",
        ),
    )


def unexplained(where: Text, program: str, error: str) -> VangrailError:
    """What an engine said that is none of what we know. Its own words may quote rows."""
    return VangrailError(
        said(
            where,
            nl=f" kon niet gemeten worden: {program} zegt {error}.",
            en=f" could not be measured: {program} says {error}.",
        ),
        why=both(
            nl="Wat het zelf zegt, wordt niet getoond: er kunnen waarden van rijen in staan.",
            en="Its message is not shown because it may hold values of rows.",
        ),
    )
