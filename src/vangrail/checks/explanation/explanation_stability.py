"""tru-trans-2: do nearly equal cases get the same explanation?"""

from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check
from vangrail.checks.explanation import cases, local
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, Field, Need
from vangrail.model.outcome import Detail, Measured, Outcome
from vangrail.model.vocabulary import Unit


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement per model that can be called."""
    for model, dataset in cases.models(card):
        yield Measurement(
            check=CHECK.id,
            version=CHECK.version,
            dataset=dataset,
            subject=model.name,
            settings=local.settings_of(card, model, dataset),
        )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The same as for fidelity: each case is explained three times."""
    return [] if len(measurement.settings["inputs"]) == 1 else [local.need(measurement.settings, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Share of the cases whose main factor stays the same, both against other cases and when its numbers move a little.

    Measured        percent [0, 100] with a Wilson interval; details for each of the two by itself
    NotMeasurable   when fewer than `min_rows` cases have a main factor, or there is one input
    """
    if len(measurement.settings["inputs"]) == 1:
        return local.ONE_INPUT
    table = answers.table(local.need(measurement.settings, fields))
    least, confidence = measurement.settings["min_rows"], measurement.settings["confidence"]
    number = table.of(what=local.WITH_FACTOR)
    if number < least:
        return local.too_few(number, least, table.of(what=local.UNANSWERED))
    value, low, high = local.wilson(table.of(what=local.SAME), number, confidence)
    others = both(nl="vergeleken met andere mensen", en="compared with other people")
    nudged = both(nl="met bijna gelijke getallen", en="with nearly equal numbers")
    same = both(nl="dezelfde hoofdreden", en="the same main reason")
    return Measured(
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        unit=Unit.PERCENT,
        rows=number,
        details=(
            Detail(name="others", called=others, rows=number, counted=table.of(what=local.SAME_OTHERS), note=same),
            Detail(name="nudged", called=nudged, rows=number, counted=table.of(what=local.SAME_NUDGED), note=same),
        ),
        notes=(
            both(
                nl=f"Elk geval is drie keer uitgelegd: twee keer vergeleken met telkens andere gevallen, en één keer met elk"
                f" getal hoogstens {100 * local.NUDGE:g} % van de spreiding anders. Blijft dezelfde hoofdreden over?",
                en=f"Each case was explained three times: twice against other cases each time, and once with every number at"
                f" most {100 * local.NUDGE:g} % of the spread different. Is the main reason the same?",
            ),
            both(
                nl="De hoofdreden is het gegeven dat het zwaarst woog in de richting van het advies. Gevallen waarin geen"
                " enkel gegeven die kant op woog, tellen niet mee.",
                en="The main reason is the piece of data that weighed most towards the advice. Cases in which none weighed"
                " that way are left out.",
            ),
            *local.unanswered_note(table),
        ),
    )


CHECK = Check(
    id="explanation-stability",
    family="explanation",
    title=both(nl="Blijft de uitleg dezelfde", en="Explanation stability"),
    measures=both(
        nl="Hoe vaak de hoofdreden dezelfde blijft als er niets wezenlijks verandert: bij bijna gelijke getallen, en"
        " vergeleken met andere mensen.",
        en="How often the main reason stays the same when nothing of substance changes: with nearly equal numbers, and"
        " compared with other people.",
    ),
    wants=cases.WANTS,
    formula="cases with the same main factor in all three explanations / cases with a main factor × 100",
    source="Alvarez-Melis and Jaakkola (2018), arXiv:1806.08049; Visani et al. (2022), J. Operational Research Society 73,"
    " 91-101",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,
    not_applicable=cases.only_talked_to,
)
