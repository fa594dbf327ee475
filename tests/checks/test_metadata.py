"""Descriptions of data sets: what a standard asks is there, or it is said what is not."""

import json

import pytest
from counting import ON, card

from vangrail import checks
from vangrail.cards.reports import reports
from vangrail.checks.metadata import croissant, dcat
from vangrail.model.card import DECLARED
from vangrail.model.needs import Answers
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language

CHECK = "metadata-validity"

GOOD = {
    "@context": {"@language": "nl", "@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "meldingen",
    "description": "Meldingen van sluikstort sinds 2025.",
    "license": "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
    "url": "https://www.zavelbeke.example/data/meldingen",
    "creator": {"@type": "Organization", "name": "Gemeente Zavelbeke"},
    "datePublished": "2026-11-20",
    "distribution": [{"@type": "cr:FileObject", "@id": "m.csv", "contentUrl": "m.csv", "encodingFormat": "text/csv"}],
}
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix mdcat: <https://data.vlaanderen.be/ns/metadata-dcat#> .
@prefix schema: <http://schema.org/> .
<https://a.example/id/meldingen> a dcat:Dataset ;
    dct:title "Meldingen van sluikstort"@nl ;
    dct:description "Alle meldingen sinds 2025."@nl ;
    dct:identifier "meldingen" ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC> ;
    dcat:contactPoint [ a schema:ContactPoint ; schema:email "data@zavelbeke.example" ] ;
    dct:publisher <https://data.vlaanderen.be/id/organisatie/OVO002949> ;
    mdcat:statuut <https://metadata.vlaanderen.be/id/GDI-Vlaanderen-Trefwoorden/VLOPENDATA> ;
    dcat:distribution <https://a.example/id/meldingen/csv> .
<https://a.example/id/meldingen/csv> a dcat:Distribution ;
    dct:identifier "meldingen-csv" ;
    dcat:accessURL <https://a.example/meldingen.csv> ;
    dct:license <https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0> .
"""


def outcome(folder, content, name="meta.json", **dataset):
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    on_card = card(datasets={"meldingen": {"source": "m.csv", "metadata": name} | dataset})
    found = checks.checks()[CHECK]
    (measurement,) = found.plan(on_card)
    source = reports(on_card, folder=folder)[measurement.dataset]
    return found.measure(measurement, (), ON, Answers(source.answer(found.needs(measurement, (), ON))))


def faults(found):
    return {d.name: (d.rows, d.counted, d.note[Language.EN]) for d in found.details}


def test_a_croissant_with_everything_is_whole(tmp_path):
    found = outcome(tmp_path, GOOD)
    assert (found.value, found.rows, found.details) == (100, 10, ())
    assert "Croissant" in found.notes[0][Language.NL]


@pytest.mark.parametrize("name", croissant.PROPERTIES)
def test_each_property_that_croissant_requires_is_missed(tmp_path, name):
    found = outcome(tmp_path, {k: v for k, v in GOOD.items() if k != name})
    assert (found.value, found.rows) == (90, 10)
    assert faults(found)[name][:2] == (1, 1) and "missing" in faults(found)[name][2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("@type", "sc:WebPage"), ("conformsTo", "http://mlcommons.org/other/1.1"), ("name", "  "), ("description", 7),
        ("license", "niet openbaar"), ("url", "meldingen"), ("creator", "Gemeente"), ("datePublished", "20 november"),
        ("distribution", {"@type": "sc:DataDownload"}), ("creator", [{"name": "An"}, "Bram"]),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_no_value(tmp_path, name, value):
    found = outcome(tmp_path, GOOD | {name: value})
    assert found.value == 90
    assert "not of the form" in faults(found)[name][2]


def test_other_spellings_that_json_ld_allows_are_read(tmp_path):
    spelled = {k: v for k, v in GOOD.items() if k not in ("name", "conformsTo", "url", "license")}
    spelled |= {
        "sc:name": {"@value": "meldingen"},
        "dct:conformsTo": ["https://a.example/own", {"@id": "http://mlcommons.org/croissant/1.0"}],
        "https://schema.org/url": {"@id": "https://a.example"},
        "license": [{"@type": "CreativeWork", "name": "niet openbaar", "url": "https://a.example/l"}],
        "@type": ["https://schema.org/Dataset", "dcat:Dataset"],
    }
    assert outcome(tmp_path, spelled).value == 100


def test_a_dcat_with_everything_is_whole(tmp_path):
    found = outcome(tmp_path, TURTLE, "meta.ttl")
    assert (found.value, found.rows, found.details) == (100, 10, ())
    assert "DCAT-AP Vlaanderen" in found.notes[0][Language.NL]


@pytest.mark.parametrize("name", [n for n in dcat.PROPERTIES if "/" not in n])
def test_each_property_that_dcat_ap_vlaanderen_requires_is_missed(tmp_path, name):
    """The first line with it goes: that of the data set."""
    lines, gone = [], False
    for line in TURTLE.splitlines():
        if not gone and line.strip().startswith(name):
            gone = True
            continue
        lines.append(line)
    found = outcome(tmp_path, "\n".join(lines), "meta.ttl")
    assert found.value == 90
    assert "missing" in faults(found)[name][2]


def test_each_distribution_is_asked_for_its_own(tmp_path):
    """A second file without licence: 13 properties, one missing."""
    second = """<https://a.example/id/meldingen> dcat:distribution <https://a.example/x> .
    <https://a.example/x> dct:identifier "x" ; dcat:accessURL <https://a.example/x.csv> ."""
    found = outcome(tmp_path, TURTLE + second, "meta.ttl")
    assert found.value == pytest.approx(100 * 12 / 13)
    assert faults(found)["dcat:distribution/dct:license"][:2] == (2, 1)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("<https://data.vlaanderen.be/id/organisatie/OVO002949>", '"Gemeente"', "dct:publisher"),
        ('"Meldingen van sluikstort"@nl', '" "', "dct:title"),
        ("<https://a.example/meldingen.csv>", '"https://a.example/meldingen.csv"', "dcat:distribution/dcat:accessURL"),
        ("<https://a.example/meldingen.csv>", "<file:///C:/meldingen.csv>", "dcat:distribution/dcat:accessURL"),
    ],
)
def test_a_reference_is_no_text_and_a_text_is_no_reference(tmp_path, old, new, name):
    found = outcome(tmp_path, TURTLE.replace(old, new), "meta.ttl")
    assert found.value == 90 and name in faults(found)


def test_the_same_description_in_json_ld_says_the_same(tmp_path):
    rdflib = pytest.importorskip("rdflib")
    context = {"dcat": dcat.DCAT, "dct": dcat.DCT, "mdcat": dcat.MDCAT}
    text = rdflib.Graph().parse(data=TURTLE, format="turtle").serialize(format="json-ld", context=context)
    for name in ("meta.jsonld", "meta.json"):
        assert outcome(tmp_path, text, name) == outcome(tmp_path, TURTLE, "meta.ttl")


OTHER = '<https://a.example/id/other> a dcat:Dataset ; dct:identifier "other" ; dct:title "X" .'


def test_of_several_data_sets_the_card_says_which(tmp_path):
    found = outcome(tmp_path, TURTLE + OTHER, "meta.ttl")
    assert isinstance(found, NotMeasurable) and "metadata_id" in found.do[Language.NL]
    assert outcome(tmp_path, TURTLE + OTHER, "meta.ttl", metadata_id="meldingen").value == 100
    by_address = outcome(tmp_path, TURTLE + OTHER, "meta.ttl", metadata_id="https://a.example/id/other")
    assert by_address.value == pytest.approx(100 * 2 / 7)
    none = outcome(tmp_path, TURTLE, "meta.ttl", metadata_id="nobody")
    assert isinstance(none, NotMeasurable) and "beschrijft deze dataset niet" in none.reason[Language.NL]


@pytest.mark.parametrize("context", ["https://a.example/c.jsonld", ["https://a.example/c.jsonld"], {"@import": "x"}])
def test_nothing_is_fetched(tmp_path, context, monkeypatch):
    import urllib.request

    monkeypatch.setattr(urllib.request, "urlopen", lambda *a, **k: pytest.fail("asked the network"))
    text = {"@context": context, "@graph": [{"@type": "http://www.w3.org/ns/dcat#Dataset"}]}
    found = outcome(tmp_path, text, "meta.jsonld")
    assert isinstance(found, NotMeasurable) and "We halen niets op" in found.reason[Language.NL]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("{", "m.json"),
        ("", "m.ttl"),
        ("dit is geen turtle", "m.ttl"),
        (b"\xff\xfe\x00", "m.ttl"),
        ("[" * 99_999, "m.json"),
    ],
)
def test_a_file_of_another_form_holds_nothing_that_is_asked(tmp_path, content, name, capfd):
    found = outcome(tmp_path, content, name)
    if content == "":
        assert isinstance(found, NotMeasurable)
    else:
        assert (found.value, found.rows) == (0, 1)
        assert "no valid JSON-LD or Turtle" in faults(found)["file"][2]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("metadata", [None, "documents/gegevenskaart.md", "https://a.example/meta.ttl"])
def test_a_data_set_without_a_description_that_a_program_can_read_is_asked_for_one(metadata):
    on_card, found = card(datasets={"m": {"source": "m.csv", "metadata": metadata}}), checks.checks()[CHECK]
    (measurement,) = found.plan(on_card)
    assert (measurement.dataset, measurement.subject, found.needs(measurement, (), ON)) == (DECLARED, "m", [])
    outcome = found.measure(measurement, (), ON, Answers({}))
    assert isinstance(outcome, NotMeasurable) and "Croissant" in outcome.do[Language.NL]


def test_every_data_set_is_asked():
    on_card = card(datasets={n: {"source": "m.csv", "metadata": "meta.ttl"} for n in ("a", "b")})
    assert [m.subject for m in checks.checks()[CHECK].plan(on_card)] == ["a", "b"]


def test_values_that_the_reader_cannot_convert_are_not_logged(tmp_path, caplog):
    text = TURTLE + '<https://a.example/id/meldingen> dct:issued "geheim"^^<http://www.w3.org/2001/XMLSchema#date> .'
    assert outcome(tmp_path, text, "meta.ttl").value == 100
    assert "geheim" not in caplog.text
