"""Where the files of an application lie: its data sets, models and texts, in a folder of its own in the data folder."""

from pathlib import Path

from django.conf import settings

from vangrail.web.applications.models import Application


def folder_of(application: Application) -> Path:
    """Its folder, made when it is not there."""
    place = Path(settings.DATA) / "files" / application.organisation.slug / application.slug
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
