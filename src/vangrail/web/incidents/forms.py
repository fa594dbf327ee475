"""Forms of incidents. 'Not known yet' is an answer everywhere, and never becomes no."""

from typing import Any

from django import forms

from vangrail import law
from vangrail.model.vocabulary import BreachRisk, Consequence, Severity
from vangrail.web.look.language import current, pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.models import Person

NONE = "none"
_MOMENT = "%Y-%m-%dT%H:%M"


def _moment(*, required: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(required=required, widget=widget, input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S"])


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _perhaps() -> forms.TypedChoiceField:
    """Yes, no, or not known yet (`None`)."""
    return forms.TypedChoiceField(
        coerce={"yes": True, "no": False}.get, empty_value=None, required=False, widget=forms.RadioSelect
    )


class IncidentForm(forms.Form):
    """What happened, who is touched, and what the law must know; all but the first four may be filled in later."""

    title = forms.CharField(max_length=160)
    what = forms.CharField(max_length=10_000, widget=_area(5))
    noticed_at = _moment(required=True)
    severity = forms.ChoiceField(widget=forms.RadioSelect)
    happened_at = _moment(required=False)
    affected = forms.CharField(max_length=2_000, required=False, widget=_area(2))
    people = forms.IntegerField(min_value=0, max_value=100_000_000, required=False)
    breach = _perhaps()
    leaked = forms.CharField(max_length=2_000, required=False, widget=_area(2))
    risk = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    consequences = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    widespread = _perhaps()
    provider_unreachable = _perhaps()
    significant = _perhaps()
    down_from = _moment(required=False)
    down_until = _moment(required=False)
    cause = forms.CharField(max_length=5_000, required=False, widget=_area(3))
    measures = forms.CharField(max_length=5_000, required=False, widget=_area(3))

    def __init__(self, *args: Any, nis2: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = current()
        for name, (label, help_text) in _labels().items():
            self.fields[name].label = label
            self.fields[name].help_text = help_text
        later = pick(nl="weet ik nog niet", en="I don't know yet")
        yes_no = [(v, law.word(v)[language]) for v in ("yes", "no")]
        for name in ("breach", "widespread", "provider_unreachable", "significant"):
            self._choose(name, [*yes_no, ("", later)])
        self._choose("severity", [(v.value, f"{word(v.value, 'severity')}: {_SEVERITY[v]()}") for v in Severity])
        self._choose("risk", [*((v.value, word(v.value, "breach_risk")) for v in BreachRisk), ("", later)])
        texts = [(c.value, text[language]) for c, text in law.consequences().items()]
        self._choose("consequences", [*texts, (NONE, pick(nl="geen van deze", en="none of these"))])
        if not nis2:
            del self.fields["significant"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_consequences(self) -> list[str] | None:
        """Each that fits, an empty list for none, nothing while it is not known."""
        given = self.cleaned_data["consequences"]
        if NONE in given and len(given) > 1:
            raise forms.ValidationError(
                pick(nl="Kies 'geen van deze', of kies de rest.", en="Choose 'none of these', or choose the rest.")
            )
        if not given:
            return None
        return [] if NONE in given else sorted(Consequence(c).value for c in given)

    @staticmethod
    def shown(found: dict[str, Any]) -> dict[str, Any]:
        """What an incident holds, as this form shows it."""
        words = {True: "yes", False: "no", None: ""}
        shown = dict(found)
        for name in ("breach", "widespread", "provider_unreachable", "significant"):
            shown[name] = words[found[name]]
        shown["consequences"] = [NONE] if found["consequences"] == [] else found["consequences"] or []
        return shown


_SEVERITY = {
    Severity.LOW: lambda: pick(
        nl="een kleine fout, zonder gevolgen voor mensen", en="a small mistake, without consequences for people"
    ),
    Severity.MODERATE: lambda: pick(
        nl="mensen hadden er last van, maar het is te herstellen", en="people were bothered, but it can be repaired"
    ),
    Severity.HIGH: lambda: pick(
        nl="mensen leden schade, of het scheelde niet veel", en="people were harmed, or very nearly so"
    ),
    Severity.CRITICAL: lambda: pick(
        nl="ernstige schade, of schade bij veel mensen", en="grave harm, or harm to many people"
    ),
}


def _labels() -> dict[str, tuple[str, str]]:
    """The label of each field, and why it is asked."""
    return {
        "title": (
            pick(nl="Wat ging er mis, in één zin?", en="What went wrong, in one sentence?"),
            pick(
                nl="Geen namen. Bijvoorbeeld: 'De chatbot gaf een oude prijs voor huisvuilzakken'.",
                en="No names. For example: 'The chatbot gave an old price for refuse bags'.",
            ),
        ),
        "what": (
            pick(nl="Wat gebeurde er precies?", en="What happened exactly?"),
            pick(
                nl="Wie las wat, wat deed het systeem, wat deden mensen ermee? Schrijf geen namen of nummers van mensen.",
                en="Who read what, what did the system do, what did people do with it? Write no names or numbers of people.",
            ),
        ),
        "noticed_at": (
            pick(nl="Wanneer merkte iemand van jullie het?", en="When did one of you notice?"),
            pick(
                nl="Vanaf dan tellen de termijnen van de wet. Ook als het 's nachts of in het weekend was.",
                en="The terms of the law count from then. Also when it was at night or in the weekend.",
            ),
        ),
        "severity": (
            pick(nl="Hoe erg is het, volgens jou?", en="How bad is it, in your view?"),
            pick(
                nl="Je eigen inschatting. Je kunt ze later verbeteren.",
                en="Your own estimate. You can correct it later.",
            ),
        ),
        "happened_at": (
            pick(nl="Wanneer gebeurde het?", en="When did it happen?"),
            pick(nl="Als je dat weet.", en="If you know."),
        ),
        "affected": (
            pick(nl="Welke groepen mensen raakt het?", en="Which groups of people does it touch?"),
            pick(
                nl="Groepen, nooit namen. Bijvoorbeeld: 'aanvragers van een leefloon in maart'.",
                en="Groups, never names. For example: 'applicants for income support in March'.",
            ),
        ),
        "people": (pick(nl="Hoeveel mensen, ongeveer?", en="About how many people?"), ""),
        "breach": (
            pick(
                nl="Zijn er persoonsgegevens gelekt, verloren, veranderd of ingekeken door wie dat niet mocht?",
                en="Were personal data leaked, lost, changed, or seen by who was not allowed to?",
            ),
            pick(
                nl="Dan is het een datalek, en meld je het meestal binnen 72 uur (AVG 33). Vraag het aan je DPO als je twijfelt.",
                en="Then it is a data breach, mostly reported within 72 hours (GDPR 33). Ask your data protection officer when in doubt.",
            ),
        ),
        "leaked": (
            pick(nl="Welke soorten gegevens, en hoeveel ongeveer?", en="Which kinds of data, and about how many?"),
            pick(
                nl="Bijvoorbeeld: 'adres en gezinssamenstelling, 40 dossiers'.",
                en="For example: 'address and household, 40 files'.",
            ),
        ),
        "risk": (
            pick(nl="Wat kan het datalek voor die mensen betekenen?", en="What can the breach mean for those people?"),
            pick(
                nl="Bij een hoog risico zeg je het ook aan de mensen zelf (AVG 34). Je hoeft niet te melden als een risico onwaarschijnlijk is.",
                en="With a high risk you also tell the people themselves (GDPR 34). You need not report when a risk is unlikely.",
            ),
        ),
        "consequences": (
            pick(
                nl="Had het een van deze gevolgen, rechtstreeks of niet?",
                en="Did it have one of these consequences, directly or not?",
            ),
            pick(
                nl="Dit maakt het een 'ernstig incident' (AI-verordening 3(49)). Laat alles open als je het nog niet weet.",
                en="This makes it a 'serious incident' (AI Act 3(49)). Leave all open if you do not know yet.",
            ),
        ),
        "widespread": (
            pick(
                nl="Raakt het mensen in meer dan één land van de Europese Unie?",
                en="Does it touch people in more than one country of the European Union?",
            ),
            pick(
                nl="Dan kan het een wijdverbreide inbreuk zijn, met een kortere termijn (AI-verordening 73(3)).",
                en="Then it may be a widespread infringement, with a shorter term (AI Act 73(3)).",
            ),
        ),
        "provider_unreachable": (
            pick(nl="Is de aanbieder onbereikbaar?", en="Is the provider unreachable?"),
            pick(
                nl="Dan meld jij zelf aan de toezichthouder, binnen de termijn van de aanbieder (AI-verordening 26(5)).",
                en="Then you report to the authority yourself, within the provider's term (AI Act 26(5)).",
            ),
        ),
        "significant": (
            pick(
                nl="Verstoort het jullie dienst ernstig, of lijden anderen er zware schade door?",
                en="Does it severely disrupt your service, or do others suffer grave harm?",
            ),
            pick(
                nl="Jullie vallen onder NIS2. Zo'n incident meld je binnen 24 en 72 uur.",
                en="You fall under NIS2. Such an incident is reported within 24 and 72 hours.",
            ),
        ),
        "down_from": (
            pick(nl="Lag de dienst plat? Vanaf wanneer?", en="Was the service down? From when?"),
            pick(
                nl="Alleen invullen bij een storing: hieruit rekenen we de beschikbaarheid (tru-rob-5).",
                en="Only for an outage: the availability is reckoned from this (tru-rob-5).",
            ),
        ),
        "down_until": (
            pick(nl="Tot wanneer?", en="Until when?"),
            pick(nl="Leeg zolang het duurt.", en="Empty while it lasts."),
        ),
        "cause": (
            pick(nl="Wat is de oorzaak, of wat denk je?", en="What is the cause, or what do you think?"),
            pick(
                nl="Zeg ook waarom je denkt dat het aan het systeem ligt, of juist niet.",
                en="Say also why you think that it is due to the system, or not.",
            ),
        ),
        "measures": (
            pick(nl="Wat deed je al, en wat ga je nog doen?", en="What did you do, and what will you do?"),
            pick(
                nl="Bijvoorbeeld: 'gestopt, brieven teruggehaald, mensen gebeld'.",
                en="For example: 'stopped, letters recalled, people phoned'.",
            ),
        ),
    }


class NoteForm(forms.Form):
    """A line for the history."""

    prefix = "note"
    text = forms.CharField(max_length=5_000, widget=_area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = pick(nl="Wat is er gebeurd of gedaan?", en="What happened or was done?")


class ReportForm(forms.Form):
    """What was reported, and when."""

    prefix = "report"
    term = forms.ChoiceField()
    reported_at = _moment(required=True)
    reference = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, terms: list[law.Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term, when, reference = (self.fields[n] for n in ("term", "reported_at", "reference"))
        term.label = pick(nl="Wat heb je gemeld?", en="What did you report?")
        term.choices = [(t.id, t.title[current()]) for t in terms]  # type: ignore[attr-defined]
        when.label = pick(nl="Wanneer?", en="When?")
        reference.label = pick(
            nl="Nummer of kenmerk dat je kreeg (niet verplicht)", en="Number or reference that you got (optional)"
        )


class TaskForm(forms.Form):
    """What has to be done, by whom, by when."""

    prefix = "task"
    what = forms.CharField(max_length=300)
    owner = forms.ModelChoiceField(queryset=Person.objects.none())
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what, owner, due = (self.fields[n] for n in ("what", "owner", "due"))
        what.label = pick(nl="Wat moet er gebeuren?", en="What has to be done?")
        owner.label, due.label = pick(nl="Wie doet dit?", en="Who does this?"), pick(nl="Tegen wanneer?", en="By when?")
        owner.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name")  # type: ignore[attr-defined]


class OwnerForm(forms.Form):
    """Who sees to it."""

    prefix = "owner"
    owner = forms.ModelChoiceField(queryset=Person.objects.none())

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.label = pick(nl="Wie volgt dit incident op?", en="Who handles this incident?")
        owner.queryset = Person.objects.filter(pk__in=[p.pk for p in people]).order_by("name")  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Why it can be closed, and what was learnt."""

    prefix = "close"
    reasons = forms.CharField(max_length=10_000, widget=_area(3))
    lessons = forms.CharField(max_length=10_000, widget=_area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons, lessons = self.fields["reasons"], self.fields["lessons"]
        reasons.label = pick(nl="Waarom is dit afgehandeld?", en="Why is this handled?")
        lessons.label = pick(
            nl="Wat leer je eruit, en wat verander je?", en="What do you learn from it, and what do you change?"
        )
        lessons.help_text = pick(
            nl="Dit is de nabespreking waar de eis tru-acc-4 naar kijkt.",
            en="This is the review that requirement tru-acc-4 looks at.",
        )


class ReopenForm(forms.Form):
    """Why it is open again."""

    prefix = "reopen"
    reasons = forms.CharField(max_length=5_000, widget=_area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].label = pick(nl="Waarom open je het opnieuw?", en="Why do you open it again?")


class ReviewForm(forms.Form):
    """Looking back on all incidents, also when there were none."""

    lessons = forms.CharField(max_length=10_000, widget=_area(4))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lessons"].label = pick(
            nl="Wat stelde je vast, en wat verander je?", en="What did you find, and what do you change?"
        )
        self.fields["lessons"].help_text = pick(
            nl="Ook 'er waren geen incidenten' is een vaststelling: zeg dan hoe je dat nakeek.",
            en="'There were no incidents' is a finding too: say how you checked.",
        )
