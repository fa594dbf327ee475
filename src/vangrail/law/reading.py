"""Reads the facts of a card, each by itself and all together: what cannot both be true is refused, with both named."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from vangrail.law.ai_act.annex_iii import POINTS
from vangrail.law.ai_act.article_03 import DOES_NOT_INFER, INFERS
from vangrail.law.ai_act.article_05 import PRACTICES
from vangrail.law.engine import facts_behind, find
from vangrail.law.facts import Facts, FactsRefused, read_facts
from vangrail.law.knowledge import law_knowledge
from vangrail.law.logic import PRESUMED
from vangrail.model.framework import Text, both

_LISTS = ("article5_practice", "annex3_point")
ANY_DAY = date(2026, 12, 2)
"""A day on which every letter of Article 5 applies, to compare a list with the facts behind it."""


class Contradiction(NamedTuple):
    """Facts that cannot all be true, and why."""

    facts: tuple[str, ...]
    why: Text
    do: Text


def parse_facts(given: Mapping[str, Any]) -> Facts:
    """The facts of a mapping as it stands on a card. Yes, no and unknown may be said in Dutch or English.

    given       fact name → value; a name that is left out is unknown
    Raises      FactsRefused, a VangrailError, for an unknown name, for a value that is not allowed (the allowed ones are
                named), and for facts that contradict each other (both are named)
    """
    facts = read_facts(given)
    for found in contradictions(facts):
        nl, en = (join.join(repr(f) for f in found.facts) for join in (" en ", " and "))
        raise FactsRefused(
            both(nl=f"{nl} spreken elkaar tegen.", en=f"{en} contradict each other."),
            facts=found.facts,
            why=found.why,
            do=found.do,
        )
    return facts


def contradictions(facts: Facts) -> Iterator[Contradiction]:
    """Every contradiction in these facts."""
    yield from _about_the_system(facts)
    yield from _about_roles(facts)
    yield from _about_people(facts)
    yield from _with_lists(facts)


def _about_the_system(f: Facts) -> Iterator[Contradiction]:
    check = both(nl="Kijk beide na, of laat er een open.", en="Look again at both, or leave one open.")
    if f.technique in DOES_NOT_INFER and f.infers_from_input:
        yield Contradiction(
            ("technique", "infers_from_input"),
            both(
                nl="Deze techniek leidt niets af uit wat ze krijgt (3(1)).",
                en="This technique infers nothing from its input (3(1)).",
            ),
            check,
        )
    if f.technique in INFERS and f.infers_from_input is False:
        yield Contradiction(
            ("technique", "infers_from_input"),
            both(
                nl="Deze techniek leidt iets af uit wat ze krijgt (3(1)).",
                en="This technique infers from its input (3(1)).",
            ),
            check,
        )
    if (f.technique in INFERS or f.infers_from_input) and f.machine_based is False:
        other = "technique" if f.technique in INFERS else "infers_from_input"
        yield Contradiction(
            (other, "machine_based"),
            both(
                nl="Wat iets afleidt uit wat het krijgt, werkt met een machine (3(1)).",
                en="What infers from its input runs on a machine (3(1)).",
            ),
            check,
        )
    if f.technique in DOES_NOT_INFER and f.is_gpai_model:
        yield Contradiction(
            ("technique", "is_gpai_model"),
            both(
                nl="Een AI-model voor algemene doeleinden is met gegevens getraind (3(63)).",
                en="A general-purpose model is trained on data (3(63)).",
            ),
            check,
        )
    learned = f.weights_learned_from_data
    if f.technique == "scorecard" and None not in (learned, f.infers_from_input) and learned != f.infers_from_input:
        yield Contradiction(
            ("weights_learned_from_data", "infers_from_input"),
            both(
                nl="Een scorekaart leidt iets af als haar gewichten geleerd zijn, en anders niet (OPN-06).",
                en="A scorecard infers exactly when its weights were learned (OPN-06).",
            ),
            check,
        )
    if f.systemic_risk_designated and f.is_gpai_model is False:
        yield Contradiction(
            ("systemic_risk_designated", "is_gpai_model"),
            both(
                nl="Alleen een AI-model voor algemene doeleinden wordt aangewezen (51).",
                en="Only a general-purpose model is designated (51).",
            ),
            check,
        )
    early = ("idea", "development", "testing_lab")
    if f.status in early and isinstance(f.placed_or_in_service_since, date):
        yield Contradiction(
            ("status", "placed_or_in_service_since"),
            both(
                nl="Wat nog gemaakt wordt, is niet in de handel en niet in gebruik (3(9)-(11)).",
                en="What is still being made is not on the market or in service (3(9)-(11)).",
            ),
            both(
                nl="Beschrijf het systeem dat al werkt op een eigen kaart, of verbeter de status.",
                en="Describe the running system on its own card, or correct the status.",
            ),
        )
    if f.status in ("on_market", "in_use", "retired") and f.placed_or_in_service_since == "none":
        yield Contradiction(
            ("status", "placed_or_in_service_since"),
            both(
                nl="Wat in gebruik is, is op een bepaalde dag in gebruik genomen.",
                en="What is in use was put into service on some day.",
            ),
            check,
        )


def _about_roles(f: Facts) -> Iterator[Contradiction]:
    roles = f.role or frozenset()
    becomes = (
        f.name_on_system in ("own", "both")
        or f.substantial_modification
        or f.changed_intended_purpose
        or f.sells_product_under_own_name
    )
    if "provider" in roles and f.has_developed_or_had_developed is False and not becomes:
        yield Contradiction(
            ("role", "has_developed_or_had_developed"),
            both(
                nl="Een aanbieder ontwikkelt het systeem of laat het ontwikkelen (3(3)), tenzij artikel 25 je aanbieder maakt.",
                en="A provider develops the system or has it developed (3(3)), unless Article 25 makes it one.",
            ),
            both(
                nl="Gebruik je het alleen? Dan is de rol 'deployer' (gebruiksverantwoordelijke). Zeg anders wiens naam erop staat of wat er veranderd is.",
                en="If you only use it, the role is deployer. Otherwise say whose name is on it or what was changed.",
            ),
        )
    if "deployer" in roles and f.uses_under_own_authority is False:
        yield Contradiction(
            ("role", "uses_under_own_authority"),
            both(
                nl="Een gebruiksverantwoordelijke gebruikt het systeem onder eigen verantwoordelijkheid (3(4)).",
                en="A deployer uses the system under its own authority (3(4)).",
            ),
            both(nl="Verbeter de rol, of zeg dat je het gebruikt.", en="Correct the role, or say that you use it."),
        )
    if f.first_use_by == "third_party" and f.supplies_to_others is False:
        yield Contradiction(
            ("first_use_by", "supplies_to_others"),
            both(
                nl="Wat anderen als eersten gebruiken, heb je aan hen geleverd (3(9)-(11)).",
                en="What is for others to use first is supplied to them (3(9)-(11)).",
            ),
            both(
                nl="Zeg dat je het levert, of dat je het zelf als eerste gebruikt.",
                en="Say that you supply it, or that the first use is your own.",
            ),
        )
    if f.personal_non_professional and f.actor_kind not in (None, "natural_person"):
        yield Contradiction(
            ("personal_non_professional", "actor_kind"),
            both(
                nl="Alleen een mens kan iets louter persoonlijk gebruiken (2(10)).",
                en="Only a natural person uses something purely personally (2(10)).",
            ),
            both(nl="Een organisatie antwoordt nee.", en="An organisation answers no."),
        )


def _about_people(f: Facts) -> Iterator[Contradiction]:
    for fact in (
        "performs_profiling",
        "special_categories",
        "large_scale_special_categories",
        "criminal_data",
        "automated_decision_legal_effect",
        "uses_national_register",
        "uses_social_security_data",
        "pseudonymised_data_shared",
    ):
        if f.personal_data is False and getattr(f, fact):
            yield Contradiction(
                ("personal_data", fact),
                both(
                    nl="Dit kan niet zonder persoonsgegevens (AVG 4(1)).",
                    en="This cannot be done without personal data (GDPR 4(1)).",
                ),
                both(
                    nl="Waarschijnlijk worden er toch persoonsgegevens verwerkt.",
                    en="Most likely personal data are processed after all.",
                ),
            )
    if f.biometric_data is False and f.biometric_function:
        yield Contradiction(
            ("biometric_data", "biometric_function"),
            both(
                nl="Nagaan wie iemand is, herkennen, indelen en emoties lezen steunen op kenmerken van het lichaam (3(34)-(41)).",
                en="Verifying, recognising, categorising and reading emotions use features of the body (3(34)-(41)).",
            ),
            both(
                nl="De toon van een tekst is geen emotieherkenning; dan is de functie 'none'.",
                en="The tone of a text is no emotion recognition; then the function is 'none'.",
            ),
        )
    if f.biometric_category and f.biometric_function is not None and "categorisation" not in f.biometric_function:
        yield Contradiction(
            ("biometric_category", "biometric_function"),
            both(
                nl="Wie mensen in categorieën indeelt, doet aan categorisering (3(40)).",
                en="Categories are assigned by categorisation (3(40)).",
            ),
            both(
                nl="Voeg 'categorisation' toe aan de functie, of laat de categorie weg.",
                en="Add categorisation to the function, or leave out the category.",
            ),
        )
    for fact in ("performs_profiling", "decides_or_assists_decision_about_persons"):
        if f.affected in ("legal_persons_only", "nobody") and getattr(f, fact):
            yield Contradiction(
                ("affected", fact),
                both(
                    nl="Profielen en beslissingen over personen gaan over mensen (3(52), 26(11)).",
                    en="Profiles and decisions about persons are about natural persons (3(52), 26(11)).",
                ),
                both(nl="Kijk na over wie de resultaten gaan.", en="Look again at whom the outputs are about."),
            )


def _with_lists(f: Facts) -> Iterator[Contradiction]:
    """A list that leaves out what the other facts say (Article 5 and Annex III)."""
    if f.article5_practice is None and f.annex3_point is None:
        return
    found = find(f, ANY_DAY, heeds_lists=False)
    titles = law_knowledge().rules
    for list_, named, rules in (
        ("article5_practice", f.article5_practice, {rule: letter for letter, rule in PRACTICES.items()}),
        ("annex3_point", f.annex3_point, {rule: rule.removeprefix("HRA-") for rule in POINTS}),
    ):
        for rule, name in rules.items():
            if named is not None and name not in named and found[rule].truth >= PRESUMED:
                behind = [fact for fact in facts_behind(found, rule) if fact not in _LISTS]
                open_ = [fact for fact in behind if getattr(f, fact) is None]
                article = titles[rule].article
                yield Contradiction(
                    (list_, *(fact for fact in behind if getattr(f, fact) is not None)),
                    both(
                        nl=f"In de lijst ontbreekt {name}, maar volgens de andere feiten hoort die erbij ({article}).",
                        en=f"The list leaves out {name}, but the other facts meet it ({article}).",
                    ),
                    both(
                        nl=f"Zet {name} in de lijst, kijk de andere feiten na, of laat de lijst open."
                        + (f" Geldt er een uitzondering? Antwoord dan op {' of '.join(open_)}." if open_ else ""),
                        en=f"Add {name} to the list, or look again at the other facts; or leave the list open."
                        + (f" Does an exception hold? Then answer {' or '.join(open_)}." if open_ else ""),
                    ),
                )
