"""What somebody can come about, in plain words, and the requirement that each touches."""

from collections.abc import Mapping
from dataclasses import dataclass

from vangrail.model.framework import Text, both


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A choice on the form. `requirement` is empty where a person must still say which one it touches."""

    said: Text
    requirement: str


TOPICS: Mapping[str, Topic] = {
    "unfair": Topic(
        said=both(
            nl="Ik vind de uitkomst oneerlijk, of ik word anders behandeld dan anderen",
            en="I find the outcome unfair, or I am treated differently from others",
        ),
        requirement="tru-fair-1",
    ),
    "unexplained": Topic(
        said=both(nl="Ik begrijp niet waarom dit de uitkomst is", en="I do not understand why this is the outcome"),
        requirement="tru-trans-2",
    ),
    "no-human": Topic(
        said=both(nl="Ik denk dat geen mens naar mijn zaak keek", en="I think that no human being looked at my case"),
        requirement="tru-hum-2",
    ),
    "reach-human": Topic(
        said=both(nl="Ik wil met een mens spreken, en dat lukt niet", en="I want to speak to a person, and cannot"),
        requirement="hum-2",
    ),
    "wrong-data": Topic(
        said=both(nl="De gegevens kloppen niet", en="The data are not right"),
        requirement="dat-3",
    ),
    "old-data": Topic(
        said=both(nl="De gegevens zijn verouderd", en="The data are out of date"),
        requirement="dat-4",
    ),
    "privacy": Topic(
        said=both(nl="Jullie gebruiken te veel gegevens over mensen", en="You use too much information about people"),
        requirement="tru-priv-1",
    ),
    "untold": Topic(
        said=both(nl="Niemand zei mij dat hier AI meespeelt", en="Nobody told me that AI is involved here"),
        requirement="tru-trans-1",
    ),
    "mistakes": Topic(
        said=both(nl="Het werkt niet goed, of het maakt fouten", en="It does not work well, or it makes mistakes"),
        requirement="tru-rob-1",
    ),
    "hard-to-use": Topic(
        said=both(nl="Het is te moeilijk, of ik kan het niet gebruiken", en="It is too difficult, or I cannot use it"),
        requirement="tru-fair-3",
    ),
    "too-far": Topic(
        said=both(nl="Dit gaat te ver voor wat het oplevert", en="This goes too far for what it brings"),
        requirement="dem-6",
    ),
    "law": Topic(
        said=both(nl="Ik denk dat dit niet mag volgens de wet", en="I think that the law does not allow this"),
        requirement="tru-law-1",
    ),
    "environment": Topic(
        said=both(nl="Het kost te veel energie", en="It costs too much energy"),
        requirement="sus-1",
    ),
    "other": Topic(said=both(nl="Iets anders", en="Something else"), requirement=""),
}
