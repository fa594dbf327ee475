"""Other EU acts near an AI application of a government."""

from vangrail.law.case import Case, Rules, among, yes
from vangrail.law.logic import YES, Finding, all_of

rules = Rules()

BY_FACT = {
    "OTH-01": "reuse_of_protected_data",
    "OTH-02": "connected_device_data",
    "OTH-03": "publishes_datasets",
    "OTH-05": "nis2_entity",
    "OTH-06": "product_with_digital_elements",
    "OTH-07": "critical_entity_designated",
    "OTH-08": "platform_work",
    "OTH-09": "sponsored_political_message",
    "OTH-11": "cross_border_digital_service",
}
"""The acts that hang on one fact."""


def _by_fact(rule: str, fact: str) -> None:
    @rules(rule)
    def act(case: Case, rule: str) -> Finding:
        """Relevant when its fact is."""
        return all_of(rule, yes(case, fact))


for _rule, _fact in BY_FACT.items():
    _by_fact(_rule, _fact)


@rules("OTH-04")
def accessibility(case: Case, rule: str) -> Finding:
    """Directive (EU) 2016/2102 for public bodies; 2019/882 for certain services."""
    return all_of(
        rule,
        yes(case, "website_app_or_chatbot"),
        among(case, "actor_kind", "public_authority", "body_governed_by_public_law", "private_public_service"),
    )


@rules("OTH-10")
def police_data(case: Case, rule: str) -> Finding:
    """Directive (EU) 2016/680: personal data for law enforcement."""
    return all_of(rule, yes(case, "law_enforcement_purpose"), yes(case, "personal_data"))


@rules("OTH-12")
def energy(case: Case, rule: str) -> Finding:
    """No numeric duty for deployers; said to everyone."""
    return Finding(rule, YES)
