"""Beginning with a template: what holds for the kind is filled in, and nothing is answered."""

import pytest

from vangrail.cards import templates
from vangrail.model.vocabulary import Verdict
from vangrail.web.applications import assessing
from vangrail.web.applications.models import Application, Draft
from vangrail.web.registering import acts

pytestmark = pytest.mark.django_db
PLACE = "/werk/voorbeeld/sjablonen/"


def test_they_are_offered_where_one_begins(town, as_):
    page = as_(town.an).get("/werk/voorbeeld/nieuw/").content.decode()
    assert all(f"{PLACE}{t.id}/" in page for t in templates.templates())


@pytest.mark.parametrize("template", templates.templates(), ids=lambda t: t.id)
def test_a_template_becomes_a_draft_that_still_lacks_what_is_ones_own(town, as_, template):
    browser = as_(town.an)
    assert browser.get(f"{PLACE}{template.id}/").status_code == 200
    answer = browser.post(f"{PLACE}{template.id}/")
    draft = Draft.objects.get()
    assert answer["Location"].endswith(f"/concepten/{draft.pk}/stap/1/")
    content = acts.card_in(draft)
    assert content["facts"] == template.card["facts"] and content["people"]["application_owner"] == {"name": "An"}
    assert [".".join(w.place) for w in acts.lacking(content)] == ["name", "purpose.text", "phase"]


def test_nothing_that_a_person_answers_is_met_by_a_template(town):
    """Registered with a name, a purpose and a phase, nothing on the board is met or not applicable but what is declared."""
    template = next(t for t in templates.templates() if t.id == "chatbot")
    own = {"name": "Wegwijs", "purpose": {"text": "Vragen beantwoorden.", "use": ["direct"]}, "phase": "idea"}
    draft = acts.start(organisation=town.organisation, by=town.an, content=dict(template.card) | own)
    application = acts.register(draft=draft, by=town.an)
    assessing.refresh(application)
    settled = {
        r["id"]
        for r in application.assessed.content["requirements"]
        if r["verdict"] in (Verdict.MET, Verdict.NOT_APPLICABLE)
    }
    assert settled <= {"hum-5", "tru-acc-3"}
    assert Application.objects.of(town.organisation).count() == 2


def test_a_template_that_is_not_there(town, as_):
    assert as_(town.an).get(f"{PLACE}gezichtsherkenning/").status_code == 404
