"""The published JSON: what a program that reads an assessment can count on."""

import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
from samples import (
    BEYOND,
    DRILL,
    GAP,
    OUR_REASON,
    RATIOS,
    SELECTION,
    assessment,
    evidence,
    large,
    line,
    requirement,
)

from vangrail.exports import contract
from vangrail.exports.assessment_json import assessment_to_json, norms_to_json
from vangrail.model.board import Judgement
from vangrail.model.vocabulary import Verdict


def schema(name):
    return json.loads((contract.SCHEMAS / name).read_text(encoding="utf-8"))


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


def validate(value, name):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema(name), format_checker=checker).validate(value)


@pytest.fixture(scope="module")
def found():
    return through_json(assessment_to_json(assessment()))


def requirement_of(found, id_):
    return next(r for r in found["requirements"] if r["id"] == id_)


def test_the_schemas_that_are_shipped_are_the_schemas_of_the_types():
    """After a change of the contract: python -m vangrail.exports.contract."""
    shipped = {p.name: p.read_text(encoding="utf-8") for p in contract.SCHEMAS.glob("*.json")}
    assert shipped == contract.schemas()


def test_the_schemas_are_schemas():
    for name in contract.schemas():
        jsonschema.Draft202012Validator.check_schema(schema(name))


def test_an_assessment_with_everything_in_it_keeps_to_its_schema(found):
    validate(found, "assessment-1.schema.json")


def test_a_large_assessment_and_one_in_the_last_phase_keep_to_it_too():
    validate(through_json(assessment_to_json(large(requirements=12, measured=30))), "assessment-1.schema.json")
    last = through_json(assessment_to_json(assessment(last_phase=True)))
    validate(last, "assessment-1.schema.json")
    assert last["gate"] is None


def test_the_schema_refuses_a_figure_without_its_value(found):
    broken = json.loads(json.dumps(found))
    del requirement_of(broken, "dat-1")["evidence"][0]["value"]
    with pytest.raises(jsonschema.ValidationError):
        validate(broken, "assessment-1.schema.json")


def test_it_says_its_form_and_what_it_is_about(found):
    assert found["vangrail"] == contract.ASSESSMENT == "assessment/1"
    assert found["on"] == "2026-11-22"
    assert found["made_at"] == "2026-11-22T09:30:00+00:00"
    assert found["application"]["id"] == "voorrang-steun"
    assert found["application"]["organisation"] == {"name": "OCMW Zandhove", "kind": "ocmw", "number": "0207.123.456"}
    assert found["application"]["phase"] == "validate"
    assert found["application"]["owner"] == "An Peeters"


def test_a_figure_is_there_unrounded_with_interval_rows_limit_and_who_chose_it(found):
    gap = requirement_of(found, "tru-fair-1")["evidence"][0]
    assert (gap["kind"], gap["check"], gap["dataset"], gap["subject"]) == (
        "measure",
        "selection-rate-difference",
        "beslissingen",
        "herkomst",
    )
    assert (gap["value"], gap["low"], gap["high"], gap["confidence"]) == (21.4, 17.9, 24.9, 0.95)
    assert (gap["unit"], gap["rows"], gap["verdict"]) == ("percentage points", 19_998, "not_met")
    assert gap["limit"] == {
        "at_most": 10,
        "at_least": None,
        "because": dict.fromkeys(
            ["nl", "en"], "De raad legde in 2025 vast dat geen groep meer dan 10 punten mag verschillen."
        ),
        "chosen_by": "An Peeters",
        "chosen_on": "2026-03-02",
        "default": False,
    }
    assert gap["fingerprint"]["rows"] == 20_000
    assert "not_measurable" not in gap


def test_a_default_limit_says_so_with_our_reason_in_both_languages(found):
    limit = requirement_of(found, "tru-fair-1")["evidence"][2]["limit"]
    assert limit["default"] is True
    assert limit["chosen_by"] is None
    assert limit["because"] == {"nl": OUR_REASON["nl"], "en": OUR_REASON["en"]}


def test_groups_keep_their_own_figure_apart_from_their_difference(found):
    reference, other, _, small = requirement_of(found, "tru-fair-1")["evidence"][0]["groups"]
    assert reference["is_reference"] and reference["difference"] is None
    assert (other["name"], other["attributes"]) == ("buiten EU", {"herkomst": "buiten EU"})
    assert (other["value"], other["unit"], other["difference"]) == (19.9, "percent", -21.4)
    assert small["rows"] is None and small["value"] is None
    assert small["not_measurable"]["en"] == "too few cases; at least 30 are needed"


def test_what_cannot_be_measured_has_a_reason_and_no_value(found):
    evidence_ = requirement_of(found, "tru-fair-1")["evidence"][3]
    assert "value" not in evidence_
    assert evidence_["not_measurable"]["en"].startswith("The error rates cannot be known")
    assert evidence_["do"]["en"].startswith("From now on also check")
    assert evidence_["groups"][0]["unit"] is None


def test_a_measurement_that_was_not_taken_still_names_its_check(found):
    evidence_ = requirement_of(found, "tru-fair-2")["evidence"][0]
    assert evidence_["check"] == "proxy-association"
    assert "not in this version yet" in evidence_["not_measurable"]["en"]
    assert "value" not in evidence_


def test_details_explain_a_figure_with_counts_only(found):
    details = requirement_of(found, "dat-1")["evidence"][0]["details"]
    counts = {"name": "inkomen", "rows": 20_000, "counted": 640, "percent": 3.2, "note": None}
    assert details[0] == counts | dict.fromkeys(("called", "value", "low", "high", "unit"))


def test_an_answer_has_a_name_a_role_a_date_and_reasons(found):
    evidence_ = requirement_of(found, "hum-2")["evidence"][0]
    assert (evidence_["answer"], evidence_["by"], evidence_["role"], evidence_["on"]) == (
        "partly",
        "Chaima El Amrani",
        "application_owner",
        "2026-10-05",
    )
    assert evidence_["reasons"].startswith("Aan het loket")
    assert evidence_["documents"] == ["documenten/onthaal.pdf", "https://www.zandhove.example/onthaal"]


def test_a_question_without_an_answer_has_no_answer(found):
    evidence_ = requirement_of(found, "sus-5")["evidence"][0]
    assert "answer" not in evidence_
    assert evidence_["because"]["en"] == "Not answered yet."


def test_an_answer_for_the_small_groups_stands_beside_the_figure(found):
    answered = requirement_of(found, "tru-fair-1")["evidence"][1]["answered"]
    assert (answered["by"], answered["on_behalf"]) == ("An Peeters", "het vast bureau")


def test_what_happened_is_listed_with_how_many_took_part_and_never_who(found):
    records = requirement_of(found, "tru-hum-3")["evidence"][0]["records"]
    assert records == [
        {
            "on": "2026-06-11",
            "what": DRILL.what,
            "by": "Bram Claes",
            "outcome": "De handleiding kreeg een telefoonnummer erbij.",
            "people": 6,
            "documents": ["documenten/stopoefening.md"],
        }
    ]


def test_counts_are_of_what_is_asked_by_now(found):
    assert sum(found["counts"].values()) == 11
    assert found["counts"]["not_met"] == 1
    literacy = next(p for p in found["principles"] if p["id"] == "lit")
    assert set(literacy["counts"].values()) == {0}
    assert requirement_of(found, "lit-7")["asked"] is False


def test_the_gate_says_what_it_lacks_and_who_supplies_it(found):
    gate = found["gate"]
    assert (gate["after"], gate["opened_by"]) == ("validate", ["decider"])
    assert gate["lacks"][0]["requirement"] == "dem-1"
    assert gate["lacks"][0]["who"] == ["application_owner"]
    assert "tru-hum-3" in gate["met"]


@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
@pytest.mark.parametrize("place", ["value", "high"])
def test_a_figure_that_is_no_number_is_a_bug_and_never_leaves(place, broken):
    judgement = Judgement(
        proof=SELECTION,
        verdict=Verdict.NOT_MET,
        because=BEYOND,
        measured=evidence("selection-rate-difference", "herkomst", replace(GAP, **{place: broken})),
    )
    sample = assessment(
        of=[line(requirement("tru-fair-1", nl="x", en="x", evidence=[SELECTION]), Verdict.NOT_MET, judgement)]
    )
    with pytest.raises(ValueError, match="finite"):
        assessment_to_json(sample)


def test_the_digest_of_the_settings_is_the_same_for_a_figure_read_back_from_text():
    """A ledger keeps 0.0125 as the text '0.0125'; lists come back as lists, whatever they were."""

    def digest(settings):
        judgement = Judgement(
            proof=SELECTION, verdict=Verdict.MET, because=BEYOND, measured=evidence("c", "s", GAP, settings=settings)
        )
        sample = assessment(
            of=[line(requirement("tru-fair-1", nl="x", en="x", evidence=[SELECTION]), Verdict.MET, judgement)]
        )
        return assessment_to_json(sample)["requirements"][0]["evidence"][0]["settings_sha256"]

    assert digest({"alpha": 0.0125, "attributes": ("a", "b")}) == digest({"attributes": ["a", "b"], "alpha": "0.0125"})
    assert digest({"alpha": 0.0125}) != digest({"alpha": 0.05})


def test_norms_are_a_list_with_id_texts_by_language_and_source():
    framework = assessment().framework
    norms = through_json(norms_to_json(framework))
    validate(norms, "norms-1.schema.json")
    assert [n["id"] for n in norms] == [r.id for r in framework.requirements]
    fair = next(n for n in norms if n["id"] == "tru-fair-1")
    assert set(fair["title"]) == set(fair["why"]) == set(fair["good"]) == {"nl", "en"}
    assert fair["source"][1] == {"work": "ai-act", "passage": "art. 10(3)"}
    assert fair["valid_from"] == date(2026, 1, 1).isoformat()
    assert fair["evidence"][1] == {
        "kind": "measure",
        "check": "selection-rate-ratio",
        "limit": {
            "at_most": None,
            "at_least": 0.8,
            "because": {"nl": OUR_REASON["nl"], "en": OUR_REASON["en"]},
            "chosen_by": None,
            "chosen_on": None,
            "default": True,
        },
        "valid_months": RATIOS.valid_months,
    }
