"""The dossier as text: what it says, in which order, and that nothing in it is more than text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from samples import (
    ANSWER,
    BEYOND,
    GAP,
    HOSTILE,
    OWN_LIMIT,
    SELECTION,
    assessment,
    evidence,
    hostile,
    line,
    many_groups,
    requirement,
)

from vangrail.exports.dossier import dossier_html, most_different, telling
from vangrail.exports.dossier_texts import STATISTICS, TEXTS
from vangrail.knowledge import framework
from vangrail.model import vocabulary
from vangrail.model.board import Judgement
from vangrail.model.framework import Limit
from vangrail.model.outcome import Detail, Measured
from vangrail.model.vocabulary import Language, Unit, Verdict

NL, EN = Language.NL, Language.EN
VOID = {"meta", "link", "br", "rect", "line", "path", "circle", "use"}


class Page(HTMLParser):
    """The tags of a page in order, and its text by the id of the nearest heading above it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.sections, self.headings = [], [], {}, []
        self._under, self._skip = "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, tuple(sorted(attributes))))
        self.attributes.append((tag, attributes))
        self._skip = tag == "style"
        if tag in {"h1", "h2", "h3", "h4"}:
            self._under = attributes.get("id") or f"{tag}-{len(self.headings)}"
            self.headings.append((tag, self._under))

    def handle_endtag(self, tag):
        if tag == "style":
            self._skip = False

    def handle_data(self, data):
        if not self._skip:
            self.sections[self._under] = f"{self.sections.get(self._under, '')} {' '.join(data.split())}".strip()

    @property
    def text(self):
        return " ".join(" ".join(self.sections.values()).split())


@pytest.fixture(scope="module")
def html():
    return dossier_html(assessment(), language=NL)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_it_starts_with_what_a_manager_asks(page):
    assert "Voorrang bij aanvullende steun" in page.text
    assert "Bestuur OCMW Zandhove Fase Validatie Verantwoordelijke An Peeters Stand op 22 november 2026" in page.text
    order = ["summary", "data", "p-dem", "p-tru", "p-hum", "p-lit", "p-dat", "p-sus", "method", "versions"]
    found = [id_ for tag, id_ in page.headings if tag == "h2" and id_ in order]
    assert found == order


def test_the_summary_names_what_is_not_met_with_its_figure_before_what_is_open(page):
    summary = page.text[page.text.index("Wat de toepassing doet") : page.text.index("Datasets die gelezen zijn")]
    not_met = summary.index("Wat niet voldaan is")
    figure = summary.index(
        "Verschil in toekenning: herkomst: 21,4 procentpunt (17,9 tot 24,9), grens hoogstens 10 procentpunt"
    )
    open_ = summary.index("Wat nog niet vaststaat")
    assert not_met < figure < open_ < summary.index("Wat de volgende poort nog nodig heeft")
    assert "In deze fase worden 11 van de 12 eisen gevraagd." in summary
    assert "Toepassingsverantwoordelijke (An Peeters) toon wat ontbreekt (8)" in summary


def test_a_figure_has_unit_interval_rows_and_a_limit_with_its_reason_and_who_chose_it(page):
    shown = page.sections["tru-fair-1-1"]
    for text in (
        "Cijfer 21,4 procentpunt",
        "Interval (95\u00a0%) 17,9 tot 24,9".replace("\u00a0", " "),
        "Rijen 19.998",
        "Grens hoogstens 10 procentpunt",
        "Reden van de grens: De raad legde in 2025 vast",
        "Gekozen door An Peeters, op 2 maart 2026",
        "Gemeten op 22 november 2026, in de dataset 'beslissingen'. Geldig tot 22 november 2027.",
        "Bonferroni: 6 uitspraken",
    ):
        assert text in shown


def test_the_evidence_that_decided_stands_first(page):
    order = [id_ for _, id_ in page.headings if id_.startswith("tru-fair-1-")]
    assert order == ["tru-fair-1-1", "tru-fair-1-3", "tru-fair-1-4", "tru-fair-1-2"]


def test_a_default_limit_is_never_shown_as_a_choice(page):
    assert "Gekozen door startwaarde van Vangrail" in page.sections["dat-1-1"]


def test_every_group_is_there_the_most_different_first_and_small_ones_are_named(page):
    shown = page.sections["tru-fair-1-2"]
    assert all(g.name in shown for g in many_groups(40).groups)
    assert "Niet meetbaar, en dus niet beoordeeld (5): Wijk 07 × 65+, Wijk 14 × 25-44" in shown
    assert "De andere 28 groepen" in shown
    assert shown.index("Centrum 2.100") < shown.index("Wijk 04 × 25-44 340") < shown.index("Wijk 02 × 25-44 320")


def test_a_group_of_fewer_than_five_has_no_number(page):
    assert "onbekend niet getoond – – Te weinig gevallen; minstens 30 zijn nodig." in page.sections["tru-fair-1-1"]


def test_what_cannot_be_measured_says_why_and_what_to_do(page):
    shown = page.sections["tru-fair-1-4"]
    assert "De foutpercentages kunnen niet gekend zijn" in shown
    assert "Te doen Controleer voortaan ook een klein aantal willekeurig gekozen dossiers." in shown


def test_an_answer_shows_who_in_which_role_when_why_and_with_which_documents(page):
    shown = page.sections["hum-2-1"]
    assert ANSWER.because in shown
    assert "Chaima El Amrani, toepassingsverantwoordelijke, 5 oktober 2026" in shown
    assert "documenten/onthaal.pdf" in shown


def test_what_happened_shows_when_and_how_many_took_part(page):
    assert "11 juni 2026 Stopoefening" in page.sections["tru-hum-3-1"]
    assert "6 deelnemers" in page.sections["tru-hum-3-1"]


def test_what_is_not_asked_yet_is_listed_without_a_verdict(page):
    assert "lit-7 De deontologische code geldt ook voor AI: vanaf de fase gebruik" in page.sections["p-lit"]
    assert "lit-7-1" not in page.sections


def test_the_method_gives_the_formula_and_the_source_of_each_check_that_was_used(page):
    assert "max |selected_g / n_g − selected_ref / n_ref| × 100" in page.text
    assert "Newcombe (1998)" in page.text
    assert "Onbekend telt nooit als voldaan." in page.text


def test_versions_and_digests_are_complete(page):
    for text in (
        assessment().framework.digest,
        assessment().card_digest,
        "3f1c9a0e5b7d2468ace013579bdf2468",
        "vangrail 0.1.0",
    ):
        assert text in page.text
    assert "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" in page.text


def test_in_english_no_dutch_of_ours_is_left():
    english = Page(dossier_html(assessment(), language=EN)).text
    assert "21.4 percentage points" in english
    assert "22 November 2026" in english
    for text in TEXTS.values():
        if text[NL] != text[EN] and "{" not in text[NL] and len(text[NL]) > 12:
            assert text[NL] not in english


def test_the_language_of_the_page_is_stated(html):
    assert '<html lang="nl-BE">' in html
    assert '<html lang="en">' in dossier_html(assessment(), language=EN)


def test_without_data_gate_ledger_or_figures_it_still_reads():
    lines = [x for x in assessment().board.lines if x.requirement.id in {"hum-2", "sus-5"}]
    card = assessment().card.model_copy(update={"summary": None, "people": {}})
    bare = replace(assessment(of=lines, last_phase=True), datasets=(), checkpoint=None, card=card, checks={})
    text = Page(dossier_html(bare, language=NL)).text
    assert "Verantwoordelijke niet opgegeven op de kaart" in text
    assert "Er zijn geen gegevens gelezen" in text
    assert "Er is niets gemeten." in text
    assert "er volgt geen poort meer" in text
    assert "staat niet in een logboek" in text
    assert "Geen enkele eis kreeg het oordeel 'niet voldaan'." in text


def test_nothing_is_fetched_from_outside_and_nothing_runs(html):
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.attributes:
        assert not any(name.startswith("on") or name in {"src", "srcset", "style", "xlink:href"} for name in attributes)
        if tag == "use" or (tag == "a" and not attributes["href"].startswith("https://www.zandhove.example/")):
            assert attributes["href"].startswith("#")
    assert not re.search(r"url\((?!#)|@import|@font-face", html)


def test_hostile_text_in_every_field_stays_text(page):
    """The page has the same elements with the same attributes, and the hostile text stands in it to be read."""
    spoiled = Page(dossier_html(hostile(assessment()), language=NL))
    assert spoiled.tags == page.tags
    for text in HOSTILE:
        assert " ".join(text.split()) in spoiled.text


def test_a_document_that_is_no_web_address_is_no_link():
    sneaky = ANSWER.model_copy(update={"documents": ("javascript:alert(1)", "data:text/html,x", " https://x.example")})
    lines = [
        replace(x, judgements=(replace(x.judgements[0], answer=sneaky),)) if x.requirement.id == "hum-2" else x
        for x in assessment().board.lines
    ]
    page = Page(dossier_html(assessment(of=lines), language=NL))
    assert {a["href"][0] for tag, a in page.attributes if tag == "a"} == {"#"}
    assert "javascript:alert(1)" in page.text


def test_every_link_inside_the_page_has_its_target_and_every_id_is_there_once(page):
    ids = [a["id"] for _, a in page.attributes if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for tag, a in page.attributes if tag == "a" and a["href"].startswith("#")}
    labels = {id_ for _, a in page.attributes for id_ in a.get("aria-labelledby", "").split()}
    assert (targets | labels) - set(ids) == set()


def test_the_glossary_has_every_word_that_the_dossier_uses():
    """A word that is missing stops the dossier, so it is looked for here, in the glossary as it is now."""
    lists = {
        "phase": vocabulary.Phase,
        "verdict": vocabulary.Verdict,
        "role": vocabulary.Role,
        "record": vocabulary.RecordKind,
        "unit": vocabulary.Unit,
        "answer": vocabulary.AnswerValue,
    }
    used = {f"{prefix}.{value}" for prefix, values in lists.items() for value in values} | set(STATISTICS)
    used |= {f"evidence.{kind}" for kind in ("measure", "answer", "declare", "process", "classification", "ledger")}
    proofs = [p for r in framework().requirements for p in r.evidence]
    used |= {f"classification.{p.topic}" for p in proofs if p.kind == "classification"}
    assert used - {e.code for e in framework().glossary} == set()


def test_the_requirements_as_they_are_now_fit_in_a_dossier():
    """Their sources name known works and their conditions exist, or this raises."""
    lines = [
        line(r, Verdict.UNKNOWN, *(Judgement(proof=p, verdict=Verdict.UNKNOWN, because=r.why) for p in r.evidence))
        for r in framework().requirements
    ]
    for language in Language:
        page = Page(dossier_html(replace(assessment(of=lines), framework=framework()), language=language))
        assert all(r.id in page.sections for r in framework().requirements)


def judged(check, value, verdict, limit, **more):
    outcome = Measured(**{"value": value, "unit": Unit.PERCENT, "rows": 100, **more})
    return Judgement(
        proof=SELECTION, verdict=verdict, because=BEYOND, measured=evidence(check, "a", outcome), limit=limit
    )


def of(id_, *judgements):
    return line(requirement(id_, nl="x", en="x", evidence=[SELECTION]), Verdict.NOT_MET, *judgements)


def test_the_telling_figures_are_the_worst_of_each_requirement():
    """Between groups of people first, then how far past the limit: 30 is 5 times past 5, 20 lies 3/4 short of 80."""
    five, eighty = Limit(at_most=5), Limit(at_least=80)
    lines = [
        of("dat-1", judged("fine", 1, Verdict.MET, five), judged("unsure", 5, Verdict.UNKNOWN, five)),
        of("dat-2", judged("twice", 10, Verdict.NOT_MET, five), judged("six-times", 30, Verdict.NOT_MET, five)),
        of("dat-3", judged("too-low", 20, Verdict.NOT_MET, eighty)),
        of("tru-fair-1", judged("between-groups", 6, Verdict.NOT_MET, five, groups=GAP.groups)),
        of("tru-fair-2", judged("six-times", 30, Verdict.NOT_MET, five)),
    ]
    names = [j.measured.measurement.check for _, j in telling(lines)]
    assert names == ["between-groups", "six-times", "too-low"]


def test_parts_that_are_no_counts_stand_under_a_heading_that_says_so():
    """Ratios and litres are not 'counted', and have no total and no share."""

    def heads(detail):
        found = judged("ratio", 0.75, Verdict.NOT_MET, Limit(at_least=0.8), details=(detail,))
        html = dossier_html(assessment(of=[of("tru-fair-1", found)]), language=NL)
        return re.findall(r">([^<]*)</th>", html[html.index(">Onderdeel</th>") - 1 :].split("</tr>")[0])

    assert heads(Detail(name="Molenhoek / Centrum", value=0.75, unit=Unit.RATIO)) == [
        "Onderdeel",
        "Waarde",
        "Opmerking",
    ]
    counted = ["Onderdeel", "Geteld", "Op een totaal van", "Aandeel", "Opmerking"]
    assert heads(Detail(name="wijk", rows=100, counted=3)) == counted


def test_worse_than_nothing_counts_as_far_past_a_limit_of_zero():
    zero, ten = Limit(at_least=0), Limit(at_most=10)
    lines = [
        of("dat-1", judged("twice", 20, Verdict.NOT_MET, ten)),
        of("dem-4", judged("gain", -7.7, Verdict.NOT_MET, zero)),
    ]
    assert [j.measured.measurement.check for _, j in telling(lines)] == ["gain", "twice"]


def test_the_summary_shows_two_figures_of_a_requirement_and_counts_the_others():
    five = Limit(at_most=5)
    found = of("tru-fair-1", *(judged(f"check-{i}", 10 + i, Verdict.NOT_MET, five) for i in range(5)))
    text = Page(dossier_html(assessment(of=[found]), language=NL)).text
    assert "check-4: a: 14 %, grens hoogstens 5 %" in text
    assert "En nog 3 cijfers voorbij hun grens." in text


def test_groups_are_ordered_reference_first_and_those_without_a_figure_last():
    names = [g.name for g in most_different(tuple(reversed(GAP.groups)), as_ratio=False)]
    assert names == ["België", "buiten EU", "EU zonder België", "onbekend"]


def test_a_limit_on_the_card_may_lack_a_day():
    judgement = Judgement(
        proof=SELECTION,
        verdict=Verdict.NOT_MET,
        because=BEYOND,
        measured=evidence("selection-rate-difference", "herkomst", GAP),
        limit=replace(OWN_LIMIT, chosen_on=None),
    )
    sample = assessment(
        of=[line(requirement("tru-fair-1", nl="x", en="x", evidence=[SELECTION]), Verdict.NOT_MET, judgement)]
    )
    assert "Gekozen door An Peeters Reden" in Page(dossier_html(sample, language=NL)).sections["tru-fair-1-1"]
