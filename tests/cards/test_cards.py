"""Reading a card: every problem is said with file, line, what and what to do; nothing hostile gets further."""

import json
from datetime import date, datetime

import pytest
from pydantic import ValidationError

from vangrail.cards import fields, published, read_application
from vangrail.cards.mistakes import mistakes
from vangrail.model import card as model
from vangrail.model.card import Part
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language

GOOD = """\
vangrail: 1
id: sluikstort
name: Sluikstort
organisation: {name: Gemeente Zavelbeke}
phase: idea
"""


def write(folder, text, file="card.yaml"):
    folder.mkdir(exist_ok=True)
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def problem(folder, text, file="card.yaml"):
    if file != "card.yaml":
        write(folder, GOOD)
    with pytest.raises(VangrailError) as error:
        read_application(write(folder, text, file))
    return str(error.value)


def test_a_small_card_is_a_card(tmp_path):
    found = read_application(write(tmp_path, GOOD))
    assert found.card.name == "Sluikstort" and found.answers == () and found.records == ()


def test_layout_and_comments_do_not_change_the_digest(tmp_path):
    one = read_application(write(tmp_path / "a", GOOD)).digest
    assert (
        one
        == read_application(
            write(
                tmp_path / "b",
                "# wat uitleg\n" + GOOD.replace("{name: Gemeente Zavelbeke}", "\n  name: Gemeente Zavelbeke"),
            )
        ).digest
    )
    assert one != read_application(write(tmp_path / "c", GOOD.replace("idea", "design"))).digest


def test_the_mark_that_windows_puts_in_front_is_no_problem(tmp_path):
    assert (
        read_application(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())).card.id == "sluikstort"
    )


def test_a_key_with_nothing_behind_it_is_not_filled_in_yet(tmp_path):
    assert read_application(write(tmp_path, GOOD + "people:\npurpose:\n  text:\n")).card.purpose.text is None


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("name: Sluikstort", "naam: Sluikstort"), 3, "'naam' is not a known key. Did you mean 'name'?"),
        (("phase: idea", "phase: idee"), 5, "Did you mean 'idea'?"),
        (("id: sluikstort", "id: Sluik Stort"), 2, "lower case letters, digits and hyphens"),
        (("id: sluikstort", "id: ''"), 2, "'id'"),
        (("vangrail: 1", "vangrail: 2"), 1, "'vangrail'"),
        (("{name: Gemeente Zavelbeke}", "Zavelbeke"), 4, "'organisation'"),
        (("phase: idea", "phase: idea\nlimits: [{check: x, at_most: 1, because: r, by: An, on: 12/3/2026}]"), 6, "2026-11-22"),
        (("phase: idea", "phase: idea\nlimits: [{check: x, because: r, by: An, on: 2026-01-01}]"), 6, "at_most"),
        (("phase: idea", "phase: idea\ndecision_log: {dataset: log, advice: {column: a, positive: b}, favourable: yes}"), 6, "not on the card"),
        (("phase: idea", "phase: idea\ndatasets: {d: {source: x.csv, reference: {sex: {shares: {V: 0.4}, source: s}}}}"), 6, "add up to 0.4"),
        (("phase: idea", "phase: idea\ndatasets: {d: {source: x.csv, columns: {a: {at_least: 9, at_most: 1}}}}"), 6, "lies above"),
        (("phase: idea", "phase: idea\ndata_access: {possible: false}"), 6, "who holds them"),
        (("name: Sluikstort", "name: Sluikstort\nname: Twee keer"), 4, "'name' is there twice"),
        (("name: Sluikstort", "name: a: b"), 3, "not valid YAML"),
        (("name: Sluikstort", "\tname: Sluikstort"), 3, "not valid YAML"),
    ],
)  # fmt: skip
def test_a_problem_is_named_with_its_line(tmp_path, change, line, said):
    message = problem(tmp_path, GOOD.replace(*change))
    assert f"card.yaml, line {line}" in message and said in message


@pytest.mark.parametrize("written", [".nan", "nan", ".inf", "-.inf", "1e999"])
def test_a_limit_must_be_a_number_that_can_be_passed(tmp_path, written):
    limit = f"limits: [{{check: x, at_most: {written}, because: r, by: An, on: 2026-01-01}}]"
    message = problem(tmp_path, GOOD.replace("phase: idea", f"phase: idea\n{limit}"))
    assert "card.yaml, line 6: 'limits.0.at_most' is not a number to compare with." in message


def test_what_a_word_can_be_is_said_once(tmp_path):
    assert problem(tmp_path, GOOD.replace("phase: idea", "phase: xyz")).count("retire") == 1


def test_all_problems_are_said_at_once(tmp_path):
    message = problem(tmp_path, "vangrail: 1\nid: A B\nphase: x\n")
    assert message.count("card.yaml, line") == 4 and "4 things to correct" in message


def test_a_list_a_text_and_nothing_are_not_a_card(tmp_path):
    for text in ("[1, 2]", "just text", "", "# only a comment"):
        assert "expected keys with values" in problem(tmp_path, text)


def test_hostile_files_are_refused(tmp_path):
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    assert "alias" in problem(tmp_path, bomb)
    problem(tmp_path, "a: !!python/object/apply:os.system [ls]")
    assert "not UTF-8" in problem(tmp_path, b"name: caf\xe9")
    assert "larger than" in problem(tmp_path, b"#" * 5_000_001)
    problem(tmp_path, "[" * 5_000)
    problem(tmp_path, "a: \x00")


def test_a_folder_that_is_not_there_is_said_with_what_to_do(tmp_path):
    with pytest.raises(VangrailError, match="vangrail card new"):
        read_application(tmp_path / "nergens")


def test_answers_are_a_list_under_one_key(tmp_path):
    assert "'answers:'" in problem(tmp_path, "- requirement: dem-1\n", "answers.yaml")
    assert "answers.yaml, line 3" in problem(
        tmp_path, "answers:\n  - requirement: dem-1\n    answr: yes\n    on: 2026-01-01\n", "answers.yaml"
    )


def test_a_record_of_an_unknown_kind_is_refused(tmp_path):
    text = "records:\n  - {kind: feest, on: 2026-01-01, what: w, by: An}\n"
    assert "records.yaml, line 2" in problem(tmp_path, text, "records.yaml")


@pytest.mark.parametrize("text", ["", "answers:\n", "answers: []\n"])
def test_no_answers_yet_is_no_problem(tmp_path, text):
    write(tmp_path, GOOD)
    assert read_application(write(tmp_path, text, "answers.yaml")).answers == ()


@pytest.mark.parametrize("name", ["card", "answers", "records"])
def test_the_shipped_schema_is_the_schema_of_the_model(name):
    """When this fails: python -m vangrail.cards.published"""
    shipped = json.loads((published.SCHEMAS / f"{name}-1.schema.json").read_text(encoding="utf-8"))
    assert shipped == published.schemas()[name]


def test_a_text_that_a_comma_cut_in_two_is_told_and_not_lost(tmp_path):
    (tmp_path / "card.yaml").write_text(
        "vangrail: 1\nid: a\nname: A\nphase: idea\norganisation: {name: B}\n"
        "affected:\n  - {who: Buurten, how: Wie hier woont, kijkt langer op afval.}\n",
        encoding="utf-8",
    )
    with pytest.raises(VangrailError, match=r"line 7.*put quotes around a text with a comma"):
        read_application(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name: Sluikstort", "naam: Sluikstort"), "regel 3: 'naam' is geen bekende sleutel. Bedoel je 'name'?"),
        (("phase: idea", ""), "regel 1: 'phase' ontbreekt."),
        (("id: sluikstort", "id: ''"), "regel 2: 'id' is leeg. Een korte naam in kleine letters, cijfers en koppeltekens."),
        (("phase: idea", "phase: idee"), "regel 5: 'phase' is 'idee'; hier hoort 'idea', 'design', 'build', 'validate', 'operate' of 'retire'. Bedoel je 'idea'?"),
        (("name: Sluikstort", "name: 2026"), "regel 3: 'name' is '2026'; hier hoort een tekst. Zet er aanhalingstekens rond."),
        (("phase: idea", "phase: idea\nbenefits: [{indicator: Wachttijd, baseline: '2,5'}]"), "regel 6: 'benefits.0.baseline' is '2,5'; hier hoort een getal. Schrijf een punt en geen komma."),
        (("phase: idea", "phase: idea\ncontact: {term_days: 0}"), "regel 6: 'contact.term_days' is '0'; hier hoort 1 of meer."),
        (("phase: idea", "phase: idea\nbenefits: [{indicator: Wachttijd, target_on: 1/2/2027}]"), "regel 6: 'benefits.0.target_on' is '1/2/2027'; hier hoort een dag, zoals 2026-11-22."),
        (("{name: Gemeente Zavelbeke}", "Zavelbeke"), "regel 4: 'organisation' is 'Zavelbeke'; hier hoort een groep sleutels met waarden."),
        (("phase: idea", "phase: idea\ndatasets: {d: {source: x.csv, columns: {date: {at_least: nul}}}}"), "regel 6: 'datasets.d.columns.date.at_least' is 'nul'; hier hoort een getal of een dag, zoals 2026-11-22."),
        (("phase: idea", "phase: idea\ntexts: [{what: brief}]"), "regel 6: 'texts.0': geef 'file' of 'text', niet allebei."),
        (("phase: idea", "phase: idea\nmodels: [{name: m, dataset: log}]"), "regel 6: 'models.0' wijst naar de dataset 'log', maar die staat niet op de kaart"),
        (("name: Sluikstort", "name: Sluikstort\nname: Twee keer"), "regel 4: 'name' staat er twee keer.\nLaat er één staan."),
        (("name: Sluikstort", "name: a: b"), "regel 3: dit is geen geldige YAML."),
    ],
)  # fmt: skip
def test_a_problem_is_said_in_dutch(tmp_path, change, said):
    with pytest.raises(VangrailError) as error:
        read_application(write(tmp_path, GOOD.replace(*change)))
    assert f"card.yaml, {said}" in error.value.told(Language.NL)


def found_by_trying(form):
    """What pydantic finds when each field of a form is given each odd value."""
    odd = ["", "x", 0, -1, 0.5, 1e400, 10**30, "9" * 5000, True, [], [[1]], [1, 2, 3], {}, {1: 2}, {"x": {}}, {"x": -1},
           date(2026, 1, 1), datetime(2026, 1, 1, 1), "2026-01-01T10:00+02:00"]  # fmt: skip
    for values in [{name: value} for name in [*form.model_fields, "nonsense", 7] for value in odd]:
        try:
            form.model_validate(values)
        except ValidationError as error:
            yield values, error


@pytest.mark.parametrize(
    "form", [f for f in vars(model).values() if isinstance(f, type) and issubclass(f, Part)], ids=lambda f: f.__name__
)
def test_whatever_is_wrong_is_said_in_both_languages(form):
    """A kind of mistake without words of its own would be a KeyError."""
    for values, error in found_by_trying(form):
        for mistake in mistakes(error, form=form, values=values):
            assert mistake.said[Language.NL] and mistake.said[Language.EN]


def test_what_a_part_cannot_do_without_is_explained_in_dutch_as_well():
    forms = [f for f in vars(model).values() if isinstance(f, type) and issubclass(f, Part)]
    needed = {
        (form, name)
        for form in forms
        for name, field in form.model_fields.items()
        if field.is_required() and field.description
    }
    assert {(form.__name__, name) for form, name in needed if fields.meaning(form, name) is None} == set()


@pytest.mark.parametrize("written", ["6.000", "1.200", "12.500"])
def test_a_number_that_a_belgian_and_a_computer_read_differently_is_refused(tmp_path, written):
    """YAML reads 6.000 as six: a year of six thousand uses would be one of six."""
    said = problem(tmp_path, f"{GOOD}energy:\n  uses_per_year: {written}\n")
    assert f"line 7: '{written}' can mean {written.replace('.', '')} or" in said


@pytest.mark.parametrize("written", ["0.500", "1.125", "1.2", '"1.200"', "1.200 euro"])
def test_what_can_be_read_in_one_way_is_read(tmp_path, written):
    key = "cost" if " " in written or '"' in written else "cost: x, energy_source: x, energy_wh"
    found = read_application(write(tmp_path, f"{GOOD}alternatives:\n  - {{name: a, {key}: {written}}}\n"))
    assert found.card.alternatives[0].name == "a"
