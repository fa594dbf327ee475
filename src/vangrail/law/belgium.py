"""Belgian and Flemish rows. They hold for rule-based tools too: nothing here asks whether it is AI."""

from vangrail.law.case import Case, Rules, among, met, one_of, yes
from vangrail.law.logic import YES, Element, Finding, all_of

rules = Rules()


def _authority(case: Case) -> Element:
    return met(case, "public-authority")


def _public_body(case: Case) -> Element:
    return among(case, "actor_kind", "public_authority", "body_governed_by_public_law")


@rules("BEL-01")
def reasons(case: Case, rule: str) -> Finding:
    """Law of 29 July 1991, Articles 2 and 3."""
    return all_of(rule, _authority(case), yes(case, "individual_administrative_act"))


@rules("BEL-02")
def good_administration(case: Case, rule: str) -> Finding:
    """Care, reasonableness, hearing."""
    return all_of(rule, _authority(case), yes(case, "individual_administrative_act"))


@rules("BEL-03")
def active_information(case: Case, rule: str) -> Finding:
    """Bestuursdecreet II.2."""
    return all_of(rule, _public_body(case))


@rules("BEL-04")
def access_to_documents(case: Case, rule: str) -> Finding:
    """Bestuursdecreet II.31: on request."""
    return all_of(rule, _public_body(case), yes(case, "document_request"))


@rules("BEL-05")
def accessible(case: Case, rule: str) -> Finding:
    """Website, app, chatbot."""
    return all_of(rule, _public_body(case), yes(case, "website_app_or_chatbot"))


@rules("BEL-06")
def protected_data(case: Case, rule: str) -> Finding:
    """Re-use of protected data held by public bodies."""
    return all_of(rule, _public_body(case), yes(case, "reuse_of_protected_data"))


@rules("BEL-07")
def protocol(case: Case, rule: str) -> Finding:
    """E-government decree, Article 8."""
    return all_of(rule, _public_body(case), yes(case, "exchanges_personal_data_with_authority"))


@rules("BEL-08")
def flemish_supervisor(case: Case, rule: str) -> Finding:
    """Personal data at a Flemish or local body: name VTC and GBA."""
    return all_of(rule, _public_body(case), yes(case, "personal_data"))


@rules("BEL-09")
def no_gdpr_fine(case: Case, rule: str) -> Finding:
    """Law of 30 July 2018, Article 221 §2."""
    return all_of(rule, _public_body(case), yes(case, "personal_data"))


@rules("BEL-10")
def national_register(case: Case, rule: str) -> Finding:
    """Data or number of the national register."""
    return all_of(rule, yes(case, "uses_national_register"))


@rules("BEL-11")
def social_security(case: Case, rule: str) -> Finding:
    """Social security data."""
    return all_of(rule, yes(case, "uses_social_security_data"))


@rules("BEL-12")
def camera_law(case: Case, rule: str) -> Finding:
    """Surveillance camera in public space."""
    return all_of(rule, yes(case, "surveillance_camera_public_space"))


@rules("BEL-13")
def anpr(case: Case, rule: str) -> Finding:
    """Number plates."""
    return all_of(rule, yes(case, "reads_number_plates"))


@rules("BEL-14")
def municipal_fine(case: Case, rule: str) -> Finding:
    """The sanctioning officer decides."""
    return all_of(rule, yes(case, "municipal_fine"))


@rules("BEL-15")
def language(case: Case, rule: str) -> Finding:
    """Messages to citizens."""
    return all_of(rule, _public_body(case), yes(case, "message_to_citizen"))


@rules("BEL-16")
def equal_treatment(case: Case, rule: str) -> Finding:
    """Whenever people may be treated differently."""
    return all_of(rule, yes(case, "decides_or_assists_decision_about_persons"))


@rules("BEL-17")
def unions(case: Case, rule: str) -> Finding:
    """New technology for staff, or monitoring of staff."""
    staff = one_of(case, "staff", yes(case, "employer_uses_at_workplace"), yes(case, "manages_workers"))
    return all_of(rule, staff)


@rules("BEL-18")
def ai_authorities(case: Case, rule: str) -> Finding:
    """Who supervises the Act in Belgium."""
    return all_of(rule, met(case, "in-scope"))


@rules("BEL-19")
def rights_bodies(case: Case, rule: str) -> Finding:
    """The Article 77 bodies, for high-risk systems."""
    return all_of(rule, met(case, "high-risk"))


@rules("BEL-20")
def register(case: Case, rule: str) -> Finding:
    """A public algorithm register is policy."""
    return all_of(rule, _public_body(case))


@rules("BEL-22")
def liability(case: Case, rule: str) -> Finding:
    """Software is a product; for everyone."""
    return Finding(rule, YES)
