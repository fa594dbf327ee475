"""tru-fair-2: which inputs give away a protected characteristic, each by itself?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.drift import classes
from vangrail.checks.performance import inputs
from vangrail.checks.proxies import association, tables
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome, shown
from vangrail.model.vocabulary import Language, Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per protected characteristic."""
    yield from tables.plan(card, CHECK.id, CHECK.version)


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Per input: the cases by its class and the protected characteristics."""
    return [need for _, need in tables.asked(measurement, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """How strongly each input goes together with the characteristic, the strongest first.

    Text and yes/no: bias-corrected Cramér's V. Numbers: correlation ratio of the ranks. Both run from 0 to 1.

    Measured        coefficient [0, 1] of the strongest input; interval for all inputs and characteristics at once; one
                    group per input, one detail with the bits that both share
    NotMeasurable   without inputs, or when fewer than two groups have `min_rows` cases
    """
    attribute, least = measurement.settings["attribute"], measurement.settings["min_rows"]
    confidence = measurement.settings["confidence"]
    asked = tables.asked(measurement, fields)
    if not asked:
        return tables.no_inputs()
    counted, too_many = inputs.followed(asked, answers)
    if not counted:
        return tables.only_own_values()
    alpha = (1 - confidence) / (len(asked) * len(measurement.settings["protected"]))
    found, small = [], 0
    for field, table in counted:
        values, _, counts = tables.cross(table, attribute)
        small = int((counts.sum(axis=0) < least).sum())
        is_number = field.type in classes.NUMBERS
        one = association.of(values, counts, least, alpha, is_number=is_number)
        if one is not None:
            found.append((field.name, int(counts.sum()), one))
    if not found:
        return NotMeasurable(
            reason=both(
                nl=f"Geen twee groepen hebben {least} gevallen of meer.",
                en=f"No two groups have {least} cases or more.",
            )
        )
    found.sort(key=lambda x: -x[2].value)
    details = []
    for name, rows, one in found:
        raw, bits = classes.decimal(one.raw), classes.decimal(one.bits, 3)
        note = both(
            nl=f"{one.method} zonder correctie {raw[Language.NL]}; gedeeld: {bits[Language.NL]} bit",
            en=f"{one.method} uncorrected {raw[Language.EN]}; shared: {bits[Language.EN]} bit",
        )
        details.append(Detail(name=name, rows=rows, counted=rows, note=note))
    percent = f"{100 * confidence:g}"
    return Measured(
        value=found[0][2].value,
        low=max(one.low for *_, one in found),
        high=max(one.high for *_, one in found),
        confidence=confidence,
        unit=Unit.COEFFICIENT,
        rows=max(rows for _, rows, _ in found),
        groups=tuple(
            Group(attributes={"input": name}, rows=shown(rows), value=one.value, low=one.low, high=one.high)
            for name, rows, one in found
        ),
        group_unit=Unit.COEFFICIENT,
        details=tuple(details),
        notes=(
            tables.which_inputs(measurement),
            *inputs.left_out(too_many),
            *tables.small_groups(small, least),
            both(
                nl="V (Cramér, voor tekst) en η (correlatieverhouding van de rangen, voor getallen) gaan van 0, geen verband,"
                f" tot 1, het ene verraadt het andere. De intervallen gelden met {percent} % zekerheid voor alle kolommen"
                " en kenmerken samen (Bonferroni).",
                en="V (Cramér, for text) and η (correlation ratio of the ranks, for numbers) run from 0, no association, to"
                f" 1, one gives the other away. The intervals hold with {percent} % confidence for all columns and"
                " characteristics together (Bonferroni).",
            ),
        ),
    )


CHECK = Check(
    id="association-with-protected",
    family="proxies",
    title=both(nl="Samenhang met beschermd kenmerk", en="Association with protected characteristic"),
    measures=both(
        nl="Hoe sterk elk gegeven waarmee de toepassing beslist, samenhangt met een beschermd kenmerk. Zo'n gegeven kan het"
        " kenmerk verraden, ook als je het weglaat.",
        en="How strongly each piece of data by which the application decides is associated with a protected"
        " characteristic. It may give the characteristic away even where that is left out.",
    ),
    wants=tables.WANTS,
    formula="text: V = √(max(0, χ²/n − (r−1)(k−1)/(n−1)) / min(r̃−1, k̃−1)); number: η = √(1 − (1 − H/(n−1))(n−1)/(n−k))",
    source="Bergsma (2013), J. Korean Statistical Society 42, 323-328; Kruskal and Wallis (1952), JASA 47, 583-621; Miller"
    " (1955), Information Theory in Psychology, 95-100",
    plan=plan,
    needs=needs,
    measure=measure,
    judged=False,
)
