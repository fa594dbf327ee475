"""sus-1: what one use costs in electricity, and a year of it in electricity, emissions and water.

Each way of knowing that the card offers is a figure of its own, named for what it is: metered, estimated, or stated by the
supplier. They are never mixed, so that a reader can lay them side by side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from vangrail.checks import Check
from vangrail.checks.energy import model_api
from vangrail.checks.energy.estimates import (
    HOME,
    RECENT_DAYS,
    Factor,
    Range,
    factor_of,
    factor_settings,
    per_use,
    recent,
    runs_in,
    written,
)
from vangrail.checks.planning import reading
from vangrail.model.card import DECLARED, Card, Energy, Hardware, ModelApi, SupplierStates
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Extreme, Field, Need, Rows
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Language, Unit

METERED, LOAD, HARDWARE, MODEL_API, SUPPLIER = "metered", "processor load", "hardware", "model API", "supplier"
CONFIDENCE = 0.95
LEAST_DAYS = 28
"""A log that covers fewer days than this says too little about a year."""


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement for each way in which the card lets the energy be known."""
    energy = card.energy
    counted = _counting(card)
    for method, parts in _methods(energy):
        settings = {"method": method, **parts, **_shared(energy, method), **counted}
        dataset = counted["log"] if counted else DECLARED
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=dataset, subject=method, settings=settings)


def _methods(energy: Energy) -> Iterator[tuple[str, dict[str, Any]]]:
    own = [r for r in energy.runs if r.alternative is None]
    # A way that was left for another one long ago is not asked for again.
    since = max((r.on for r in own), default=date.max) - timedelta(days=RECENT_DAYS)
    for method, kind in ((METERED, "metered"), (LOAD, "estimated")):
        runs = [r.model_dump(mode="json", exclude_defaults=True) for r in own if r.method == kind and r.on >= since]
        if runs:
            yield method, {"runs": runs}
    if energy.hardware is not None:
        yield HARDWARE, {"hardware": energy.hardware.model_dump(mode="json", exclude_defaults=True)}
    if energy.model_api is not None:
        api = energy.model_api.model_dump(mode="json", exclude_defaults=True)
        yield MODEL_API, {"model_api": api, "ecologits": model_api.installed()}
    if energy.supplier_states is not None:
        yield SUPPLIER, {"supplier_states": energy.supplier_states.model_dump(mode="json", exclude_defaults=True)}


def _shared(energy: Energy, method: str) -> dict[str, Any]:
    """What turns energy per use into the figures of a year."""
    shared: dict[str, Any] = {"uses_per_year": energy.uses_per_year, "expected_kwh_year": energy.operation_kwh_year}
    if method == MODEL_API:
        return shared
    country = energy.country or HOME
    pue = None if energy.pue is not None else factor_settings("pue", None)
    return shared | {
        "pue": energy.pue,
        "pue_assumed": pue,
        "wue": energy.wue,
        "country": energy.country,
        "carbon": factor_settings("carbon", country, energy.carbon_g_per_kwh),
        "water": factor_settings("water", country, energy.water_l_per_kwh),
    }


def _counting(card: Card) -> dict[str, Any]:
    """Which log to count the uses in, where the card does not say how many there are."""
    log = card.decision_log
    if card.energy.uses_per_year is not None or log is None:
        return {}
    dataset = card.datasets[log.dataset]
    moment = dataset.drift.column if dataset.drift else dataset.refresh.column if dataset.refresh else None
    return {} if moment is None else {"log": log.dataset, "moment": moment, "reading": reading(dataset)}


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """The number of cases and the first and last day, where the uses are counted in the log."""
    moment = measurement.settings.get("moment")
    return [] if moment is None else [Rows(), Extreme(moment, "min"), Extreme(moment, "max")]


@dataclass(frozen=True, kw_only=True)
class _PerUse:
    """Watt-hours per use: of the computers alone, and with the building; and what is said of it.

    grams, making, litres   emission, emission of making the computers, and water, where the method gives them itself
    """

    computers: Range
    total: Range
    rows: int = 0
    confidence: float | None = None
    notes: tuple[Text, ...] = ()
    details: tuple[Detail, ...] = ()
    grams: Range | None = None
    making: Range | None = None
    litres: Range | None = None


@dataclass(frozen=True, kw_only=True)
class _Uses:
    """How many uses a year, or nothing when that cannot be known; and what is said of it."""

    number: float | None
    rows: int = 0
    notes: tuple[Text, ...] = field(default=())


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """Watt-hours per use, by the method that the subject names.

    Measured        watt-hours [0, ...), with the building around the computers (PUE). The interval of repeated runs is a 95 % t
                    interval (`confidence` is set); every other one is the range that the method states. Details: kWh,
                    kg CO2 equivalent and litres of water per year, each with its factor and source. `rows` is the
                    number of uses that were metered, or of cases counted in the log
    NotMeasurable   without recent runs, without the number of uses where a yearly figure has to be divided by it, and
                    where EcoLogits is missing or does not know the model
    """
    uses = _uses(measurement, answers)
    found = _per_use(measurement, uses, on)
    if isinstance(found, NotMeasurable):
        return found
    low, high = found.total.ends
    return Measured(
        value=found.total.value,
        low=low,
        high=high,
        confidence=found.confidence if low is not None else None,
        exact=False,
        unit=Unit.WATT_HOURS,
        rows=found.rows or uses.rows,
        details=(*_per_year(measurement, found, uses), *found.details),
        notes=(*found.notes, *uses.notes, *_place(measurement), *_expected(measurement, found, uses)),
    )


def _uses(measurement: Measurement, answers: Answers) -> _Uses:
    settings = measurement.settings
    if settings["uses_per_year"] is not None:
        return _Uses(number=settings["uses_per_year"])
    if "moment" not in settings:
        return _Uses(number=None, notes=(_NO_YEAR,))
    rows = answers.rows
    first, last = (_day(answers.value(Extreme(settings["moment"], which))) for which in ("min", "max"))
    if first is None or last is None:
        return _Uses(number=None, rows=rows, notes=(_NO_YEAR,))
    days = (last - first).days + 1
    if days < LEAST_DAYS:
        return _Uses(
            number=None,
            rows=rows,
            notes=(
                both(
                    nl=f"Het logboek loopt over {days} dagen. Dat is te kort om te zeggen hoeveel er in een jaar zijn.",
                    en=f"The log covers {days} days. That is too short to say how many there are in a year.",
                ),
            ),
        )
    number = rows / days * 365
    said, cases = written(number, 0), written(rows, 0)
    return _Uses(
        number=number,
        rows=rows,
        notes=(
            both(
                nl=f"Geteld in het logboek: {cases[Language.NL]} gevallen in {days} dagen, dus ongeveer"
                f" {said[Language.NL]} per jaar.",
                en=f"Counted in the log: {cases[Language.EN]} cases in {days} days, so about {said[Language.EN]} a year.",
            ),
        ),
    )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


_NO_YEAR = both(
    nl="Hoeveel keer per jaar is niet bekend, dus er is geen cijfer per jaar. Zet op de kaart: energy.uses_per_year.",
    en="How many times a year is not known, so there is no figure per year. Put on the card: energy.uses_per_year.",
)


def _per_use(measurement: Measurement, uses: _Uses, on: date) -> _PerUse | NotMeasurable:
    match measurement.settings["method"]:
        case "metered" | "processor load":
            return _from_runs(measurement, on)
        case "hardware":
            return _from_hardware(measurement, uses)
        case "model API":
            return _from_api(measurement)
        case _:
            return _from_supplier(measurement, uses)


def _pue(measurement: Measurement) -> tuple[Range, Text]:
    """What the building takes, and what is said of it."""
    settings = measurement.settings
    if settings["pue"] is not None:
        said = written(settings["pue"])
        if settings["pue"] == 1:
            return Range.of(1.0), both(nl="Zonder toeslag voor het gebouw (PUE 1).", en="Without the building (PUE 1).")
        return Range.of(settings["pue"]), both(
            nl=f"Met koeling en verlies in het gebouw: PUE {said[Language.NL]}, van de kaart.",
            en=f"With cooling and losses of the building: PUE {said[Language.EN]}, from the card.",
        )
    factor = factor_of(settings["pue_assumed"])
    if factor is None:
        raise TypeError("the knowledge holds no PUE")
    value, low, high = (written(x) for x in (factor.range.value, factor.range.low, factor.range.high))
    return factor.range, both(
        nl=f"De PUE van het datacenter staat niet op de kaart. Gerekend met {value[Language.NL]} ({low[Language.NL]} tot"
        f" {high[Language.NL]}; {factor.named[Language.NL]}). Draait het op een gewone pc, zet dan 'pue: 1'.",
        en=f"The PUE of the data centre is not on the card. Reckoned with {value[Language.EN]} ({low[Language.EN]} to"
        f" {high[Language.EN]}; {factor.named[Language.EN]}). When it runs on an ordinary PC, put 'pue: 1'.",
    )


def _from_runs(measurement: Measurement, on: date) -> _PerUse | NotMeasurable:
    held = runs_in(measurement.settings)
    runs = recent(held, on)
    again = both(
        nl="Meet met: vangrail meter MAP --uses AANTAL -- OPDRACHT",
        en="Meter with: vangrail meter FOLDER --uses NUMBER -- COMMAND",
    )
    if not runs:
        return NotMeasurable(
            reason=both(
                nl=f"De metingen op de kaart zijn ouder dan {RECENT_DAYS} dagen, of van na deze dag.",
                en=f"The runs on the card are more than {RECENT_DAYS} days old, or from after this day.",
            ),
            do=again,
        )
    number, uses, tools = len(runs), sum(r.uses for r in runs), ", ".join(sorted({r.tool for r in runs}))
    computers = per_use(runs, CONFIDENCE)
    if computers.value == 0:
        return NotMeasurable(
            reason=both(
                nl="De meter zag geen verbruik. Het programma liep te kort om te meten.",
                en="The meter saw no energy. The program ran too short to be metered.",
            ),
            do=both(
                nl="Laat het veel keren na elkaar lopen, en zeg met --uses hoeveel.",
                en="Let it run many times in a row, and say with --uses how many.",
            ),
        )
    pue, about_pue = _pue(measurement)
    how = _METERED if measurement.settings["method"] == METERED else _LOAD
    ranged = pue.ends != (None, None)
    spread = _ONE_RUN if number < 2 else _RANGE_OF_BOTH if ranged else _BETWEEN_RUNS
    if number < 2 and ranged:
        spread = _RANGE_OF_PUE
    old = len(held) - number
    memory = Range.of(sum(r.memory_wh for r in runs) / uses) * pue
    return _PerUse(
        computers=computers,
        total=computers * pue,
        rows=uses,
        confidence=CONFIDENCE if number >= 2 and not ranged else None,
        notes=(
            how,
            both(
                nl=f"Metingen: {number}, samen {uses} keer gebruikt; {tools}.",
                en=f"Runs: {number}, {uses} uses together; {tools}.",
            ),
            spread,
            about_pue,
            *((_older(old),) if old else ()),
        ),
        details=(
            Detail(
                name="RAM",
                called=both(nl="geheugen", en="memory"),
                value=memory.value,
                unit=Unit.WATT_HOURS,
                note=both(
                    nl="per keer: het deel voor geheugen, dat altijd geschat is",
                    en="per use: the part for memory, which is always estimated",
                ),
            ),
        ),
    )


_METERED = both(
    nl="Gemeten: de meter in de processor zelf, voor de hele computer terwijl het programma liep. Wat tegelijk liep, telt mee.",
    en="Metered: by the processor's own meter, for the whole computer while the program ran. What ran beside it counts too.",
)
_LOAD = both(
    nl="Geschat, niet gemeten: deze computer heeft geen meter die te lezen is. Gerekend uit hoe hard de processor werkte en"
    " zijn bekende vermogen. De echte waarde kan enkele keren kleiner of groter zijn.",
    en="Estimated, not metered: this computer has no meter that can be read. Reckoned from how hard the processor worked and"
    " its known power. The true value may be several times smaller or larger.",
)
_ONE_RUN = both(
    nl="Eén meting, dus geen interval. Meet minstens drie keer.",
    en="One run, so no interval. Meter at least three times.",
)
_BETWEEN_RUNS = both(
    nl="Tussen haakjes: het 95 %-betrouwbaarheidsinterval, uit hoe de metingen onderling verschillen.",
    en="In brackets: the 95 % confidence interval, from how the runs differ among themselves.",
)
_RANGE_OF_BOTH = both(
    nl="Tussen haakjes: hoe de metingen verschillen en wat van de PUE niet bekend is, samen. Geen betrouwbaarheidsinterval.",
    en="In brackets: how the runs differ and what is not known of the PUE, together. It is no confidence interval.",
)
_RANGE_OF_PUE = both(
    nl="Eén meting. Tussen haakjes staat alleen wat van de PUE niet bekend is. Meet minstens drie keer.",
    en="One run. The brackets hold only what is not known of the PUE. Meter at least three times.",
)
_RANGE = both(
    nl="Tussen haakjes: de bandbreedte die de methode geeft. Dat is geen betrouwbaarheidsinterval.",
    en="In brackets: the range that the method gives. It is no confidence interval.",
)


def _older(number: int) -> Text:
    return both(
        nl=f"Metingen die niet meetellen, want ouder dan {RECENT_DAYS} dagen of van na deze dag: {number}.",
        en=f"Runs that do not count, being more than {RECENT_DAYS} days old or from after this day: {number}.",
    )


def _from_hardware(measurement: Measurement, uses: _Uses) -> _PerUse | NotMeasurable:
    hardware = Hardware.model_validate(measurement.settings["hardware"])
    if not uses.number:
        return _without_uses(uses)
    pue, about_pue = _pue(measurement)
    watts = Range.of(hardware.watts, hardware.watts_low, hardware.watts_high)
    computers = watts * (hardware.hours_per_year / uses.number)
    power, hours = written(hardware.watts), written(hardware.hours_per_year)
    source = hardware.source or "?"
    total = computers * pue
    return _PerUse(
        computers=computers,
        total=total,
        notes=(
            both(
                nl=f"Geschat, niet gemeten: {power[Language.NL]} watt, {hours[Language.NL]} uur per jaar. Bron van het vermogen: {source}.",
                en=f"Estimated, not metered: {power[Language.EN]} watts, {hours[Language.EN]} hours a year. Source of the power: {source}.",
            ),
            about_pue,
            _RANGE if total.ends != (None, None) else _NO_RANGE,
        ),
    )


_NO_RANGE = both(
    nl="Een schatting zonder bandbreedte. Zet 'watts_low' en 'watts_high' op de kaart als je ze kent.",
    en="An estimate without a range. Put 'watts_low' and 'watts_high' on the card when you know them.",
)


def _without_uses(uses: _Uses) -> NotMeasurable:
    return NotMeasurable(
        reason=both(
            nl="Er is een verbruik per jaar, maar hoeveel keer per jaar is niet bekend.",
            en="There is a use of energy per year, but how many times a year is not known.",
        ),
        do=both(nl="Zet op de kaart: energy.uses_per_year.", en="Put on the card: energy.uses_per_year."),
        rows=uses.rows or None,
    )


def _from_api(measurement: Measurement) -> _PerUse | NotMeasurable:
    api = ModelApi.model_validate(measurement.settings["model_api"])
    call = model_api.estimate(
        provider=api.provider, model=api.model, output_tokens=api.output_tokens, country=api.country
    )
    if isinstance(call, model_api.Unknown):
        return NotMeasurable(reason=call.reason, do=call.do)
    version = measurement.settings["ecologits"]
    notes = [
        both(
            nl=f"Geschat, niet gemeten: EcoLogits {version}, {api.model} van {api.provider}, {api.output_tokens} tokens per keer."
            " Alleen wat het model schrijft telt mee, niet wat het leest.",
            en=f"Estimated, not metered: EcoLogits {version}, {api.model} of {api.provider}, {api.output_tokens} tokens per use."
            " Only what the model writes counts, not what it reads.",
        ),
        _RANGE
        if call.wh.ends != (None, None)
        else both(nl="EcoLogits geeft hier geen bandbreedte.", en="EcoLogits gives no range here."),
    ]
    if "model-arch-not-released" in call.warnings:
        notes.append(
            both(
                nl="De maker houdt de grootte van dit model geheim. EcoLogits raadt ze, dus de fout kan groot zijn.",
                en="The maker keeps the size of this model secret. EcoLogits guesses it, so the error may be large.",
            )
        )
    return _PerUse(
        computers=call.wh,
        total=call.wh,
        notes=tuple(notes),
        grams=call.grams,
        making=call.making_grams,
        litres=call.litres,
    )


def _from_supplier(measurement: Measurement, uses: _Uses) -> _PerUse | NotMeasurable:
    states = SupplierStates.model_validate(measurement.settings["supplier_states"])
    if states.wh_per_use is None and not uses.number:
        return _without_uses(uses)
    wh = states.wh_per_use if states.wh_per_use is not None else 1000 * (states.kwh_per_year or 0) / (uses.number or 1)
    pue = measurement.settings["pue"] or 1.0
    return _PerUse(
        computers=Range.of(wh / pue),
        total=Range.of(wh),
        notes=(
            both(
                nl=f"Opgegeven door {states.by}, door niemand nagemeten. Bron: {states.source}. Geen bandbreedte.",
                en=f"Stated by {states.by}, checked by nobody. Source: {states.source}. No range.",
            ),
        ),
    )


def _per_year(measurement: Measurement, found: _PerUse, uses: _Uses) -> Iterator[Detail]:
    """Electricity, emission and water of a year, each with its factor; what cannot be reckoned is left out, and said."""
    if not uses.number:
        return
    times = written(uses.number, 0)
    kwh = found.total * (uses.number / 1000)
    yield _quantity(
        "kWh",
        kwh,
        Unit.KILOWATT_HOURS,
        both(nl=f"per jaar, {times[Language.NL]} keer", en=f"per year, {times[Language.EN]} times"),
    )
    if found.grams is not None and found.litres is not None:
        yield _quantity("CO2", found.grams * (uses.number / 1000), Unit.KILOGRAMS_CO2E, _BY_ECOLOGITS)
        if found.making is not None:
            yield _quantity("CO2 +", found.making * (uses.number / 1000), Unit.KILOGRAMS_CO2E, _MAKING)
        yield _quantity("water", found.litres * uses.number, Unit.LITRES, _BY_ECOLOGITS)
        return
    settings = measurement.settings
    carbon, water = factor_of(settings["carbon"]), factor_of(settings["water"])
    if carbon is not None:
        yield _quantity("CO2", kwh * (carbon.range * 0.001), Unit.KILOGRAMS_CO2E, _by_factor(carbon, "g/kWh"))
    if water is not None:
        litres, said = kwh * water.range, _by_factor(water, "l/kWh")
        if settings["wue"] is not None:
            litres = litres + found.computers * (uses.number / 1000 * settings["wue"])
            wue = written(settings["wue"])
            said = both(
                nl=f"{said[Language.NL]}; met koelwater, WUE {wue[Language.NL]}",
                en=f"{said[Language.EN]}; with cooling water, WUE {wue[Language.EN]}",
            )
        else:
            said = both(
                nl=f"{said[Language.NL]}; zonder koelwater, want 'wue' staat niet op de kaart",
                en=f"{said[Language.EN]}; without cooling water, since 'wue' is not on the card",
            )
        yield _quantity("water", litres, Unit.LITRES, said)


_BY_ECOLOGITS = both(
    nl="per jaar; factoren van EcoLogits voor deze aanbieder", en="per year; factors of EcoLogits for this provider"
)
_MAKING = both(
    nl="per jaar, erbovenop: het aandeel in het maken van de computers (EcoLogits)",
    en="per year, on top: the share in making the computers (EcoLogits)",
)


def _quantity(name: str, amount: Range, unit: Unit, note: Text) -> Detail:
    low, high = amount.ends
    return Detail(name=name, called=_CALLED[name], value=amount.value, low=low, high=high, unit=unit, note=note)


_CALLED = {
    "kWh": both(nl="stroom", en="electricity"),
    "CO2": both(nl="uitstoot", en="emission"),
    "CO2 +": both(nl="uitstoot van het maken", en="emission of the making"),
    "water": both(nl="water", en="water"),
}


def _by_factor(factor: Factor, unit: str) -> Text:
    value = written(factor.range.value)
    return both(
        nl=f"per jaar; factor {value[Language.NL]} {unit}, {factor.named[Language.NL]}",
        en=f"per year; factor {value[Language.EN]} {unit}, {factor.named[Language.EN]}",
    )


def _place(measurement: Measurement) -> Iterator[Text]:
    """Whose electricity was counted, where that had to be assumed, and what is not known of it."""
    settings = measurement.settings
    if settings["method"] == MODEL_API:
        return
    if settings["country"] is None:
        yield both(
            nl="Het land staat niet op de kaart. Gerekend met Belgische stroom. Staan de computers elders? Zet dan 'country', zoals DEU.",
            en="The country is not on the card. Reckoned with Belgian electricity. Are the computers elsewhere? Then put 'country', such as DEU.",
        )
    missing = [
        (name, nl, en)
        for name, nl, en in (("carbon", "uitstoot", "emission"), ("water", "water", "water"))
        if settings[name] is None
    ]
    for name, nl, en in missing:
        key = "carbon_g_per_kwh" if name == "carbon" else "water_l_per_kwh"
        yield both(
            nl=f"Voor {settings['country']} is er geen factor voor {nl}. Zet hem met zijn bron op de kaart: energy.{key}.",
            en=f"For {settings['country']} there is no factor for {en}. Put it with its source on the card: energy.{key}.",
        )


def _expected(measurement: Measurement, found: _PerUse, uses: _Uses) -> Iterator[Text]:
    """What the card expected beforehand, beside what it is now."""
    expected = measurement.settings["expected_kwh_year"]
    if expected is None or not uses.number:
        return
    before, now = written(expected), written(found.total.value * uses.number / 1000)
    yield both(
        nl=f"Vooraf op de kaart: {before[Language.NL]} kWh per jaar. Nu: {now[Language.NL]}.",
        en=f"Beforehand on the card: {before[Language.EN]} kWh per year. Now: {now[Language.EN]}.",
    )


CHECK = Check(
    id="energy-per-use",
    family="energy",
    title=both(nl="Energie per keer", en="Energy per use"),
    measures=both(
        nl="Hoeveel stroom één keer gebruiken kost: gemeten, geschat of opgegeven door de leverancier, en welke van de drie."
        " En per jaar: stroom, uitstoot en water, elk met factor en bron.",
        en="How much electricity one use takes: metered, estimated or stated by the supplier, and which of the three. And per"
        " year: electricity, emission and water, each with factor and source.",
    ),
    wants=both(
        nl="bij 'energy' op de kaart: metingen (vangrail meter), 'hardware', 'model_api' of 'supplier_states'",
        en="under 'energy' on the card: runs (vangrail meter), 'hardware', 'model_api' or 'supplier_states'",
    ),
    formula="energy of the computers / uses × PUE; per year: × uses × g CO2e per kWh, and × litres per kWh + computers × WUE",
    source="ISO/IEC 30134-2 (PUE) and 30134-9 (WUE); codecarbon 3 (runs); EcoLogits 0.11 (model API); factors: knowledge/energy",
    counted=both(nl="keer", en="uses"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=2,
    judged=False,
    subjects={
        METERED: both(nl="gemeten", en="metered"),
        LOAD: both(nl="geschat uit de belasting van de processor", en="estimated from the processor's load"),
        HARDWARE: both(nl="geschat uit vermogen en uren", en="estimated from power and hours"),
        MODEL_API: both(nl="geschat voor de oproep van een taalmodel", en="estimated for the call of a language model"),
        SUPPLIER: both(nl="opgegeven door de leverancier", en="stated by the supplier"),
    },
)
