"""Article 2: what falls inside the Act. Read before everything else, except what hangs on risk (paragraph 12)."""

from vangrail.law.case import Case, Rules, among, met, no, not_met, one_of, yes
from vangrail.law.logic import YES, Finding, all_of

rules = Rules()
late_rules = Rules()


@rules("SCP-01")
def paragraph_1(case: Case, rule: str) -> Finding:
    """A link with the Union: supply, use, or use of the output."""
    return all_of(rule, no(case, "outside_union"))


@rules("SCP-02")
def no_ai_system(case: Case, rule: str) -> Finding:
    """Article 3(1): no AI system and no general-purpose model, so outside."""
    return all_of(rule, not_met(case, "DEF-01"), not_met(case, "DEF-23"))


@rules("SCP-03")
def paragraph_3(case: Case, rule: str) -> Finding:
    """Exclusively military, defence or national security."""
    return all_of(rule, yes(case, "purpose_exclusively_military_defence_national_security"))


@rules("SCP-04")
def paragraph_4(case: Case, rule: str) -> Finding:
    """Authorities of third countries and international organisations."""
    return all_of(rule, yes(case, "third_country_law_enforcement_cooperation"))


@rules("SCP-05")
def paragraph_6(case: Case, rule: str) -> Finding:
    """Sole purpose of scientific research and development."""
    return all_of(rule, yes(case, "sole_purpose_scientific_rd"))


@rules("scope-base")
def covered(case: Case, rule: str) -> Finding:
    """Inside, unless an exclusion is shown. Whoever relies on an exclusion must show it."""
    return all_of(
        rule,
        one_of(case, "ai-system-or-model", met(case, "DEF-01"), met(case, "DEF-23")),
        unless=(yes(case, "outside_union"), met(case, "SCP-03"), met(case, "SCP-04"), met(case, "SCP-05")),
    )


@rules("SCP-06")
def paragraph_8(case: Case, rule: str) -> Finding:
    """Research, testing and development before release; a test in the real world is not exempt."""
    return all_of(rule, among(case, "status", "idea", "development", "testing_lab"))


@rules("SCP-07")
def paragraph_10(case: Case, rule: str) -> Finding:
    """A natural person, purely privately."""
    return all_of(rule, among(case, "actor_kind", "natural_person"), yes(case, "personal_non_professional"))


@rules("SCP-10")
def other_law(case: Case, rule: str) -> Finding:
    """Paragraphs 7, 9 and 11: other law keeps applying, always."""
    return Finding(rule, YES)


@late_rules("SCP-08")
def paragraph_12(case: Case, rule: str) -> Finding:
    """Free and open-source, and none of high-risk, prohibited or under Article 50."""
    return all_of(
        rule,
        yes(case, "open_source_licence"),
        not_met(case, "high-risk"),
        not_met(case, "prohibited"),
        not_met(case, "prohibited-later"),
        not_met(case, "transparency"),
    )


@late_rules("SCP-09")
def paragraph_2(case: Case, rule: str) -> Finding:
    """High-risk through a product act of Annex I, section B."""
    return all_of(rule, met(case, "HRI-01"), met(case, "HRI-B"))


@late_rules("in-scope")
def in_scope(case: Case, rule: str) -> Finding:
    """Inside the Act after everything is read."""
    return all_of(rule, met(case, "scope-base"), unless=(met(case, "SCP-08"),))
