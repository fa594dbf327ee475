"""tru-rob-1: how well is each class recognised?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.detection import intervals, matches
from vangrail.checks.detection.intervals import Share
from vangrail.checks.detection.matches import Matches
from vangrail.checks.drift.classes import decimal
from vangrail.model.card import Card, Detections
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit

RECALL, PRECISION, F1 = "recall", "precision", "f1"
SUBJECTS = (RECALL, PRECISION, F1)


def plan(card: Card) -> Iterator[Measurement]:
    """Recall, precision and F1 of each data set with recognitions."""
    for name, _, settings in matches.logs(card):
        for subject in SUBJECTS:
            yield Measurement(check=CHECK.id, version=CHECK.version, dataset=name, subject=subject, settings=settings)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """One table of classes against classes, shared by all three."""
    log = matches.log_of(measurement)
    return [] if matches.unusable(log, fields) is not None else [matches.counts(log, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The class that is recognised worst.

    recall      of what was there, the share that was recognised
    precision   of what was recognised, the share that was there
    f1          both in one (harmonic mean)

    Measured        percent [0, 100]; exact intervals that hold for all classes and all three figures at once; one group
                    per class; the average over classes in the notes
    NotMeasurable   every class has fewer than `min_rows` objects; recall and F1 where people only looked at what was
                    recognised; too many classes; columns of another type
    """
    log = matches.log_of(measurement)
    wrong = matches.unusable(log, fields)
    if wrong is not None:
        return wrong
    if log.known_for == "predicted" and measurement.subject != PRECISION:
        return matches.CANNOT_BE_KNOWN
    found = matches.told(answers, matches.counts(log, fields))
    if isinstance(found, NotMeasurable):
        return found
    shares = {c: _share(found, c, measurement.subject) for c in found.classes}
    large = {c: s for c, s in shares.items() if s.of >= log.min_rows}
    alpha = (1 - log.confidence) / (len(SUBJECTS) * max(1, len(large)))
    groups = [_group(c, s, alpha, measurement.subject, log) for c, s in shares.items()]
    if not large:
        return NotMeasurable(
            reason=both(
                nl=f"Geen enkele klasse komt {log.min_rows} keer of meer voor.",
                en=f"No class occurs {log.min_rows} times or more.",
            ),
            do=both(
                nl="Laat meer beelden nakijken, of voeg klassen samen.",
                en="Have more pictures checked, or join classes.",
            ),
            rows=shown(sum(s.of for s in shares.values())),
            groups=tuple(groups),
            group_unit=Unit.PERCENT,
        )
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
        details=matches.confusion(found),
        notes=(*_how(measurement.subject, found, large, log), *matches.notes(log, found)),
    )


def _share(found: Matches, name: str, subject: str) -> Share:
    there, recognised, right = found.there(name), found.recognised(name), found.found(name)
    of = {RECALL: there, PRECISION: recognised, F1: there + recognised - right}[subject]
    return Share(counted=right, of=of)


def _group(name: str, share: Share, alpha: float, subject: str, log: Detections) -> Group:
    if share.of < log.min_rows:
        nl, en = _WHAT[subject]
        few = matches.too_few(share.of, log.min_rows, nl=nl, en=en)
        return Group(attributes={"class": name}, rows=shown(share.of), not_measurable=few)
    low, high = intervals.exact(share, alpha)
    shown_as = [100 * (intervals.f1_of(x) if subject == F1 else x) for x in (share.value, low, high)]
    return Group(attributes={"class": name}, rows=shown(share.of), value=shown_as[0], low=shown_as[1], high=shown_as[2])


_WHAT = {
    RECALL: ("echt te zien", "really there"),
    PRECISION: ("herkend", "recognised"),
    F1: ("herkend of echt te zien", "recognised or really there"),
}


def _how(subject: str, found: Matches, large: dict[str, Share], log: Detections) -> Iterator[Text]:
    alpha = 1 - log.confidence
    if subject == F1:
        average = intervals.mean_f1(found, list(large), alpha)
    else:
        average = intervals.mean(list(large.values()), alpha)
    value, low, high = (decimal(100 * x, 1) for x in average)
    percent = f"{100 * log.confidence:g}"
    nl, en = Language.NL, Language.EN
    yield both(
        nl=f"De slechtst herkende klasse telt. Gemiddeld over {len(large)} klassen is het {value[nl]} % ({low[nl]} tot"
        f" {high[nl]}); een gemiddelde verbergt wat zelden voorkomt.",
        en=f"The class that is recognised worst counts. Averaged over {len(large)} classes it is {value[en]} % ({low[en]} to"
        f" {high[en]}); an average hides what is rare.",
    )
    yield both(
        nl=f"De intervallen gelden met {percent} % zekerheid voor alle {len(large)} klassen en voor herkend, juist en F1 samen"
        " (Bonferroni). Dat van het gemiddelde geldt op zich.",
        en=f"The intervals hold with {percent} % confidence for all {len(large)} classes, and for recall, precision and F1"
        " together (Bonferroni). That of the average holds by itself.",
    )


CHECK = Check(
    id="detection-quality",
    family="detection",
    title=both(nl="Herkenning per klasse", en="Detection quality per class"),
    measures=both(
        nl="Per soort die herkend moet worden: hoeveel ervan herkend wordt, hoeveel van wat herkend wordt juist is, en beide"
        " samen (F1). De slechtst herkende soort telt.",
        en="For each class that must be recognised: how much of it is recognised, how much of what is recognised is right, and"
        " both together (F1). The class that is recognised worst counts.",
    ),
    wants=matches.WANTS,
    formula="recall = TP / (TP + FN); precision = TP / (TP + FP); F1 = 2 TP / (2 TP + FP + FN); minimum over classes × 100",
    source="Everingham et al. (2010), Int. J. Computer Vision 88, 303-338 (overlap); Clopper and Pearson (1934), Biometrika 26, 404-413; Hand,"
    " Christen and Kirielle (2021), Machine Learning 110, 451-456; Takahashi et al. (2022), Applied Intelligence 52, 4961-4972",
    counted=both(nl="voorwerpen", en="objects"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    not_applicable=matches.not_applicable,
    subjects={
        RECALL: both(nl="herkend van wat er is (recall)", en="recognised of what is there (recall)"),
        PRECISION: both(nl="juist van wat herkend is (precision)", en="right of what is recognised (precision)"),
        F1: both(nl="beide samen (F1)", en="both together (F1)"),
    },
)
