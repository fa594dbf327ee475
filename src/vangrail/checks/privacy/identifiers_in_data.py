"""tru-priv-2: what is really in the columns, whatever their names say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vangrail.checks import Check
from vangrail.checks.planning import reading
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need, Rows, Scan
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import ColumnType, IdentifierKind, Language, Unit
from vangrail.tables import sql
from vangrail.text import identifiers, persons

UNDECLARED = "columns"
"""The subject of the measurement of all columns that the card does not call personal."""
K = IdentifierKind
NAMES: Mapping[IdentifierKind, Text] = {
    K.NATIONAL_NUMBER: both(nl="rijksregister- of bisnummers", en="national register or bis numbers"),
    K.IBAN: both(nl="rekeningnummers", en="bank account numbers"),
    K.ENTERPRISE_NUMBER: both(nl="ondernemingsnummers", en="enterprise numbers"),
    K.STRUCTURED_COMMUNICATION: both(nl="gestructureerde mededelingen", en="structured communications"),
    K.EMAIL: both(nl="e-mailadressen", en="e-mail addresses"),
    K.PHONE: both(nl="telefoonnummers", en="telephone numbers"),
    K.LICENCE_PLATE: both(nl="nummerplaten", en="licence plates"),
    K.IP_ADDRESS: both(nl="IP-adressen", en="IP addresses"),
    K.ADDRESS: both(nl="adressen", en="addresses"),
    K.NAME: both(nl="namen van mensen", en="names of people"),
    K.BIRTH_DATE: both(nl="geboortedatums", en="dates of birth"),
}
BY_CHANCE = 0.5
"""Of any whole numbers of this length 2 to 3 % have right check digits by chance, so a column of numbers only counts when
at least half of its rows have them."""
HINT = f"{identifiers.HINT}|{persons.HINT}"
NUMBER_HINT = "^[0-9]{8,11}$"
NUMBER_FORMS = ((K.NATIONAL_NUMBER.value, NUMBER_HINT),)


def label(text: str) -> str | None:
    """The kinds of identifiers in a text, with a '?' behind those that are not certain."""
    found = (*identifiers.find(text), *persons.find(text))
    return ",".join(sorted({f.kind.value if f.certain else f"{f.kind.value}?" for f in found})) or None


def number_label(text: str) -> str | None:
    """What a whole number is, once its leading zeros are back."""
    if not (text.isdecimal() and 8 <= len(text) <= 11):
        return None
    if identifiers.is_national_number(text.zfill(11)):
        return K.NATIONAL_NUMBER.value
    enterprise = len(text) >= 9 and identifiers.is_enterprise_number(text.zfill(10))
    return K.ENTERPRISE_NUMBER.value if enterprise else None


def plan(card: Card) -> Iterator[Measurement]:
    """Per data set: all columns that are not declared personal, together; and each that is, with a limit of its own."""
    for name, dataset in card.datasets.items():
        declared = sorted(c for c, column in dataset.columns.items() if column.personal and not column.expression)
        for subject in (UNDECLARED, *declared):
            settings = {"declared": declared, "reading": reading(dataset)}
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=subject, settings=settings)


def _scans(measurement: Measurement, fields: Sequence[Field]) -> list[Scan]:
    declared = measurement.settings["declared"]
    found = []
    for f in fields:
        wanted = f.name not in declared if measurement.subject == UNDECLARED else f.name == measurement.subject
        if not (wanted and f.given):
            continue
        if f.type is ColumnType.TEXT:
            forms = tuple((kind.value, form) for kind, form in identifiers.FORMS)
            found.append(Scan(f.name, label, HINT, forms))
        elif f.type is ColumnType.INTEGER:
            long_enough = f"{sql.column(f.name)} BETWEEN 10000000 AND 99999999999"
            found.append(Scan(f.name, number_label, NUMBER_HINT, NUMBER_FORMS, long_enough))
    return found


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The rows, and how many of them hold which identifiers, per column of text or whole numbers."""
    return [Rows(), *_scans(measurement, fields)]


@dataclass(kw_only=True)
class _Column:
    """What one column holds, in rows; `formed` is whether a server only looked at the form."""

    name: str
    certain: int = 0
    possible: int = 0
    kinds: Counter[tuple[IdentifierKind, bool]] = field(default_factory=Counter)
    formed: bool = False


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The share of the rows with a certain identifier, in the column that holds most of them.

    Measured        percent [0, 100]. Every row is counted, so there is no sampling error; the bounds say something else:
                    the low one counts what is certain, the high one also what may be one. So a suspicion alone
                    leaves the verdict unknown, and no finding at all is needed to meet a limit of zero
    NotMeasurable   when the table is empty, or no column holds text or whole numbers
    """
    rows, scans = answers.rows, _scans(measurement, fields)
    if rows == 0 or not scans:
        return NotMeasurable(
            reason=both(nl="De tabel is leeg.", en="The table is empty.")
            if rows == 0
            else both(
                nl="Er is geen kolom met tekst of gehele getallen om te bekijken.",
                en="There is no column with text or whole numbers to look at.",
            ),
            rows=rows,
        )
    columns = [_column(scan, answers, rows) for scan in scans]
    low = max(c.certain for c in columns)
    high = max(c.certain + c.possible for c in columns)
    details = [
        Detail(name=c.name, rows=rows, counted=n, note=_said(kind, certain))
        for c in sorted(columns, key=lambda c: (-c.certain, -c.possible, c.name))
        for (kind, certain), n in sorted(c.kinds.items(), key=lambda item: (not item[0][1], -item[1], item[0]))
    ]
    return Measured(
        value=100 * low / rows,
        low=100 * low / rows if high > low else None,
        high=100 * high / rows if high > low else None,
        unit=Unit.PERCENT,
        rows=rows,
        details=tuple(details),
        notes=tuple(_notes(columns, low, high)),
    )


def _column(scan: Scan, answers: Answers, rows: int) -> _Column:
    found = _Column(name=scan.column)
    table = answers.table(scan)
    if scan.label is number_label and table.rows < BY_CHANCE * rows:
        return found
    for cell in table.cells:
        parts = [str(p) for p in str(cell.values[0]).split(",")]
        kinds = [(K(p.removesuffix("?")), not p.endswith("?") or p == f"{K.EMAIL}?") for p in parts]
        found.kinds.update(dict.fromkeys(kinds, cell.rows))
        found.formed |= any(not certain and k in _WITH_CHECK for k, certain in kinds)
        if any(certain for _, certain in kinds):
            found.certain += cell.rows
        else:
            found.possible += cell.rows
    return found


_WITH_CHECK = (K.NATIONAL_NUMBER, K.IBAN, K.ENTERPRISE_NUMBER, K.STRUCTURED_COMMUNICATION)


def _said(kind: IdentifierKind, certain: bool) -> Text:
    name = NAMES[kind]
    if certain:
        return name
    return both(nl=f"misschien {name[Language.NL]}", en=f"perhaps {name[Language.EN]}")


def _notes(columns: Sequence[_Column], low: int, high: int) -> Iterator[Text]:
    clean = sum(not c.kinds for c in columns)
    yield both(
        nl=f"Bekeken kolommen met tekst of gehele getallen: {len(columns)}. In {clean} daarvan is niets gevonden.",
        en=f"Columns with text or whole numbers that were looked at: {len(columns)}. In {clean} of these nothing was found.",
    )
    if low:
        yield both(
            nl="Zeker is: de controlecijfers kloppen, of het is een e-mailadres.",
            en="Certain means: the check digits are right, or it is an e-mail address.",
        )
    if high > low:
        yield both(
            nl="De bovengrens telt ook mee wat er misschien een is: telefoonnummers, nummerplaten, namen, adressen,"
            " geboortedatums en IP-adressen hebben geen controlecijfers. Kijk die kolommen zelf na. Heb je ze nodig, zet er"
            " dan 'personal: true' bij en kies er een grens voor. Heb je ze niet nodig, laat ze dan weg.",
            en="The upper bound also counts what may be one: telephone numbers, plates, names, addresses, dates"
            " of birth and IP addresses have no check digits. Look at those columns yourself. If you need them, write"
            " 'personal: true' with them and choose a limit. If you do not, leave them out.",
        )
    if any(c.formed for c in columns):
        yield both(
            nl="De gegevens blijven op de server. Daar is alleen naar de vorm gekeken, niet naar de controlecijfers.",
            en="The data stay on the server. There only the form was looked at, not the check digits.",
        )
    yield both(
        nl="Namen en adressen worden herkend aan woorden. Niet elke naam wordt gevonden: in vrije tekst kunnen er meer staan.",
        en="Names and addresses are recognised by words. Not every name is found: free text may hold more of them.",
    )


CHECK = Check(
    id="identifiers-in-data",
    family="privacy",
    title=both(nl="Nummers, namen en adressen in de gegevens", en="Identifiers in the data"),
    measures=both(
        nl="In welk deel van de rijen iets staat dat een mens aanwijst: rijksregisternummer, rekeningnummer, e-mail,"
        " telefoon, nummerplaat, adres, naam, geboortedatum. Ook in vrije tekst.",
        en="In which share of the rows something points to a person: national number, bank account, e-mail, telephone,"
        " plate, address, name, date of birth. In free text too.",
    ),
    wants=both(nl="een dataset op de kaart", en="a data set on the card"),
    formula="max over columns of rows with at least one certain identifier / rows × 100; upper bound with those that may be one",
    source="GDPR art. 4(1), 25; Royal Decree of 3 April 1984 (mod 97); ISO 13616; ISO 7064 mod 97-10",
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,  # 1 found fewer forms, and no names or dates of birth
    subjects={UNDECLARED: both(nl="kolommen zonder 'personal'", en="columns without 'personal'")},
)
