"""Taking part in the demo: an objection that is open, one that was answered, a consultation and a survey. All made up."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from vangrail.model.vocabulary import AnswerValue, CaseKind, CaseResult, QuestionKind, Role, SurveyKind
from vangrail.web.applications.models import Application
from vangrail.web.organisations.models import Person
from vangrail.web.participation import cases, consultations, surveys
from vangrail.web.participation.models import Survey


def take_part(application: Application, people: Mapping[Role, Person]) -> None:
    """What the application with this short name has in the demo; nothing for another."""
    match application.slug:
        case "ocmw-steunaanvragen":
            _contested(application)
            _question(application, people)
            _pulse(application, people)
        case "website-assistent":
            _answered(application, people)
            _consultation(application, people)
            _survey(application, people)


def _contested(application: Application) -> None:
    cases.ask(
        application=application,
        kind=CaseKind.OBJECTION,
        topic="unfair",
        text="Mijn aanvraag werd langer nagekeken dan die van mijn buurvrouw, terwijl we in dezelfde situatie zitten. In de"
        " brief van 28 oktober staat alleen dat ze 'geselecteerd' is. Ik vraag dat een mens opnieuw kijkt.",
        email="",
        drawn="demo: contested",
        at=timezone.now() - timedelta(days=18),
    )
    # This one is late, so it stands first; what it is about was met before.
    cases.ask(
        application=application,
        kind=CaseKind.OBJECTION,
        topic="too-far",
        text="Waarom een computer? De maatschappelijk werkers kennen de mensen. Dit is te veel voor wat het oplevert.",
        email="",
        drawn="demo: late",
        at=timezone.now() - timedelta(days=33),
    )


def _question(application: Application, people: Mapping[Role, Person]) -> None:
    text = "Krijg ik minder steun als de computer mijn aanvraag laat nakijken?"
    answer = (
        "Nee. De computer zegt alleen welke aanvragen een collega eerst nakijkt. Een maatschappelijk werker beslist over je"
        " steun. Tijdens het nakijken loopt je aanvraag gewoon door."
    )
    asked, _ = cases.ask(
        application=application,
        kind=CaseKind.QUESTION,
        topic="unexplained",
        text=text,
        email="",
        drawn="demo: question",
        at=timezone.now() - timedelta(days=6),
    )
    owner = people[Role.APPLICATION_OWNER]
    answered = cases.answer(case=asked, result=CaseResult.ANSWERED, text=answer, changes="", by=owner)
    cases.publish(case=answered, question=text, answer_=answer, by=people[Role.COMMUNICATION])


def _answered(application: Application, people: Mapping[Role, Person]) -> None:
    asked, _ = cases.ask(
        application=application,
        kind=CaseKind.OBJECTION,
        topic="mistakes",
        text="De assistent zei dat het containerpark op maandag open is. Ik stond voor een gesloten poort.",
        email="",
        drawn="demo: answered",
        at=timezone.now() - timedelta(days=9),
    )
    cases.answer(
        case=asked,
        result=CaseResult.REJECTED,
        text="Op de website staan de juiste uren. De assistent verwijst daar altijd naar.",
        changes="",
        by=people[Role.APPLICATION_OWNER],
    )
    cases.review(
        case=asked,
        result=CaseResult.UPHELD,
        text="Je had gelijk. We stelden de vraag zelf, en kregen twee keer het foute antwoord. Het kwam van een oude pagina.",
        changes="De oude pagina is weg, en de vraag staat nu bij de vragen die we elke week testen.",
        because="Zelf nagegaan: twee van de vijf keer fout. Het voorstel steunde op de website, niet op de assistent.",
        by=people[Role.DPO],
    )


def _consultation(application: Application, people: Mapping[Role, Person]) -> None:
    by = people[Role.COMMUNICATION]
    held = consultations.hold(
        application=application,
        title="Gesprek met de seniorenraad",
        groups="de seniorenraad en de drie collega's van het onthaal",
        how="Een namiddag in het dienstencentrum, met de assistent op een groot scherm.",
        held_on=timezone.localdate() - timedelta(days=40),
        people=31,
        by=by,
    )
    said = (
        (
            "Zet een telefoonnummer bij elk antwoord.",
            AnswerValue.YES,
            "Het nummer van het onthaal staat nu onder elk antwoord.",
        ),
        (
            "Laat de assistent ook ons dialect verstaan.",
            AnswerValue.PARTLY,
            "Twintig woorden die veel gebruikt worden, kent hij nu. Meer kan de leverancier niet beloven.",
        ),
        (
            "Laat de assistent ook afspraken maken.",
            AnswerValue.NO,
            "Dat is een ander doel. Daarvoor moet alles opnieuw bekeken worden, en dat doen we nu niet.",
        ),
    )
    for words, taken, done in said:
        point = consultations.add_point(consultation=held, said=words, by=by)
        consultations.answer_point(point=point, taken_over=taken, done=done, by=by)
    consultations.close(consultation=held, by=by)


def _survey(application: Application, people: Mapping[Role, Person]) -> None:
    by = people[Role.COMMUNICATION]
    asked = surveys.make(
        application=application,
        title="Vragen stellen aan de assistent",
        intro="Drie korte vragen over je laatste gesprek met de assistent.",
        groups="bezoekers van de website",
        questions=[
            surveys.Asked(kind=QuestionKind.SCALE, text="Hoe vlot ging het? (1 = heel moeilijk, 5 = heel vlot)"),
            surveys.Asked(
                kind=QuestionKind.CHOICE,
                text="Wist je dat een computer je antwoord gaf?",
                options=("ja", "nee", "ik weet het niet"),
            ),
            surveys.Asked(kind=QuestionKind.TEXT, text="Wat kan beter?"),
        ],
        by=by,
    )
    _fill(
        asked, [(5, 0), (4, 0), (4, 1), (3, 1), (5, 0), (4, 1), (2, 1), (5, 0), (4, 0), (3, 1), (4, 0), (5, 1)], by=by
    )
    surveys.close(survey=asked, by=by)
    asked.refresh_from_db()
    surveys.publish(survey=asked, public=True, by=by)


def _pulse(application: Application, people: Mapping[Role, Person]) -> None:
    """The second round stands open, so that there is something to answer and to close."""
    by = people[Role.HR]
    groups = "iedereen die steunaanvragen behandelt"
    before = surveys.make_pulse(application=application, kind=SurveyKind.WORK_BEFORE, groups=groups, by=by)
    _fill(before, [(4, 4, 3, 3), (4, 3, 3, 2), (5, 4, 4, 3), (3, 4, 3, 4), (4, 5, 4, 3), (4, 3, 2, 3)], by=by)
    surveys.close(survey=before, by=by)
    after = surveys.make_pulse(application=application, kind=SurveyKind.WORK_AFTER, groups=groups, by=by)
    _fill(after, [(3, 4, 3, 3), (3, 4, 2, 3)], by=by)


def _fill(asked: Survey, answers: list[tuple[int, ...]], *, by: Person) -> None:
    questions = [q.pk for q in asked.questions.all() if not q.is_text]
    for token, values in zip(surveys.invite(survey=asked, number=len(answers), by=by), answers, strict=True):
        surveys.fill_in(token=token, values=dict(zip(questions, values, strict=True)), remarks={})
