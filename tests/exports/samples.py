"""An assessment of a fictitious application, made by hand from values: every verdict and every kind of evidence is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import cycle
from typing import Any

from pydantic import BaseModel

from vangrail.exports.dossier_texts import STATISTICS
from vangrail.model.board import (
    Assessment,
    Board,
    CheckDescription,
    DatasetRead,
    GateView,
    Judgement,
    Lack,
    Line,
)
from vangrail.model.card import Answer, Card, Record
from vangrail.model.evidence import Evidence, Measurement
from vangrail.model.framework import (
    AskPerson,
    Classify,
    Condition,
    Declare,
    Framework,
    Gate,
    GlossaryEntry,
    Limit,
    Measure,
    Principle,
    Process,
    Proof,
    Requirement,
    Source,
    Text,
    VerifyLedger,
    Work,
    both,
)
from vangrail.model.needs import Fingerprint
from vangrail.model.outcome import Detail, Group, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import (
    GateOutcome,
    Language,
    OrganisationKind,
    Phase,
    ProcessActor,
    RecordKind,
    Role,
    Unit,
    Verdict,
)

DAY = date(2026, 11, 22)
MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SOURCE = (Source(work="principedocument", passage="p. 6, voorwaarde 5"), Source(work="ai-act", passage="art. 10(3)"))

WORDS = {
    "phase.idea": ("idee", "idea"),
    "phase.design": ("ontwerp", "design"),
    "phase.build": ("ontwikkeling of aankoop", "build or buy"),
    "phase.validate": ("validatie", "validation"),
    "phase.operate": ("gebruik", "use"),
    "phase.retire": ("uitfasering", "retirement"),
    "verdict.met": ("voldaan", "met"),
    "verdict.not_met": ("niet voldaan", "not met"),
    "verdict.partly": ("deels voldaan", "partly met"),
    "verdict.unknown": ("onbekend", "unknown"),
    "verdict.expired": ("vervallen", "expired"),
    "verdict.not_applicable": ("niet van toepassing", "not applicable"),
    "answer.yes": ("ja", "yes"),
    "answer.partly": ("deels", "partly"),
    "answer.no": ("nee", "no"),
    "answer.not_applicable": ("niet van toepassing", "not applicable"),
    "evidence.measure": ("meting", "measurement"),
    "evidence.answer": ("antwoord", "answer"),
    "evidence.declare": ("verklaring", "declaration"),
    "evidence.process": ("gebeurtenis", "event"),
    "evidence.classification": ("indeling", "classification"),
    "evidence.ledger": ("controle van het logboek", "check of the ledger"),
    "classification.duties": ("plichten met hun datum", "duties with their dates"),
    "role.application_owner": ("toepassingsverantwoordelijke", "application owner"),
    "role.decider": ("beslisser", "decider"),
    "role.dpo": ("functionaris voor gegevensbescherming", "data protection officer"),
    "role.security_officer": ("informatieveiligheidsconsulent", "security officer"),
    "role.ai_officer": ("AI-verantwoordelijke", "AI officer"),
    "role.overseer": ("toezichthouder", "overseer"),
    "role.data_steward": ("gegevensbeheerder", "data steward"),
    "role.data_scientist": ("datawetenschapper", "data scientist"),
    "role.communication": ("communicatie", "communication"),
    "role.hr": ("personeelsdienst", "HR"),
    "role.supplier": ("leverancier", "supplier"),
    "unit.percent": ("procent", "percent"),
    "unit.percentage points": ("procentpunt", "percentage points"),
    "unit.ratio": ("verhouding", "ratio"),
    "unit.coefficient": ("coëfficiënt", "coefficient"),
    "unit.days": ("dagen", "days"),
    "unit.count": ("aantal", "count"),
}


WORDS |= {code: (code.replace("_", " "), code.replace("_", " ")) for code in STATISTICS if code not in WORDS}


def _glossary() -> tuple[GlossaryEntry, ...]:
    words = dict(WORDS)
    for prefix, values in (("record", RecordKind), ("actor", ProcessActor), ("organisation", OrganisationKind)):
        words |= {f"{prefix}.{value}": (value.replace("_", " "), value.replace("_", " ")) for value in values}
    words |= {f"gate.{value}": (value.value, value.value) for value in GateOutcome}
    return tuple(
        GlossaryEntry(
            code=code,
            title=both(nl=nl, en=en),
            meaning=both(
                nl=f"Zo noemen we '{nl}'. Voorbeeld: staat op het bord.", en=f"We call this '{en}'. It is on the board."
            ),
            source=SOURCE,
        )
        for code, (nl, en) in words.items()
    )


PRINCIPLES = tuple(
    Principle(
        id=id_,
        number=number,
        title=both(nl=nl, en=en),
        summary=both(nl=f"{nl}: zo werkt een overheid met AI.", en=f"{en}: so a government works with AI."),
        source=SOURCE,
    )
    for number, (id_, nl, en) in enumerate(
        [
            ("dem", "Democratisch", "Democratic"),
            ("tru", "Betrouwbaar", "Trustworthy"),
            ("hum", "Mensgericht", "Human-centred"),
            ("lit", "AI-bewustwording", "AI awareness"),
            ("dat", "Correct datagebruik en -beheer", "Correct use and management of data"),
            ("sus", "Duurzaam", "Sustainable"),
        ],
        start=1,
    )
)

CONDITIONS = (
    Condition(
        id="fairness",
        number=5,
        title=both(
            nl="Rechtvaardigheid, inclusie en non-discriminatie", en="Fairness, inclusion and non-discrimination"
        ),
        summary=both(nl="Iedereen gelijk behandeld.", en="Everyone treated equally."),
        source=SOURCE,
    ),
)

GATE = Gate(
    after=Phase.VALIDATE,
    title=both(nl="Mag de toepassing in gebruik?", en="May the application go into use?"),
    opened_by=(Role.DECIDER,),
    advice_of=(Role.APPLICATION_OWNER, Role.DPO, Role.AI_OFFICER),
)


def requirement(
    id_: str,
    *,
    nl: str,
    en: str,
    evidence: Iterable[Proof],
    phases: tuple[Phase, ...] = (Phase.VALIDATE, Phase.OPERATE),
) -> Requirement:
    """A requirement with texts of a realistic length."""
    return Requirement(
        id=id_,
        version=1,
        valid_from=date(2026, 1, 1),
        principle=id_.split("-", maxsplit=1)[0],
        title=both(nl=nl, en=en),
        why=both(
            nl="Een systeem kan voor de ene groep vaker fout zijn dan voor de andere, zonder dat iemand het merkt. Wie"
            " het niet meet, kan het ook niet rechtzetten. Dat raakt mensen die toch al minder kansen hebben.",
            en="A system can be wrong more often for one group than for another without anyone noticing. Whoever does"
            " not measure it cannot put it right. That touches people who have fewer chances already.",
        ),
        good=both(
            nl="Je meet per groep en per combinatie van kenmerken, je koos vooraf een grens, en je zegt waarom die daar"
            " ligt. Voorbeeld: 'We aanvaarden hoogstens 10 procentpunt verschil, omdat het toeval bij onze aantallen"
            " al 6 punt kan zijn.'",
            en="You measure per group and per combination of characteristics, you chose a limit beforehand, and you say"
            " why it lies there.",
        ),
        source=SOURCE,
        phases=phases,
        answered_by=(Role.APPLICATION_OWNER, Role.DATA_SCIENTIST),
        evidence=tuple(evidence),
        conditions=("fairness",) if id_.startswith("tru") else (),
    )


FINGERPRINT = Fingerprint(
    algorithm="vangrail-rows-1",
    content="3f1c9a0e5b7d2468ace013579bdf2468",
    rows=20_000,
    bytes_sha256="9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
)

OWN_LIMIT = Limit(
    at_most=10,
    because="De raad legde in 2025 vast dat geen groep meer dan 10 punten mag verschillen.",
    chosen_by="An Peeters",
    chosen_on=date(2026, 3, 2),
)
OUR_LIMIT = Limit(at_most=5, because="A starting value of ours.")
OUR_REASON = both(
    nl="Startwaarde van ons, geen norm uit de wet. Kies vooraf je eigen grens.",
    en="A starting value of ours, not a standard from the law. Choose your own limit beforehand.",
)


def evidence(
    check: str,
    subject: str,
    outcome: Outcome,
    *,
    dataset: str = "beslissingen",
    settings: Mapping[str, Any] | None = None,
) -> Evidence:
    """A figure as it was measured on the day."""
    return Evidence(
        measurement=Measurement(
            check=check, version=1, dataset=dataset, subject=subject, settings=settings or {"alpha": 0.0125}
        ),
        outcome=outcome,
        fingerprint=FINGERPRINT,
        measured_at=MADE_AT,
        measured_by="vangrail 0.1.0",
    )


COMPARED = (
    both(
        nl="Vergeleken met 'België', de referentiegroep van de kaart.",
        en="Compared with 'België', the reference group of the card.",
    ),
    both(
        nl="De intervallen van de verschillen gelden met 95 % zekerheid voor alle vergelijkingen van deze beoordeling"
        " samen (Bonferroni: 6 uitspraken, 10 kenmerken en combinaties, hier 3 groepen).",
        en="The intervals of the differences hold with 95 % confidence for all comparisons of this assessment together"
        " (Bonferroni: 6 statements, 10 characteristics and combinations, 3 groups here).",
    ),
)
TOO_SMALL = both(nl="te weinig gevallen; minstens 30 zijn nodig", en="too few cases; at least 30 are needed")
ORIGIN_GROUPS = (
    Group(attributes={"herkomst": "België"}, rows=14_210, value=41.3, low=40.5, high=42.1, is_reference=True),
    Group(
        attributes={"herkomst": "buiten EU"},
        rows=3_904,
        value=19.9,
        low=18.7,
        high=21.2,
        difference=-21.4,
        difference_low=-24.9,
        difference_high=-17.9,
    ),
    Group(
        attributes={"herkomst": "EU zonder België"},
        rows=1_881,
        value=38.8,
        low=36.6,
        high=41.0,
        difference=-2.5,
        difference_low=-6.6,
        difference_high=1.6,
    ),
    Group(attributes={"herkomst": "onbekend"}, rows=None, not_measurable=TOO_SMALL),
)
GAP = Measured(
    value=21.4,
    low=17.9,
    high=24.9,
    confidence=0.95,
    unit=Unit.PERCENTAGE_POINTS,
    rows=19_998,
    groups=ORIGIN_GROUPS,
    group_unit=Unit.PERCENT,
    notes=COMPARED,
)


def many_groups(number: int) -> Measured:
    """A comparison of so many districts, every seventh too small."""
    groups = [Group(attributes={"wijk": "Centrum"}, rows=2_100, value=40.0, low=37.9, high=42.1, is_reference=True)]
    for i in range(1, number):
        name = {"wijk": f"Wijk {i:02d}", "leeftijd": "65+" if i % 2 else "25-44"}
        if i % 7 == 0:
            groups.append(
                Group(
                    attributes=name,
                    rows=20 + i % 9,
                    not_measurable=both(
                        nl=f"maar {20 + i % 9} gevallen; minstens 30 zijn nodig",
                        en=f"only {20 + i % 9} cases; at least 30 are needed",
                    ),
                )
            )
            continue
        gap = (i % 5 - 2) * 1.7
        groups.append(
            Group(
                attributes=name,
                rows=300 + 10 * i,
                value=40 + gap,
                low=36 + gap,
                high=44 + gap,
                difference=gap,
                difference_low=gap - 6.3,
                difference_high=gap + 6.3,
            )
        )
    return Measured(
        value=3.4,
        low=0.0,
        high=9.7,
        confidence=0.95,
        unit=Unit.PERCENTAGE_POINTS,
        rows=18_404,
        groups=tuple(groups),
        group_unit=Unit.PERCENT,
        notes=COMPARED,
    )


RATIO = Measured(
    value=0.48,
    low=0.41,
    high=0.56,
    confidence=0.95,
    unit=Unit.RATIO,
    rows=19_998,
    groups=(
        Group(attributes={"herkomst": "België"}, rows=14_210, value=41.3, low=40.5, high=42.1, is_reference=True),
        Group(
            attributes={"herkomst": "buiten EU"},
            rows=3_904,
            value=19.9,
            low=18.7,
            high=21.2,
            difference=0.48,
            difference_low=0.41,
            difference_high=0.56,
        ),
    ),
    group_unit=Unit.PERCENT,
    notes=COMPARED[:1],
)
MISSING = Measured(
    value=3.2,
    unit=Unit.PERCENT,
    rows=20_000,
    details=(
        Detail(name="inkomen", rows=20_000, counted=640),
        Detail(
            name="gezinsgrootte", rows=20_000, counted=12, note=both(nl="'-' telt als leeg", en="'-' counts as empty")
        ),
        Detail(name="aanvraagdatum", rows=20_000, counted=0),
    ),
    notes=(both(nl="Meeste ontbrekende waarden in kolom 'inkomen'.", en="Most are missing in column 'inkomen'."),),
)
UNKNOWABLE = NotMeasurable(
    reason=both(
        nl="De foutpercentages kunnen niet gekend zijn: de uitkomst is alleen bekend voor dossiers die gekozen werden"
        " voor controle, en er is geen willekeurige steekproef.",
        en="The error rates cannot be known: the outcome is known only for cases that were selected to be checked, and"
        " there is no random sample.",
    ),
    do=both(
        nl="Controleer voortaan ook een klein aantal willekeurig gekozen dossiers.",
        en="From now on also check a small number of cases drawn at random.",
    ),
    rows=20_000,
    groups=(Group(attributes={"geslacht": "X"}, rows=None, not_measurable=TOO_SMALL),),
)

ANSWER = Answer(
    requirement="hum-2",
    answer="partly",
    because="Aan het loket kan iedereen een medewerker spreken. Aan de telefoon nog niet: daar begint een keuzemenu."
    " Vanaf januari neemt het onthaal zelf op.",
    by="Chaima El Amrani",
    role=Role.APPLICATION_OWNER,
    on=date(2026, 10, 5),
    documents=("documenten/onthaal.pdf", "https://www.zandhove.example/onthaal"),
)
NAMED = Answer(
    requirement="tru-fair-1",
    answer="yes",
    because="De kleine groepen worden door twee medewerkers samen bekeken.",
    by="An Peeters",
    role=Role.APPLICATION_OWNER,
    on=date(2026, 9, 1),
    on_behalf="het vast bureau",
)
DRILL = Record(
    kind=RecordKind.STOP_DRILL,
    on=date(2026, 6, 11),
    what="Stopoefening: binnen 4 minuten stond de oude werkwijze klaar.",
    by="Bram Claes",
    outcome="De handleiding kreeg een telefoonnummer erbij.",
    people=6,
    documents=("documenten/stopoefening.md",),
)

CHECKS = {
    c.id: c
    for c in (
        CheckDescription(
            id="selection-rate-difference",
            family="fairness",
            version=1,
            title=both(nl="Verschil in toekenning", en="Difference in selection rate"),
            measures=both(
                nl="Hoeveel punten een groep vaker of minder vaak het gunstige advies krijgt dan de referentiegroep.",
                en="How many points more or less often a group gets the favourable advice than the reference group.",
            ),
            formula="max |selected_g / n_g − selected_ref / n_ref| × 100",
            source="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10",
        ),
        CheckDescription(
            id="selection-rate-ratio",
            family="fairness",
            version=1,
            title=both(nl="Verhouding in toekenning", en="Ratio of selection rates"),
            measures=both(nl="De kleinste kans gedeeld door de grootste.", en="The smaller rate over the larger."),
            formula="min rate / max rate",
            source="Katz et al. (1978), Biometrics 34, 469-474",
        ),
        CheckDescription(
            id="completeness",
            family="data",
            version=1,
            title=both(nl="Volledigheid", en="Completeness"),
            measures=both(nl="Hoeveel waarden ontbreken.", en="How many values are missing."),
            formula="missing / rows × 100",
            source="ISO/IEC 25012:2008, completeness; principedocument p. 11",
        ),
        CheckDescription(
            id="false-positive-rate-difference",
            family="fairness",
            version=1,
            title=both(nl="Verschil in onterecht 'ja'", en="Difference in false positive rate"),
            measures=both(nl="Hoeveel punten vaker onterecht ja.", en="How many points more often wrongly yes."),
            formula="max |FP_g / N_g − FP_ref / N_ref| × 100",
            source="Newcombe (1998), Statistics in Medicine 17, 873-890, method 10",
        ),
    )
}

CARD: dict[str, Any] = {
    "vangrail": 1,
    "id": "voorrang-steun",
    "name": "Voorrang bij aanvullende steun",
    "summary": "Zet aanvragen voor aanvullende steun in een volgorde, zodat dringende dossiers eerst bekeken worden.",
    "organisation": {"name": "OCMW Zandhove", "kind": "ocmw", "number": "0207.123.456"},
    "phase": "validate",
    "people": {
        "application_owner": {
            "name": "An Peeters",
            "function": "diensthoofd sociale dienst",
            "contact": "sociaal@zandhove.example",
        },
        "dpo": {"name": "Dirk Maes"},
    },
    "purpose": {"text": "Dringende aanvragen eerst behandelen."},
    "suppliers": [{"name": "Softwarehuis De Brug", "product": "Triage 3"}],
}

NO_LIMIT = both(
    nl="Gemeten, maar er is vooraf geen grens gekozen, dus er is geen oordeel.",
    en="Measured, but no limit was chosen beforehand, so there is no verdict.",
)
BEYOND = both(
    nl="Het cijfer ligt voorbij de grens, ook als je de onzekerheid meetelt.",
    en="The figure lies beyond the limit, even with its uncertainty counted in.",
)
WITHIN = both(
    nl="Het cijfer blijft binnen de grens, ook als je de onzekerheid meetelt.",
    en="The figure stays within the limit, even with its uncertainty counted in.",
)
STRADDLES = both(
    nl="Niet genoeg bewijs: het interval ligt aan beide kanten van de grens.",
    en="Not enough evidence: the interval lies on both sides of the limit.",
)

SELECTION = Measure(check="selection-rate-difference")
RATIOS = Measure(check="selection-rate-ratio", limit=Limit(at_least=0.8, because="ours"), limit_reason=OUR_REASON)
COMPLETE = Measure(check="completeness", limit=OUR_LIMIT, limit_reason=OUR_REASON)
FALSE_YES = Measure(check="false-positive-rate-difference")
PROXIES = Measure(check="proxy-association")
ASK = AskPerson(
    question=both(
        nl="Kan iedereen die dat wil een mens bereiken, en hoe snel?",
        en="Can everyone who wants to reach a person, and how fast?",
    )
)


def lines() -> tuple[Line, ...]:
    """The lines of the sample, in the order of the principles."""
    own = (Role.APPLICATION_OWNER,)
    until = date(2027, 11, 22)
    return (
        line(
            requirement(
                "dem-1",
                nl="De toepassing dient een opdracht van de overheid",
                en="It serves a public task",
                evidence=[Declare(fields=("purpose.text", "purpose.public_task"))],
                phases=(Phase.IDEA,),
            ),
            Verdict.PARTLY,
            Judgement(
                proof=Declare(fields=("purpose.text", "purpose.public_task")),
                verdict=Verdict.PARTLY,
                because=both(
                    nl="Ontbreekt op de kaart: 'purpose.public_task'.", en="Missing on the card: 'purpose.public_task'."
                ),
                do=both(
                    nl="Vul in op de kaart: 'purpose.public_task'.", en="Fill in on the card: 'purpose.public_task'."
                ),
                who=own,
            ),
        ),
        line(
            requirement(
                "dem-7",
                nl="Alle wetten die gelden zijn opgelijst",
                en="All applicable law is listed",
                evidence=[Classify(topic="duties")],
                phases=(Phase.DESIGN,),
            ),
            Verdict.UNKNOWN,
            Judgement(
                proof=Classify(topic="duties"),
                verdict=Verdict.UNKNOWN,
                because=both(nl="Nog niet nagegaan.", en="Not looked into yet."),
                who=own,
            ),
        ),
        line(
            requirement(
                "tru-fair-1",
                nl="Uitkomsten en fouten verschillen niet te veel tussen groepen",
                en="Outcomes and errors do not differ too much between groups",
                evidence=[SELECTION, RATIOS, FALSE_YES],
            ),
            Verdict.NOT_MET,
            Judgement(
                proof=SELECTION,
                verdict=Verdict.NOT_MET,
                because=BEYOND,
                who=own,
                measured=evidence("selection-rate-difference", "herkomst", GAP),
                limit=OWN_LIMIT,
                valid_until=until,
            ),
            Judgement(
                proof=SELECTION,
                verdict=Verdict.PARTLY,
                because=both(
                    nl="Wat gemeten kon worden, blijft binnen de grens. 5 groepen zijn niet te meten.",
                    en="What could be measured stays within the limit. 5 groups cannot be measured.",
                ),
                who=own,
                measured=evidence("selection-rate-difference", "wijk × leeftijd", many_groups(40)),
                limit=OWN_LIMIT,
                answer=NAMED,
                valid_until=until,
            ),
            Judgement(
                proof=RATIOS,
                verdict=Verdict.UNKNOWN,
                because=STRADDLES,
                who=own,
                measured=evidence("selection-rate-ratio", "herkomst", RATIO),
                limit=RATIOS.limit,
                valid_until=until,
            ),
            Judgement(
                proof=FALSE_YES,
                verdict=Verdict.UNKNOWN,
                because=UNKNOWABLE.reason,
                do=UNKNOWABLE.do,
                who=own,
                measured=evidence("false-positive-rate-difference", "geslacht", UNKNOWABLE),
                valid_until=until,
            ),
        ),
        line(
            requirement(
                "tru-fair-2",
                nl="Kenmerken die stiekem een ander kenmerk verraden zijn gevonden",
                en="Proxies are found",
                evidence=[PROXIES],
                phases=(Phase.BUILD,),
            ),
            Verdict.UNKNOWN,
            Judgement(
                proof=PROXIES,
                verdict=Verdict.UNKNOWN,
                because=both(
                    nl="Nog niet gemeten: de meting 'proxy-association' zit nog niet in deze versie.",
                    en="Not yet measured: the check 'proxy-association' is not in this version yet.",
                ),
            ),
        ),
        line(
            requirement(
                "tru-hum-3",
                nl="De toepassing kan meteen gestopt worden",
                en="It can be stopped at once",
                evidence=[Process(record=RecordKind.STOP_DRILL)],
            ),
            Verdict.MET,
            Judgement(
                proof=Process(record=RecordKind.STOP_DRILL),
                verdict=Verdict.MET,
                because=both(nl=f"2026-06-11: {DRILL.what}", en=f"2026-06-11: {DRILL.what}"),
                records=(DRILL,),
                valid_until=date(2028, 6, 11),
            ),
        ),
        line(
            requirement(
                "tru-acc-3",
                nl="Het logboek is volledig en niet veranderd",
                en="The audit trail is complete and unaltered",
                evidence=[VerifyLedger()],
            ),
            Verdict.MET,
            Judgement(
                proof=VerifyLedger(),
                verdict=Verdict.MET,
                because=both(nl="Alle 42 blaadjes kloppen.", en="All 42 leaves hold."),
            ),
        ),
        line(
            requirement(
                "hum-2",
                nl="Een mens blijft bereikbaar",
                en="A person can always be reached",
                evidence=[ASK],
                phases=(Phase.DESIGN,),
            ),
            Verdict.PARTLY,
            Judgement(
                proof=ASK,
                verdict=Verdict.PARTLY,
                because=both(nl=f"{ANSWER.by}: {ANSWER.because}", en=f"{ANSWER.by}: {ANSWER.because}"),
                do=ASK.question,
                who=own,
                answer=ANSWER,
            ),
        ),
        line(
            requirement(
                "lit-7",
                nl="De deontologische code geldt ook voor AI",
                en="The deontological code applies to AI",
                evidence=[ASK],
                phases=(Phase.OPERATE,),
            ),
            Verdict.UNKNOWN,
            Judgement(
                proof=ASK,
                verdict=Verdict.UNKNOWN,
                because=both(nl="Nog niet beantwoord.", en="Not answered yet."),
                do=ASK.question,
                who=own,
            ),
            asked=False,
        ),
        line(
            requirement(
                "dat-1",
                nl="De gegevens zijn volledig",
                en="The data are complete",
                evidence=[COMPLETE],
                phases=(Phase.BUILD, Phase.OPERATE),
            ),
            Verdict.MET,
            Judgement(
                proof=COMPLETE,
                verdict=Verdict.MET,
                because=WITHIN,
                measured=evidence("completeness", "values", MISSING),
                limit=OUR_LIMIT,
                valid_until=until,
            ),
        ),
        line(
            requirement(
                "dat-2",
                nl="De gegevens zijn representatief",
                en="The data are representative",
                evidence=[SELECTION],
                phases=(Phase.BUILD, Phase.OPERATE),
            ),
            Verdict.EXPIRED,
            Judgement(
                proof=SELECTION,
                verdict=Verdict.EXPIRED,
                because=both(
                    nl="De gegevens zijn veranderd sinds de meting.", en="The data changed since it was measured."
                ),
                do=both(nl="Meet opnieuw met: vangrail assess", en="Measure again with: vangrail assess"),
                who=(Role.DATA_SCIENTIST,),
                measured=evidence(
                    "selection-rate-difference",
                    "leeftijd",
                    replace(GAP, value=6.1, low=4.0, high=8.2, groups=ORIGIN_GROUPS[:2]),
                ),
                limit=OWN_LIMIT,
                valid_until=until,
            ),
        ),
        line(
            requirement(
                "dat-6",
                nl="De labels zijn betrouwbaar",
                en="The labels are reliable",
                evidence=[ASK],
                phases=(Phase.BUILD,),
            ),
            Verdict.NOT_APPLICABLE,
            Judgement(
                proof=ASK,
                verdict=Verdict.NOT_APPLICABLE,
                because=both(
                    nl="An Peeters: er zijn geen labels door mensen gegeven.",
                    en="An Peeters: er zijn geen labels door mensen gegeven.",
                ),
                answer=NAMED.model_copy(update={"answer": "not_applicable", "requirement": "dat-6"}),
            ),
        ),
        line(
            requirement(
                "sus-5",
                nl="De keuze is in haar geheel afgewogen",
                en="The choice was weighed as a whole",
                evidence=[ASK],
                phases=(Phase.DESIGN,),
            ),
            Verdict.UNKNOWN,
            Judgement(
                proof=ASK,
                verdict=Verdict.UNKNOWN,
                because=both(nl="Nog niet beantwoord.", en="Not answered yet."),
                do=ASK.question,
                who=own,
            ),
        ),
    )


def line(requirement_: Requirement, verdict: Verdict, *judgements: Judgement, asked: bool = True) -> Line:
    """A line whose reason is that of its first judgement."""
    return Line(
        requirement=requirement_, verdict=verdict, because=judgements[0].because, judgements=judgements, asked=asked
    )


def assessment(
    *, of: Iterable[Line] | None = None, card: Mapping[str, Any] | None = None, last_phase: bool = False
) -> Assessment:
    """The sample: all verdicts, figures with groups, what cannot be measured, answers, and things that happened."""
    found = tuple(lines() if of is None else of)
    board = Board(on=DAY, phase=Phase.RETIRE if last_phase else Phase.VALIDATE, lines=found)
    good = (Verdict.MET, Verdict.NOT_APPLICABLE)
    gate = GateView(
        gate=GATE,
        met=tuple(x for x in board.asked if x.verdict in good),
        lacks=tuple(
            Lack(line=x, what=_joined(j.because, j.do), who=j.who)
            for x in board.asked
            if x.verdict not in good
            for j in x.judgements
            if j.verdict not in good
        ),
    )
    return Assessment(
        card=Card.model_validate(card or CARD),
        framework=Framework(
            principles=PRINCIPLES,
            conditions=CONDITIONS,
            requirements=tuple(x.requirement for x in found),
            gates=(GATE,),
            vocabularies=(),
            works=(
                Work(
                    id="principedocument",
                    title=both(
                        nl="Principedocument Vlaamse AI-strategie", en="Principle document of the Flemish AI strategy"
                    ),
                    passage_form=r"p\. .*",
                ),
                Work(
                    id="ai-act",
                    title=both(nl="AI-verordening", en="AI Act"),
                    passage_form=r"art\. .*",
                    address="http://data.europa.eu/eli/reg/2024/1689/oj",
                ),
            ),
            glossary=_glossary(),
            digest="5d41402abc4b2a76b9719d911017c592ae8f1d3b2f1c9a0e5b7d2468ace01357",
        ),
        board=board,
        gate=None if last_phase else gate,
        datasets=(
            DatasetRead(
                name="beslissingen",
                fingerprint=FINGERPRINT,
                columns=14,
                notes=(
                    both(
                        nl="Het scheidingsteken is ';', gevonden door te kijken.",
                        en="The delimiter is ';', found by looking.",
                    ),
                    both(
                        nl="2 rijen hadden een datum die niet te lezen was.",
                        en="2 rows had a date that could not be read.",
                    ),
                ),
            ),
        ),
        checks=CHECKS,
        made_at=MADE_AT,
        made_by="vangrail 0.1.0",
        card_digest="b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
        checkpoint="zandhove.example/vangrail\n42\nn4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=\n\n— zandhove.example/vangrail Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe\n",
    )


def _joined(because: Text, do: Text | None) -> Text:
    return because if do is None else {language: f"{because[language]} {do[language]}" for language in Language}


def large(*, requirements: int = 65, measured: int = 200) -> Assessment:
    """As many requirements and measured pieces of evidence as a real assessment has."""
    own = (Role.APPLICATION_OWNER,)
    sizes = (4, 14, 40)
    prefixes = [p.id for p in PRINCIPLES]
    found = []
    left = measured
    for i in range(requirements):
        share = -(-left // (requirements - i))
        left -= share
        proofs = [SELECTION, ASK]
        judgements = [
            Judgement(
                proof=SELECTION,
                verdict=Verdict.NOT_MET,
                because=BEYOND,
                who=own,
                measured=evidence("selection-rate-difference", f"kenmerk {i}.{j}", many_groups(sizes[(i + j) % 3])),
                limit=OWN_LIMIT,
                valid_until=date(2027, 11, 22),
            )
            for j in range(share)
        ]
        judgements.append(
            Judgement(proof=ASK, verdict=Verdict.PARTLY, because=ASK.question, do=ASK.question, who=own, answer=ANSWER)
        )
        id_ = f"{prefixes[i * 6 // requirements]}-{i + 1}"
        found.append(
            line(
                requirement(
                    id_, nl=f"Eis nummer {i + 1} van een grote beoordeling", en=f"Requirement {i + 1}", evidence=proofs
                ),
                Verdict.NOT_MET,
                *judgements,
            )
        )
    return assessment(of=found)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; </style></title><style>*{display:none}</style>",
    "</details></section><!-- ]]> &amp; &lt;",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u202c \u0645\u0631\u062d\u0628\u0627",
    "A" * 10_000,
)
_KEYS = {"id", "topic", "principle", "conditions", "work", "code", "check", "kind", "answer", "requirement", "vangrail"}
"""Fields that are looked up by: ids and codes, never free text."""


def hostile(value: Any, *, longest: int = 10_000) -> Any:
    """The same value with hostile text behind every text in it that is not a key."""
    texts, seen = cycle(HOSTILE), dict[str, str]()

    def spoiled(found: Any) -> Any:
        if isinstance(found, str) and not isinstance(found, StrEnum):
            if found not in seen:
                seen[found] = f"{found} {next(texts)[:longest]}"
            return seen[found]
        if isinstance(found, Mapping):
            return {key: spoiled(inner) for key, inner in found.items()}
        if isinstance(found, tuple):
            return tuple(spoiled(inner) for inner in found)
        if isinstance(found, BaseModel):
            return found.model_copy(update={k: spoiled(v) for k, v in found if k not in _KEYS})
        if is_dataclass(found) and not isinstance(found, type):
            changed = {f.name: spoiled(getattr(found, f.name)) for f in fields(found) if f.init and f.name not in _KEYS}
            return replace(found, **changed)
        return found

    return spoiled(value)
