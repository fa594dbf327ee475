"""Webhooks as a part of the site."""

from django.apps import AppConfig


class Hooks(AppConfig):
    """Follows what happens from the start."""

    name = "vangrail.web.hooks"

    def ready(self) -> None:
        """Connect, once every model is there."""
        from vangrail.web.hooks import following

        following.follow()
