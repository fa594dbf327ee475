"""All applications together: what they promise and endanger, and what they use, with who is missing from the sum."""

from datetime import UTC, datetime

from vangrail import knowledge
from vangrail.assessment.across import endangered, energy_of_year, energy_total, promised
from vangrail.model.card import Card
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Detail, Measured, NotMeasurable
from vangrail.model.vocabulary import Unit


def card(name, **parts):
    """A small card."""
    base = {"vangrail": 1, "id": name, "name": name, "organisation": {"name": "Gemeente"}, "phase": "operate"}
    return Card.model_validate(base | parts)


def measured(method, kwh, low=None, high=None):
    """The energy of a year, by this method."""
    outcome = Measured(
        value=1.0,
        low=None,
        high=None,
        exact=False,
        unit=Unit.WATT_HOURS,
        rows=10,
        details=(Detail(name="kWh", value=kwh, low=low, high=high, unit=Unit.KILOWATT_HOURS),),
    )
    return evidence(method, outcome)


def evidence(method, outcome):
    """A figure of the check on energy."""
    return Evidence(
        measurement=Measurement(check="energy-per-use", version=1, dataset="d", subject=method, settings={}),
        outcome=outcome,
        fingerprint=Fingerprint(algorithm="x", content="0", rows=1, bytes_sha256=None),
        measured_at=datetime(2026, 11, 22, tzinfo=UTC),
        measured_by="test",
    )


def test_each_benefit_names_who_promises_it():
    cards = {
        "Een": card("een", benefits=[{"indicator": "tijd", "oecd": ["information", "growth"]}]),
        "Twee": card("twee", benefits=[{"indicator": "fouten", "oecd": "information"}]),
    }
    found = {n.term.id: n.applications for n in promised(cards, knowledge.framework())}
    assert len(found) == 10
    assert (found["information"], found["growth"], found["science"]) == (("Een", "Twee"), ("Een",), ())


def test_each_risk_names_who_brings_it():
    found = {
        n.term.id: n.applications
        for n in endangered({"Een": card("een", oecd_risks=["opacity"])}, knowledge.framework())
    }
    assert len(found) == 10 and found["opacity"] == ("Een",)


def test_what_is_metered_goes_before_what_a_supplier_says_and_that_before_what_was_expected():
    expected = card("een", energy={"operation_kwh_year": 9})
    stated, metered = measured("supplier", 20.0), measured("metered", 12.0)
    assert energy_of_year("Een", expected, [stated, metered]).kwh == 12.0
    assert energy_of_year("Een", expected, [stated]).method == "supplier"
    assert (energy_of_year("Een", expected, []).kwh, energy_of_year("Een", expected, []).method) == (9.0, "")
    assert energy_of_year("Een", card("een"), []).kwh is None


def test_what_could_not_be_metered_is_no_figure():
    nothing = evidence("metered", NotMeasurable(reason={}, rows=0))
    assert energy_of_year("Een", card("een"), [nothing]).kwh is None


def test_a_sum_names_who_is_missing_and_keeps_the_range():
    """12 (10 to 15), 9 without a range, and one of which nobody knows: 21 (19 to 24)."""
    lines = [
        energy_of_year("Een", card("een"), [measured("metered", 12.0, 10.0, 15.0)]),
        energy_of_year("Twee", card("twee", energy={"operation_kwh_year": 9}), []),
        energy_of_year("Drie", card("drie"), []),
    ]
    total = energy_total(lines)
    assert (total.kwh, total.low, total.high, total.unknown) == (21.0, 19.0, 24.0, ("Drie",))


def test_a_sum_of_nothing_is_unknown_and_not_zero():
    assert energy_total([]).kwh is None
    assert energy_total([energy_of_year("Een", card("een"), [])]).kwh is None


def test_only_what_runs_counts_as_in_use():
    assert energy_of_year("Een", card("een"), []).in_use
    assert not energy_of_year("Een", card("een", phase="validate"), []).in_use
