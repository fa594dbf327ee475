"""Makes the data of the example applications: fictitious requests and reports, with planted defects of known size.

    python examples/generate.py [--out DIR]

Writes `<example>/data/` below DIR (this folder when left out) and does nothing when it is up to date. Every run gives
the same bytes: one seed per table, and every draw starts from uniform numbers, the part of numpy's generators that
stays the same from version to version. No person, street, district or number in it exists.

What is planted, and how large it is, stands in the README.md of each example; `tests/examples` holds the assessment to
it: every planted defect must be found, and what is clean must not be accused.
"""

import argparse
import csv
import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shares = Mapping[str, float]
Table = dict[str, Array]

HERE = Path(__file__).resolve().parent
STAMP = ".made-by"

# The twelve districts of Zavelbeke, with their share of the inhabitants and three streets each.
INHABITANTS: Shares = {
    "Centrum": 0.16, "Stationskwartier": 0.11, "Molenhoek": 0.09, "Vaartkant": 0.09, "Sint-Aldegonde": 0.08,
    "De Biezen": 0.08, "Kleiputten": 0.08, "Hoge Akker": 0.07, "Lindehof": 0.07, "Overzavel": 0.06,
    "Tuinwijk": 0.06, "Zandgat": 0.05,
}  # fmt: skip
# Among those who come to the social service the districts weigh differently.
CLIENTS: Shares = {
    "Centrum": 0.15, "Stationskwartier": 0.16, "Molenhoek": 0.09, "Vaartkant": 0.11, "Sint-Aldegonde": 0.08,
    "De Biezen": 0.07, "Kleiputten": 0.09, "Hoge Akker": 0.05, "Lindehof": 0.05, "Overzavel": 0.05,
    "Tuinwijk": 0.06, "Zandgat": 0.04,
}  # fmt: skip
STREETS: Mapping[str, Sequence[str]] = {
    "Centrum": ("Korenmarkt", "Zavelstraat", "Beukplein"),
    "Stationskwartier": ("Wisselstraat", "Perronlaan", "Sporendreef"),
    "Molenhoek": ("Oude Molenweg", "Maalderijstraat", "Zeildoekstraat"),
    "Vaartkant": ("Sluiskaai", "Jaagpad-West", "Schippersgang"),
    "Sint-Aldegonde": ("Aldegondeplein", "Kapelhof", "Processieweg"),
    "De Biezen": ("Rietgracht", "Biezenlaan", "Waterhoenstraat"),
    "Kleiputten": ("Steenbakkersweg", "Leemstraat", "Ovenhof"),
    "Hoge Akker": ("Akkerstraat", "Voorneveld", "Haverdreef"),
    "Lindehof": ("Lindelaan", "Bloesemhof", "Schaduwpad"),
    "Overzavel": ("Overzavelbaan", "Zandbergstraat", "Heidepad"),
    "Tuinwijk": ("Dahliastraat", "Moestuinplein", "Prieelweg"),
    "Zandgat": ("Zandgatstraat", "Duindoornlaan", "Kuilenweg"),
}
RENAMED_ON = np.datetime64("2026-01-12")
RENAMED = ("Wiekenstraat", "Mulderslaan", "Korenwindplein")
"""The new names of the three streets of Molenhoek. The router never saw them."""


class Draw:
    """Random values from one seed. All start from uniform numbers, so they do not change with numpy's version."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(seed))

    def uniform(self, size: int) -> Array:
        """Numbers in [0, 1)."""
        return self._generator.random(size)

    def chance(self, probability: Array | float, size: int) -> Array:
        """True with this probability."""
        return self.uniform(size) < probability

    def pick(self, shares: Shares, size: int) -> Array:
        """Names, each with its share."""
        return np.array(list(shares))[self._places(np.array(list(shares.values())), size)]

    def _places(self, shares: Array, size: int) -> Array:
        bounds = np.cumsum(shares / shares.sum())[:-1]
        return np.searchsorted(bounds, self.uniform(size), side="right")

    def one_of(self, values: Sequence[str], size: int) -> Array:
        """Names, each as likely."""
        return self.pick(dict.fromkeys(values, 1.0), size)

    def normal(self, size: int) -> Array:
        """Standard normal numbers, by Box and Muller (1958)."""
        radius = np.sqrt(-2 * np.log(1 - self.uniform(size)))
        return radius * np.cos(2 * np.pi * self.uniform(size))

    def exponential(self, mean: Array | float, size: int) -> Array:
        """Waiting times with this mean."""
        return -mean * np.log(1 - self.uniform(size))

    def places(self, size: int, *, out_of: int) -> Array:
        """Different row numbers, in rising order."""
        return np.sort(np.argsort(self.uniform(out_of), kind="stable")[:size])

    def moments(self, first: str, last: str, size: int, *, weight: Callable[[Array], Array]) -> Array:
        """Minutes between two days (both included), 8 to 18 o'clock, in rising order; days weighted by `weight`."""
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        day = days[self._places(weight(days), size)]
        minute = 480 + np.floor(600 * self.uniform(size)).astype(int)
        return np.sort(day.astype("datetime64[m]") + minute.astype("timedelta64[m]"))


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def year_numbers(prefix: str, moments: Array, digits: int) -> Array:
    """Numbers that start again each year, such as AS-2025-00001."""
    years = moments.astype("datetime64[Y]").astype(int) + 1970
    first = {year: int(np.argmax(years == year)) for year in np.unique(years)}
    return np.array([f"{prefix}-{y}-{i - first[y] + 1:0{digits}d}" for i, y in enumerate(years)])


# --- ocmw-steunaanvragen ---------------------------------------------------------------------------------------------

REQUESTS, REPEATED, IMPOSSIBLE_AGES = 40_000, 160, 200
SAMPLE_SHARE = 0.06
THRESHOLD = 0.40


def requests() -> Table:
    """Requests for supplementary support, one row each, with the advice to check or not; some are in it twice.

    The chance of an irregularity depends on income, household and earlier requests only: not on sex, age, district or
    origin. The score adds two things that say nothing about it, few years at the address and an income that was not
    filled in, and both occur more often with people of an origin outside the EU. That is the planted defect, and how it
    comes about.
    """
    draw, n = Draw(20260529), REQUESTS
    moment = draw.moments("2023-06-01", "2026-05-29", n, weight=_winter_working_day)
    sex = draw.pick({"V": 0.57, "M": 0.43}, n)
    age = np.clip(np.round(44 + 15 * draw.normal(n)), 18, 94).astype(int)
    origin = draw.pick({"Belgisch": 0.58, "EU": 0.17, "niet-EU": 0.25}, n)
    outside = origin == "niet-EU"
    household = draw.pick(
        {
            "alleenstaand": 0.46,
            "alleenstaande ouder": 0.20,
            "koppel": 0.11,
            "koppel met kinderen": 0.16,
            "samenwonend": 0.07,
        },
        n,
    )
    income = np.round(np.exp(7.2 + 0.28 * draw.normal(n)), 2)
    support = draw.pick({"energie": 0.34, "medisch": 0.22, "huurwaarborg": 0.16, "school": 0.12, "voeding": 0.16}, n)
    earlier = np.minimum(np.floor(draw.exponential(1.3, n)), 9).astype(int)
    at_address = np.minimum(np.floor(draw.exponential(np.where(outside, 2.0, 16.0), n)), 60).astype(int)
    not_filled_in = draw.chance(np.where(outside, 0.14, 0.03), n)

    other_risk = -3.3 + 1.2 * np.isin(household, ("koppel", "samenwonend")) + 0.4 * earlier
    irregular = draw.chance(sigmoid(other_risk + 2.0 * (income > 1700)), n)
    known_risk = other_risk + 2.0 * ((income > 1700) & ~not_filled_in)
    score = np.round(sigmoid(known_risk + 1.9 * (at_address < 3) + 1.2 * not_filled_in + 0.25 * draw.normal(n)), 4)
    advice = score >= THRESHOLD
    # Officers hardly ever depart from the advice: 1 in 50 the one way, 1 in 100 the other.
    decision = np.where(advice, draw.chance(0.98, n), draw.chance(0.01, n))
    drawn = draw.chance(SAMPLE_SHARE, n)
    checked = decision | drawn
    officer = draw.one_of([f"MW-{i:02d}" for i in range(1, 13)], n)
    impossible = draw.places(IMPOSSIBLE_AGES, out_of=n)
    age[impossible] = np.array([-1, 0, 3, 142, 199, 999])[np.floor(6 * draw.uniform(IMPOSSIBLE_AGES)).astype(int)]
    district = draw.pick(CLIENTS, n)
    table = {
        "aanvraagnummer": year_numbers("AS", moment, 5),
        "aangevraagd_op": np.datetime_as_string(moment, unit="s"),
        "geslacht": sex,
        "leeftijd": age,
        "herkomst": origin,
        "wijk": district,
        "gezin": household,
        "inkomen": np.where(not_filled_in, "", np.char.mod("%.2f", income)),
        "steun": support,
        "jaren_op_adres": at_address,
        "eerdere_aanvragen": earlier,
        "score": score,
        "advies": np.where(advice, "nakijken", "niet nakijken"),
        "medewerker": officer,
        "beslissing": np.where(decision, "nakijken", "niet nakijken"),
        "nagekeken": np.where(checked, "true", "false"),
        "steekproef": np.where(drawn, "true", "false"),
        "onregelmatigheid": np.where(checked, np.where(irregular, "true", "false"), ""),
    }
    # The same request, typed in a second time some days later: the number is there twice, the row is not.
    again = draw.places(REPEATED, out_of=n)
    late = np.minimum(
        moment[again] + (1440 * (1 + np.floor(9 * draw.uniform(REPEATED)))).astype("timedelta64[m]"), moment[-1]
    )
    repeated = {name: column[again].copy() for name, column in table.items()}
    repeated["aangevraagd_op"] = np.datetime_as_string(late + np.timedelta64(1, "m"), unit="s")
    together = {name: np.concatenate([column, repeated[name]]) for name, column in table.items()}
    order = np.argsort(together["aangevraagd_op"], kind="stable")
    return {name: column[order] for name, column in together.items()}


def _winter_working_day(days: Array) -> Array:
    """Monday to Friday, busier in the months in which people heat."""
    weekday = (days.astype(int) + 3) % 7  # day 0 of numpy, 1 January 1970, was a Thursday
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    return np.where(weekday < 5, np.where(np.isin(month, (11, 12, 1, 2, 3)), 1.5, 1.0), 0.0)


REQUEST_TYPES = {
    "aangevraagd_op": "TIMESTAMP",
    "leeftijd": "INTEGER",
    "inkomen": "DOUBLE",
    "jaren_op_adres": "INTEGER",
    "eerdere_aanvragen": "INTEGER",
    "score": "DOUBLE",
    "nagekeken": "BOOLEAN",
    "steekproef": "BOOLEAN",
    "onregelmatigheid": "BOOLEAN",
}


# --- sluikstort-meldingen --------------------------------------------------------------------------------------------

REPORTS, LABELLED = 60_000, 600
RIGHT, RIGHT_AFTER_RENAMING, ANNOTATOR_RIGHT = 0.915, 0.45, 0.91
EXTRACTED = np.datetime64("2026-11-20T18:00")
SERVICES_BEFORE: Shares = {
    "Netheid": 0.46, "Grofvuil": 0.18, "Groen": 0.12, "Wegen": 0.09, "Riolering": 0.06, "Handhaving": 0.09,
}  # fmt: skip
SERVICES_AFTER: Shares = {
    "Netheid": 0.30, "Grofvuil": 0.14, "Groen": 0.34, "Wegen": 0.08, "Riolering": 0.05, "Handhaving": 0.09,
}  # fmt: skip
DRIFT_FROM, DRIFT_UNTIL = np.datetime64("2026-03-01"), np.datetime64("2026-09-01")
"""Between these days the mix of reports moves from 'before' to 'after': a new green bin brings other waste."""
WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "nl": {
        "Netheid": ("Zakken naast de vuilnisbak", "Blikjes en papier op de stoep", "Zwerfvuil rond de bank"),
        "Grofvuil": ("Oude zetel op het voetpad", "Matras tegen de gevel", "Kapotte wasmachine gedumpt"),
        "Groen": ("Hoop snoeihout in de berm", "Gras en takken gestort", "Groenafval in het plantsoen"),
        "Wegen": ("Bouwpuin op de rijweg", "Stenen en tegels op de weg", "Hoop zand op het fietspad"),
        "Riolering": ("Olie in het rioolputje", "Verf in de goot gegoten", "Vet in de straatkolk"),
        "Handhaving": ("Iemand gooit hier elke week afval", "Bestelwagen laadt vuil af", "Facturen tussen het afval"),
    },
    "fr": {
        "Netheid": ("Sacs à côté de la poubelle", "Déchets sur le trottoir", "Papiers autour du banc"),
        "Grofvuil": ("Vieux fauteuil sur le trottoir", "Matelas contre la façade", "Machine à laver abandonnée"),
        "Groen": ("Tas de branches au bord de la route", "Herbe et branches jetées", "Déchets verts dans le parc"),
        "Wegen": ("Gravats sur la chaussée", "Pierres sur la route", "Tas de sable sur la piste cyclable"),
        "Riolering": ("Huile dans l'égout", "Peinture dans le caniveau", "Graisse dans l'avaloir"),
        "Handhaving": ("Quelqu'un jette ici chaque semaine", "Camionnette décharge", "Factures dans les déchets"),
    },
    "en": {
        "Netheid": ("Bags next to the bin", "Cans and paper on the pavement", "Litter around the bench"),
        "Grofvuil": ("Old sofa on the pavement", "Mattress against the wall", "Broken washing machine dumped"),
        "Groen": ("Pile of branches in the verge", "Grass and branches dumped", "Garden waste in the park"),
        "Wegen": ("Rubble on the road", "Bricks and tiles on the road", "Heap of sand on the cycle path"),
        "Riolering": ("Oil in the drain", "Paint poured in the gutter", "Grease in the gully"),
        "Handhaving": ("Someone dumps here every week", "Van unloading waste", "Invoices among the waste"),
    },
    "andere": {
        "Netheid": ("Vuil hier straat", "Veel zak vuilbak", "Papier grond"),
        "Grofvuil": ("Zetel op straat", "Matras weg", "Machine wassen buiten"),
        "Groen": ("Takken straat", "Gras hier gooien", "Boom hout grond"),
        "Wegen": ("Steen op weg", "Zand fiets weg", "Muur stuk straat"),
        "Riolering": ("Olie water put", "Verf straat water", "Put vuil water"),
        "Handhaving": ("Man altijd gooien", "Auto vuil hier", "Brief naam in vuil"),
    },
}
LANGUAGES: Shares = {"nl": 0.80, "fr": 0.10, "en": 0.06, "andere": 0.04}


def reports() -> tuple[Table, Table]:
    """Reports of illegal dumping with the service predicted and the right one, and a labelled subset of them.

    The router is right equally often in every language and district, but in Molenhoek no longer since its three streets
    got another name.
    """
    draw, n = Draw(20261120), REPORTS
    moment = draw.moments("2025-01-02", "2026-11-20", n, weight=lambda days: np.linspace(1.0, 1.3, len(days)))
    moment = moment[moment <= EXTRACTED]
    n = len(moment)
    district, language = draw.pick(INHABITANTS, n), draw.pick(LANGUAGES, n)
    renamed = (district == "Molenhoek") & (moment >= RENAMED_ON)
    later = np.clip((moment - DRIFT_FROM) / (DRIFT_UNTIL - DRIFT_FROM), 0, 1)
    service = np.where(draw.chance(later, n), draw.pick(SERVICES_AFTER, n), draw.pick(SERVICES_BEFORE, n))
    is_right = draw.chance(np.where(renamed, RIGHT_AFTER_RENAMING, RIGHT), n)
    predicted = np.where(is_right, service, _another(draw, service))
    certainty = np.where(is_right, 0.97 - 0.35 * draw.uniform(n) ** 2, 0.80 - 0.45 * draw.uniform(n))
    certainty = np.round(certainty - 0.09 * later, 3)
    handled = moment + np.ceil(60 * draw.exponential(np.where(is_right, 26, 61), n)).astype("timedelta64[m]")
    closed = handled <= EXTRACTED
    number = year_numbers("SL", moment, 6)
    text = _texts(draw, service, language, district, renamed)
    reporter = np.where(draw.chance(0.45, n), [f"melder{i:05d}@voorbeeld.example" for i in range(n)], "anoniem")
    log = {
        "meldingsnummer": number,
        "gemeld_op": _belgian(moment),
        "behandeld_op": np.where(closed, _belgian(handled), ""),
        "wijk": district,
        "taal": language,
        "kanaal": draw.pick({"app": 0.48, "website": 0.27, "telefoon": 0.18, "loket": 0.07}, n),
        "omschrijving": text,
        "melder": reporter,
        "voorspelde_dienst": predicted,
        "zekerheid": np.char.replace(np.char.mod("%.3f", certainty), ".", ","),
        "juiste_dienst": np.where(closed, service, ""),
    }
    # Drawn in the autumn of 2025 from a list on which Molenhoek had been forgotten.
    listed = np.flatnonzero((moment < np.datetime64("2025-10-01")) & (district != "Molenhoek"))
    rows = listed[draw.places(LABELLED, out_of=len(listed))]
    labels: Table = {name: log[name][rows] for name in ("meldingsnummer", "wijk", "omschrijving")}
    for annotator in (1, 2, 3):
        agrees = draw.chance(ANNOTATOR_RIGHT, LABELLED)
        labels[f"labelaar_{annotator}"] = np.where(agrees, service[rows], _another(draw, service[rows]))
    return log, labels


def _another(draw: Draw, service: Array) -> Array:
    """A service that is not this one."""
    names = np.array(list(SERVICES_BEFORE))
    own = np.argmax(service[:, None] == names, axis=1)
    return names[(own + 1 + np.floor((len(names) - 1) * draw.uniform(len(service))).astype(int)) % len(names)]


def _texts(draw: Draw, service: Array, language: Array, district: Array, renamed: Array) -> Array:
    """What the reporter wrote: what lies there, where, and now and then a telephone number."""
    n = len(service)
    third = np.floor(3 * draw.uniform(n)).astype(int)
    what = np.full(n, "", dtype="U80")
    for code, by_service in WORDS.items():
        for name, sentences in by_service.items():
            chosen = (language == code) & (service == name)
            what[chosen] = np.array(sentences)[third[chosen]]
    at = np.floor(3 * draw.uniform(n)).astype(int)
    where = np.full(n, "", dtype="U40")
    for name, streets in STREETS.items():
        chosen = district == name
        where[chosen] = np.array(streets)[at[chosen]]
    where[renamed] = np.array(RENAMED)[at[renamed]]
    digits = np.floor(10_000 * draw.uniform(n)).astype(int)
    phone = np.where(draw.chance(0.003, n), [f" Bel 0400 00 {d // 100:02d} {d % 100:02d}." for d in digits], "")
    return np.char.add(np.char.add(np.char.add(np.char.add(what, ", "), where), "."), phone)


def _belgian(moments: Array) -> Array:
    """As Excel set to Dutch (Belgium) shows a moment: 22/11/2026 10:05."""
    return np.array([f"{m:%d/%m/%Y %H:%M}" for m in moments.astype("datetime64[m]").astype(datetime)])


# --- watermeters -----------------------------------------------------------------------------------------------------

BUILDINGS: Mapping[str, float] = {
    "Gemeentehuis": 3.1, "Bibliotheek": 1.4, "Sporthal De Zandloper": 9.5, "Zwembad": 41.0, "Basisschool De Kiem": 5.2,
    "Basisschool Kapelhof": 4.4, "Academie": 1.1, "Dienstencentrum": 3.6, "Woonzorgcentrum": 28.0, "Werkhuis": 2.2,
    "Brandweerkazerne": 2.9, "Jeugdhuis": 0.9, "Kinderopvang": 2.6, "Begraafplaats": 0.6,
}  # fmt: skip
"""Buildings of the municipality, with the water that each takes on a working day, in m³."""
FIRST_READING, READINGS = np.datetime64("2026-01-05"), 308  # 44 whole weeks
LEAK_SHARE, ALARM_ABOVE = 0.012, 1.25
"""The chance that a leak begins on a day, and from how many times the expected use on two days there is a message."""


def readings() -> Table:
    """A row per building and day: used, expected, whether there was a message, and whether there was a leak.

    What is expected knows the day of the week and the season, so it is better than the same day a week ago. A leak adds
    between a fiftieth and one and a half times a working day: the smallest stay under the limit, which is the planted
    defect.
    """
    draw, days = Draw(20261108), FIRST_READING + np.arange(READINGS)
    weekend = (days.astype(int) + 3) % 7 >= 5
    season = 1 + 0.15 * np.sin(2 * np.pi * np.arange(READINGS) / 365)
    parts: list[Table] = []
    for name, daily in BUILDINGS.items():
        expected = daily * season * np.where(weekend, 0.4, 1.0)
        leak, size = _leaks(draw)
        used = expected * (1 + 0.14 * draw.normal(READINGS)) + daily * size * leak
        high = used > ALARM_ABOVE * expected
        message = high & np.concatenate([[False], high[:-1]])
        parts.append({
            "gebouw": np.full(READINGS, name),
            "dag": np.datetime_as_string(days, unit="D"),
            "verbruik_m3": np.char.mod("%.3f", np.maximum(used, 0)),
            "verwacht_m3": np.char.mod("%.3f", expected),
            "bericht": np.where(message, "ja", "nee"),
            "lek": np.where(leak, "ja", "nee"),
        })  # fmt: skip
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def _leaks(draw: Draw) -> tuple[Array, Array]:
    """On which days a building leaks, and how much that adds, as a share of a working day."""
    begins = draw.chance(LEAK_SHARE, READINGS)
    lengths = 4 + np.floor(11 * draw.uniform(READINGS)).astype(int)
    sizes = 0.02 + 1.4 * draw.uniform(READINGS) ** 2
    leak, size = np.zeros(READINGS, dtype=bool), np.zeros(READINGS)
    for day in np.flatnonzero(begins):
        if not leak[max(0, day - 8) : day + 1].any():  # one at a time, with a week between them
            leak[day : day + lengths[day]] = True
            size[day : day + lengths[day]] = sizes[day]
    return leak, size


# --- weginspecties ---------------------------------------------------------------------------------------------------

PLACES = 640
SEEN: Mapping[str, float] = {"put": 0.88, "verzakking": 0.82, "scheur": 0.34}
"""How often the laser finds damage of each kind: a crack is narrower than its points lie apart."""


def damage() -> Table:
    """A row per place that the vehicle or an inspector pointed at, with what was seen and what is really there."""
    draw, n = Draw(20260914), PLACES
    street = draw.one_of([s for names in STREETS.values() for s in names], n)
    really = draw.pick({"put": 0.27, "verzakking": 0.16, "scheur": 0.42, "geen": 0.15}, n)
    found = draw.chance(np.array([SEEN.get(kind, 0.0) for kind in really]), n)
    # A place without damage is in the list because something was seen there that is none.
    mistaken = draw.pick({"put": 0.5, "scheur": 0.2, "verzakking": 0.3}, n)
    return {
        "plaats": np.array([f"P-{i:04d}" for i in range(1, n + 1)]),
        "straat": street,
        "ondergrond": draw.pick({"asfalt": 0.62, "beton": 0.23, "klinkers": 0.15}, n),
        "herkend": np.where(really == "geen", mistaken, np.where(found, really, "geen")),
        "echt": really,
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def write_csv(table: Table, file: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """The table as CSV, with the line ends that Excel writes."""
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(table)
        writer.writerows(zip(*(column.tolist() for column in table.values()), strict=True))


def write_parquet(table: Table, file: Path, types: Mapping[str, str]) -> None:
    """The table as one Parquet file. One thread, so that the bytes are the same every time."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "table.csv")
        write_csv(table, text)
        columns = {name: types.get(name, "VARCHAR") for name in table}
        with duckdb.connect() as engine:
            engine.execute("SET threads = 1")
            rows = engine.read_csv(str(text), header=True, columns=columns, delimiter=",", quotechar='"')
            rows.write_parquet(str(file), compression="zstd")


def make_requests(folder: Path) -> None:
    """The decision log of ocmw-steunaanvragen, and the requests in it without an income, both as Parquet."""
    log = requests()
    empty = log["inkomen"] == ""
    without = {name: log[name][empty] for name in ("aanvraagnummer", "aangevraagd_op", "herkomst")}
    write_parquet(log, folder / "aanvragen.parquet", REQUEST_TYPES)
    write_parquet(without, folder / "zonder-inkomen.parquet", REQUEST_TYPES)


def make_reports(folder: Path) -> None:
    """The log of sluikstort-meldingen as Excel saves 'CSV UTF-8', and the labels as it saves plain 'CSV'."""
    log, labels = reports()
    write_csv(log, folder / "meldingen.csv", delimiter=";", encoding="utf-8-sig")
    write_csv(labels, folder / "gelabeld.csv", delimiter=";", encoding="cp1252")


def make_readings(folder: Path) -> None:
    """The log of watermeters."""
    write_csv(readings(), folder / "meterstanden.csv")


def make_damage(folder: Path) -> None:
    """The trial of weginspecties."""
    write_csv(damage(), folder / "proef.csv")


EXAMPLES: Mapping[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "ocmw-steunaanvragen": (make_requests, ("aanvragen.parquet", "zonder-inkomen.parquet")),
    "sluikstort-meldingen": (make_reports, ("meldingen.csv", "gelabeld.csv")),
    "watermeters": (make_readings, ("meterstanden.csv",)),
    "weginspecties": (make_damage, ("proef.csv",)),
}
"""What makes the data of an example, and which files that gives. The others have no data, on purpose."""


def generate(out: Path = HERE) -> list[Path]:
    """Make what is missing or was made by another version of this file. The files that were written."""
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    written = []
    for example, (make, names) in EXAMPLES.items():
        folder = out / example / "data"
        stamp, files = folder / STAMP, [folder / name for name in names]
        if stamp.is_file() and stamp.read_text() == version and all(f.is_file() for f in files):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        # A run that is stopped halfway leaves no half file: all are made aside, then moved into place.
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            make(Path(aside))
            for name in names:
                Path(aside, name).replace(folder / name)
        stamp.write_text(version)
        written += files
    return written


def main() -> None:
    """Read the arguments, make the data, say what was made."""
    parser = argparse.ArgumentParser(description="Make the data of the example applications.")
    parser.add_argument("--out", type=Path, default=HERE, help="below which folder (default: the examples themselves)")
    written = generate(parser.parse_args().out)
    for file in written:
        print(f"{file}  {file.stat().st_size / 1e6:.1f} MB")
    if not written:
        print("The data of the examples are up to date.")


if __name__ == "__main__":
    main()
