"""Dutch first: a page is in Dutch until the visitor chooses English, whatever the browser prefers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language

Respond = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """Answers in the language of the visitor's cookie."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(chosen if chosen in list(Language) else Language.NL.value):
            response = self._respond(request)
            response.headers.setdefault("Content-Language", translation.get_language() or Language.NL.value)
        return response


def current() -> Language:
    """The language of the page that is being made."""
    return Language((translation.get_language() or Language.NL.value)[:2])


def pick(*, nl: str, en: str) -> str:
    """One of two texts, in the language of the page."""
    return nl if current() is Language.NL else en


def in_each(say: Callable[[], str]) -> Text:
    """What the page would say, in each language."""
    found = {}
    for language in Language:
        with translation.override(language.value):
            found[language] = say()
    return found


def told(error: VangrailError) -> str:
    """What is wrong and what to do, in the language of the page."""
    return error.told(current())
