"""tru-rob-1: is as much recognised at night as by day, in one district as in another?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.detection import intervals, matches
from vangrail.checks.detection.intervals import Share
from vangrail.model.card import Card, Detections
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Cell, Counts, CountTable, Field, Key, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, label, shown
from vangrail.model.vocabulary import Unit
from vangrail.tables import sql

GROUP = "group"


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement for each column under `by`."""
    for name, log, settings in matches.logs(card):
        for column in log.by:
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=column, settings=settings)


def _need(measurement: Measurement, log: Detections, fields: Sequence[Field]) -> Counts:
    return matches.counts(log, fields, Key(GROUP, sql.column(measurement.subject)))


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Classes against classes, split by the column."""
    log = matches.log_of(measurement)
    return [] if matches.unusable(log, fields) is not None else [_need(measurement, log, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The smallest share of what was there that was recognised as what it is, over the values of the column.

    Measured        percent [0, 100]; exact intervals that hold for all values of all columns under `by` at once; one
                    group per value
    NotMeasurable   no value has `min_rows` objects; people only looked at what was recognised; too many values
    """
    log = matches.log_of(measurement)
    wrong = matches.unusable(log, fields)
    if wrong is not None:
        return wrong
    if log.known_for == "predicted":
        return matches.CANNOT_BE_KNOWN
    need = _need(measurement, log, fields)
    whole = matches.told(answers, need)
    if isinstance(whole, NotMeasurable):
        return whole
    shares = {name: _share(table) for name, table in _by_group(answers.table(need)).items()}
    large = {name: s for name, s in shares.items() if s.of >= log.min_rows}
    if not large:
        return NotMeasurable(
            reason=both(
                nl=f"Bij geen enkele waarde van '{measurement.subject}' waren er {log.min_rows} dingen te herkennen.",
                en=f"At no value of '{measurement.subject}' were there {log.min_rows} things to recognise.",
            ),
            do=both(nl="Laat meer beelden nakijken.", en="Have more pictures checked."),
            rows=shown(sum(s.of for s in shares.values())),
        )
    alpha = (1 - log.confidence) / (len(log.by) * len(large))
    groups = [_group(measurement.subject, name, share, alpha, log) for name, share in shares.items()]
    known = [g for g in groups if g.value is not None]
    return Measured(
        value=min(g.value for g in known if g.value is not None),
        low=min(g.low for g in known if g.low is not None),
        high=min(g.high for g in known if g.high is not None),
        confidence=log.confidence,
        unit=Unit.PERCENT,
        rows=sum(s.of for s in large.values()),
        groups=tuple(sorted(groups, key=lambda g: (g.value is None, g.value or 0.0, g.name))),
        group_unit=Unit.PERCENT,
        notes=(*_how(log, len(large)), *matches.notes(log, whole)),
    )


def _by_group(table: CountTable) -> dict[str, CountTable]:
    place = table.keys.index(GROUP)
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        cells[label(cell.values[place])].append(cell)
    return {name: CountTable(table.keys, tuple(some)) for name, some in sorted(cells.items())}


def _share(table: CountTable) -> Share:
    found = matches.read(table)
    return Share(
        counted=sum(found.found(c) for c in found.classes),
        of=sum(n for (_, t), n in found.pairs.items() if t is not None),
    )


def _group(column: str, name: str, share: Share, alpha: float, log: Detections) -> Group:
    if share.of < log.min_rows:
        few = matches.too_few(share.of, log.min_rows, nl="iets te herkennen", en="something to recognise")
        return Group(attributes={column: name}, rows=shown(share.of), not_measurable=few)
    low, high = intervals.exact(share, alpha)
    return Group(
        attributes={column: name}, rows=shown(share.of), value=100 * share.value, low=100 * low, high=100 * high
    )


def _how(log: Detections, groups: int) -> Iterator[Text]:
    yield both(
        nl="De omstandigheid waarin het minst herkend wordt, telt. Alle klassen samen: waar andere dingen te zien zijn, kan het"
        " cijfer ook daardoor anders zijn.",
        en="The circumstance in which least is recognised counts. All classes together: where other things can be seen, the"
        " figure may differ for that reason too.",
    )
    more_nl = f" en voor de {len(log.by)} omstandigheden van de kaart samen" if len(log.by) > 1 else ""
    more_en = f" and for the {len(log.by)} circumstances of the card together" if len(log.by) > 1 else ""
    yield both(
        nl=f"De intervallen gelden met {100 * log.confidence:g} % zekerheid voor alle {groups} groepen{more_nl} (Bonferroni).",
        en=f"The intervals hold with {100 * log.confidence:g} % confidence for all {groups} groups{more_en} (Bonferroni).",
    )


def not_applicable(card: Card) -> Text | None:
    """Why circumstances have no meaning for an application without recognitions, or that names none."""
    if any(log.by for _, log, _ in matches.logs(card)):
        return None
    return matches.not_applicable(card) or both(
        nl="De kaart noemt geen omstandigheden ('by' bij 'detections').",
        en="The card names no circumstances ('by' with 'detections').",
    )


CHECK = Check(
    id="detection-recall-by-group",
    family="detection",
    title=both(nl="Herkenning per omstandigheid", en="Recall per circumstance"),
    measures=both(
        nl="Of 's nachts, bij regen of in een andere wijk evenveel herkend wordt. De slechtste omstandigheid telt.",
        en="Whether as much is recognised at night, in rain or in another district. The worst circumstance counts.",
    ),
    wants=both(nl="'detections' met 'by' op de kaart", en="'detections' with 'by' on the card"),
    formula="min over groups of recognised as what it is / really there × 100",
    source="Clopper and Pearson (1934), Biometrika 26, 404-413; principedocument p. 6",
    counted=both(nl="voorwerpen", en="objects"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    not_applicable=not_applicable,
)
