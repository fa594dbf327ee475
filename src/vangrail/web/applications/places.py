"""Where the files of an application lie: its data sets, models and texts, in a folder of its own in the data folder."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings

from vangrail.model.card import Card
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.web.applications.models import Application


def folder_of(application: Application) -> Path:
    """Its folder, made when it is not there."""
    place = Path(settings.DATA) / "files" / application.organisation.slug / application.slug
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def require_inside(card: Card) -> None:
    """VangrailError for a path on the card that leads out of the folder of its application.

    On a computer of one's own any path is fine. On the site whoever writes a card is not who runs the server, and figures
    name groups: another path would show what belongs to another organisation, or to the site itself.
    """
    for place, path in _paths(card):
        if _leads_out(path):
            raise VangrailError(
                both(
                    nl=f"'{place}' wijst buiten de map van deze toepassing.",
                    en=f"'{place}' leads out of the folder of this application.",
                ),
                why=both(
                    nl="Op de site kan een kaart alleen bestanden lezen die je bij de toepassing zelf zet.",
                    en="On the site a card can only read files that you put with the application itself.",
                ),
                do=both(
                    nl="Voeg het bestand toe bij 'Bestanden met gegevens' en schrijf alleen zijn naam, of vraag de beheerder"
                    " om een verbinding.",
                    en="Add the file under 'Files with data' and write only its name, or ask the administrator for a"
                    " connection.",
                ),
            )


def _paths(card: Card) -> Iterator[tuple[str, str]]:
    for name, dataset in card.datasets.items():
        yield f"datasets.{name}.source", dataset.source
        if dataset.source.strip().startswith("spark:") and dataset.table is not None:
            yield f"datasets.{name}.table", dataset.table
    yield from ((f"models.{m.name}.source", m.source) for m in card.models if m.source is not None)
    yield from ((f"texts.{t.what}.file", str(t.file)) for t in card.texts if t.file is not None)
    yield from (("card", path) for path in card.reports)


def _leads_out(path: str) -> bool:
    plain = path.strip().replace("\\", "/")
    return plain.startswith(("/", "~", "file:")) or ":/" in plain[:3] or ".." in PurePosixPath(plain).parts
