"""Article 3: what the words mean. Only definitions that a fact can decide; roles are in `article_25`."""

from vangrail.law.case import Case, Rules, among, element, met, more_than, not_met, yes
from vangrail.law.logic import NO, PRESUMED, UNKNOWN, YES, Element, Finding, Truth, all_of, any_of, truth_of

rules = Rules()

INFERS = ("ml", "logic_kb", "llm")
DOES_NOT_INFER = ("expert_rules_only", "descriptive_stats", "optimisation_only", "simple_baseline")
NOT_BIOMETRIC = Element("biometric_data", True, NO, ("biometric_data",))


def _infers(case: Case) -> Truth:
    """Commission guidelines on the definition (C(2025) 5053): learning and reasoning infer, fixed rules do not."""
    facts = case.facts
    if facts.technique in INFERS:
        return YES
    if facts.technique in DOES_NOT_INFER:
        return NO
    if facts.technique == "scorecard":
        learned = facts.weights_learned_from_data
        # OPN-06: when nobody knows how the weights came about, it is treated as an AI system.
        return PRESUMED if learned is None and facts.infers_from_input is None else truth_of(_first(learned, facts))
    return truth_of(facts.infers_from_input)


def _first(learned: bool | None, facts: object) -> bool | None:
    return learned if learned is not None else getattr(facts, "infers_from_input", None)


@rules("DEF-01a")
def infers(case: Case, rule: str) -> Finding:
    """Recital 12: it infers from its input how to produce outputs."""
    truth = _infers(case)
    facts = ("technique", "infers_from_input")
    if case.facts.technique == "scorecard":
        facts = ("technique", "weights_learned_from_data")
    return Finding(rule, truth, (element("infers_from_input", True, truth, *facts),))


@rules("DEF-01")
def ai_system(case: Case, rule: str) -> Finding:
    """Article 3(1). What infers from its input runs on a machine, so the second question is only asked when needed."""
    inferring = case["DEF-01a"].truth
    machine = case.facts.machine_based
    runs = truth_of(machine) if machine is not None else (inferring if inferring >= PRESUMED else UNKNOWN)
    return all_of(rule, element("machine_based", True, runs, "machine_based"), met(case, "DEF-01a"))


@rules("DEF-01b")
def no_ai_system(case: Case, rule: str) -> Finding:
    """Recital 12: fixed human rules, plain statistics, optimisation, trivial baselines."""
    return all_of(rule, not_met(case, "DEF-01"))


@rules("DEF-23")
def gpai_model(case: Case, rule: str) -> Finding:
    """Article 3(63). What does not infer is no model at all."""
    if case.facts.technique in DOES_NOT_INFER:
        return Finding(rule, NO, (among(case, "technique", *INFERS),))
    return all_of(rule, yes(case, "is_gpai_model"))


@rules("DEF-09")
def placed_or_in_service(case: Case, rule: str) -> Finding:
    """Article 3(9)-(11): supplied for the first time, or put into service, also for own use."""
    return all_of(rule, among(case, "status", "on_market", "in_use", "real_world_test", "retired"))


@rules("DEF-10")
def intended_purpose_changed(case: Case, rule: str) -> Finding:
    """Article 3(12): another purpose than the one the provider specified is another system under the Act."""
    return all_of(rule, yes(case, "changed_intended_purpose"))


@rules("DEF-11")
def safety_component(case: Case, rule: str) -> Finding:
    """Article 3(14) as amended: meant to prevent danger, or dangerous when it fails."""
    return any_of(rule, yes(case, "safety_function"), yes(case, "failure_endangers_health_or_safety"))


@rules("DEF-12")
def small(case: Case, rule: str) -> Finding:
    """Article 3(14a) and (14b)."""
    return all_of(rule, among(case, "is_sme", "sme", "smc"))


@rules("DEF-13")
def substantial_modification(case: Case, rule: str) -> Finding:
    """Article 3(23): an unforeseen change that affects compliance, or another purpose."""
    return any_of(rule, yes(case, "substantial_modification"), yes(case, "changed_intended_purpose"))


def biometric_function(case: Case, *values: str) -> Element:
    """What it does with biometric data; nothing, when there are none."""
    if case.facts.biometric_data is False:
        return NOT_BIOMETRIC
    return among(case, "biometric_function", *values)


@rules("DEF-14")
def biometric_data(case: Case, rule: str) -> Finding:
    """Article 3(34)."""
    functions = case.facts.biometric_function
    if case.facts.biometric_data is None and functions:
        return Finding(rule, YES, (among(case, "biometric_function", *sorted(functions)),))
    return all_of(rule, yes(case, "biometric_data"))


@rules("DEF-15")
def emotion_recognition(case: Case, rule: str) -> Finding:
    """Article 3(39)."""
    return all_of(rule, biometric_function(case, "emotion"))


@rules("DEF-16")
def biometric_categorisation(case: Case, rule: str) -> Finding:
    """Article 3(40)."""
    return all_of(rule, biometric_function(case, "categorisation"), unless=(yes(case, "ancillary_to_other_service"),))


@rules("DEF-17")
def remote_identification(case: Case, rule: str) -> Finding:
    """Article 3(41): without active involvement of the person."""
    return all_of(rule, biometric_function(case, "rbi_realtime", "rbi_post"), unless=(yes(case, "active_involvement"),))


@rules("DEF-18")
def public_space(case: Case, rule: str) -> Finding:
    """Article 3(44)."""
    return all_of(rule, yes(case, "publicly_accessible_space"))


@rules("DEF-19")
def law_enforcement(case: Case, rule: str) -> Finding:
    """Article 3(45)-(46)."""
    return all_of(rule, yes(case, "law_enforcement_purpose"))


@rules("DEF-20")
def profiling(case: Case, rule: str) -> Finding:
    """Article 3(52): personal data of natural persons, evaluated automatically."""
    if case.facts.personal_data is False:
        return Finding(rule, NO, (yes(case, "personal_data"),))
    if case.facts.affected in ("legal_persons_only", "nobody"):
        return Finding(rule, NO, (among(case, "affected", "natural_persons"),))
    return all_of(rule, yes(case, "performs_profiling"))


@rules("DEF-21")
def real_world_test(case: Case, rule: str) -> Finding:
    """Article 3(57)."""
    return all_of(rule, among(case, "status", "real_world_test"))


@rules("DEF-22")
def deep_fake(case: Case, rule: str) -> Finding:
    """Article 3(60)."""
    return all_of(
        rule,
        among(case, "synthetic_output", "image", "audio", "video"),
        yes(case, "resembles_existing"),
        yes(case, "would_falsely_appear_authentic"),
    )


@rules("DEF-25")
def public_authority(case: Case, rule: str) -> Finding:
    """Not defined in the Act; the draft guidelines take the test of case C-279/12."""
    return all_of(rule, among(case, "actor_kind", "public_authority"))


@rules("DEF-26")
def on_behalf(case: Case, rule: str) -> Finding:
    """Annex III, points 5 to 7: an authority has someone else do its task."""
    return all_of(rule, yes(case, "acts_on_behalf_of_public_authority"))


@rules("public-authority")
def by_or_for_an_authority(case: Case, rule: str) -> Finding:
    """By a public authority or EU body, or on behalf of one."""
    return any_of(rule, among(case, "actor_kind", "public_authority", "eu_body"), met(case, "DEF-26"))


@rules("public-law-or-service")
def fria_circle(case: Case, rule: str) -> Finding:
    """Article 27(1): bodies governed by public law, and private entities that provide public services."""
    return all_of(
        rule,
        among(
            case,
            "actor_kind",
            "public_authority",
            "body_governed_by_public_law",
            "private_public_service",
            "eu_body",
        ),
    )


@rules("systemic-risk")
def systemic_risk(case: Case, rule: str) -> Finding:
    """Article 51: designated, or presumed above 10^25 FLOP of training."""
    return any_of(rule, yes(case, "systemic_risk_designated"), more_than(case, "training_flop", 1e25))
