"""Forms of taking part: for people outside, and for who answers them."""

from collections.abc import Sequence
from typing import Any

from django import forms

from vangrail import knowledge
from vangrail.exports.formatting import capital, said
from vangrail.model.vocabulary import AnswerValue, CaseKind, CaseResult, QuestionKind, SurveyKind
from vangrail.web.look.language import current, pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.models import Person
from vangrail.web.participation import guarding, surveys
from vangrail.web.participation.cases import CHOICES
from vangrail.web.participation.models import Case, Question
from vangrail.web.participation.surveys import Asked
from vangrail.web.participation.topics import TOPICS


class CaseForm(forms.Form):
    """A question, an objection or a complaint: as little as is needed to answer it."""

    kind = forms.TypedChoiceField(coerce=CaseKind, widget=forms.RadioSelect)
    topic = forms.ChoiceField(widget=forms.RadioSelect)
    text = forms.CharField(widget=forms.Textarea, max_length=guarding.MOST_TEXT)
    needed = forms.BooleanField(required=False)
    email = forms.EmailField(required=False, max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, topic, text, needed, email = (self.fields[n] for n in ("kind", "topic", "text", "needed", "email"))
        kind.label = pick(nl="Wat wil je doen?", en="What do you want to do?")
        kind.choices = [  # type: ignore[attr-defined]
            ("question", pick(nl="Ik heb een vraag", en="I have a question")),
            (
                "objection",
                pick(
                    nl="Ik ben het niet eens: ik maak bezwaar, en een mens moet opnieuw kijken",
                    en="I disagree: I object, and a person must look again",
                ),
            ),
            (
                "complaint",
                pick(nl="Ik heb een klacht over hoe ik behandeld ben", en="I have a complaint on how I was treated"),
            ),
        ]
        topic.label = pick(nl="Waarover gaat het?", en="What is it about?")
        topic.help_text = pick(
            nl="Kies wat het best past. Zo weten we wat we opnieuw moeten bekijken.",
            en="Choose what fits best. So we know what must be looked at again.",
        )
        topic.choices = [(id_, said(t.said, current())) for id_, t in TOPICS.items()]  # type: ignore[attr-defined]
        text.label = pick(nl="Vertel het in je eigen woorden", en="Tell it in your own words")
        text.help_text = pick(
            nl="Gaat het over een beslissing of een brief? Zet de datum of het dossiernummer erbij, dan vinden we ze terug."
            " Schrijf nooit je rijksregisternummer of rekeningnummer, en liever ook geen namen.",
            en="Is it about a decision or a letter? Add its date or file number, so that we find it. Never write your"
            " national register number or bank account number, and rather no names either.",
        )
        text.widget.attrs["rows"] = 8
        needed.label = pick(
            nl="Laat dit staan: het is nodig om mij te antwoorden.", en="Keep this: it is needed to answer me."
        )
        if not self._asks_to_remove():
            needed.widget = forms.HiddenInput()
        email.label = pick(nl="E-mailadres (niet verplicht)", en="E-mail address (optional)")
        email.help_text = pick(
            nl="Alleen om je te laten weten dat er een antwoord is. We bewaren het apart en versleuteld, en wissen het 30"
            " dagen na het antwoord. Zonder adres volg je alles met een code.",
            en="Only to let you know that there is an answer. It is kept apart and encrypted, and deleted 30 days after the"
            " answer. Without an address you follow everything with a code.",
        )
        email.widget.attrs["autocomplete"] = "email"

    def _asks_to_remove(self) -> bool:
        return self.is_bound and bool(guarding.personal_data_in(self.data.get("text", ""))[1])

    def clean(self) -> dict[str, Any]:
        """What points to a person must go, or is said to be needed."""
        cleaned = super().clean() or self.cleaned_data
        never, perhaps = guarding.personal_data_in(cleaned.get("text", ""))
        if never:
            words = guarding.in_words(never)
            self.add_error(
                "text",
                pick(
                    nl=f"Haal dit weg: {words}. We hebben het niet nodig om je te antwoorden.",
                    en=f"Remove this: {words}. We do not need it to answer you.",
                ),
            )
        elif perhaps and not cleaned.get("needed"):
            words = guarding.in_words(perhaps)
            self.add_error(
                "text",
                pick(
                    nl=f"Hier lijkt iets persoonlijks in te staan: {words}. Haal het weg, of kruis hieronder aan dat het nodig is.",
                    en=f"Something personal seems to be in here: {words}. Remove it, or tick below that it is needed.",
                ),
            )
        return cleaned


class CodeForm(forms.Form):
    """The code to follow a case."""

    code = forms.CharField(max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = pick(nl="Je code", en="Your code")
        code.help_text = pick(
            nl="De code van 16 tekens die je kreeg toen je je bericht stuurde, zoals A1B2-C3D4-E5F6-G7H8.",
            en="The code of 16 signs that you got when you sent your message, such as A1B2-C3D4-E5F6-G7H8.",
        )
        code.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})


class TextForm(forms.Form):
    """Some words."""

    text = forms.CharField(widget=forms.Textarea, max_length=guarding.MOST_TEXT)

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text
        self.fields["text"].widget.attrs["rows"] = 4


class AddForm(TextForm):
    """What the person outside adds."""

    def clean_text(self) -> str:
        """Without what nobody needs."""
        text = str(self.cleaned_data["text"])
        never, _ = guarding.personal_data_in(text)
        if never:
            words = guarding.in_words(never)
            raise forms.ValidationError(pick(nl=f"Haal dit weg: {words}.", en=f"Remove this: {words}."))
        return text


class AnswerForm(forms.Form):
    """An answer in plain words, with what comes of it. For an objection it is a proposal."""

    result = forms.TypedChoiceField(coerce=CaseResult, widget=forms.RadioSelect)
    text = forms.CharField(widget=forms.Textarea, max_length=10_000)
    changes = forms.CharField(widget=forms.Textarea, max_length=5_000, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        result, text, changes = (self.fields[n] for n in ("result", "text", "changes"))
        result.label = pick(nl="Wat is het resultaat?", en="What is the result?")
        result.choices = [  # type: ignore[attr-defined]
            (r.value, _aside() if r is CaseResult.SET_ASIDE else capital(word(r.value, "case_result")))
            for r in CHOICES[CaseKind(case.kind)]
        ]
        text.label = pick(nl="Antwoord, in gewone woorden", en="Answer, in plain words")
        text.help_text = pick(
            nl="Dit leest de persoon op de volgpagina. Zeg wat je bekeken hebt, wat je vond en waarom. Korte zinnen, geen vakwoorden.",
            en="The person reads this on their page. Say what you looked at, what you found and why. Short sentences, no jargon.",
        )
        text.widget.attrs["rows"] = 8
        changes.label = pick(nl="Wat verandert er nu?", en="What changes now?")
        changes.help_text = pick(
            nl="Verplicht als iemand gelijk krijgt, ook voor een deel. Bijvoorbeeld: 'De beslissing is herzien; je krijgt morgen een brief.'",
            en="Required when somebody is right, also in part. For example: 'The decision was revised; a letter follows tomorrow.'",
        )
        changes.widget.attrs["rows"] = 3
        if case.kind == CaseKind.QUESTION:
            del self.fields["changes"]


def _aside() -> str:
    return pick(
        nl="Niet behandeld: het gaat hier niet over, of het is misbruik",
        en="Set aside: it is not about this, or it is misuse",
    )


class ReviewForm(AnswerForm):
    """The decision of whoever looks again, with reasons for colleagues."""

    because = forms.CharField(widget=forms.Textarea, max_length=10_000)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(
            {"text": case.proposed_answer, "changes": case.changes} if case.proposed_result else {}
        )
        super().__init__(*args, case=case, **kwargs)
        self.fields["because"].label = pick(nl="Waarom beslis je zo?", en="Why do you decide so?")
        self.fields["because"].help_text = pick(
            nl="Voor collega's en voor later. Zeg wat je zelf bekeken hebt. Neem het voorstel niet zomaar over.",
            en="For colleagues and for later. Say what you looked at yourself. Do not just take over the proposal.",
        )
        self.fields["because"].widget.attrs["rows"] = 3


class AssignForm(forms.Form):
    """Who handles it."""

    to = forms.ModelChoiceField(queryset=Person.objects.none())

    def __init__(self, *args: Any, handlers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        to.label = pick(nl="Wie behandelt dit?", en="Who handles this?")
        to.queryset = Person.objects.filter(pk__in=[p.pk for p in handlers]).order_by("name")  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Which requirement it touches."""

    requirement = forms.ChoiceField()
    because = forms.CharField(max_length=1_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        requirement = self.fields["requirement"]
        requirement.label = pick(nl="Welke eis raakt dit?", en="Which requirement does this touch?")
        requirement.choices = [  # type: ignore[attr-defined]
            (r.id, f"{r.id}: {said(r.title, current())}") for r in knowledge.framework().requirements
        ]
        self.fields["because"].label = pick(nl="Waarom deze eis?", en="Why this requirement?")


class PublicAnswerForm(forms.Form):
    """A question and its answer, written anew for everybody."""

    question = forms.CharField(widget=forms.Textarea, max_length=1_000)
    answer = forms.CharField(widget=forms.Textarea, max_length=5_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].label = pick(nl="De vraag, opnieuw geschreven", en="The question, written anew")
        self.fields["question"].help_text = pick(
            nl="Zonder namen, plaatsen of details waaraan je iemand herkent.",
            en="Without names, places or details by which somebody can be recognised.",
        )
        self.fields["answer"].label = pick(nl="Het antwoord", en="The answer")
        for name, rows in (("question", 3), ("answer", 6)):
            self.fields[name].widget.attrs["rows"] = rows


class ConsultationForm(forms.Form):
    """Who was asked, when and how. Groups, never names."""

    title = forms.CharField(max_length=200)
    groups = forms.CharField(max_length=500)
    held_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    how = forms.CharField(max_length=500, required=False)
    people = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {
            "title": pick(nl="Titel", en="Title"),
            "groups": pick(nl="Wie werd gevraagd?", en="Who was asked?"),
            "held_on": pick(nl="Wanneer?", en="When?"),
            "how": pick(nl="Hoe? (niet verplicht)", en="How? (optional)"),
            "people": pick(nl="Met hoeveel waren ze? (niet verplicht)", en="How many were they? (optional)"),
        }
        for name, text in texts.items():
            self.fields[name].label = text
        self.fields["groups"].help_text = pick(
            nl="Groepen, nooit namen: 'de seniorenraad', 'de drie collega's van het onthaal'.",
            en="Groups, never names: 'the council of seniors', 'the three colleagues of the front desk'.",
        )
        self.fields["how"].help_text = pick(
            nl="Bijvoorbeeld: een avond in het dorpshuis.", en="For example: an evening in the village hall."
        )


class PointForm(forms.Form):
    """What was done with a point."""

    taken_over = forms.TypedChoiceField(coerce=AnswerValue, widget=forms.RadioSelect)
    done = forms.CharField(widget=forms.Textarea, max_length=5_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = self.fields["taken_over"]
        taken.label = pick(nl="Overgenomen?", en="Taken over?")
        values = (AnswerValue.YES, AnswerValue.PARTLY, AnswerValue.NO)
        taken.choices = [(v.value, word(v.value, "answer")) for v in values]  # type: ignore[attr-defined]
        self.fields["done"].label = pick(
            nl="Wat deed je ermee, of waarom niet?", en="What did you do with it, or why not?"
        )
        self.fields["done"].widget.attrs["rows"] = 2


MOST_QUESTIONS = 6


class SurveyForm(forms.Form):
    """A survey with up to six questions of one's own."""

    title = forms.CharField(max_length=200)
    groups = forms.CharField(max_length=500)
    intro = forms.CharField(widget=forms.Textarea, max_length=2_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = pick(nl="Titel", en="Title")
        self.fields["groups"].label = pick(nl="Wie vraag je?", en="Whom do you ask?")
        self.fields["groups"].help_text = pick(nl="Een groep, nooit namen.", en="A group, never names.")
        self.fields["intro"].label = pick(
            nl="Wat moeten ze vooraf weten? (niet verplicht)", en="What must they know beforehand? (optional)"
        )
        self.fields["intro"].widget.attrs["rows"] = 3
        for n in range(1, MOST_QUESTIONS + 1):
            asked = forms.CharField(max_length=300, required=n == 1)
            asked.label = pick(nl="Wat vraag je?", en="What do you ask?")
            kind = forms.ChoiceField(choices=[(k.value, capital(word(k.value, "question"))) for k in QuestionKind])
            kind.label = pick(nl="Hoe antwoordt men?", en="How is it answered?")
            options = forms.CharField(widget=forms.Textarea, max_length=1_000, required=False)
            options.label = pick(
                nl=f"Keuzes bij vraag {n}, één per regel", en=f"Choices for question {n}, one per line"
            )
            options.widget.attrs["rows"] = 2
            self.fields |= {f"q{n}": asked, f"kind{n}": kind, f"options{n}": options}

    def parts(self) -> list[list[forms.BoundField]]:
        """The fields of each question together, to be shown in a group."""
        return [[self[f"{name}{n}"] for name in ("q", "kind", "options")] for n in range(1, MOST_QUESTIONS + 1)]

    def questions(self) -> list[Asked]:
        """The questions that were filled in."""
        found = self.cleaned_data
        return [
            Asked(
                kind=QuestionKind(found[f"kind{n}"]),
                text=found[f"q{n}"],
                options=tuple(o.strip() for o in found[f"options{n}"].splitlines() if o.strip()),
            )
            for n in range(1, MOST_QUESTIONS + 1)
            if found[f"q{n}"]
        ]


class PulseForm(forms.Form):
    """Before or after the start, and who is asked."""

    kind = forms.TypedChoiceField(coerce=SurveyKind, widget=forms.RadioSelect)
    groups = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.label = pick(nl="Welke ronde?", en="Which round?")
        kind.choices = [(k.value, capital(word(k.value, "survey"))) for k in surveys.WAVES]  # type: ignore[attr-defined]
        self.fields["groups"].label = pick(nl="Wie vraag je?", en="Whom do you ask?")
        self.fields["groups"].help_text = pick(
            nl="Iedereen die met de toepassing werkt of gaat werken; nooit namen.",
            en="Everybody who works or will work with the application; never names.",
        )


class LinksForm(forms.Form):
    """How many links."""

    number = forms.IntegerField(min_value=1, max_value=surveys.MOST_LINKS, initial=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = pick(nl="Hoeveel links?", en="How many links?")


class FillInForm(forms.Form):
    """The questions of a survey."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._questions = questions
        for q in questions:
            field: forms.Field
            match QuestionKind(q.kind):
                case QuestionKind.SCALE:
                    field = forms.TypedChoiceField(
                        choices=[(n, n) for n in surveys.allowed(q)],
                        coerce=int,
                        empty_value=None,
                        widget=forms.RadioSelect,
                        required=False,
                    )
                case QuestionKind.CHOICE:
                    field = forms.TypedChoiceField(
                        choices=list(enumerate(q.options)),
                        coerce=int,
                        empty_value=None,
                        widget=forms.RadioSelect,
                        required=False,
                    )
                case QuestionKind.TEXT:
                    field = forms.CharField(widget=forms.Textarea, max_length=surveys.MOST_REMARK, required=False)
                    field.help_text = pick(
                        nl="Schrijf niets waaraan men je herkent. Iemand leest dit na voor het buiten te zien is.",
                        en="Write nothing by which you can be recognised. Somebody reads this before it is seen outside.",
                    )
            field.label = q.text
            self.fields[f"q{q.pk}"] = field

    def values(self) -> dict[int, int]:
        """The chosen answers, by the number of the question."""
        found = {q.pk: self.cleaned_data[f"q{q.pk}"] for q in self._questions if not q.is_text}
        return {pk: value for pk, value in found.items() if value is not None}

    def remarks(self) -> dict[int, str]:
        """What was written, by the number of the question."""
        return {q.pk: self.cleaned_data[f"q{q.pk}"] for q in self._questions if q.is_text}
