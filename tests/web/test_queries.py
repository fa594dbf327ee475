"""No page of the workspace asks more of the database when there is more to show."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from test_publishing import PARTS
from test_rights import WORK, filled

from conftest import card, person
from vangrail.model.vocabulary import (
    AnswerValue,
    CaseKind,
    GateOutcome,
    MemberRole,
    QuestionKind,
    RecordKind,
    Role,
)
from vangrail.web.api.models import Token
from vangrail.web.applications import acts as applications
from vangrail.web.applications import assessing
from vangrail.web.decisions import acts as decisions
from vangrail.web.events import acts as events
from vangrail.web.incidents import acts as incidents
from vangrail.web.jobs.models import Run
from vangrail.web.organisations import administering
from vangrail.web.organisations.models import Membership
from vangrail.web.participation import cases, consultations, surveys
from vangrail.web.publishing import acts as publishing
from vangrail.web.registering import acts as registering
from vangrail.web.suppliers import acts as suppliers
from vangrail.web.talking import acts as talking

ITEM = re.compile(r"<(?:int|str|slug):(?!organisation|application|requirement)\w+>")
PAGES = sorted({place for place, _ in WORK if not ITEM.search(place)})
DATA = {"datasets": {"meldingen": {"source": "meldingen.csv", "key": ["id"], "columns": {"id": {}}}}}


def one_more(town, n):
    """One more of everything that a page can list."""
    today, now, an, gerda = timezone.localdate(), timezone.now(), town.an, town.gerda
    application = town.application
    person(f"Zoe{n}", town.organisation, MemberRole.CONTRIBUTOR)
    c = card(**{**PARTS, **DATA, "summary": f"De computer leest, versie {n}.", "purpose": {"text": f"Doel {n}."}})
    applications.declare(application=application, card=c, by=an)
    other = applications.register(
        organisation=town.organisation, card=card(**{**PARTS, "id": f"andere-{n}", "name": f"Andere {n}"}), by=an
    )
    assessing.refresh(other)
    for each in (application, other):
        made = publishing.prepare(application=each, by=an)
        publishing.review(publication=made, by=town.fons, approved=True)
    registering.start(organisation=town.organisation, by=an, content={"name": f"Concept {n}"})
    talking.comment(application=application, requirement="dem-1", text=f"Opmerking {n}", by=town.bram, called=[gerda])
    talking.comment(application=other, requirement="dem-2", text=f"Opmerking {n}", by=town.bram, called=[gerda])
    talking.assign(application=other, requirement="dem-1", to=gerda, by=an, due=today)
    talking.attach(
        application=application,
        requirement="dem-1",
        file=SimpleUploadedFile(f"verslag-{n}.txt", f"Verslag {n}".encode()),
        by=an,
    )
    applications.answer(
        application=application,
        requirement="dem-1",
        value=AnswerValue.YES,
        because=f"Zie verslag {n} van de werkgroep",
        by=an,
        role=Role.APPLICATION_OWNER,
    )
    decisions.decide(
        application=application,
        outcome=GateOutcome.REFUSED,
        by=town.els,
        role=Role.DECIDER,
        reasons=f"Nog niet goed, keer {n}",
    )
    decisions.stop(application=application, by=town.els, reasons=f"Fout ontdekt, keer {n}")
    decisions.resume(application=application, by=town.els, reasons=f"Opgelost en nagekeken {n}")
    found = {"title": f"Oude prijs {n}", "what": "Een oude prijs.", "severity": "moderate", "breach": False}
    for each in (application, other):
        incident = incidents.record_incident(
            application=each, found={**found, "noticed_at": now - timedelta(hours=2), "consequences": []}, by=an
        )
        incidents.assign(incident=incident, owner=gerda, by=an)
        incidents.give_task(incident=incident, what=f"Zoek uit {n}", owner=gerda, due=today, by=an)
        for kind in (CaseKind.QUESTION, CaseKind.OBJECTION):
            case, _ = cases.ask(
                application=each, kind=kind, topic="unfair", text=f"Waarom {n}?", email="", drawn=f"{each}{kind}{n}"
            )
            cases.assign(case=case, to=gerda, by=an)
    held = consultations.hold(
        application=application, title=f"Ronde {n}", groups="bewoners", how="buurthuis", held_on=today, people=9, by=an
    )
    consultations.add_point(consultation=held, said=f"Te traag {n}", by=an)
    surveys.make(
        application=application,
        title=f"Bevraging {n}",
        intro="",
        groups="bezoekers",
        questions=[surveys.Asked(kind=QuestionKind.SCALE, text="Hoe vlot?")],
        by=town.fons,
    )
    administering.connect(organisation=town.organisation, name=f"LOG_{n}", address="postgresql://h/x", by=gerda)
    administering.invite(
        organisation=town.organisation, email=f"n{n}@x.example", name=f"N{n}", roles=[MemberRole.READER], by=gerda
    )
    Token.issue(application=application, name=f"nacht {n}", by=an)
    suppliers.ask(
        application=application, supplier=f"Maker {n}", keys=(), own=[f"Vraag {n}?"], due=today + timedelta(7), by=an
    )
    events.write_down(
        application=application,
        kind=RecordKind.STOP_DRILL,
        on=today,
        what=f"Oefening {n}",
        outcome="",
        people=None,
        documents=(),
        by=an,
    )
    Run.objects.create(application=application, asked_by=an, asked_at=now, state=Run.State.DONE, figures=n)
    assessing.refresh(application)
    assessing.refresh(other)


def queries(browser, town):
    """How many questions each page asks of the database: its status must be that of a page."""
    counted = {}
    for place in PAGES:
        address = filled(place, town)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = browser.get(address)
        if answer.status_code == 200 and not answer.streaming:
            counted[place] = [q["sql"] for q in asked.captured_queries]
    return counted


@pytest.mark.django_db
def test_more_rows_are_no_more_queries_on_any_page(town, as_):
    Membership.objects.filter(person=town.gerda).update(roles=[r.value for r in MemberRole])
    browser = as_(town.gerda)
    for n in range(2):
        one_more(town, n)
    few = queries(browser, town)
    for n in range(2, 5):
        one_more(town, n)
    many = queries(browser, town)
    more = {
        place: f"{len(few[place])} became {len(many[place])}: {extra(few[place], many[place])}"
        for place in few
        if len(many[place]) > len(few[place])
    }
    assert not more, "\n".join(f"{place}  {what}" for place, what in more.items())
    assert len(few) > 30 and all(few.values())


def extra(few, many):
    """The form of the first question that is asked more often."""
    plain = [re.sub(r"\d+|'[^']*'", "?", sql) for sql in many]
    before = [re.sub(r"\d+|'[^']*'", "?", sql) for sql in few]
    return next((sql[:300] for sql in plain if plain.count(sql) > before.count(sql)), "")
