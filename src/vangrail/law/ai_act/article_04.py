"""Articles 4 and 4a, and what holds for everyone: literacy, special categories against bias, voluntary codes."""

from vangrail.law.case import Case, Rules, met, not_met, one_of, yes
from vangrail.law.logic import Finding, all_of, any_of

rules = Rules()


@rules("ALL-01")
def literacy(case: Case, rule: str) -> Finding:
    """Article 4: providers and deployers of any AI system."""
    return all_of(
        rule,
        met(case, "in-scope"),
        met(case, "DEF-01"),
        one_of(case, "provider-or-deployer", met(case, "provider"), met(case, "deployer")),
    )


@rules("DEF-27")
def literacy_defined(case: Case, rule: str) -> Finding:
    """Article 3(56): matters for every AI system in the Act."""
    return all_of(rule, met(case, "in-scope"), met(case, "DEF-01"))


@rules("ALL-02")
def bias_provider(case: Case, rule: str) -> Finding:
    """Article 4a(1), before the omnibus Article 10(5): a permission for the provider of a high-risk system."""
    return all_of(
        rule,
        met(case, "provider"),
        met(case, "high-risk"),
        yes(case, "bias_correction_needs_special_categories"),
    )


@rules("ALL-03")
def bias_others(case: Case, rule: str) -> Finding:
    """Article 4a(2): the same permission for others."""
    return all_of(
        rule,
        met(case, "in-scope"),
        one_of(case, "provider-or-deployer", met(case, "provider"), met(case, "deployer")),
        yes(case, "bias_correction_needs_special_categories"),
    )


@rules("ALL-04")
def do_not(case: Case, rule: str) -> Finding:
    """Article 5: stop, or do not start."""
    return any_of(rule, met(case, "prohibited"), met(case, "prohibited-later"))


@rules("ALL-05")
def transparency(case: Case, rule: str) -> Finding:
    """Article 50 asks something of this system."""
    return all_of(rule, met(case, "transparency"))


@rules("ALL-06")
def voluntary_codes(case: Case, rule: str) -> Finding:
    """Article 95: without high risk."""
    return all_of(rule, met(case, "in-scope"), not_met(case, "high-risk"))
