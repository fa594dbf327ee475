"""The public register as a part of the site."""

from django.apps import AppConfig


class Register(AppConfig):
    """Follows the boards from the start."""

    name = "vangrail.web.register"

    def ready(self) -> None:
        """Connect, once every model is there."""
        from vangrail.web.register import keeping, remembering

        keeping.follow_boards()
        remembering.follow()
