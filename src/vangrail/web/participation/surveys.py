"""What people do around a survey: make it, hand out links, answer, close it, and see totals from five answers on.

Totals are shown only after closing: who saw them before and after each answer could tell what that answer was. What was
filled in says nothing of the link by which it came. The pulse on workable work becomes a data set of the application, which
the core measures (hum-4); a survey with questions of one's own is one more way to consult (dem-10).
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from vangrail import knowledge
from vangrail.model.card import Record
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.outcome import SMALL_COUNT
from vangrail.model.vocabulary import Language, QuestionKind, RecordKind, SurveyKind
from vangrail.web.applications import acts
from vangrail.web.applications.assessing import card_of
from vangrail.web.applications.models import Application, CardVersion
from vangrail.web.applications.places import folder_of
from vangrail.web.look.language import pick
from vangrail.web.organisations.models import Person
from vangrail.web.participation import guarding
from vangrail.web.participation.models import Filled, Invitation, Question, Remark, Survey

LOWEST, HIGHEST = 1, 5
MOST_LINKS = 2_000
MOST_REMARK = 2_000
DATASET, FILE = "werkbaar-werk", "data/werkbaar-werk.csv"
WAVE = "ronde"
WAVES = {SurveyKind.WORK_BEFORE: "voor", SurveyKind.WORK_AFTER: "na"}
FEATURES = {
    "stress": "werkstress",
    "motivation": "motivatie",
    "learning": "leermogelijkheden",
    "work-life-balance": "balans",
}
"""The four features of workable work, with their columns."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of a survey that is being made."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()


@transaction.atomic
def make(
    *, application: Application, title: str, intro: str, groups: str, questions: Sequence[Asked], by: Person
) -> Survey:
    """A survey with questions of one's own."""
    for text in (title, intro, groups):
        guarding.refuse_personal_data(text, kinds=guarding.NEVER)
    if not questions:
        raise VangrailError(both(nl="Er staat nog geen vraag in.", en="There is no question in it yet."))
    bare = next((q for q in questions if q.kind is QuestionKind.CHOICE and len(set(q.options)) < 2), None)
    if bare is not None:
        raise VangrailError(
            both(nl=f"'{bare.text}': geef minstens twee keuzes.", en=f"'{bare.text}': give at least two choices.")
        )
    survey = _start(application, SurveyKind.OWN, title=title, intro=intro, groups=groups, by=by)
    for q in questions:
        Question.objects.create(survey=survey, kind=q.kind.value, text=q.text, options=list(q.options))
    return survey


@transaction.atomic
def make_pulse(*, application: Application, kind: SurveyKind, groups: str, by: Person) -> Survey:
    """The four questions on workable work, before the start or after it: the same ones both times."""
    if kind not in WAVES:
        raise VangrailError(both(nl="Kies voor of na de start.", en="Choose before or after the start."))
    (features,) = (v for v in knowledge.framework().vocabularies if v.id == "werkbaar-werk")
    title = pick(nl="Hoe werkbaar is je werk?", en="How workable is your work?")
    survey = _start(application, kind, title=title, intro="", groups=groups, by=by)
    for term in features.terms:
        text = f"{term.title[Language.NL]}. {PULSE[term.id]}"
        Question.objects.create(survey=survey, kind=QuestionKind.SCALE.value, text=text, feature=term.id)
    return survey


PULSE = {
    "stress": "Mijn werk maakt me vermoeid of gespannen. (1 = helemaal niet, 5 = heel erg)",
    "motivation": "Ik doe mijn werk graag, en het doet ertoe. (1 = helemaal niet, 5 = helemaal wel)",
    "learning": "Ik leer bij in mijn werk, en kan mijn vak uitoefenen. (1 = helemaal niet, 5 = helemaal wel)",
    "work-life-balance": "Naast mijn werk houd ik genoeg tijd en energie over. (1 = helemaal niet, 5 = helemaal wel)",
}
"""In Dutch on purpose: a question that is put in another language is another question."""


def _start(application: Application, kind: SurveyKind, *, title: str, intro: str, groups: str, by: Person) -> Survey:
    return Survey.objects.create(
        application=application,
        by=by,
        kind=kind.value,
        title=title,
        intro=intro,
        groups=groups,
        made_at=timezone.now(),
    )


@transaction.atomic
def invite(*, survey: Survey, number: int, by: Person) -> list[str]:
    """So many new links, each good for one answer. They are shown now and never again: only a digest is kept."""
    held = _open(survey)
    if number < 1 or held.invitations.count() + number > MOST_LINKS:
        raise VangrailError(
            both(nl=f"Een bevraging heeft 1 tot {MOST_LINKS} links.", en=f"A survey has 1 to {MOST_LINKS} links.")
        )
    tokens = [guarding.new_token() for _ in range(number)]
    Invitation.objects.bulk_create(Invitation(survey=held, digest=guarding.digest_of_token(t)) for t in tokens)
    return tokens


@transaction.atomic
def fill_in(*, token: str, values: Mapping[int, int], remarks: Mapping[int, str]) -> Survey:
    """Somebody answers by their link.

    values      by the number of the question: 1 to 5, or the place of the chosen option; what is left open is left out
    """
    digest = guarding.digest_of_token(token)
    invitation = Invitation.objects.select_for_update().select_related("survey").filter(digest=digest).first()
    if invitation is None or invitation.used:
        raise VangrailError(
            both(nl="Deze link is al gebruikt, of bestaat niet.", en="This link was used already, or does not exist."),
            why=both(nl="Elke link is goed voor één antwoord.", en="Each link is good for one answer."),
        )
    survey = _open(invitation.survey)
    asked = {q.pk: q for q in survey.questions.all()}
    kept = {str(pk): v for pk, v in values.items() if pk in asked and v in allowed(asked[pk])}
    written = {pk: text.strip() for pk, text in remarks.items() if pk in asked and text.strip()}
    if not kept and not written:
        raise VangrailError(
            both(nl="Je hebt nog niets ingevuld.", en="You have not filled in anything yet."),
            do=both(nl="Antwoord op minstens één vraag.", en="Answer at least one question."),
        )
    Filled.objects.create(survey=survey, values=kept)
    for pk, text in written.items():
        Remark.objects.create(question=asked[pk], text=text[:MOST_REMARK])
    invitation.used = True
    invitation.save(update_fields=["used"])
    return survey


def allowed(question: Question) -> range:
    """The values that an answer to this question can have."""
    match QuestionKind(question.kind):
        case QuestionKind.SCALE:
            return range(LOWEST, HIGHEST + 1)
        case QuestionKind.CHOICE:
            return range(len(question.options))
        case QuestionKind.TEXT:
            return range(0)


@transaction.atomic
def close(*, survey: Survey, by: Person) -> Survey:
    """No more answers. From five answers on there are totals, a record, and for the pulse a data set."""
    held = _open(survey)
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    answers = held.filled.count()
    if answers < SMALL_COUNT:
        return held
    record = Record(
        kind=RecordKind.SURVEY if held.is_about_work else RecordKind.CONSULTATION,
        on=timezone.localdate(held.closed_at),
        what=f"Bevraging: {held.title} ({held.groups})",
        by=by.name,
        people=answers,
        requirement="hum-4" if held.is_about_work else "dem-10",
    )
    acts.keep_record(application=held.application, record=record, by=by)
    if held.is_about_work:
        write_pulse(held.application)
    return held


def write_pulse(application: Application) -> Path | None:
    """Write the answers of the newest closed pulse of each round as a data set of the application; nothing without any.

    One row per answer, without a name, a day or an order. A round with fewer than five answers is left out.
    """
    rows: list[list[str]] = []
    for kind, wave in WAVES.items():
        closed = application.surveys.filter(kind=kind.value).exclude(closed_at=None).order_by("-closed_at")
        for survey in closed:
            filled = list(survey.filled.all())
            if len(filled) < SMALL_COUNT:
                continue
            columns = {q.feature: str(q.pk) for q in survey.questions.all()}
            found = [[str(f.values.get(columns[feature], "")) for feature in FEATURES] for f in filled]
            rows += [[wave, *values] for values in sorted(found)]
            break
    if not rows:
        return None
    place = folder_of(application) / FILE
    place.parent.mkdir(mode=0o700, exist_ok=True)
    half = place.with_suffix(".new")
    with half.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow([WAVE, *FEATURES.values()])
        writer.writerows(rows)
    half.replace(place)  # whoever measures meanwhile reads the old file or the new one, never half a file
    return place


def is_on_card(application: Application) -> bool:
    """Whether the card points to the answers of the pulse."""
    survey = card_of(application).work_survey
    return survey is not None and survey.dataset == DATASET


@transaction.atomic
def put_on_card(*, application: Application, by: Person) -> CardVersion:
    """A new version of the card that says where the answers of the pulse are, so that the difference can be measured."""
    if not (folder_of(application) / FILE).exists():
        raise VangrailError(
            both(nl="Er is nog geen ronde met vijf antwoorden.", en="There is no round with five answers yet.")
        )
    card = card_of(application)
    content = card.model_dump(mode="json", exclude_defaults=True)
    columns = {column: {"type": "integer"} for column in FEATURES.values()}
    content.setdefault("datasets", {})[DATASET] = {
        "source": FILE,
        "description": "Antwoorden van medewerkers op vier vragen over hun werk, voor en na de start. Zonder namen.",
        "origin": "Bevraging in Vangrail",
        "owner": by.name,
        "columns": {WAVE: {"type": "text"}} | columns,
    }
    content["work_survey"] = {
        "dataset": DATASET,
        "wave": WAVE,
        "before": WAVES[SurveyKind.WORK_BEFORE],
        "after": WAVES[SurveyKind.WORK_AFTER],
        "lowest": LOWEST,
        "highest": HIGHEST,
        "features": {feature: {"column": column} for feature, column in FEATURES.items()},
    }
    note = pick(nl="Bevraging over werkbaar werk toegevoegd.", en="Survey on workable work added.")
    return acts.declare(application=application, card=acts.parse_card(content), by=by, note=note)


@dataclass(frozen=True, kw_only=True)
class Total:
    """What came of one question. None where fewer than five answered it.

    mean    for a scale
    shares  for a choice: each option with its number of answers, or none where that would be about a few people
    """

    question: Question
    answers: int | None
    mean: float | None = None
    shares: tuple[tuple[str, int | None], ...] = ()


def totals(survey: Survey) -> list[Total] | None:
    """What came of each question; nothing while the survey is open, or with fewer than five answers."""
    if survey.closed_at is None:
        return None
    filled = [f.values for f in survey.filled.all()]
    if len(filled) < SMALL_COUNT:
        return None
    return [
        _total(q, [int(v[str(q.pk)]) for v in filled if str(q.pk) in v])
        for q in survey.questions.all()
        if not q.is_text
    ]


def _total(question: Question, values: list[int]) -> Total:
    if len(values) < SMALL_COUNT:
        return Total(question=question, answers=None)
    if question.kind == QuestionKind.SCALE:
        return Total(question=question, answers=len(values), mean=sum(values) / len(values))
    counts = guarded([values.count(i) for i in range(len(question.options))])
    return Total(question=question, answers=len(values), shares=tuple(zip(question.options, counts, strict=True)))


def guarded(counts: Sequence[int]) -> list[int | None]:
    """Counts without those about one to four people. Where only one would be left out, the next smallest goes too: else the
    total would give it away."""
    shown: list[int | None] = [None if 0 < c < SMALL_COUNT else c for c in counts]
    hidden = sum(s is None for s in shown)
    if hidden == 1:
        others = [i for i, s in enumerate(shown) if s]
        if others:
            shown[min(others, key=lambda i: counts[i])] = None
    return shown


@transaction.atomic
def moderate(*, remark: Remark, show: bool, by: Person) -> None:
    """Let a remark be seen outside, or not. VangrailError when something in it points to a person."""
    if show:
        guarding.refuse_personal_data(remark.text)
    remark.shown = show
    remark.save(update_fields=["shown"])


@transaction.atomic
def publish(*, survey: Survey, public: bool, by: Person) -> None:
    """Show the totals on the public page, or not. Never those of the pulse: they are about colleagues."""
    if public and (survey.is_about_work or totals(survey) is None):
        raise VangrailError(
            both(nl="Van deze bevraging is er niets om te tonen.", en="There is nothing to show of this survey.")
        )
    survey.public = public
    survey.save(update_fields=["public"])


def _open(survey: Survey) -> Survey:
    held = Survey.objects.select_for_update().select_related("application__organisation").get(pk=survey.pk)
    if held.closed_at is not None:
        raise VangrailError(both(nl="Deze bevraging is afgesloten.", en="This survey is closed."))
    return held
