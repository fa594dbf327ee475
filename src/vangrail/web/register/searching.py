"""Searching the register: every word asked must be there, and every filter is a parameter of the address."""

from html import escape
from typing import Any

from django import forms
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vangrail.model.vocabulary import Phase
from vangrail.web.look.language import current, pick
from vangrail.web.look.templatetags.look import word
from vangrail.web.organisations.models import Organisation
from vangrail.web.register import words
from vangrail.web.register.models import Entry, Theme, Word
from vangrail.web.register.showing import theme_vocabularies

STATES = ("stopped", "stale", "changed")
_STATE = {"stopped": Q(stopped=True), "stale": Q(stale__gt=0), "changed": Q(newer_card=True)}


class Choice(forms.Select):
    """A list to choose from, written at once: a template per option takes two thirds of the time of a page of 300 bodies."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The list as HTML."""
        chosen = {str(v) for v in (value if isinstance(value, list | tuple) else [value or ""])}

        def written(choices: Any) -> str:
            return "".join(
                f'<optgroup label="{escape(str(v))}">{written(text)}</optgroup>'
                if isinstance(text, list)
                else f'<option value="{escape(str(v))}"{" selected" if str(v) in chosen else ""}>{escape(str(text))}</option>'
                for v, text in choices
            )

        options = written(self.choices)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), SafeString(options)
        )


class SearchForm(forms.Form):
    """What somebody looks for. A value that is not offered is left aside: an old link still gives a page."""

    q = forms.CharField(required=False, max_length=200)
    bestuur = forms.ChoiceField(required=False, widget=Choice)
    thema = forms.ChoiceField(required=False, widget=Choice)
    fase = forms.ChoiceField(required=False, widget=Choice)
    toestand = forms.ChoiceField(required=False, widget=Choice)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every, here = ("", pick(nl="alle", en="all")), current()
        self.fields["q"].label = pick(nl="Zoek op een woord", en="Search for a word")
        self.fields["q"].widget.attrs["placeholder"] = pick(nl="bijvoorbeeld afval", en="for example afval")
        bodies = Organisation.objects.filter(Exists(Entry.objects.filter(organisation=OuterRef("pk")))).order_by("name")
        choices: dict[str, tuple[str, list[Any]]] = {
            "bestuur": (pick(nl="Bestuur", en="Organisation"), list(bodies.values_list("slug", "name"))),
            "thema": (
                pick(nl="Thema", en="Theme"),
                [(v.title[here], [(t.id, t.title[here]) for t in v.terms]) for v in theme_vocabularies()],
            ),
            "fase": (pick(nl="Fase", en="Phase"), [(p.value, word(p.value, "phase")) for p in Phase]),
            "toestand": (
                pick(nl="Let op", en="Mind"),
                [
                    ("stopped", pick(nl="gestopt", en="stopped")),
                    ("stale", pick(nl="cijfers verouderd", en="figures out of date")),
                    ("changed", pick(nl="gewijzigd sinds de publicatie", en="changed since the publication")),
                ],
            ),
        }
        for name, (label, offered) in choices.items():
            self.fields[name].label = label
            self.fields[name].choices = [every, *offered]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """What was filled in and can be answered."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


def found(asked: dict[str, str]) -> QuerySet[Entry]:
    """The entries that answer to all of it: those with every word in their name first, then by name."""
    entries = Entry.objects.select_related("organisation").defer("since")
    if "bestuur" in asked:
        entries = entries.filter(organisation__slug=asked["bestuur"])
    if "thema" in asked:
        entries = entries.filter(pk__in=Theme.objects.filter(term=asked["thema"]).values("entry"))
    if "fase" in asked:
        entries = entries.filter(phase=asked["fase"])
    if "toestand" in asked:
        entries = entries.filter(_STATE[asked["toestand"]])
    looked_for = words.asked(asked.get("q", ""))
    if not looked_for:
        return entries.none() if asked.get("q", "").strip() else entries.order_by("name", "pk")
    in_name = Q()
    for beginnings in looked_for:
        here = Q()
        for beginning in beginnings:
            here |= Q(word__gte=beginning, word__lte=words.last_with(beginning))
        entries = entries.filter(pk__in=Word.objects.filter(here).values("entry"))
        in_name &= Q(pk__in=Word.objects.filter(here, in_name=True).values("entry"))
    first = Case(When(in_name, then=Value(False)), default=Value(True), output_field=BooleanField())
    return entries.annotate(later=first).order_by("later", "name", "pk")
