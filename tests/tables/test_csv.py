"""CSV as people really have it: what Excel writes, what is wrong with it, and what is said about that."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from vangrail.model import card
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Counts, Extreme, Key, Missing, Repeats, Rows, Unreadable
from vangrail.model.vocabulary import Language
from vangrail.tables import Table, open_table, sql
from vangrail.tables.source import KNOWN

CANARY = "Jef-Geheim-850101"


def opened(folder: Path, content: str | bytes, *, name: str = "rows.csv", **declared: Any) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return open_table("rows", card.Dataset(source=name, **declared), folder=folder, environment={})


def types(table: Table) -> dict[str, str]:
    return {f.name: str(f.type) for f in table.fields}


def values(table: Table, column: str) -> dict[Any, int]:
    need = Counts((Key("v", sql.column(column)),))
    found = table.answer([need])[need]
    return {c.values[0]: c.rows for c in found.cells}


def refused(folder: Path, content: str | bytes, **declared: Any) -> str:
    """What is said when the file is opened and read; never with a value of a row in it."""
    with pytest.raises(VangrailError) as caught, opened(folder, content, **declared) as table:
        table.answer([Rows(), *(Missing(f.name) for f in table.fields)])
        table.fingerprint()
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None, "the engine's own error may hold values"
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = 'naam,wijk,aantal\n"An, of Bram",Centrum,3\nChaima,"Noord; oost",4\n'.replace(",", delimiter)
    with opened(tmp_path, text) as table:
        assert types(table) == {"naam": "text", "wijk": "text", "aantal": "integer"}
        assert values(table, "aantal") == {3: 1, 4: 1}
        assert len(table.notes) == 1
        assert all(table.notes[0][language] for language in Language)


def test_excel_in_dutch(tmp_path: Path) -> None:
    """Semicolons, decimal commas, points between thousands, Windows line ends and a mark at the start."""
    text = "\ufeffwijk;bedrag;aantal;score\r\nCentrum;1.234,50;1.200;0,5\r\nNoord;-12,00;3;1\r\nZuid;;4;0,25\r\n"
    with opened(tmp_path, text) as table:
        assert types(table) == {"wijk": "text", "bedrag": "number", "aantal": "number", "score": "number"}
        assert values(table, "bedrag") == {1234.5: 1, -12.0: 1, None: 1}
        assert values(table, "aantal") == {1200.0: 1, 3.0: 1, 4.0: 1}
        assert values(table, "score") == {0.5: 1, 1.0: 1, 0.25: 1}
        assert any("komma" in note[Language.NL] and "decimalen" in note[Language.NL] for note in table.notes)


def test_a_declared_decimal_sign_wins(tmp_path: Path) -> None:
    with opened(tmp_path, "a;b\n1.234;x\n2.500;y\n", decimal=",") as table:
        assert values(table, "a") == {1234.0: 1, 2500.0: 1}
    with opened(tmp_path, "a;b\n1.234;x\n2.500;y\n", decimal=".") as table:
        assert values(table, "a") == {1.234: 1, 2.5: 1}


def test_a_first_line_that_tells_excel_the_delimiter(tmp_path: Path) -> None:
    with opened(tmp_path, "sep=|\r\na|b\r\n1|x;y;z\r\n") as table:
        assert values(table, "b") == {"x;y;z": 1}
        assert table.answer([Rows()])[Rows()] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    with opened(tmp_path, "naam;aantal\nRenée €;1\nZoë;2\n".encode(encoding)) as table:
        assert values(table, "naam") == {"Renée €": 1, "Zoë": 1}
        said = " ".join(note[Language.NL] for note in table.notes)
        assert ("windows-1252" in said) == (encoding == "windows-1252")
        assert ("UTF-16" in said) == (encoding == "utf-16")


def test_a_declared_encoding_is_used_and_not_remarked_upon(tmp_path: Path) -> None:
    with opened(tmp_path, "naam;aantal\nRenée;1\n".encode("iso-8859-1"), encoding="latin-1") as table:
        assert values(table, "naam") == {"Renée": 1}
        assert len(table.notes) == 1


def test_what_is_rewritten_is_private_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    with opened(tmp_path, "naam;aantal\nRenée;1\n".encode("latin-1")) as table:
        table.answer([Rows()])
        folders = list(private.iterdir())
        written = list(private.rglob("*.csv"))
        assert [oct(p.stat().st_mode & 0o777) for p in folders + written] == ["0o700", "0o600"]
    assert list(private.iterdir()) == []


def test_bytes_that_cannot_be_read(tmp_path: Path) -> None:
    """The place of the byte is told: here the ninth, on the second line."""
    assert "byte 9 (line 2)" in refused(tmp_path, b"a;b\nxx;1\xff\n", encoding="utf-8")
    assert "byte 7 (line 2) is not windows-1252" in refused(tmp_path, b"a;b\n1;\x81" + CANARY.encode() + b"\n")
    assert "'klingon' is not known" in refused(tmp_path, "a;b\n1;2\n", encoding="klingon")
    late = b"a;b\n" + b"1;x\n" * 700_000 + b"1;\xff\n"
    assert f"byte {len(late) - 1} (line 700002)" in refused(tmp_path, late, encoding="utf-8")


def test_rows_of_another_width(tmp_path: Path) -> None:
    said = refused(tmp_path, f"a;b\n1;2\n3;{CANARY};5\n6;7\n8\n9;10\n")
    assert "line 3, 5 have another number of columns" in said
    assert "line 3: 3 instead of 2" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("\n\n  \n", "is empty"),
        ("\ufeff", "is empty"),
        ("a;b\n1;x\0y\n", "NUL byte (byte 8, line 2)"),
        (f'a;b\n1;"{CANARY}\n2;3\n', "double quote"),
        (f'a;b\n1;"{CANARY}"y\n2;3\n', "double quote"),
        ("1;2\n3;4\n", "names of the columns seem to be missing"),
        (b"PK\x03\x04rest", "zip or Excel file"),
        (b"PAR1rest", "a Parquet file"),
        ("a;b\n1;2\n".encode("utf-16-le"), "looks like UTF-16"),
    ],
)
def test_files_that_are_not_what_they_seem(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refused(tmp_path, content)


def test_a_header_without_rows(tmp_path: Path) -> None:
    with opened(tmp_path, "a;b\n") as table:
        every = Counts((Key("a", '"a"'),))
        answers = table.answer([Rows(), Missing("a"), Extreme("a", "max"), Repeats(("a", "b")), every])
        assert list(answers.values())[:4] == [0, 0, None, 0]
        assert answers[every].cells == ()
        assert table.fingerprint().rows == 0


def test_names_that_occur_twice_or_not_at_all(tmp_path: Path) -> None:
    """Published files do have them; every column gets a name of its own, and a note says so."""
    with opened(tmp_path, ",score,score\n0,1,2\n1,3,4\n") as table:
        assert list(types(table)) == ["column 1", "score", "score (2)"]
        assert values(table, "score (2)") == {2: 1, 4: 1}
        assert sum("'score (2)'" in note[Language.EN] for note in table.notes) == 1


def test_line_ends_inside_quotes(tmp_path: Path) -> None:
    with opened(tmp_path, 'a;b\n"een\ntwee";1\n"drie ""vier""";2\n') as table:
        assert values(table, "a") == {"een\ntwee": 1, 'drie "vier"': 1}


@pytest.mark.parametrize(("inside", "end"), [("\n", "\r\n"), ("\r\n", "\n"), ("\n", "\n"), ("\r\n", "\r\n")])
@pytest.mark.parametrize("before", ["", "Tabel 1: controles, Antwerpen à Gent", "sep=;"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_names_over_two_lines(tmp_path: Path, inside: str, end: str, before: str, encoding: str) -> None:
    """As Excel writes them: one kind of line end within a name, another between rows. DuckDB saw no rows, and said nothing."""
    title = [before] if before else []
    lines = [*title, f'naam;"aantal{inside}(per café)"', "An;1,5", "Bram;2,5", f'"Chaima{inside}Dirk";3,5', ""]
    with opened(tmp_path, end.join(lines).encode(encoding), skip=int(before.startswith("Tabel"))) as table:
        assert types(table) == {"naam": "text", "aantal (per café)": "number"}
        assert values(table, "aantal (per café)") == {1.5: 1, 2.5: 1, 3.5: 1}
        assert values(table, "naam") == {"An": 1, "Bram": 1, f"Chaima{inside}Dirk": 1}


def test_one_column(tmp_path: Path) -> None:
    with opened(tmp_path, "naam\nAn, Bram\nChaima\n") as table:
        assert values(table, "naam") == {"An, Bram": 1, "Chaima": 1}


def test_what_stands_for_missing(tmp_path: Path) -> None:
    """Nothing, white space, NULL without quotes, and what the card names; not the word in quotes."""
    text = 'naam;leeftijd\n;1\n  ;2\nNULL;-1\n"NULL";4\nn/a;5\n - ;6\n'
    columns = {"naam": card.Column(missing=("n/a", "-")), "leeftijd": card.Column(type="integer", missing=(-1,))}
    with opened(tmp_path, text, columns=columns) as table:
        assert table.answer([Missing("naam"), Missing("leeftijd")]) == {Missing("naam"): 5, Missing("leeftijd"): 1}
        assert values(table, "naam") == {None: 5, "NULL": 1}


def test_codes_with_leading_zeros_stay_text(tmp_path: Path) -> None:
    text = "nis;rijksregister;telefoon\n01234;85010112345678901;+32\n11002;85010112345678902;+33\n"
    with opened(tmp_path, text) as table:
        assert types(table) == {"nis": "text", "rijksregister": "text", "telefoon": "integer"}
        assert values(table, "nis") == {"01234": 1, "11002": 1}


def test_types_are_found(tmp_path: Path) -> None:
    text = "d,t,b,i,n,x,leeg\n2026-01-31,2026-01-31T10:00:00Z,ja,1,1.5,a,\n2026-02-01,2026-01-31 10:00,nee,2,2,1,\n"
    with opened(tmp_path, text) as table:
        assert types(table) == {
            "d": "date",
            "t": "datetime",
            "b": "boolean",
            "i": "integer",
            "n": "number",
            "x": "text",
            "leeg": "text",
        }
        assert values(table, "d") == {date(2026, 1, 31): 1, date(2026, 2, 1): 1}
        assert values(table, "t") == {datetime(2026, 1, 31, 10): 2}
        assert values(table, "b") == {True: 1, False: 1}


def test_a_value_far_down_that_contradicts_what_was_found(tmp_path: Path) -> None:
    """The first 20,480 rows are numbers; what comes later and is none is counted, and nothing breaks."""
    rows = "".join(f"{i % 7};2026-01-01\n" for i in range(30_000))
    with opened(tmp_path, f"a;d\n{rows}{CANARY};31/01/2026\nNaN;2026-02-01\n") as table:
        assert types(table) == {"a": "integer", "d": "date"}
        assert table.answer([Unreadable("a"), Unreadable("d"), Missing("a")]) == {
            Unreadable("a"): 2,
            Unreadable("d"): 1,
            Missing("a"): 0,
        }


DATES = "d\n31/01/2026\n2026-01-31\n31-01-26\n1.2.2026\n20260131\n31/02/2026\n\n"


def test_dates_in_five_formats(tmp_path: Path) -> None:
    """Without a format only years first are read, the others are counted; with formats each is tried in turn."""
    with opened(tmp_path, DATES.replace("\n", ";1\n"), columns={"d": card.Column(type="date")}, delimiter=";") as table:
        name = table.fields[0].name
        assert table.answer([Unreadable(name)])[Unreadable(name)] == 5
    formats = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y", "%d.%m.%Y", "%Y%m%d")
    declared = {"d": card.Column(type="date", format=formats)}
    with opened(tmp_path, DATES.replace("\n", ";1\n"), columns=declared, delimiter=";") as table:
        assert values(table, "d") == {date(2026, 1, 31): 4, date(2026, 2, 1): 1, None: 2}
        assert table.answer([Unreadable("d")])[Unreadable("d")] == 1


def test_a_format_that_is_not_known(tmp_path: Path) -> None:
    for wrong in ("%d %B %Y", "dd/mm/yyyy", "%d/%m", "%Y-%Y", "%"):
        assert "format" in refused(tmp_path, "d;e\n1;2\n", columns={"d": card.Column(type="date", format=(wrong,))})


def test_a_thousand_columns_with_hostile_names(tmp_path: Path) -> None:
    names = [
        '"; DROP TABLE rows; --',
        "'",
        "a b",
        "😀",
        "SELECT",
        "A",
        "a",
        "c0",
        "p0",
        "n",
        "x" * 300,
        "\\",
        "%s",
        "{0}",
    ]
    names += [f"kolom {i}" for i in range(1000 - len(names))]
    header = ",".join('"' + n.replace('"', '""') + '"' for n in names)
    with opened(tmp_path, f"{header}\n{','.join(['1'] * 1000)}\n{','.join(['2'] * 1000)}\n") as table:
        assert [f.name for f in table.fields] == names
        wanted = [need for n in names for need in (Missing(n), Extreme(n, "max"))]
        keys = [Counts((Key("k", sql.column(n)),)) for n in names[:14]]
        answers = table.answer([*wanted, *keys])
        assert {answers[n] for n in wanted} == {0, 2}
        assert all({c.values[0] for c in answers[k].cells} == {1, 2} for k in keys)
        assert table.fingerprint().rows == 2


def test_hostile_values_stay_values(tmp_path: Path) -> None:
    odd = "x'; DROP TABLE rows; --"
    with opened(tmp_path, f'a;b\n"{odd}";1\ny;2\n') as table:
        need = Counts((Key("k", sql.is_in(table.fields[0], [odd, 'y"', "\\'"])),))
        assert {c.values[0]: c.rows for c in table.answer([need])[need].cells} == {True: 1, False: 1}


def test_a_file_that_changes_while_it_is_measured(tmp_path: Path) -> None:
    with opened(tmp_path, "a;b\n1;2\n") as table:
        with (tmp_path / "rows.csv").open("a") as more:
            more.write("3;4\n")
        with pytest.raises(VangrailError, match="changed while it was being measured"):
            table.answer([Rows()])
        with pytest.raises(VangrailError, match="changed while it was being measured"):
            table.fingerprint()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("rws.csv", "Did you mean rows.csv?"),
        ("nergens/rows.csv", "The folder nergens is not there either"),
        (".", "is a folder, not a file"),
        ("folder", "is a folder, not a file"),
        ("rows.xlsx", "Save the sheet as 'CSV UTF-8'"),
        ("rows.json", KNOWN),
        ("rows", "has no ending"),
        (":memory:", "is not a file"),
        ("https://example.org/rows.csv", "nothing is fetched from the network"),
        ("postgresql://reader:geheim@host/db", "in the environment variable NAME"),
        ("postgresql:NOWHERE", "NOWHERE is not set"),
        ("postgresql:", "where NAME is the name of an environment variable"),
        ("*.parquet", "no file matches *.parquet"),
        ("*.csv", "not all Parquet"),
        ("rows.csv/x.csv", "not a folder"),
        ("a\0b.csv", "no path can have"),
    ],
)
def test_sources_that_are_not_there(tmp_path: Path, source: str, words: str) -> None:
    for name in ("rows.csv", "other.csv", "rows.xlsx", "rows.json", "rows"):
        (tmp_path / name).write_text("a;b\n1;2\n")
    (tmp_path / "folder").mkdir()
    with (
        pytest.raises(VangrailError) as caught,
        open_table("rows", card.Dataset(source=source), folder=tmp_path, environment={}),
    ):
        pass
    assert words in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests often run as root, who may read everything; so the answer of the system is given by hand."""
    (tmp_path / "rows.csv").write_text("a;b\n1;2\n")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with (
        pytest.raises(VangrailError, match="may not be read"),
        open_table("rows", card.Dataset(source="rows.csv"), folder=tmp_path, environment={}),
    ):
        pass
