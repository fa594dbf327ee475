"""Keeps the register in step with what was published, measured, stopped and declared."""

from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone

from vangrail.exports.publication import prose, since, themes_of
from vangrail.model.vocabulary import Language
from vangrail.web.applications.models import Application, Assessed
from vangrail.web.decisions.models import Stop
from vangrail.web.publishing.models import Publication
from vangrail.web.register import words
from vangrail.web.register.models import Entry, Theme, Word
from vangrail.web.register.showing import theme_terms

_SEARCHED = frozenset(
    (
        "name",
        "summary",
        "purpose.text",
        "purpose.public_task",
        "affected.who",
        "process.step",
        "benefits.indicator",
        "privacy.personal_data",
        "datasets.description",
    )
)


def visible(application: Application) -> QuerySet[Publication]:
    """What is public of an application, the oldest first: approved, and not withdrawn since."""
    withdrawn = application.withdrawals.aggregate(last=Max("last__number"))["last"] or 0
    return application.publications.filter(approval__approved=True, number__gt=withdrawn).order_by("number")


def keep(application: Application) -> Entry | None:
    """Make the entry as it should be now; none when nothing is public."""
    publication = visible(application).select_related("version", "approval").last()
    before = Entry.objects.filter(application=application).first()
    if publication is None:
        if before is not None:
            before.delete()
        return None
    fields = _fields(application, publication)
    if before is not None and all(getattr(before, k) == v for k, v in fields.items()):
        return before
    entry, _ = Entry.objects.update_or_create(
        application=application, defaults={**fields, "changed_at": timezone.now()}
    )
    if before is None or before.publication_id != publication.pk:
        _index(entry, publication.content)
    return entry


def _fields(application: Application, publication: Publication) -> dict[str, Any]:
    content = publication.content
    assessed = Assessed.objects.filter(application=application).first()
    now = since(content, assessed.content) if assessed else None
    return {
        "organisation": application.organisation,
        "publication": publication,
        "slug": application.slug,
        "name": content["application"]["name"][:500],
        "summary": content["what"]["summary"],
        "phase": content["application"]["phase"],
        "outcome": content["law"]["outcome"],
        "published_at": publication.approval.at,
        "stopped": Stop.is_stopped(application),
        "newer_card": application.versions.filter(number__gt=publication.version.number).exists(),
        "figures": len(content["figures"]),
        "stale": len(now.stale) if now else 0,
        "since": {
            "stale": {str(k): {lang.value: t for lang, t in v.items()} for k, v in now.stale.items()},
            "again": {str(k): v.isoformat() for k, v in now.measured_again.items()},
            "contested": _contested(assessed.content),
        }
        if assessed and now
        else {},
        "verified_on": now.verified_on if now else None,
    }


def _contested(now: dict[str, Any]) -> list[list[str]]:
    """The requirements about which an objection is open, each with the last day for its answer."""
    return [[r["id"], o["due"]] for r in now["requirements"] for o in r.get("objections", ())]


def _index(entry: Entry, content: dict[str, Any]) -> None:
    themes, terms = themes_of(content), theme_terms()
    titles = [terms[t].title[Language.NL] for t in themes if t in terms]
    texts = [text for place, text in prose(content) if place in _SEARCHED]
    kinds = [m["kind"] or "" for m in content["technique"]["models"]]
    makers = [s["product"] or "" for s in content["technique"]["suppliers"]]
    name = words.kept([content["application"]["name"], content["organisation"]["name"]])
    every = name | words.kept([*texts, *titles, *kinds, *makers])
    entry.words.all().delete()
    entry.themes.all().delete()
    Word.objects.bulk_create(Word(entry=entry, word=w, in_name=w in name) for w in sorted(every))
    Theme.objects.bulk_create(Theme(entry=entry, term=t) for t in dict.fromkeys(themes))


def _follow(sender: type[Assessed], instance: Assessed, **_: Any) -> None:
    """A board was reached anew: after every act, when data or models changed, and every day."""
    if Entry.objects.filter(application=instance.application).exists():
        keep(instance.application)


def follow_boards() -> None:
    """Once, when the site starts."""
    post_save.connect(_follow, sender=Assessed, dispatch_uid="register follows boards")
