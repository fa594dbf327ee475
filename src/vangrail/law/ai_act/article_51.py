"""Articles 51 to 55: providers of general-purpose AI models. A city that only uses or lightly tunes one is none."""

from vangrail.law.case import Case, Rules, met, more_than, no, not_met, yes
from vangrail.law.logic import Finding, all_of

rules = Rules()
late_rules = Rules()


@rules("GPA-08")
def large_modification(case: Case, rule: str) -> Finding:
    """Recital 97: more than one third of the original training compute."""
    return all_of(rule, yes(case, "modifies_gpai_model"), more_than(case, "modification_compute_share", 1 / 3))


@late_rules("GPA-04")
def open_model(case: Case, rule: str) -> Finding:
    """Article 53(2): open licence, everything public, no systemic risk."""
    return all_of(
        rule,
        met(case, "gpai-provider"),
        yes(case, "open_source_licence"),
        yes(case, "weights_and_architecture_public"),
        not_met(case, "systemic-risk"),
    )


@late_rules("GPA-01")
def documentation(case: Case, rule: str) -> Finding:
    """Article 53(1)(a) and (b)."""
    return all_of(rule, met(case, "gpai-provider"), unless=(met(case, "GPA-04"),))


@late_rules("GPA-02")
def copyright_policy(case: Case, rule: str) -> Finding:
    """Article 53(1)(c)."""
    return all_of(rule, met(case, "gpai-provider"))


@late_rules("GPA-03")
def training_summary(case: Case, rule: str) -> Finding:
    """Article 53(1)(d)."""
    return all_of(rule, met(case, "gpai-provider"))


@late_rules("GPA-05")
def model_representative(case: Case, rule: str) -> Finding:
    """Article 54: providers outside the Union, except of open models."""
    return all_of(rule, met(case, "gpai-provider"), no(case, "provider_in_eu"), unless=(met(case, "GPA-04"),))


@late_rules("GPA-06")
def notify(case: Case, rule: str) -> Finding:
    """Articles 51 and 52."""
    return all_of(rule, met(case, "gpai-provider"), met(case, "systemic-risk"))


@late_rules("GPA-07")
def systemic_duties(case: Case, rule: str) -> Finding:
    """Article 55."""
    return all_of(rule, met(case, "gpai-provider"), met(case, "systemic-risk"))


@late_rules("GPA-09")
def commission_enforces(case: Case, rule: str) -> Finding:
    """Article 101."""
    return all_of(rule, met(case, "gpai-provider"))


@late_rules("GPA-10")
def ai_office(case: Case, rule: str) -> Finding:
    """Article 75(1) as amended, with its carve-outs for Annex I and point 2."""
    return all_of(
        rule,
        met(case, "in-scope"),
        yes(case, "built_on_own_gpai_model"),
        unless=(met(case, "HRI-01"), met(case, "HRA-2"), met(case, "DEF-19")),
    )
