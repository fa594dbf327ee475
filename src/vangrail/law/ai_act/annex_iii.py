"""Annex III, point by point. Several may be met at once; all are returned.

A point that is named on the card (`annex3_point`) is presumed met until its elements are confirmed. A list that leaves a
point out says that it is not met. Points 1, 6 and 7 count "in so far as permitted by law": Article 5 was read before.
What the draft guidelines of 19 May 2026 add to the text is S3 in the rule data.
"""

from vangrail.law.ai_act.article_03 import biometric_function
from vangrail.law.ai_act.article_05 import listed
from vangrail.law.case import Case, ListedRules, among, met, no, not_met, yes
from vangrail.law.logic import Element, Finding, any_of

rules = ListedRules("annex3_point", lambda rule: rule.removeprefix("HRA-") if rule.startswith("HRA-") else None)

SENSITIVE = ("ethnic_origin", "health", "disability", "other_sensitive")
SECTORS = ("digital", "road_traffic", "water", "gas", "heating", "electricity")


def _point(case: Case, rule: str, *elements: Element, unless: tuple[Element, ...] = ()) -> Finding:
    return listed(case, rule, "annex3_point", rule.removeprefix("HRA-"), *elements, unless=unless)


def _persons(case: Case) -> Element:
    return among(case, "affected", "natural_persons")


def _police(case: Case) -> Element:
    return met(case, "DEF-19")


def _migration(case: Case) -> Element:
    return yes(case, "migration_authority")


@rules("HRA-1a")
def point_1a(case: Case, rule: str) -> Finding:
    """Remote biometric identification; verification is outside by definition."""
    return _point(
        case,
        rule,
        biometric_function(case, "rbi_realtime", "rbi_post"),
        unless=(yes(case, "active_involvement"),),
    )


@rules("HRA-1b")
def point_1b(case: Case, rule: str) -> Finding:
    """Categorisation by sensitive or protected attributes that Article 5(1)(g) does not prohibit."""
    return _point(case, rule, met(case, "DEF-16"), among(case, "biometric_category", *SENSITIVE))


@rules("HRA-1c")
def point_1c(case: Case, rule: str) -> Finding:
    """Emotion recognition that Article 5(1)(f) does not prohibit."""
    return _point(case, rule, met(case, "DEF-15"), not_met(case, "PRO-F"))


@rules("HRA-2")
def point_2(case: Case, rule: str) -> Finding:
    """Safety component of critical infrastructure. Whether only designated entities count is OPN-03."""
    return _point(
        case,
        rule,
        met(case, "DEF-11"),
        among(case, "critical_sector", *SECTORS),
        unless=(no(case, "critical_entity_designated"),),
    )


@rules("HRA-3a")
def point_3a(case: Case, rule: str) -> Finding:
    """Access, admission or assignment to education."""
    return _point(case, rule, yes(case, "education_access_decision"), _persons(case))


@rules("HRA-3b")
def point_3b(case: Case, rule: str) -> Finding:
    """Learning outcomes. Practice that never counts is outside in the draft guidelines (OPN-10)."""
    return _point(case, rule, yes(case, "evaluates_learning_outcomes"), yes(case, "counts_for_result"), _persons(case))


@rules("HRA-3c")
def point_3c(case: Case, rule: str) -> Finding:
    """The level of education that a person will get."""
    return _point(case, rule, yes(case, "assesses_education_level"), _persons(case))


@rules("HRA-3d")
def point_3d(case: Case, rule: str) -> Finding:
    """Monitoring prohibited behaviour during tests."""
    return _point(case, rule, yes(case, "monitors_tests"), _persons(case))


@rules("HRA-4a")
def point_4a(case: Case, rule: str) -> Finding:
    """Recruitment and selection."""
    return _point(case, rule, yes(case, "recruits_or_selects"), _persons(case))


@rules("HRA-4b")
def point_4b(case: Case, rule: str) -> Finding:
    """Terms, promotion, termination, task allocation by behaviour, monitoring."""
    return _point(case, rule, yes(case, "manages_workers"), _persons(case))


@rules("HRA-5a")
def point_5a(case: Case, rule: str) -> Finding:
    """Eligibility of natural persons for essential public assistance, by or for a public authority."""
    return _point(
        case,
        rule,
        met(case, "public-authority"),
        yes(case, "evaluates_eligibility"),
        yes(case, "essential_benefit"),
        _persons(case),
    )


@rules("HRA-5b")
def point_5b(case: Case, rule: str) -> Finding:
    """Creditworthiness, except detecting financial fraud."""
    return _point(
        case,
        rule,
        yes(case, "credit_scoring"),
        _persons(case),
        unless=(yes(case, "detects_financial_fraud_only"),),
    )


@rules("HRA-5c")
def point_5c(case: Case, rule: str) -> Finding:
    """Life and health insurance."""
    return _point(case, rule, yes(case, "life_or_health_insurance"), _persons(case))


@rules("HRA-5d")
def point_5d(case: Case, rule: str) -> Finding:
    """Emergency calls, dispatch, triage."""
    return _point(case, rule, yes(case, "emergency_triage"))


@rules("HRA-6a")
def point_6a(case: Case, rule: str) -> Finding:
    """Risk of becoming a victim."""
    return _point(case, rule, _police(case), yes(case, "victim_risk"))


@rules("HRA-6b")
def point_6b(case: Case, rule: str) -> Finding:
    """Polygraphs in law enforcement."""
    return _point(case, rule, _police(case), yes(case, "lie_detection"))


@rules("HRA-6c")
def point_6c(case: Case, rule: str) -> Finding:
    """Reliability of evidence."""
    return _point(case, rule, _police(case), yes(case, "evidence_reliability"))


@rules("HRA-6d")
def point_6d(case: Case, rule: str) -> Finding:
    """Risk of offending, not solely on profiling: what is solely on profiling is prohibited."""
    return _point(case, rule, _police(case), yes(case, "predicts_criminal_offence"), not_met(case, "PRO-D"))


@rules("HRA-6e")
def point_6e(case: Case, rule: str) -> Finding:
    """Profiling in criminal investigation."""
    return _point(case, rule, _police(case), yes(case, "profiling_in_criminal_investigation"))


@rules("HRA-7a")
def point_7a(case: Case, rule: str) -> Finding:
    """Polygraphs in migration."""
    return _point(case, rule, _migration(case), yes(case, "lie_detection"))


@rules("HRA-7b")
def point_7b(case: Case, rule: str) -> Finding:
    """Risk posed by a person who enters."""
    return _point(case, rule, _migration(case), yes(case, "migration_risk"))


@rules("HRA-7c")
def point_7c(case: Case, rule: str) -> Finding:
    """Examination of asylum, visa and residence applications."""
    return _point(case, rule, _migration(case), yes(case, "examines_residence_application"))


@rules("HRA-7d")
def point_7d(case: Case, rule: str) -> Finding:
    """Recognising persons in migration."""
    return _point(case, rule, _migration(case), yes(case, "identifies_in_migration"))


@rules("HRA-8a")
def point_8a(case: Case, rule: str) -> Finding:
    """Judicial authorities and dispute resolution with legal effect."""
    return _point(case, rule, yes(case, "judicial_or_binding_adr"), yes(case, "interprets_facts_or_law"))


@rules("HRA-8b")
def point_8b(case: Case, rule: str) -> Finding:
    """Elections and voting behaviour."""
    return _point(case, rule, yes(case, "influences_voting"), yes(case, "shown_to_voters"))


POINTS = tuple(rules)


@rules("annex-iii")
def any_point(case: Case, rule: str) -> Finding:
    """At least one point is met."""
    return any_of(rule, *(met(case, point) for point in POINTS))


@rules("annex-iii-not-2")
def any_point_but_2(case: Case, rule: str) -> Finding:
    """At least one point other than 2 is met."""
    return any_of(rule, *(met(case, point) for point in POINTS if point != "HRA-2"))
