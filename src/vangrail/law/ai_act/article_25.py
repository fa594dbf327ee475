"""Who is who: Article 3(3)-(8), and how a role changes under Article 25. A role is a set: several may hold at once."""

from vangrail.law.case import Case, Rules, among, element, met, no, not_met, one_of, yes
from vangrail.law.knowledge import Certainty
from vangrail.law.logic import NO, PRESUMED, UNKNOWN, YES, Element, Finding, Truth, all_of, any_of

rules = Rules()


def _own_name(case: Case) -> Element:
    """Own name on it, alone or beside the supplier's (OPN-07). Made for own use without any name is own name too."""
    facts = case.facts
    named: Truth
    match facts.name_on_system:
        case "own" | "both":
            named = YES
        case "supplier":
            named = NO
        case "none":
            named = {"self": YES, "third_party": NO}.get(facts.first_use_by or "", UNKNOWN)
        case _:
            named = UNKNOWN
    used = ("name_on_system", "first_use_by") if facts.name_on_system == "none" else ("name_on_system",)
    return element("name_on_system", ("own", "both"), named, *used)


def _or_declared(case: Case, role: str, finding: Finding) -> Finding:
    """What the card declares counts as long as the facts do not decide."""
    if finding.truth is not UNKNOWN or case.facts.role is None or role not in case.facts.role:
        return finding
    return finding._replace(truth=PRESUMED, elements=(*finding.elements, among(case, "role", role)))


@rules("ROL-01")
def own_name(case: Case, rule: str) -> Finding:
    """Article 3(3)."""
    contested: Certainty | None = "S3" if case.facts.name_on_system == "both" else None
    return all_of(rule, yes(case, "has_developed_or_had_developed"), _own_name(case))._replace(certainty=contested)


@rules("ROL-03")
def commissioned(case: Case, rule: str) -> Finding:
    """Article 3(3): commissioned and delivered under the authority's name."""
    return all_of(
        rule,
        among(case, "actor_kind", "public_authority", "body_governed_by_public_law", "eu_body"),
        yes(case, "has_developed_or_had_developed"),
        _own_name(case),
    )


@rules("ROL-04")
def own_name_on_high_risk(case: Case, rule: str) -> Finding:
    """Article 25(1)(a)."""
    return all_of(
        rule,
        met(case, "high-risk"),
        among(case, "name_on_system", "own", "both"),
        no(case, "has_developed_or_had_developed"),
    )


@rules("ROL-05")
def modifies_high_risk(case: Case, rule: str) -> Finding:
    """Article 25(1)(b)."""
    return all_of(rule, met(case, "high-risk"), yes(case, "substantial_modification"))


@rules("ROL-06")
def other_purpose(case: Case, rule: str) -> Finding:
    """Article 25(1)(c)."""
    return all_of(rule, met(case, "high-risk"), yes(case, "changed_intended_purpose"))


@rules("provider")
def provider(case: Case, rule: str) -> Finding:
    """By making it under own name, or by one of the ways of Article 25."""
    finding = any_of(
        rule,
        met(case, "ROL-01"),
        met(case, "ROL-04"),
        met(case, "ROL-05"),
        met(case, "ROL-06"),
        met(case, "HRI-05"),
    )
    return _or_declared(case, "provider", finding)


@rules("ROL-02")
def uses(case: Case, rule: str) -> Finding:
    """Article 3(4), except purely personal use."""
    if case.facts.personal_non_professional is False or case.facts.actor_kind not in (None, "natural_person"):
        return all_of(rule, yes(case, "uses_under_own_authority"))
    return all_of(rule, yes(case, "uses_under_own_authority"), unless=(met(case, "SCP-07"),))


@rules("deployer")
def deployer(case: Case, rule: str) -> Finding:
    """Uses it under its authority."""
    return _or_declared(case, "deployer", all_of(rule, met(case, "ROL-02")))


def _supplies(case: Case) -> Element:
    """Supplied to others: said so, or made to be used first by another (3(9)-(11))."""
    facts = case.facts
    if facts.supplies_to_others is None and facts.first_use_by == "third_party":
        return among(case, "first_use_by", "third_party")
    return yes(case, "supplies_to_others")


@rules("ROL-09")
def imports(case: Case, rule: str) -> Finding:
    """Article 3(6): places a third-country system on the Union market under the foreign name."""
    return all_of(
        rule,
        no(case, "supplier_in_eu"),
        among(case, "name_on_system", "supplier", "both"),
        _supplies(case),
        no(case, "supplier_already_on_union_market"),
    )


@rules("importer")
def importer(case: Case, rule: str) -> Finding:
    """Article 3(6)."""
    return _or_declared(case, "importer", all_of(rule, met(case, "ROL-09")))


@rules("ROL-10")
def passes_on(case: Case, rule: str) -> Finding:
    """Article 3(7): passes on, being neither provider nor importer."""
    return all_of(rule, _supplies(case), not_met(case, "provider"), not_met(case, "importer"))


@rules("distributor")
def distributor(case: Case, rule: str) -> Finding:
    """Article 3(7)."""
    return _or_declared(case, "distributor", all_of(rule, met(case, "ROL-10")))


@rules("authorised_representative")
def representative(case: Case, rule: str) -> Finding:
    """Article 3(5)."""
    found = all_of(rule, yes(case, "holds_mandate_of_provider"))
    return _or_declared(case, "authorised_representative", found)


@rules("product_manufacturer")
def manufacturer(case: Case, rule: str) -> Finding:
    """Article 2(1)(e)."""
    return _or_declared(case, "product_manufacturer", all_of(rule, yes(case, "sells_product_under_own_name")))


@rules("ROL-07")
def former_provider(case: Case, rule: str) -> Finding:
    """Article 25(2) as amended: cooperates, unless it clearly excluded high-risk use."""
    return all_of(
        rule,
        one_of(case, "role-changed", met(case, "ROL-04"), met(case, "ROL-05"), met(case, "ROL-06")),
        unless=(yes(case, "supplier_excludes_high_risk_use"),),
    )


@rules("ROL-08")
def component_suppliers(case: Case, rule: str) -> Finding:
    """Article 25(4) as amended."""
    return all_of(rule, met(case, "provider"), met(case, "chapter-iii"), yes(case, "uses_third_party_components"))


@rules("ROL-11")
def shared_service(case: Case, rule: str) -> Finding:
    """One organisation runs it for several; roles are split per application."""
    return all_of(rule, yes(case, "shared_service"))


def _same(role: str, definition: str) -> None:
    @rules(definition)
    def definition_of_role(case: Case, rule: str) -> Finding:
        """The definition is met when the role is held."""
        return all_of(rule, met(case, role))


for _role, _definition in (
    ("provider", "DEF-02"),
    ("deployer", "DEF-03"),
    ("authorised_representative", "DEF-04"),
    ("importer", "DEF-05"),
    ("distributor", "DEF-06"),
    ("product_manufacturer", "DEF-07"),
):
    _same(_role, _definition)

ROLES = ("provider", "deployer", "authorised_representative", "importer", "distributor", "product_manufacturer")


@rules("DEF-08")
def operator(case: Case, rule: str) -> Finding:
    """Article 3(8): any role."""
    return any_of(rule, *(met(case, role) for role in ROLES))


@rules("gpai-provider")
def gpai_provider(case: Case, rule: str) -> Finding:
    """Provider of a general-purpose model: of one's own, or of a very large modification of another's."""
    own = all_of("gpai-own", met(case, "DEF-23"), met(case, "provider"), met(case, "scope-base"))
    case["gpai-own"] = own
    return any_of(rule, met(case, "gpai-own"), met(case, "GPA-08"))
