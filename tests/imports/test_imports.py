"""A list in a spreadsheet, or records of the Dutch Algoritmeregister, become cards; what is hostile is refused."""

import csv
import io
import json
import time
import tracemalloc
import zipfile
from datetime import date

import openpyxl
import pytest

from vangrail.imports import algoritmeregister
from vangrail.imports.columns import BY_PATH, COLUMNS, recognise
from vangrail.imports.found import MOST_BYTES
from vangrail.imports.rows import read_rows
from vangrail.imports.sheets import read_sheet
from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, Phase

HEADINGS = ("Naam", "Doel", "Fase", "Leverancier", "Opmerking")
ROWS = (
    ("Meldingen", "Naar de juiste dienst sturen.", "in gebruik", "Firma A", "let op"),
    ("Chatbot", "Vragen beantwoorden.", "proef", "Firma B", ""),
)


def as_csv(*rows, separator=";", encoding="utf-8"):
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows, change=lambda sheet: None):
    """An Excel file with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    return saved(book)


def saved(book):
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_member(content, name, change):
    """The same file with one member changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, change(old.read(item)) if item.filename == name else old.read(item))
    return held.getvalue()


def read(content, **how):
    """What is found in a file, with the columns as they are recognised."""
    sheet = read_sheet(content)
    return read_rows(sheet, recognise(sheet.headings), phase=how.pop("phase", None), **how)


@pytest.mark.parametrize(
    "content",
    [
        as_csv(HEADINGS, *ROWS),
        as_csv(HEADINGS, *ROWS, separator=","),
        as_csv(HEADINGS, *ROWS, separator="\t"),
        b"sep=;\r\n" + as_csv(HEADINGS, *ROWS),
        as_csv(HEADINGS, *ROWS, encoding="utf-8-sig"),
        as_csv(HEADINGS, *ROWS, encoding="utf-16"),
        as_xlsx(HEADINGS, *ROWS),
    ],
    ids=["semicolon", "comma", "tab", "sep=", "bom", "utf-16", "xlsx"],
)
def test_one_list_in_the_forms_that_people_have(content):
    first, second = read(content)
    assert (first.row, first.name, first.problems) == (2, "Meldingen", ())
    assert first.content == {
        "name": "Meldingen",
        "purpose": {"text": "Naar de juiste dienst sturen."},
        "phase": "operate",
        "suppliers": [{"name": "Firma A"}],
    }
    assert first.left == {"Opmerking": "let op"}
    assert second.content["phase"] == "validate" and second.left == {}
    Card.model_validate({"vangrail": 1, "id": "x", "organisation": {"name": "G"}, **first.content})


def test_accents_survive_windows_1252_and_the_reader_is_told():
    sheet = read_sheet(as_csv(HEADINGS, ("Coöperatie – één €", "", "idee", "", ""), encoding="cp1252"))
    assert sheet.rows[0].cells[0] == "Coöperatie – één €"
    assert "Windows-1252" in sheet.notes[0][Language.NL]


def test_headings_are_recognised_in_both_languages_and_with_a_typing_error():
    assert recognise(("Naam toepassing", "Beoogd doel", "STATUS ", "Leverancierr", "x")) == {
        0: "name",
        1: "purpose.text",
        2: "phase",
        3: "suppliers.name",
    }
    assert recognise(("Application name", "Purpose", "Supplier")) == {0: "name", 1: "purpose.text", 2: "suppliers.name"}
    assert recognise(("Naam", "Name")) == {0: "name"}, "a field is filled from one column"


def test_every_heading_of_the_template_leads_to_its_own_field():
    for language in Language:
        assert recognise([c.title[language] for c in COLUMNS]) == dict(enumerate(BY_PATH))


def test_every_example_of_the_template_is_a_good_card():
    (found,) = read(as_csv([c.title[Language.NL] for c in COLUMNS], [c.example for c in COLUMNS]))
    assert not found.problems and not found.left
    Card.model_validate({"vangrail": 1, "id": "x", "organisation": {"name": "G"}, **found.content})


def test_what_is_wrong_in_one_row_says_where_and_leaves_the_others():
    good, wrong, nameless, twice = read(
        as_csv(
            ("Naam", "Fase", "Energie"),
            ("A", "idee", "1.234,5"),
            ("B", "straks", "veel"),
            ("", "idee", ""),
            ("a", "", ""),
        )
    )
    assert good.content["energy"] == {"operation_kwh_year": 1234.5} and not good.problems
    assert [(wrong.row, p.column) for p in wrong.problems] == [(3, "Fase"), (3, "Energie")]
    assert nameless.problems[0].column == "Naam" and "ontbreekt" in nameless.problems[0].what[Language.NL]
    assert "rij 2 heeft dezelfde naam" in twice.problems[0].what[Language.NL]


def test_messages_never_repeat_what_stood_in_the_cell():
    (found,) = read(as_csv(("Naam", "Fase"), ("A", "geheim van Jan")))
    assert all("geheim" not in text for p in found.problems for text in p.what.values())


def test_a_name_that_exists_already_is_told():
    (found,) = read(as_csv(HEADINGS, ROWS[0]), taken={"meldingen"})
    assert "al een toepassing" in found.problems[0].what[Language.NL]


def test_a_list_in_one_cell_and_a_phase_for_all():
    (found,) = read(as_csv(("Naam", "Betrokkenen"), ("A", "inwoners; personeel\nbezoekers;")), phase=Phase.OPERATE)
    assert found.content["affected"] == [{"who": "inwoners"}, {"who": "personeel"}, {"who": "bezoekers"}]
    assert found.content["phase"] == "operate"


def test_a_step_without_who_does_it_is_left_open_and_not_guessed():
    (found,) = read(as_csv(("Naam", "Stap"), ("A", "voorstellen")))
    assert found.content["process"] == [{"step": "voorstellen"}]


def test_a_title_above_the_list_is_passed_over():
    content = as_xlsx(("AI in onze gemeente 2026",), (), HEADINGS, *ROWS, change=lambda s: s.merge_cells("A1:E1"))
    assert [(f.row, f.name) for f in read(content)] == [(4, "Meldingen"), (5, "Chatbot")]


def test_a_merged_cell_counts_for_each_row_it_covers():
    rows = [("Naam", "Leverancier"), ("A", "Firma"), ("B", None), ("C", None)]
    content = as_xlsx(*rows, change=lambda s: s.merge_cells("B2:B3"))
    a, b, c = read(content)
    assert a.content["suppliers"] == b.content["suppliers"] == [{"name": "Firma"}]
    assert "suppliers" not in c.content
    assert "Samengevoegde" in read_sheet(content).notes[0][Language.NL]


def test_of_several_sheets_the_one_with_the_list_is_read():
    book = openpyxl.Workbook()
    book.active.append(("Uitleg", "bij dit bestand"))
    hidden = book.create_sheet("oud")
    hidden.sheet_state = "hidden"
    listed = book.create_sheet("Lijst")
    for row in (HEADINGS, *ROWS):
        hidden.append(row)
        listed.append(row)
    sheet = read_sheet(saved(book))
    assert len(sheet.rows) == 2 and "Lijst" in sheet.notes[-1][Language.NL]


def test_days_and_yes_and_whole_numbers_read_as_a_person_types_them():
    content = as_xlsx(("Naam", "a", "b", "c"), ("A", date(2026, 5, 3), True, 3.0))
    assert read(content)[0].left == {"a": "2026-05-03", "b": "ja", "c": "3"}


# --- hostile ---------------------------------------------------------------------------------------------------------
def test_a_formula_is_text_or_a_problem_and_never_run():
    (found,) = read(as_csv(("Naam", "Doel"), ("=cmd|' /C calc'!A0", "@SUM(1)")))
    assert found.name == "=cmd|' /C calc'!A0" and found.content["purpose"] == {"text": "@SUM(1)"}
    (found,) = read(as_xlsx(("Naam", "Doel"), ("A", "=1+1")))
    assert "formule" in found.problems[0].what[Language.NL] and found.problems[0].column == "Doel"


def test_what_cannot_be_seen_is_left_out():
    (found,) = read("Naam;Doel\nA\u202eB\u200b;x\x07y\u00a0z\n".encode())
    assert found.name == "AB" and found.content["purpose"] == {"text": "xy z"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "niets in dit bestand"),
        (b"  \n\n", "niets in dit bestand"),
        (as_csv(HEADINGS), "Onder de titels"),
        (as_xlsx(), "niets in dit bestand"),
        (b"x" * (MOST_BYTES + 1), "groter dan 5 MB"),
        (b"%PDF-1.7 ...", "geen rekenblad"),
        (b"a;b\n\0\0\0;1\n", "geen rekenblad"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wachtwoord"),
        (b"PK\x03\x04" + b"x" * 100, "beschadigd"),
        (b"Naam;Doel\nA;\x81\n", "geen tekst"),
        (b'Naam;Doel\nA;"nooit gesloten\nB;x\n', "aanhalingsteken"),
        (as_csv(HEADINGS, *[(f"T{n}", "", "", "", "") for n in range(10_000)]), "meer dan 1000 rijen"),
    ],
    ids=["empty", "blank", "headings", "sheet", "large", "pdf", "binary", "xls", "zip", "bytes", "quote", "10000"],
)
def test_what_is_no_list_is_refused_with_what_to_do(content, says):
    with pytest.raises(VangrailError, match=r".") as error:
        read_sheet(content)
    assert says in error.value.what[Language.NL] and error.value.do[Language.NL]


def test_ten_thousand_rows_of_excel_are_refused_within_seconds():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for n in range(10_000):
        sheet.append((f"T{n}", "d", "idee", "f", "o"))
    started = time.perf_counter()
    with pytest.raises(VangrailError):
        read_sheet(saved(book))
    assert time.perf_counter() - started < 10


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = with_member(as_xlsx(HEADINGS, *ROWS), "xl/worksheets/sheet1.xml", lambda x: x + b" " * 400_000_000)
    assert len(bomb) < MOST_BYTES
    tracemalloc.start()
    with pytest.raises(VangrailError) as error:
        read_sheet(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "uitgepakt" in error.value.what[Language.NL] and peak < 10_000_000


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_entities_in_the_xml_are_refused(member):
    """A billion laughs, and a file of the server."""
    trick = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )

    def change(xml):
        body = xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml
        return trick + body.replace(b"Meldingen", b"&b;&f;")

    with pytest.raises(VangrailError):
        read_sheet(with_member(as_xlsx(HEADINGS, *ROWS), member, change))


def test_a_row_that_claims_an_enormous_number_is_refused_quickly():
    content = with_member(
        as_xlsx(HEADINGS, *ROWS), "xl/worksheets/sheet1.xml", lambda x: x.replace(b'r="3"', b'r="999999999999"')
    )
    started = time.perf_counter()
    with pytest.raises(VangrailError):
        read_sheet(content)
    assert time.perf_counter() - started < 5


def test_far_columns_and_false_dimensions_cost_nothing():
    content = as_xlsx(HEADINGS, *ROWS, change=lambda s: s.cell(2, 16_000, "ver weg"))
    started = time.perf_counter()
    assert len(read(content)) == 2 and time.perf_counter() - started < 2


# --- the Dutch Algoritmeregister -------------------------------------------------------------------------------------
RECORD = {
    "name": "Parkeercontrole",
    "description_short": "Scanauto leest nummerborden.",
    "organization": "Gemeente Verweg",
    "status": "In gebruik",
    "contact_email": "algoritmes@verweg.example",
    "goal": "<p>Nakijken of er <b>betaald</b> is.</p><ul><li>snel</li><li>eerlijk &amp; gelijk</li></ul><script>alert(1)</script>",
    "human_intervention": "Een medewerker kijkt elke boete na.",
    "lawful_basis": "Gemeentewet artikel 225",
    "provider": "Scanbedrijf",
    "lars": "12345678",
    "standard_version": "1.0",
    "lawful_basis_grouping": [{"title": "Gemeentewet", "link": "https://wetten.example/225"}],
}
ON = date(2026, 11, 22)


def test_a_record_begins_a_card_and_says_where_it_came_from():
    (found,) = algoritmeregister.found_in(
        algoritmeregister.read_records(json.dumps([RECORD]).encode()), on=ON, phase=Phase.IDEA
    )
    assert found.content["purpose"]["text"] == "Nakijken of er betaald is.\n- snel\n- eerlijk & gelijk"
    assert found.content["phase"] == "idea", "the stage of the other body is not ours"
    card = Card.model_validate({"vangrail": 1, "id": "x", "organisation": {"name": "G"}, **found.content})
    origin = card.adopted_from
    assert origin is not None and (origin.kind, origin.source, origin.by) == (
        "algoritmeregister",
        "12345678",
        "Gemeente Verweg",
    )


def test_what_belongs_to_the_other_body_is_shown_and_not_taken_over():
    (found,) = algoritmeregister.found_in((RECORD,), on=ON, phase=None)
    assert "legal_basis" not in found.content and "contact" not in found.content
    assert found.left["Wettelijke basis"] == "Gemeentewet artikel 225" and found.left["Status"] == "In gebruik"
    assert found.left["Links naar wettelijke basis"] == "Gemeentewet https://wetten.example/225"


def test_the_names_of_their_schema_and_of_their_download_are_known_too():
    schema = {"name": "A", "purpose_and_impact": "Doel", "supplier": "Firma", "schema": "1.0.0"}
    (found,) = algoritmeregister.found_in(
        algoritmeregister.read_records(json.dumps(schema).encode()), on=ON, phase=None
    )
    assert found.content["purpose"] == {"text": "Doel"} and found.content["suppliers"] == [{"name": "Firma"}]
    headings = ("Naam", "Korte omschrijving", "Doel en impact", "Publicatiecategorie", "Leverancier")
    assert algoritmeregister.is_record_heading(headings)
    assert not algoritmeregister.is_record_heading(HEADINGS)
    assert algoritmeregister.by_heading(headings, ("A", "B", "C", "", "D")) == {
        "name": "A",
        "description_short": "B",
        "goal": "C",
        "provider": "D",
    }


@pytest.mark.parametrize(
    "content",
    [b"[]", b"{}", b"3", b'{"a": [{"b": 1}]}', b"[" * 100_000, b'{"name": ', b"\xff\xfe", b'[{"titel": "x"}]'],
)
def test_what_is_no_record_is_refused(content):
    with pytest.raises(VangrailError):
        algoritmeregister.read_records(content)


def test_strange_values_in_a_record_are_text_or_nothing():
    record = {"name": 5, "goal": {"a": ["x", {"b": None}]}, "provider": True, "description_short": "<<p>>" * 10}
    (found,) = algoritmeregister.found_in((record,), on=ON, phase=None)
    assert found.name == "5" and found.content["purpose"] == {"text": "x"} and "suppliers" not in found.content
