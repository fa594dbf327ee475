"""tru-trans-2: does an explanation tell what the model really does?"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail.checks import Check, statistics
from vangrail.checks.explanation import cases, local
from vangrail.model.card import Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import both
from vangrail.model.needs import Answers, CountTable, Field, Need
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit

OWN, STATED = "own", "stated"
_MOST = 700.0
"""Of an exponent: more does not fit in a number."""


def plan(card: Card) -> Iterator[Measurement]:
    """Per model that can be called: of the additive explanation, and of the stated main factor where the log has it."""
    for model, dataset in cases.models(card):
        settings = local.settings_of(card, model, dataset)
        whose = [(model.name, OWN)]
        if model.stated_reason is not None:
            whose.append((f"{model.name}: {model.stated_reason.column}", STATED))
        for subject, which in whose:
            yield Measurement(
                check=CHECK.id,
                version=CHECK.version,
                dataset=dataset,
                subject=subject,
                settings=settings | {"of": which},
            )


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The weights of the inputs, and what the model does when some get the values of others."""
    return [] if len(measurement.settings["inputs"]) == 1 else [local.need(measurement.settings, fields)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Which part of what the model does, the explanation tells.

    Of the additive explanation: the share of the squared changes of the score that its weights foretell, when some inputs
    get the values of other cases. Of the stated main factor: the share of the cases in which it is the input that weighs
    most towards the advice, or at least nine tenths of that.

    Measured        percent [0, 100]; interval over cases: Student's t on the logarithm of the share left over, or
                    Wilson. Every case has its own draw of others, so that draw is counted in
    NotMeasurable   when fewer than `min_rows` cases can be explained or have a stated reason, or
                    there is one input
    """
    if len(measurement.settings["inputs"]) == 1:
        return local.ONE_INPUT
    table = answers.table(local.need(measurement.settings, fields))
    return _stated(measurement, table) if measurement.settings["of"] == STATED else _own(measurement, table)


def _own(measurement: Measurement, table: CountTable) -> Outcome:
    least, confidence = measurement.settings["min_rows"], measurement.settings["confidence"]
    (cell,) = (c for c in table.cells if c.values == (local.CHANGES,))
    if cell.rows < least:
        return local.too_few(cell.rows, least, table.of(what=local.UNANSWERED))
    value, low, high = explained_share(*cell.sums, alpha=1 - confidence)
    return Measured(
        value=100 * value,
        low=100 * low,
        high=100 * high,
        confidence=confidence,
        unit=Unit.PERCENT,
        rows=cell.rows,
        notes=(
            both(
                nl="Per geval kreeg elk gegeven een gewicht (Shapley-waarde). Daarna kregen enkele gegevens de waarde van"
                " andere gevallen. Dit cijfer zegt welk deel van de verandering in de score die gewichten voorspellen: bij"
                " 100 % zeggen ze alles, bij 0 % niets.",
                en="Per case, each piece of data got a weight (Shapley value). Then some pieces of data got the value of"
                " other cases. This figure says which part of the change of the score those weights foretell: at 100 %"
                " they tell all, at 0 % nothing.",
            ),
            both(
                nl="Het gaat over de uitleg die Vangrail zelf maakt. Geeft de leverancier een andere uitleg, noem dan de"
                " kolom ervan op de kaart bij 'stated_reason'.",
                en="It is about the explanation that Vangrail itself makes. Does the supplier give another one, then name"
                " its column on the card under 'stated_reason'.",
            ),
            *local.unanswered_note(table),
        ),
    )


def explained_share(left: float, error: float, freedom: float, *, alpha: float) -> tuple[float, float, float]:
    """One less the share left over, in [0, 1], with its interval at 1 - alpha; see `local.left_over`."""
    if not math.isfinite(error):
        return max(0.0, 1 - left), 0.0, 1.0
    half = min(_MOST, statistics.t_quantile(alpha, freedom) * error)
    low, high = (max(0.0, 1 - left * math.exp(h)) for h in (half, -half))
    return max(0.0, 1 - left), low, high


def _stated(measurement: Measurement, table: CountTable) -> Outcome:
    least, confidence = measurement.settings["min_rows"], measurement.settings["confidence"]
    stated, right = table.of(what=local.STATED), table.of(what=local.STATED_RIGHT)
    if stated < least:
        return NotMeasurable(
            reason=both(
                nl=f"Te weinig gevallen met een genoemde reden: {stated}, en minstens {least} zijn nodig.",
                en=f"Too few cases with a stated reason: {stated}, and at least {least} are needed.",
            ),
            do=both(
                nl="Laat in het logboek bij elk advies noteren welk gegeven het zwaarst woog, of kies een hogere"
                " 'tried_rows' op de kaart.",
                en="Have the log note with each advice which piece of data weighed most, or choose higher 'tried_rows' on"
                " the card.",
            ),
        )
    value, low, high = local.wilson(right, stated, confidence)
    elsewhere = table.of(what=local.STATED_ELSE)
    details = []
    if elsewhere:
        note = both(
            nl="noemt iets dat geen gegeven van het model is; klopt dat niet, vul dan 'means' aan op de kaart",
            en="names something that is no input of the model; if that is not right, complete 'means' on the card",
        )
        details.append(Detail(name=measurement.settings["reason"]["column"], rows=stated, counted=elsewhere, note=note))
    return Measured(
        value=value,
        low=low,
        high=high,
        confidence=confidence,
        unit=Unit.PERCENT,
        rows=stated,
        details=tuple(details),
        notes=(
            both(
                nl="Van de gevallen met een genoemde reden: hoe vaak is dat het gegeven dat in het model het zwaarst woog in"
                " de richting van het advies? Een gegeven dat bijna even zwaar woog (minstens negen tiende) telt ook als"
                " juist.",
                en="Of the cases with a stated reason: how often is that the piece of data that weighed most in the model"
                " towards the advice? One that weighed nearly as much (at least nine tenths) counts as right too.",
            ),
            *local.unanswered_note(table),
        ),
    )


CHECK = Check(
    id="explanation-fidelity",
    family="explanation",
    title=both(nl="Klopt de uitleg met het model", en="Explanation fidelity"),
    measures=both(
        nl="Of een uitleg zegt wat het model echt doet: welk deel van de veranderingen in de score de gewichten van de"
        " gegevens voorspellen, en hoe vaak de genoemde reden echt het zwaarst woog.",
        en="Whether an explanation says what the model really does: which part of the changes of the score the weights of"
        " the data foretell, and how often the stated reason really weighed most.",
    ),
    wants=cases.WANTS,
    formula="own: (1 − Σ(Δ − Σ weights of the replaced inputs)² / ΣΔ²) × 100; stated: cases in which the stated input weighs"
    " at least 0.9 of the heaviest / cases with a stated input × 100",
    source="Yeh et al. (2019), NeurIPS 32, 10967-10978 (infidelity); Štrumbelj and Kononenko (2014), Knowledge and"
    " Information Systems 41, 647-665; Lundberg and Lee (2017), NeurIPS 30",
    counted=both(nl="gevallen", en="cases"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=4,
    not_applicable=cases.only_talked_to,
)
