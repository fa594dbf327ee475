"""How fast the public register answers: pages and searches, with many applications and many readers at once.

    python benchmarks/register.py --applications 10000 --readers 50 --seconds 30

Makes a register of that size in a folder that is thrown away (or in the database of VANGRAIL_DATABASE_URL, which must be empty),
starts the real server (granian, one worker, as `vangrail serve` does), and lets readers in threads of their own ask over
the loopback. Each reader reads for a moment after each answer, as people do; `--pause 0` leaves that out, so that the
figures are those of a server that never rests. The readers run on the same computer, and take their share of it.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

DOING = "herkent voorspelt leest sorteert vertaalt telt vergelijkt controleert beantwoordt plant".split()  # noqa: SIM905
WHAT = (  # noqa: SIM905
    "sluikstort meldingen aanvragen wegdek vergunningen brieven waterpeil verkeer afval subsidies boetes fietspaden "
    "rioleringen leerlingen bibliotheekboeken parkeerplaatsen klachten verslagen facturen evenementen bomen speelpleinen"
).split()
WHERE = [
    "in de wijk",
    "op straat",
    "in het dossier",
    "aan het loket",
    "op de website",
    "in het archief",
    "langs de weg",
]
ORGANISATIONS = 300


def fill(applications: int, *, seed: int = 7) -> list[str]:
    """A register of so many applications; returns the addresses of their pages."""
    from django.utils import timezone

    from vangrail.cards.folder import digest
    from vangrail.model.card import Card
    from vangrail.web.applications.models import Application, CardVersion
    from vangrail.web.organisations.models import Organisation, Person
    from vangrail.web.publishing import making
    from vangrail.web.publishing.models import Approval, Publication
    from vangrail.web.register import keeping

    draw, now = random.Random(seed), timezone.now()
    an, fons = (Person.objects.create_user(f"{n}@bench.example", name=n) for n in ("An", "Fons"))
    bodies = [
        Organisation.objects.create(slug=f"gemeente-{n}", name=f"Gemeente {n}", kind="municipality")
        for n in range(min(ORGANISATIONS, applications))
    ]
    content = None
    pages = []
    for n in range(applications):
        body, what, doing = bodies[n % len(bodies)], draw.choice(WHAT), draw.choice(DOING)
        name = f"{what.capitalize()} {draw.choice(WHERE)} {n}"
        summary = f"De toepassing {doing} {what} en {draw.choice(WHAT)} {draw.choice(WHERE)}. Een medewerker kijkt {draw.choice(WHAT)} na."
        card = Card.model_validate(
            {
                "vangrail": 1,
                "id": f"toepassing-{n}",
                "name": name,
                "summary": summary,
                "organisation": {"name": body.name},
                "phase": draw.choice(("idea", "validate", "operate", "retire")),
                "purpose": {"text": f"Sneller weten waar {what} aandacht vraagt {draw.choice(WHERE)}."},
                "contact": {"ask": "vraag@bench.example", "object": "bezwaar@bench.example"},
                "four_d": [draw.choice(("dull", "dirty", "difficult", "dangerous"))],
                "process": [{"step": f"Wie {doing}", "actor": "ai_advises"}, {"step": "Beslissen", "actor": "human"}],
                "privacy": {"personal_data": f"Naam en adres bij {draw.choice(WHAT)}."},
            }
        )
        application = Application.everywhere.create(organisation=body, slug=card.id)
        written = card.model_dump(mode="json", exclude_defaults=True)
        version = CardVersion(application=application, by=an, at=now, number=1, content=written, digest=digest(written))
        version.save()
        if content is None:
            # Assessing ten thousand cards says nothing about reading them: the first gives the form, the rest their texts.
            content = making.make(application).content
        own = {
            **content,
            "application": {"id": card.id, "name": name, "phase": card.phase.value},
            "organisation": {"name": body.name, "kind": body.kind, "number": None},
            "what": {**content["what"], "summary": summary},
            "why": {**content["why"], "purpose": card.purpose.text},
            "themes": {"four_d": list(card.four_d), "sdg": []},
            "data": {**content["data"], "personal_data": card.privacy.personal_data},
            "figures": [_figure(draw, k) for k in range(12)],
        }
        made = Publication(
            application=application, by=an, at=now, number=1, version=version, content=own, digest=digest(own)
        )
        made.save()
        Approval(application=application, by=fons, at=now, publication=made, approved=True).save()
        keeping.keep(application)
        pages.append(f"/register/{body.slug}/{card.id}/")
    return pages


def _figure(draw: random.Random, number: int) -> dict[str, object]:
    """A figure of a publication with six groups, as an assessed application has a dozen of."""
    both = {"nl": f"Cijfer {number}", "en": f"Figure {number}"}
    nothing = dict.fromkeys(("low", "high", "difference", "difference_low", "difference_high", "not_measurable"))
    groups = [
        {**nothing, "name": f"groep {g}", "attributes": {"groep": str(g)}, "small": False, "rows": 100 + g}
        | {"value": 40.0 + g, "low": 38.0 + g, "high": 42.0 + g, "is_reference": g == 0}
        | ({"difference": g * 1.0, "difference_low": g - 2.0, "difference_high": g + 2.0} if g else {})
        for g in range(6)
    ]
    return {
        "requirement": "tru-fair-1",
        "requirement_title": both,
        "verdict": draw.choice(("met", "not_met", "unknown")),
        "because": both,
        "check": "selection-rate-difference",
        "dataset": "meldingen",
        "subject": f"groep {number}",
        "title": both,
        "measures": both,
        "about": both,
        "value": 5.0,
        "unit": "percentage points",
        "rows": 615,
        "low": 3.0,
        "high": 7.0,
        "confidence": 0.95,
        "exact": True,
        "group_unit": "percent",
        "groups": groups,
        "details": [],
        "limit": {"at_most": 5.0, "at_least": None, "because": both, "default": True, "chosen_on": None},
        "measured_on": "2026-11-20",
        "valid_until": None,
    }


def kinds(pages: Sequence[str]) -> dict[str, Callable[[random.Random], str]]:
    """What readers ask, by kind: the address of one such question."""
    return {
        "page of an application": lambda draw: draw.choice(pages),
        "search for a word": lambda draw: f"/?q={quote(draw.choice(WHAT))}",
        "search for two words": lambda draw: f"/?q={quote(draw.choice(WHAT))}+{draw.choice(DOING)}",
        "filter and a later page": lambda draw: f"/?fase=operate&thema=dull&pagina={draw.randint(1, 20)}",
        "first page of the register": lambda draw: "/",
        "an application as JSON": lambda draw: draw.choice(pages).rstrip("/") + ".json",
    }


def read(port: int, asked: dict[str, Callable[[random.Random], str]], *, seed: int, until: float, pause: float,
         took: dict[str, list[float]], wrong: list[str]) -> None:  # fmt: skip
    """One reader: asks, reads, asks again."""
    draw, connection = random.Random(seed), HTTPConnection("127.0.0.1", port, timeout=60)
    time.sleep(draw.random() * pause)
    while time.monotonic() < until:
        kind = draw.choice(list(asked))
        address = asked[kind](draw)
        start = time.perf_counter()
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        took[kind].append(1000 * (time.perf_counter() - start))
        if answer.status != 200:
            wrong.append(f"{address}: {answer.status}")
        time.sleep(draw.random() * 2 * pause)


def main() -> None:
    """Fill, serve, read, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds of reading after an answer, on average")
    parser.add_argument("--data", help="a folder to keep the register in, for the next run: filling takes minutes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vangrail-bench-") as thrown_away:
        folder = Path(given.data or thrown_away)
        os.environ |= {
            "VANGRAIL_DATA": str(folder),
            "VANGRAIL_HTTPS": "no",
            "DJANGO_SETTINGS_MODULE": "vangrail.web.settings",
        }
        from vangrail.web.serving import prepare

        prepare()
        from django.db import connection, transaction

        if (folder / "pages.json").exists():
            pages = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
        else:
            with transaction.atomic():
                pages = fill(given.applications)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            (folder / "pages.json").write_text(json.dumps(pages), encoding="utf-8")
        print(f"{len(pages)} applications, on {connection.vendor}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
             "--log-level", "warning", "--workers", "1", "--blocking-threads", "4", "vangrail.web.wsgi:application"],
        )  # fmt: skip
        try:
            _measure(port, pages, given)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _measure(port: int, pages: Sequence[str], given: argparse.Namespace) -> None:
    asked = kinds(pages)
    _wait(port)
    for ask in asked.values():  # the first of each compiles a template
        once: dict[str, list[float]] = defaultdict(list)
        read(port, {"": ask}, seed=1, until=time.monotonic() + 0.01, pause=0, took=once, wrong=[])
    took: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    until = time.monotonic() + given.seconds
    readers = [
        threading.Thread(
            target=read,
            args=(port, asked),
            kwargs={"seed": n, "until": until, "pause": given.pause, "took": took, "wrong": wrong},
        )
        for n in range(given.readers)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    print(f"{given.readers} readers for {given.seconds:.0f} s, {given.pause:g} s of reading between two questions")
    print(f"{'':28}{'asked':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for kind in asked:
        times = sorted(took[kind])
        if len(times) > 1:
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{kind:28}{len(times):8}{statistics.median(times):9.1f}{p95:9.1f}{times[-1]:9.1f}")
    print(f"{sum(map(len, took.values())) / given.seconds:.1f} answers a second; {len(wrong)} wrong {wrong[:3] or ''}")


def _wait(port: int) -> None:
    for _ in range(120):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main()
