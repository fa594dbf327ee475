"""The files in which public audits come, as odd as they are: a short card is enough to get the figures out.

Each file is small and of our own making, except the admissions of Berkeley, which are published. The figures are counted from
the rows in another way: by hand, or by a few lines of Python over the same text.
"""

import csv
import sqlite3
from io import StringIO
from itertools import groupby

import pytest
from counting import ON, card
from pydantic import ValidationError
from ruamel.yaml import YAML

from vangrail import checks
from vangrail.model.errors import VangrailError
from vangrail.model.needs import Answers
from vangrail.model.outcome import NotMeasurable
from vangrail.model.vocabulary import Language
from vangrail.tables import open_table


def audit(folder, file, text, on_card, *, encoding="utf-8"):
    """Each outcome of the comparisons of groups, by check and characteristic: `text` in a file, and a card that points at it."""
    (folder / file).write_text(text, encoding=encoding)
    parts = YAML(typ="safe").load(on_card)
    (data,) = parts.pop("datasets").values()
    log = {"dataset": "data", "intersections": [], "min_rows": 5} | parts.pop("decision_log")
    described = card(datasets={"data": {"source": file} | data}, decision_log=log, **parts)
    planned = [m for m in checks.plan(described) if checks.checks()[m.check].family in ("fairness", "selection")]
    with open_table("data", described.datasets["data"], folder=folder, environment={}) as table:
        needs = {m.key: checks.checks()[m.check].needs(m, table.fields, ON) for m in planned}
        answers = Answers(table.answer(n for asked in needs.values() for n in asked))
        return {(m.check, m.subject): checks.checks()[m.check].measure(m, table.fields, ON, answers) for m in planned}


def rates(outcome):
    """Each group's own rate."""
    return {g.name: g.value for g in outcome.groups}


def percent(rows, group, counts, among=lambda row: True):
    """The same, by counting rows."""
    found = {}
    for name, members in groupby(sorted(filter(among, rows), key=group), key=group):
        marks = [counts(m) for m in members]
        found[name] = 100 * sum(marks) / len(marks)
    return found


BERKELEY = [
    ("A", 512, 313, 89, 19), ("B", 353, 207, 17, 8), ("C", 120, 205, 202, 391),
    ("D", 138, 279, 131, 244), ("E", 53, 138, 94, 299), ("F", 22, 351, 24, 317),
]  # fmt: skip


def test_a_table_that_was_counted_already(tmp_path):
    """Berkeley, six departments (Bickel, Hammel and O'Connell 1975, Science 187): 44.5 % of 2,691 men, 30.4 % of 1,835 women.

    As R writes it: an index without a name, quotes, and a column with the number of people.
    """
    lines = ['"","Admit","Gender","Dept","Freq"']
    for dept, *numbers in BERKELEY:
        for what, number in zip(
            ("Admitted|Male", "Rejected|Male", "Admitted|Female", "Rejected|Female"), numbers, strict=True
        ):
            admit, gender = what.split("|")
            lines.append(f'"{len(lines)}","{admit}","{gender}","{dept}",{number}')
    found = audit(tmp_path, "UCBAdmissions.csv", "\n".join(lines), """
        datasets: {data: {count: Freq}}
        decision_log:
          advice: {column: Admit, positive: Admitted}
          favourable: "yes"
          protected: [{column: Gender, reference: Male}, {column: Dept}]
    """)  # fmt: skip
    by_gender = found["selection-rate-difference", "Gender"]
    assert by_gender.rows == 4526
    assert rates(by_gender) == pytest.approx({"Male": 44.52, "Female": 30.35}, abs=0.005)
    assert by_gender.value == pytest.approx(100 * (1198 / 2691 - 557 / 1835))
    assert rates(found["selection-rate-difference", "Dept"])["A"] == pytest.approx(100 * 601 / 933)


@pytest.mark.parametrize("number", ["-3", "x", "", "2.5", "99999999999999999"])
def test_a_number_of_cases_that_is_none_is_refused_and_not_shown(tmp_path, number):
    text = f"a,g,n\nyes,x,10\nno,x,{number}\n"
    on_card = """
        datasets: {data: {count: n}}
        decision_log: {advice: {column: a, positive: "yes"}, favourable: "yes", protected: [{column: g}]}
    """
    with pytest.raises(VangrailError, match="holds no numbers of cases") as refused:
        audit(tmp_path, "counts.csv", text, on_card)
    assert not number or number not in refused.value.told(Language.NL)


def test_a_column_of_numbers_that_is_not_there_is_named(tmp_path):
    with pytest.raises(VangrailError, match="no column 'freq'"):
        audit(tmp_path, "counts.csv", "a,g,Freq\nyes,x,10\n", """
            datasets: {data: {count: freq}}
            decision_log: {advice: {column: a, positive: "yes"}, favourable: "yes", protected: [{column: g}]}
        """)  # fmt: skip


WIDE = """
    datasets: {data: {count: "# of Applicants", of_which: {selected: "# Selected"}}}
    decision_log:
      advice: {column: selected, positive: true}
      favourable: "yes"
      protected: [{column: Category, reference: Male}, {column: Race, reference: White}]
      intersections: [[Category, Race]]
"""


@pytest.mark.parametrize(("separator", "number"), [(",", "{:,}"), (";", "{:d}")])
def test_a_line_per_group_with_how_many_there_were_and_how_many_of_these_were_selected(tmp_path, separator, number):
    """As employers publish under the rules of New York: 6 RCNY 5-301(c), with thousands apart, as a sheet writes them."""
    lines = [
        ("Male", "White", 1390, 653),
        ("Male", "Black", 1005, 379),
        ("Female", "White", 1181, 555),
        ("Female", "Black", 8, 3),
    ]
    rows = [[a, b, f'"{number.format(n)}"', f'"{number.format(k)}"', f"{k / n:.0%}"] for a, b, n, k in lines]
    text = "\n".join(separator.join(r) for r in [["Category", "Race", "# of Applicants", "# Selected", "Rate"], *rows])
    found = audit(tmp_path, "aedt.csv", text, WIDE)
    by_sex = found["selection-rate-ratio", "Category"]
    assert by_sex.rows == 1390 + 1005 + 1181 + 8
    assert by_sex.value == pytest.approx(((653 + 379) / (1390 + 1005)) / ((555 + 3) / (1181 + 8)))
    both = found["selection-rate-difference", "Category × Race"]
    assert rates(both) == pytest.approx({f"{a} × {b}": 100 * k / n for a, b, n, k in lines})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "Male,White,10,11,",
            "of_which.selected: column '# Selected' holds no numbers of cases: 1 lines .* more than there are",
        ),
        ("Male,White,10,,", "of_which.selected: column '# Selected' holds no numbers of cases: 1 lines"),
        ("Male,White,10,1.5,", "of_which.selected: column '# Selected' holds no numbers of cases: 1 lines"),
    ],
)
def test_a_part_that_is_no_part_is_refused(tmp_path, line, message):
    with pytest.raises(VangrailError, match=message):
        audit(
            tmp_path, "aedt.csv", f"Category,Race,# of Applicants,# Selected,Rate\nFemale,White,20,5,\n{line}\n", WIDE
        )


def test_a_part_takes_the_name_of_no_other_column_and_stands_beside_a_count(tmp_path):
    with pytest.raises(VangrailError, match="has a column 'selected' already"):
        audit(tmp_path, "aedt.csv", "Category,Race,# of Applicants,# Selected,selected\nFemale,White,20,5,1\n", WIDE)
    with pytest.raises(ValidationError, match="without 'count'"):
        card(datasets={"data": {"source": "x.csv", "of_which": {"selected": "n"}}})
    with pytest.raises(ValidationError, match="takes one column"):
        card(datasets={"data": {"source": "x.csv", "count": "n", "of_which": {"a": "x", "b": "y"}}})


def test_the_fingerprint_of_counted_lines_is_that_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_text("g,n,k\nx,10,4\ny,5,5\n")
    prints = []
    for more in ({}, {"count": "n", "of_which": {"yes": "k"}}):
        described = card(datasets={"data": {"source": "a.csv", **more}})
        with open_table("data", described.datasets["data"], folder=tmp_path, environment={}) as table:
            prints.append(table.fingerprint())
    assert prints[0] == prints[1]


def test_a_database_is_not_read_with_several_cases_per_line(tmp_path):
    with sqlite3.connect(tmp_path / "counts.sqlite") as db:
        db.execute("CREATE TABLE t AS SELECT 'yes' AS a, 'x' AS g, 10 AS n")
    described = card(datasets={"data": {"source": "counts.sqlite", "count": "n"}})
    with (
        pytest.raises(VangrailError, match="one row per case"),
        open_table("data", described.datasets["data"], folder=tmp_path, environment={}),
    ):
        pass


def test_a_file_without_names_with_spaces_and_question_marks(tmp_path):
    """As the census of 1994 comes: ', ' between values, '?' where nothing is known, dashes in the names that it documents."""
    rows = [
        [str(20 + i), ("Private", "?")[i % 3 == 0], ("Male", "Female")[i % 2], ("Cuba", "?")[i % 4 == 0], ("<=50K", ">50K")[i % 5 < 2]]
        for i in range(60)
    ]  # fmt: skip
    text = "\n".join(", ".join(row) for row in rows) + "\n\n"
    found = audit(tmp_path, "adult.data", text, """
        datasets: {data: {names: [age, workclass, sex, native-country, income], missing: "?"}}
        decision_log:
          advice: {column: income, positive: ">50K"}
          favourable: "yes"
          protected: [{column: sex, reference: Male}, {column: native-country}, {column: age, bins: [30, 50]}]
    """)  # fmt: skip
    rich = lambda row: row[4] == ">50K"  # noqa: E731
    assert rates(found["selection-rate-difference", "sex"]) == pytest.approx(percent(rows, lambda r: r[2], rich))
    by_country = rates(found["selection-rate-difference", "native-country"])
    assert by_country == pytest.approx(percent(rows, lambda r: {"?": "(missing)"}.get(r[3], r[3]), rich))
    ages = percent(rows, lambda r: "<30" if int(r[0]) < 30 else "30-50" if int(r[0]) < 50 else ">=50", rich)
    assert rates(found["selection-rate-difference", "age"]) == pytest.approx(ages)


def test_a_line_above_the_data(tmp_path):
    """The second half of that census begins with a remark, and has a full stop behind its labels."""
    text = "|1x3 Cross validator\n" + "".join(
        f"{('Male', 'Female')[i % 2]}, {('<=50K.', '>50K.')[i < 12]}\n" for i in range(40)
    )
    found = audit(tmp_path, "adult.data", text, """
        datasets: {data: {skip: 1, names: [sex, income]}}
        decision_log: {advice: {column: income, positive: ">50K."}, favourable: "yes", protected: [{column: sex}]}
    """)  # fmt: skip
    assert rates(found["selection-rate-difference", "sex"]) == pytest.approx({"Male": 30, "Female": 30})


def test_a_title_above_the_names(tmp_path):
    """As offices of statistics publish: what it is, then an empty line, then the names."""
    text = "Selecties per wijk, 2024\n\nwijk;controle;aantal\nNoord;ja;30\nNoord;nee;70\nZuid;ja;10\nZuid;nee;90\n"
    found = audit(tmp_path, "statistiek.csv", text, """
        datasets: {data: {skip: 2, count: aantal}}
        decision_log: {advice: {column: controle, positive: ja}, favourable: "no", protected: [{column: wijk}]}
    """)  # fmt: skip
    assert rates(found["selection-rate-difference", "wijk"]) == {"Noord": 70, "Zuid": 90}


@pytest.mark.parametrize("names", ["[sex]", "[sex, income, age]", "[sex, sex]"])
def test_names_that_do_not_fit_the_file_are_refused(tmp_path, names):
    with pytest.raises(VangrailError, match="the file has 2"):
        audit(tmp_path, "x.csv", "Male,1\nFemale,0\n", f"""
            datasets: {{data: {{names: {names}}}}}
            decision_log: {{advice: {{column: income, positive: 1}}, favourable: "yes", protected: [{{column: sex}}]}}
        """)  # fmt: skip


def test_codes_apart_by_spaces(tmp_path):
    """As the credits of a German bank come: no names, codes, 1 for good and 2 for bad; sex and marriage in one code."""
    rows = [(f"A9{1 + i % 4}", str(19 + i % 40), str(1 + (i % 7 == 0))) for i in range(80)]
    found = audit(tmp_path, "german.data", "\n".join(map(" ".join, rows)), """
        datasets:
          data:
            delimiter: " "
            names: [personal, age, risk]
            columns: {sex: {expression: "CASE WHEN personal IN ('A92', 'A95') THEN 'female' ELSE 'male' END"}}
        decision_log:
          advice: {column: risk, positive: 1}
          favourable: "yes"
          protected: [{column: sex, reference: male}, {column: age, bins: [26]}]
    """)  # fmt: skip
    good = lambda row: row[2] == "1"  # noqa: E731
    assert rates(found["selection-rate-difference", "sex"]) == pytest.approx(
        percent(rows, lambda r: "female" if r[0] == "A92" else "male", good)
    )
    assert rates(found["selection-rate-difference", "age"]) == pytest.approx(
        percent(rows, lambda r: "<26" if int(r[1]) < 26 else ">=26", good)
    )


COMPAS = "id,race,decile_score,days_b_screening_arrest,is_recid,c_charge_degree,score_text,two_year_recid,decile_score"


def test_scores_of_ten_with_the_filters_of_the_audit_and_one_name_twice(tmp_path):
    """As ProPublica publishes: screened within thirty days of the arrest, known outcome, no ordinary traffic offence, a score."""
    rows = [
        [i, ("African-American", "Caucasian")[i % 3 == 0], 1 + i * 7 % 10, ("-1.0", "45.0", "", "-30.0")[i % 4 if i % 9 else 3],
         (0, 1, -1)[i % 3 if i % 17 == 0 else i % 2], "FMO"[i % 2 if i % 13 else 2], ("Low", "N/A")[i % 19 == 0], int(i % 5 < 2), 0]
        for i in range(1, 400)
    ]  # fmt: skip
    kept = [r for r in rows if r[3] and abs(float(r[3])) <= 30 and r[4] != -1 and r[5] != "O" and r[6] != "N/A"]
    assert 100 < len(kept) < 300
    text = "\n".join([COMPAS, *(",".join(map(str, r)) for r in rows)])
    found = audit(tmp_path, "compas-scores-two-years.csv", text, """
        datasets:
          data:
            where: "days_b_screening_arrest BETWEEN -30 AND 30 AND is_recid <> -1 AND c_charge_degree <> 'O' AND score_text <> 'N/A'"
        decision_log:
          advice: {expression: "decile_score >= 5"}
          favourable: "no"
          outcome: {column: two_year_recid, positive: 1}
          score: {column: decile_score, top: 10}
          protected: [{column: race, reference: Caucasian}]
    """)  # fmt: skip
    race, high = (lambda r: r[1]), (lambda r: r[2] >= 5)
    wrong = found["false-positive-rate-difference", "race"]
    assert rates(wrong) == pytest.approx(percent(kept, race, high, among=lambda r: r[7] == 0))
    assert rates(found["positive-predictive-value-difference", "race"]) == pytest.approx(
        percent(kept, race, lambda r: r[7] == 1, among=high)
    )
    assert found["calibration-difference", "race"].rows == len(kept)


def test_stops_of_a_police_force(tmp_path):
    """As New York publishes: names with spaces and signs, months first, '(null)' for nothing, Y and N; found only who was frisked."""
    rows = [
        ["1/31/2017" if i % 2 else "12/1/2016", ("BLACK", "WHITE HISPANIC", "WHITE")[i % 3], "YN"[i % 4 == 0], "(null)", i] for i in range(240)
    ]  # fmt: skip
    for row in rows:
        row[3] = "(null)" if row[2] == "N" else "YN"[row[4] % 5 < 3]
    names = '"STOP DATE","SUSPECT RACE","frisked?","weapon found (y/n)","item.no"'
    text = "\n".join([names, *(",".join(f'"{v}"' for v in r) for r in rows)])
    found = audit(tmp_path, "sqf-2017.csv", text, """
        datasets:
          data:
            missing: "(null)"
            columns: {STOP DATE: {type: date, format: "%m/%d/%Y"}}
            where: '"STOP DATE" >= DATE ''2017-01-01'''
        decision_log:
          advice: {column: "frisked?", positive: "Y"}
          favourable: "no"
          outcome: {column: "weapon found (y/n)", positive: "Y", known_for: selected}
          protected: [{column: SUSPECT RACE, reference: WHITE}]
    """)  # fmt: skip
    kept = [r for r in rows if r[0].endswith("2017")]
    hits = found["hit-rate-difference", "SUSPECT RACE"]
    assert rates(hits) == pytest.approx(
        percent(kept, lambda r: r[1], lambda r: r[3] == "Y", among=lambda r: r[2] == "Y")
    )
    assert isinstance(found["false-positive-rate-difference", "SUSPECT RACE"], NotMeasurable), (
        "nobody looked at the others"
    )


def test_loans_by_code_with_bars(tmp_path):
    """As lenders report in the United States: 1 is granted, 3 is refused, other codes are no decision; 'NA' and 'Exempt'."""
    rows = [
        [str((1, 3, 4, 1, 1, 3, 5)[i % 7]), ("White", "Black or African American", "Race Not Available")[i % 3], ("62", "NA", "Exempt")[i % 5 % 3]]
        for i in range(210)
    ]  # fmt: skip
    text = "\n".join(["action_taken|derived_race|income", *("|".join(r) for r in rows)])
    found = audit(tmp_path, "hmda.txt", text, """
        datasets: {data: {missing: [NA, Exempt], where: "action_taken IN (1, 3)"}}
        decision_log:
          advice: {column: action_taken, positive: 1}
          favourable: "yes"
          protected: [{column: derived_race, reference: White}]
    """)  # fmt: skip
    kept = [r for r in rows if r[0] in "13"]
    by_race = found["selection-rate-ratio", "derived_race"]
    assert rates(by_race) == pytest.approx(percent(kept, lambda r: r[1], lambda r: r[0] == "1"))


def test_checks_on_students_with_a_control_sample(tmp_path):
    """As a Dutch office could publish: semicolons, decimal commas, days first, Windows letters, a random sample beside the selected."""
    lines = ["herkomst;afstand (km);datum controle;risicoscore;gecontroleerd;steekproef;onterecht"]
    rows = []
    for i in range(900):
        origin = ("Nederlands", "niet-Europees", "België")[i % 3]
        drawn = i % 4 == 0
        selected = not drawn and (i % 3 == 1 or i % 5 == 0)
        wrong = "" if not (drawn or selected) else "ja" if i % (5 if i % 3 == 1 else 6) == 0 else "nee"
        rows.append([origin, drawn, selected, wrong])
        lines.append(
            f"{origin};{i % 40},5;{1 + i % 28:02d}-0{1 + i % 9}-2021;{i % 100},25;{'ja' if selected else 'nee'};{'J' if drawn else 'N'};{wrong}"
        )
    found = audit(tmp_path, "uitwonend.csv", "\r\n".join(lines), """
        datasets: {data: {columns: {datum controle: {type: date, format: "%d-%m-%Y"}}}}
        decision_log:
          advice: {expression: '"risicoscore" >= 50'}
          favourable: "no"
          selected: {column: gecontroleerd, positive: ja}
          random_sample: {column: steekproef, positive: J}
          outcome: {column: onterecht, positive: ja, known_for: selected}
          protected: [{column: herkomst, reference: Nederlands}]
    """, encoding="windows-1252")  # fmt: skip
    origin, wrong = (lambda r: r[0]), (lambda r: r[3] == "ja")
    assert rates(found["base-rate-difference", "herkomst"]) == pytest.approx(
        percent(rows, origin, wrong, among=lambda r: r[1])
    )
    assert rates(found["hit-rate-difference", "herkomst"]) == pytest.approx(
        percent(rows, origin, wrong, among=lambda r: r[2])
    )
    assert found["false-positive-rate-difference", "herkomst"].rows == sum(r[1] and r[3] == "nee" for r in rows)


def test_names_with_dots_truths_of_r_and_thousands_with_commas(tmp_path):
    """As R and spreadsheets in English write: TRUE and FALSE, NA, '1,200' for a thousand and two hundred."""
    rows = [
        [i, ("F", "M")[i % 2], ("TRUE", "FALSE")[i % 3 == 0], f"{1000 + i:,}" if i % 7 else "NA"] for i in range(1, 101)
    ]
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC).writerows([["", "applicant.sex", "granted", "income ($)"], *rows])
    found = audit(tmp_path, "applications.csv", text.getvalue(), """
        datasets:
          data:
            missing: NA
            columns: {income: {expression: "CAST(REPLACE(\\"income ($)\\", ',', '') AS INTEGER)"}}
        decision_log:
          advice: {column: granted, positive: true}
          favourable: "yes"
          protected: [{column: applicant.sex}, {column: income, bins: [1050]}]
    """)  # fmt: skip
    granted = lambda r: r[2] == "TRUE"  # noqa: E731
    assert rates(found["selection-rate-difference", "applicant.sex"]) == pytest.approx(
        percent(rows, lambda r: r[1], granted)
    )
    classes = percent(rows, lambda r: "(missing)" if r[3] == "NA" else "<1050" if r[0] < 50 else ">=1050", granted)
    assert rates(found["selection-rate-difference", "income"]) == pytest.approx(classes)


@pytest.mark.parametrize("reference", ['"no"', "false", "0", '"nee"'])
def test_a_reference_group_of_a_column_of_yes_and_no(tmp_path, reference):
    """As the loans of Boston are published (Munnell et al. 1996, AER 86; in R as AER::HMDA): 28.3 % against 9.3 % refused."""
    counts = {("no", "no"): 1852, ("yes", "no"): 189, ("no", "yes"): 243, ("yes", "yes"): 96}
    text = "deny;afam;n\n" + "".join(f"{deny};{afam};{n}\n" for (deny, afam), n in counts.items())
    found = audit(tmp_path, "HMDA.csv", text, f"""
        datasets: {{data: {{count: n}}}}
        decision_log:
          advice: {{column: deny, positive: "yes"}}
          favourable: "no"
          protected: [{{column: afam, reference: {reference}}}]
    """)  # fmt: skip
    by_race = found["selection-rate-difference", "afam"]
    assert by_race.value == pytest.approx(28.32 - 9.26, abs=0.01)
    assert [g.name for g in by_race.groups if g.is_reference] == ["false"]


RULES_OF_NEW_YORK = [
    ("Hispanic or Latino", 408, 205, 0.97), ("White", 797, 412, 1.00), ("Black or African American", 390, 170, 0.84),
    ("Native Hawaiian or Pacific Islander", 119, 52, 0.85), ("Asian", 616, 302, 0.95),
    ("Native American or Alaska Native", 41, 18, 0.85), ("Two or More Races", 213, 96, 0.87),
]  # fmt: skip


@pytest.mark.parametrize("reference", ["White", "Asian"])
def test_impact_ratios_as_the_rules_of_new_york_reckon_them(tmp_path, reference):
    """The example of the rules on hiring tools (6 RCNY 5-301(c)): divided by the group selected most, whatever the reference."""
    people = [
        *RULES_OF_NEW_YORK,
        ("", 250, 200, None),
    ]  # of 250 the category is not known, and they set no highest rate
    lines = [
        f"{name},{what},{n}" for name, all_, chosen, _ in people for what, n in (("yes", chosen), ("no", all_ - chosen))
    ]
    found = audit(tmp_path, "aedt.csv", "\n".join(["Race/Ethnicity Category,Selected,Applicants", *lines]), f"""
        datasets: {{data: {{count: Applicants}}}}
        decision_log:
          advice: {{column: Selected, positive: "yes"}}
          favourable: "yes"
          protected: [{{column: Race/Ethnicity Category, reference: {reference}}}]
    """)  # fmt: skip
    ratio = found["selection-rate-ratio", "Race/Ethnicity Category"]
    published = {name: r for name, _, _, r in RULES_OF_NEW_YORK if name != "White"}
    if reference == "White":  # the group selected most: the comparison itself
        assert {g.name: g.difference for g in ratio.groups if g.name in published} == pytest.approx(
            published, abs=0.005
        )
        assert not ratio.details
    else:
        assert {d.name: d.value for d in ratio.details} == pytest.approx(
            {f"{name} / White": r for name, r in published.items()}, abs=0.005
        )
        assert "four-fifths rule" in ratio.notes[-1][Language.EN]


def test_without_a_reference_every_rate_is_held_against_the_same_group(tmp_path):
    """The largest of all cases: 'a' with 500. Of those with outcome yes, 'b' has more; '(missing)' has most, but is nobody."""
    counts = {("a", 1, 1): 90, ("a", 0, 1): 60, ("a", 1, 0): 50, ("a", 0, 0): 300,
              ("b", 1, 1): 150, ("b", 0, 1): 100, ("b", 1, 0): 30, ("b", 0, 0): 50,
              ("", 1, 1): 400, ("", 0, 1): 300, ("", 1, 0): 200, ("", 0, 0): 100}  # fmt: skip
    text = "g,advice,outcome,n\n" + "".join(f"{g},{a},{o},{n}\n" for (g, a, o), n in counts.items())
    found = audit(tmp_path, "counts.csv", text, """
        datasets: {data: {count: n}}
        decision_log:
          advice: {column: advice, positive: 1}
          favourable: "yes"
          outcome: {column: outcome, positive: 1}
          protected: [{column: g}]
    """)  # fmt: skip
    references = {c: [g.name for g in o.groups if g.is_reference] for (c, _), o in found.items()}
    assert references == {key: ["a"] for key in references} and len(references) == 8
    assert found["false-negative-rate-difference", "g"].value == pytest.approx(100 * (300 / 700 - 60 / 150))


def test_an_export_of_a_spreadsheet_with_names_over_two_lines_and_sloppy_values(tmp_path):
    """As Excel saves 'Unicode text': UTF-16, decimal commas, a last line with the source. 'male' and 'Male ' may be one group."""
    rows = [(("Male ", "male", "Female")[i % 3], f"{40 + i % 21},5") for i in range(120)]
    text = (
        '"Sex\n(number)";"Total score\r\n(0-100)"\r\n' + "".join(f"{s};{x}\r\n" for s, x in rows) + "Source: ATS;\r\n"
    )
    on_card = """
        datasets: {data: {COLUMNS}}
        decision_log:
          advice: {expression: '"Total score (0-100)" > 50'}
          favourable: "yes"
          protected: [{column: PROTECTED}]
    """
    high = lambda r: float(r[1].replace(",", ".")) > 50  # noqa: E731
    found = audit(
        tmp_path,
        "ats.csv",
        text,
        on_card.replace("COLUMNS", "").replace("PROTECTED", "Sex (number)"),
        encoding="utf-16",
    )
    by_sex = found["selection-rate-difference", "Sex (number)"]
    assert by_sex.rows == 120 and "'Male ', 'male'" in by_sex.notes[0][Language.EN]
    merged = "columns: {sex: {expression: 'LOWER(TRIM(\"Sex (number)\"))'}}"
    found = audit(
        tmp_path, "ats.csv", text, on_card.replace("COLUMNS", merged).replace("PROTECTED", "sex"), encoding="utf-16"
    )
    by_sex = found["selection-rate-difference", "sex"]
    assert {k: v for k, v in rates(by_sex).items() if v is not None} == pytest.approx(
        percent(rows, lambda r: r[0].strip().lower(), high)
    )
    assert not any("capitals" in n[Language.EN] for n in by_sex.notes)


def test_a_published_table_of_errors(tmp_path):
    """COMPAS on violent crime, as ProPublica (2016) publishes its table: the errors in percent, and how often 'high' came true."""
    counts = {("black", "low", 0): 1692, ("black", "high", 0): 1043, ("black", "low", 1): 170, ("black", "high", 1): 273,
              ("white", "low", 0): 1679, ("white", "high", 0): 380, ("white", "low", 1): 129, ("white", "high", 1): 77}  # fmt: skip
    text = "race;score;violent;n\n" + "".join(f"{r};{s};{v};{n}\n" for (r, s, v), n in counts.items())
    found = audit(tmp_path, "violent.csv", text, """
        datasets: {data: {count: n}}
        decision_log:
          advice: {column: score, positive: high}
          favourable: "no"
          outcome: {column: violent, positive: 1}
          protected: [{column: race, reference: white}]
    """)  # fmt: skip
    published = {
        "false-positive-rate-difference": {"black": 38.14, "white": 18.46},
        "false-negative-rate-difference": {"black": 38.37, "white": 62.62},
        "positive-predictive-value-difference": {"black": 20.74, "white": 16.85},
    }
    for check, both_groups in published.items():
        assert rates(found[check, "race"]) == pytest.approx(both_groups, abs=0.006)
