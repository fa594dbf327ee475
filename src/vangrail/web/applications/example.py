"""For the demo: data that change after they were measured, so that what stood on them no longer holds."""

from vangrail.web.applications import measuring
from vangrail.web.applications.models import Application
from vangrail.web.applications.places import folder_of


def add_a_day_of_readings() -> None:
    """The water meters of one more day come in, and nobody measured again."""
    application = Application.everywhere.select_related("organisation").get(slug="watermeters")
    with (folder_of(application) / "data" / "meterstanden.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("Gemeentehuis,2026-11-09,3.214,2.887,nee,nee\r\n")
    measuring.look(application, environment={})
