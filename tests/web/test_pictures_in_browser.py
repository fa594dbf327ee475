"""The pictures of the README come from the demo, so they cannot lie. `make pictures` makes them anew."""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_in_browser import sign_in

from vangrail.web import demo
from vangrail.web.organisations.models import Person

KEPT = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 150_000
SIZE = {"width": 1120, "height": 720}
CASE = "ocmw-zavelbeke/toepassingen/ocmw-steunaanvragen"
PICTURES = {
    "register": "/register/ocmw-zavelbeke/ocmw-steunaanvragen/",
    "board": f"/werk/{CASE}/",
    "gate": f"/werk/{CASE}/poort/",
}


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG, by their kind."""
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        yield kind, png[at + 8 : at + 8 + length]
        at += length + 12


def small(png: bytes) -> bytes:
    """The same picture, pressed harder: the browser is in a hurry."""
    pixels = zlib.decompress(b"".join(data for kind, data in chunks(png) if kind == b"IDAT"))
    parts = [(kind, data) for kind, data in chunks(png) if kind == b"IHDR"]
    parts += [(b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    made = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return png[:8] + made


@pytest.fixture
def page(transactional_db, chromium, live_server, settings):
    """The demo, seen by its owner of an application, without the bar of the demo."""
    settings.DEMO = True
    demo.fill()
    settings.DEMO = False
    with chromium.new_context(viewport=SIZE, base_url=live_server.url, locale="nl-BE") as context:
        made = context.new_page()
        sign_in(made, live_server.url, Person.objects.get(name="Lieve Hertecant"))
        yield made


def test_the_pictures_of_the_readme(page, tmp_path):
    where = KEPT if os.environ.get("KEEP_PICTURES") else tmp_path
    where.mkdir(parents=True, exist_ok=True)
    for name, place in PICTURES.items():
        answer = page.goto(place)
        assert answer.status == 200, place
        picture = small(page.screenshot())
        assert len(picture) < LARGEST, f"{name}.png: {len(picture)} bytes"
        (where / f"{name}.png").write_bytes(picture)
    assert {p.name for p in where.iterdir()} >= {f"{name}.png" for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_there_and_small(name):
    picture = (KEPT / f"{name}.png").read_bytes()
    (width, height) = struct.unpack(">II", next(data for kind, data in chunks(picture) if kind == b"IHDR")[:8])
    assert len(picture) < LARGEST and (width, height) == (SIZE["width"], SIZE["height"])
