"""The register as open data: nothing public by accident, and formats that others can read."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from defusedxml import ElementTree
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF
from samples import BEYOND, CARD, GAP, SELECTION, assessment, evidence, line, requirement

from vangrail import knowledge
from vangrail.exports import dcat, linked_data
from vangrail.exports.assessment_json import assessment_to_json
from vangrail.exports.atom import News, feed
from vangrail.exports.publication import LawSaid, figures_shown, prose, publication, since
from vangrail.exports.register import BOM, Published, harmless, published_to_json, register_csv, register_json
from vangrail.model.board import CheckDescription, Judgement
from vangrail.model.framework import Limit, both
from vangrail.model.outcome import Group, Measured
from vangrail.model.vocabulary import Language, Unit, Verdict

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LAW = LawSaid(
    outcome="high_risk",
    text=both(nl="Hoog risico.", en="High-risk."),
    confirmed_on=date(2026, 11, 1),
    points=((both(nl="Steun", en="Support"), "Annex III 5(a)"),),
    roles=("deployer",),
    routes=("annex_iii",),
    annex_iii=("5a",),
)
LIMIT = Limit(at_most=5, because="Zo koos het vast bureau het.", chosen_by="An Peeters", chosen_on=date(2026, 1, 5))
FULL = CARD | {
    "oversight": {"authority": "An Peeters mag de toepassing stilleggen."},
    "contact": {"ask": "sociaal@zandhove.example", "object": "bezwaar@zandhove.example", "term_days": 30},
    "affected": [{"who": "Aanvragers", "number_per_year": 900}, {"who": "Tolken", "number_per_year": 3}],
    "process": [{"step": "Volgorde", "actor": "ai_advises"}, {"step": "Beslissen", "actor": "human"}],
    "legal_basis": [
        {"title": "OCMW-wet", "article": "57", "link": "https://codex.example/57"},
        {"title": "Vals", "link": "javascript:alert(1)"},
    ],
    "privacy": {"personal_data": "Inkomen en gezin."},
    "energy": {"operation_kwh_year": 140.5},
    "fallback": {"stopped_by": "Griet Loncke"},
}


def board_with(outcome=GAP, *, check="selection-rate-difference", because=BEYOND):
    """One requirement with one figure."""
    judged = Judgement(
        proof=SELECTION,
        verdict=Verdict.NOT_MET,
        because=because,
        measured=evidence(check, "herkomst", outcome),
        limit=LIMIT,
    )
    asked = requirement("tru-fair-1", nl="Gelijk behandeld", en="Treated alike", evidence=[SELECTION])
    return assessment(of=[line(asked, Verdict.NOT_MET, judged)], card=FULL)


def replace_card(**parts):
    """The same assessment, of a card that says this as well."""
    found = board_with()
    return replace(found, card=found.card.model_copy(update=parts))


def made(**how):
    return publication(board_with(**how), law=LAW)


def published(content=None, **parts):
    one = Published(
        content=content or made().content,
        address="https://register.example/register/ocmw-zandhove/voorrang-steun/",
        organisation="ocmw-zandhove",
        number=2,
        published_at=AT,
        changed_at=AT,
        stopped=False,
        stale=1,
        newer_card=False,
        verified_on=date(2026, 11, 22),
    )
    return replace(one, **parts)


# --- what is public ---------------------------------------------------------------------------------------------------
def test_nobody_is_named():
    everything = json.dumps(made(because=both(nl="An Peeters: dit is zo.", en="An Peeters: it is so.")).content)
    for name in ("An Peeters", "Dirk Maes", "Griet Loncke"):
        assert name not in everything


def test_a_name_in_a_text_gives_way_to_the_function_and_whoever_prepares_it_is_told():
    found = made()
    assert found.content["oversight"]["authority"] == "Diensthoofd sociale dienst mag de toepassing stilleggen."
    assert found.names_replaced == ("oversight.authority",)


def test_the_responsible_person_is_there_by_function_and_functional_address():
    assert made().content["responsible"] == {
        "function": "diensthoofd sociale dienst",
        "contact": "sociaal@zandhove.example",
    }


def test_a_small_group_has_no_number_and_does_not_follow_from_the_others():
    """19 998 rows less 14 210, 3 904 and 1 881 would leave 3: so the other groups keep their numbers to themselves."""
    groups = made().content["figures"][0]["groups"]
    assert [g["rows"] for g in groups] == [None] * 4
    assert [g["small"] for g in groups] == [False, False, False, True]
    assert groups[3]["value"] is None


def test_without_a_small_group_every_number_is_there():
    groups = made(outcome=replace(GAP, groups=GAP.groups[:3])).content["figures"][0]["groups"]
    assert [g["rows"] for g in groups] == [14_210, 3_904, 1_881]


def test_a_number_of_people_below_five_is_not_told():
    assert [a["number_per_year"] for a in made().content["affected"]] == [900, None]


def test_groups_of_staff_are_never_public():
    by_officer = Measured(
        value=81.0,
        unit=Unit.PERCENT,
        rows=900,
        groups=(Group(attributes={"officer": "M12"}, rows=90, value=99.0),),
    )
    oversight = CheckDescription(
        id="advice-followed",
        family="oversight",
        version=1,
        title=both(nl="Advies gevolgd", en="Advice followed"),
        measures=both(nl="Hoe vaak.", en="How often."),
        formula="n / n",
        source="ours",
    )
    found = board_with(outcome=by_officer, check="advice-followed")
    found = replace(found, checks={**found.checks, "advice-followed": oversight})
    content = publication(found, law=LAW).content
    assert content["figures"][0]["groups"] == []
    assert "M12" not in json.dumps(content)


def test_a_link_that_is_no_web_address_is_left_out():
    assert [r["link"] for r in made().content["legal_basis"]] == ["https://codex.example/57", None]


def test_the_limit_says_why_and_not_by_whom():
    limit = made().content["figures"][0]["limit"]
    assert limit["because"]["nl"] == "Zo koos het vast bureau het." and "chosen_by" not in limit


# --- figures in words -------------------------------------------------------------------------------------------------
def test_a_figure_in_words_with_its_interval_and_its_limit():
    found = figures_shown(made().content, Language.NL)[0]
    assert found.value == "21,4 procentpunt"
    assert found.certainty == "Het echte cijfer ligt met 95 % zekerheid tussen 17,9 en 24,9 procentpunt."
    assert found.limit == "De grens is: hoogstens 5 procentpunt."
    assert found.plot is not None and found.plot.dots[0].label == "België"
    assert [(g.name, g.rows, g.difference) for g in found.groups] == [
        ("België", "niet getoond", "vergelijkingsgroep"),
        ("buiten EU", "niet getoond", "−21,4 (−24,9 tot −17,9)"),
        ("EU zonder België", "niet getoond", "−2,5 (−6,6 tot 1,6)"),
        ("onbekend", "niet getoond", "–"),
    ]


def test_the_same_words_after_the_database_and_in_english():
    """A database may give the keys of an object back in another order."""
    back = json.loads(json.dumps(made().content, sort_keys=True))
    assert figures_shown(back, Language.NL) == figures_shown(made().content, Language.NL)
    assert figures_shown(back, Language.EN)[0].limit == "The limit is: at most 5 percentage points."


def test_what_was_counted_whole_says_so():
    counted = Measured(value=3.0, unit=Unit.DAYS, rows=40)
    assert figures_shown(made(outcome=counted).content, Language.NL)[0].certainty.startswith("Alles is geteld")


# --- how it stands now ------------------------------------------------------------------------------------------------
def test_a_figure_whose_data_changed_is_stale_with_the_reason():
    content, now = made().content, assessment_to_json(board_with())
    assert since(content, now).stale == {}
    now["requirements"][0]["evidence"][0] |= {"verdict": "expired", "because": {"nl": "De data zijn veranderd."}}
    assert since(content, now).stale == {0: {Language.NL: "De data zijn veranderd."}}


def test_a_figure_that_was_measured_again_says_when():
    content, now = made().content, assessment_to_json(board_with())
    now["requirements"][0]["evidence"][0]["measured_at"] = "2026-12-24T09:30:00+00:00"
    found = since(content, now)
    assert found.measured_again == {0: date(2026, 12, 24)} and found.verified_on == date(2026, 12, 24)


def test_a_figure_that_is_measured_no_longer_is_stale():
    found = since(made().content, {"requirements": []})
    assert list(found.stale) == [0] and found.verified_on == date(2026, 11, 22)


def test_every_text_of_people_can_be_walked():
    places = dict(prose(made().content))
    assert places["purpose.text"] == "Dringende aanvragen eerst behandelen."
    assert {"oversight.authority", "process.step", "privacy.personal_data", "contact.object"} <= set(places)


# --- CSV and JSON -----------------------------------------------------------------------------------------------------
def rows(*found):
    text = "".join(register_csv(found, language=Language.NL, framework=knowledge.framework()))
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_the_csv_opens_in_excel_of_belgium():
    """A mark for UTF-8, semicolons, a decimal comma, and lines that end as Windows does."""
    text = "".join(register_csv([published()], language=Language.NL, framework=knowledge.framework()))
    assert text.encode().startswith(b"\xef\xbb\xbfBestuur;KBO- of OVO-nummer;") and text.count("\r\n") == 2
    (row,) = rows(published())
    assert row["Energie in gebruik (kWh per jaar)"] == "140,5"
    assert row["Wie doet wat"] == "Volgorde: AI adviseert; Beslissen: een mens"
    assert row["Verouderde cijfers"] == "1" and row["Gestopt"] == "nee"


@pytest.mark.parametrize("start", ["=1+1", "+32 50", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(start):
    assert harmless(start) == f"'{start}"
    content = made().content
    content["what"]["summary"] = start
    assert rows(published(content))[0]["Wat ze doet"].startswith("'")


def test_a_plain_text_stays_as_it_is():
    assert harmless("De score is 3 = hoog") == "De score is 3 = hoog"


def test_the_whole_register_is_one_json_document():
    found = json.loads("".join(register_json([published(), published()], address="https://register.example/")))
    assert found["vangrail"] == "register/1" and len(found["items"]) == 2
    assert found["items"][0]["now"]["stale_figures"] == 1
    assert json.loads("".join(register_json([], address="x")))["items"] == []


def test_the_json_of_one_says_what_it_is_and_under_which_licence():
    found = published_to_json(published())
    assert found["vangrail"] == "publication/1" and found["licence"].startswith(
        "https://data.vlaanderen.be/id/licentie/"
    )


# --- linked data ------------------------------------------------------------------------------------------------------
IT = URIRef("https://register.example/register/ocmw-zandhove/voorrang-steun/#toepassing")


def test_what_it_is_about_is_a_theme_of_the_eu():
    content = publication(replace_card(themes=["soci", "heal"]), law=LAW).content
    graph = linked_data.application_graph(published(content))
    themes = "http://publications.europa.eu/resource/authority/data-theme/"
    assert set(graph.objects(IT, DCAT.theme)) == {URIRef(f"{themes}SOCI"), URIRef(f"{themes}HEAL")}
    assert rows(published(content))[0]["Thema's"] == "Welzijn en samenleving; Gezondheid en zorg"


def test_an_application_is_typed_with_dpv():
    graph = linked_data.application_graph(published())
    act = linked_data.AI_ACT
    assert {linked_data.AI.AISystem, act["HighRiskAISystem-AnnexIII-5-a"]} == set(graph.objects(IT, RDF.type))
    assert set(graph.objects(IT, act.hasRiskLevel)) == {act["RiskLevelHigh-A6-2"]}
    assert set(graph.objects(IT, linked_data.DPV.hasHumanInvolvement)) == {linked_data.DPV.HumanInvolvementForDecision}
    assert (None, RDF.type, act.AIDeployer) in graph
    assert str(graph.value(IT, DCTERMS.title)) == "Voorrang bij aanvullende steun"
    figure = graph.value(IT, linked_data.DQV.hasQualityMeasurement)
    assert graph.value(figure, linked_data.DQV.value).toPython() == 21.4


def test_turtle_and_json_ld_say_the_same():
    graph = linked_data.application_graph(published())
    turtle = Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    lines = Graph().parse(data="".join(linked_data.register_turtle([published()])), format="turtle")
    jsonld = Graph().parse(data="".join(linked_data.register_jsonld([published()])), format="json-ld")
    assert isomorphic(graph, turtle) and isomorphic(graph, lines) and isomorphic(graph, jsonld)


def test_hostile_texts_stay_texts_in_every_format():
    content = made().content
    evil = 'x" . <https://evil.example> a "y\\\n<script>alert(1)</script>\u0001'
    content["what"]["summary"] = evil
    one = published(content)
    for text, form in (
        ("".join(linked_data.register_turtle([one])), "turtle"),
        ("".join(linked_data.register_jsonld([one])), "json-ld"),
    ):
        graph = Graph().parse(data=text, format=form)
        assert graph.value(IT, DCTERMS.description) == Literal(evil, lang="nl")
        assert (URIRef("https://evil.example"), None, None) not in graph


# --- the catalogue ----------------------------------------------------------------------------------------------------
SHAPES = Path(__file__).parent / "dcat-ap-vl.shacl.ttl"


def catalogue():
    """That of an installation with one organisation."""
    formats = {f: f"https://register.example/register.{f}?bestuur=x" for f in ("csv", "json", "ttl", "jsonld")}
    body = dcat.Body(
        name="OCMW Zandhove",
        address="https://register.example/register/ocmw-zandhove/",
        contact="info@zandhove.example",
        changed_at=AT,
        formats=formats,
        themes=("soci",),
    )
    site = dcat.Site(
        address="https://register.example/open-data/",
        title="Register",
        publisher="OCMW Zandhove",
        contact="",
        api="https://register.example/api/v1/",
        described="https://register.example/api/v1/openapi.json",
        stream="https://register.example/ldes#stroom",
        roots={f: f"https://register.example/ldes.{f}" for f in ("ttl", "jsonld")},
        changed_at=AT,
    )
    return dcat.catalogue([body], site)


def test_the_catalogue_has_all_that_dcat_ap_vlaanderen_makes_mandatory():
    graph = Graph().parse(data=catalogue().serialize(format="turtle"), format="turtle")
    conforms, _, said = validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert conforms, said
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 6, "four forms of the register, two of the stream"


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [
        (DCAT.Catalog, DCTERMS.license),
        (DCAT.CatalogRecord, DCTERMS.modified),
        (DCAT.Dataset, DCAT.theme),
        (DCAT.Dataset, dcat.MDCAT.statuut),
        (DCAT.Distribution, DCAT.accessURL),
        (DCAT.DataService, DCAT.endpointDescription),
    ],
)
def test_the_shapes_see_what_is_not_there(kind, lacks):
    graph = catalogue()
    one = next(graph.subjects(RDF.type, kind))
    graph.remove((one, lacks, None))
    assert not validate(graph, shacl_graph=Graph().parse(SHAPES))[0]


def test_the_themes_of_a_data_set_are_those_of_its_applications():
    graph = catalogue()
    dataset = URIRef("https://register.example/register/ocmw-zandhove/#dataset")
    assert {str(t)[-4:] for t in graph.objects(dataset, DCAT.theme)} == {"GOVE", "SOCI"}


# --- the feed ---------------------------------------------------------------------------------------------------------
def test_the_feed_is_atom_and_leaves_out_what_xml_does_not_know():
    news = [
        News(
            id="urn:1", title="<b>& \u0000\ud800x", address="https://r.example/1", at=AT, summary="s\u0008", author="A"
        )
    ]
    text = feed(
        title="T",
        address="https://r.example/",
        self_address="https://r.example/f",
        updated=AT,
        news=news,
        language="nl-BE",
    )
    root = ElementTree.fromstring(text)
    atom = "{http://www.w3.org/2005/Atom}"
    assert root.tag == f"{atom}feed" and root.find(f"{atom}updated").text == "2026-11-22T12:00:00+00:00"
    (entry,) = root.findall(f"{atom}entry")
    assert entry.find(f"{atom}title").text == "<b>& x" and entry.find(f"{atom}summary").text == "s"
    assert {child.tag.removeprefix(atom) for child in entry} == {"title", "id", "updated", "link", "summary", "author"}
