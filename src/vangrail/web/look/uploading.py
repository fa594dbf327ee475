"""Taking in a file of a visitor: what is larger than it may be is not even written to disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]


class _Limited(FileUploadHandler):
    """Stops taking a file in once it is larger than it may be; `request.too_large` tells the view."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self._most, self._taken = most_bytes, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Each file counts for itself."""
        super().new_file(*args, **kwargs)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The chunk goes on to the next handler, as long as it fits."""
        self._taken += len(raw_data)
        if self._taken > self._most:
            self.request.too_large = True  # type: ignore[union-attr]
            # What is far too large is cut off; of the rest the visitor gets an answer.
            far = int(self.request.META.get("CONTENT_LENGTH") or 0) > 5 * self._most  # type: ignore[union-attr]
            raise StopUpload(connection_reset=far)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""


def limited(most_bytes: int) -> Callable[[View], View]:
    """A view that takes files of at most so many bytes each. `request.too_large` is true when one was larger.

    The handler must be there before anything reads the form, and the CSRF middleware reads it before any view: so it is
    passed over, and the same check is done once the handler is in its place.
    """

    def around(view: View) -> View:
        checked = csrf_protect(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.too_large = False  # type: ignore[attr-defined]
            request.upload_handlers.insert(0, _Limited(request, most_bytes))
            return checked(request, *args, **kwargs)

        return csrf_exempt(guarded)

    return around
