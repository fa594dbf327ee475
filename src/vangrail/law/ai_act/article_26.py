"""Articles 26, 27, 49(3) and 86: the deployer of a high-risk system."""

from vangrail.law.case import Case, Rules, among, met, not_met, one_of, yes
from vangrail.law.logic import Element, Finding, all_of, any_of

rules = Rules()

ALWAYS = ("DEP-01", "DEP-02", "DEP-03", "DEP-05", "DEP-12")


def _deployer(case: Case) -> tuple[Element, Element]:
    return met(case, "deployer"), met(case, "chapter-iii")


def _always(rule: str) -> None:
    @rules(rule)
    def deployer_duty(case: Case, rule: str) -> Finding:
        """Article 26: deployer of a high-risk system."""
        return all_of(rule, *_deployer(case))


for _rule in ALWAYS:
    _always(_rule)


@rules("DEP-04")
def paragraph_4(case: Case, rule: str) -> Finding:
    """Controls the input data."""
    return all_of(rule, *_deployer(case), yes(case, "controls_input_data"))


@rules("DEP-06")
def paragraph_6(case: Case, rule: str) -> Finding:
    """Logs under its control."""
    return all_of(rule, *_deployer(case), yes(case, "logs_under_own_control"))


@rules("DEP-07")
def paragraph_7(case: Case, rule: str) -> Finding:
    """Employer, at the workplace."""
    return all_of(rule, *_deployer(case), yes(case, "employer_uses_at_workplace"))


@rules("DEP-08")
def paragraph_8(case: Case, rule: str) -> Finding:
    """Public authority or EU body."""
    return all_of(
        rule,
        met(case, "deployer"),
        met(case, "high-risk-iii-not-2"),
        among(case, "actor_kind", "public_authority", "eu_body"),
    )


@rules("DEP-09")
def paragraph_9(case: Case, rule: str) -> Finding:
    """Where a DPIA is needed."""
    return all_of(rule, *_deployer(case), met(case, "GDP-35"))


@rules("DEP-10")
def paragraph_10(case: Case, rule: str) -> Finding:
    """Post-remote identification in a criminal investigation."""
    return all_of(
        rule,
        *_deployer(case),
        met(case, "DEF-17"),
        among(case, "biometric_function", "rbi_post"),
        met(case, "DEF-19"),
    )


@rules("DEP-11")
def paragraph_11(case: Case, rule: str) -> Finding:
    """Annex III, decides or assists decisions about natural persons."""
    return all_of(
        rule,
        met(case, "deployer"),
        met(case, "high-risk-iii"),
        yes(case, "decides_or_assists_decision_about_persons"),
    )


@rules("DEP-13")
def article_49_3(case: Case, rule: str) -> Finding:
    """Public authorities, EU bodies and who acts on their behalf; Annex III except point 2."""
    return all_of(rule, met(case, "deployer"), met(case, "high-risk-iii-not-2"), met(case, "public-authority"))


@rules("registration")
def registration(case: Case, rule: str) -> Finding:
    """Registration in the EU database: of the system by the provider, of the use by a public deployer."""
    return any_of(rule, met(case, "DEP-13"), met(case, "PRV-17"), met(case, "HRX-G"))


@rules("RIG-02")
def article_86(case: Case, rule: str) -> Finding:
    """A person about whom is decided on the basis of the output."""
    return all_of(rule, met(case, "high-risk-iii-not-2"), yes(case, "decides_or_assists_decision_about_persons"))


@rules("DEP-14")
def article_86_for_the_deployer(case: Case, rule: str) -> Finding:
    """The deployer explains."""
    return all_of(rule, met(case, "deployer"), met(case, "RIG-02"))


@rules("DEP-15")
def article_25(case: Case, rule: str) -> Finding:
    """Becomes provider."""
    changed = one_of(case, "role-changed", met(case, "ROL-04"), met(case, "ROL-05"), met(case, "ROL-06"))
    return all_of(rule, met(case, "deployer"), changed)


@rules("FRI-01")
def article_27_1(case: Case, rule: str) -> Finding:
    """Public-law bodies and public services for Annex III except point 2; everyone for 5(b) and 5(c)."""
    circle = one_of(case, "fria-circle", met(case, "public-law-or-service"), met(case, "HRA-5b"), met(case, "HRA-5c"))
    return all_of(rule, met(case, "deployer"), met(case, "high-risk-iii-not-2"), circle)


@rules("FRI-02")
def no_fria(case: Case, rule: str) -> Finding:
    """Who falls outside Article 27(1)."""
    return all_of(rule, not_met(case, "FRI-01"))


def _with_fria(rule: str) -> None:
    @rules(rule)
    def fria_duty(case: Case, rule: str) -> Finding:
        """Follows from the duty to make a FRIA."""
        return all_of(rule, met(case, "FRI-01"))


for _rule in ("FRI-03", "FRI-04", "FRI-05", "FRI-07", "FRI-D"):
    _with_fria(_rule)


@rules("FRI-06")
def article_27_4(case: Case, rule: str) -> Finding:
    """Reuse what the DPIA already holds."""
    return all_of(rule, met(case, "FRI-01"), met(case, "GDP-35"))


@rules("FRI-H")
def article_5_2(case: Case, rule: str) -> Finding:
    """Before any real-time identification under the exception."""
    return all_of(
        rule,
        met(case, "deployer"),
        met(case, "HRA-1a"),
        among(case, "biometric_function", "rbi_realtime"),
        met(case, "DEF-18"),
        met(case, "DEF-19"),
    )
