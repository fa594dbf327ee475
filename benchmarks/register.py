"""How fast the public register answers: pages and searches, with many applications and many readers at once.

    python benchmarks/register.py --applications 10000 --readers 50
    python tests/postgres.py python benchmarks/register.py         # on a throw-away PostgreSQL

Makes a register of that size in a folder that is thrown away (or in the database of VANGRAIL_DATABASE_URL, which must be empty),
and starts the server of `vangrail serve` (one process, four threads). Then, over the loopback:

    for the first time   one reader, addresses that nobody asked before: what making a page costs
    again                the same addresses: what giving it once more costs
    as people ask        many readers at once, who ask some addresses far more often than others (Zipf's law, exponent 1)
    as a robot asks      many readers at once, who take any of the pages: most of them for the first time

The last two without a pause between two questions, which no person does, and with one. The readers run on the same computer and
take their share of it; what they take, and the processor time of the server, which suffers less from others, stand beside.
"""

import argparse
import itertools
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
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psutil

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


def questions(pages: Sequence[str]) -> dict[str, list[str]]:
    """What readers ask, by kind: addresses, in the order of how often they are asked."""
    draw = random.Random(11)
    words = [quote(w[:n]) for n in (40, 8, 6, 5) for w in WHAT]
    two = [f"{quote(w)}+{d}" for d in DOING for w in WHAT]
    found = {
        "page of an application": list(pages),
        "search for a word": [f"/?q={w}" for w in dict.fromkeys(words)],
        "search for two words": [f"/?q={w}" for w in two],
        "filter and a later page": [
            f"/?fase={f}&pagina={n}" for n in range(1, 21) for f in ("operate", "idea", "retire")
        ],
    }
    for some in found.values():
        draw.shuffle(some)
    return found


class Reader:
    """A browser that keeps its connection, and does as little as a reader can."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, address: str) -> tuple[int, float]:
        """Ask; returns the status and the milliseconds until the last byte was there."""
        start = time.perf_counter()
        self._socket.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        held = b""
        while (end := held.find(b"\r\n\r\n")) < 0:
            held += self._socket.recv(65536)
        length = next(
            int(line[15:]) for line in held[:end].lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        while len(held) < end + 4 + length:
            held += self._socket.recv(65536)
        return int(held[9:12]), 1000 * (time.perf_counter() - start)


class Server:
    """The server of `vangrail serve`, and the processor time that it took."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "vangrail.web", "answer", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen([*command, "--under", str(os.getpid())])
        for _ in range(240):
            try:
                Reader(self.port).get("/health")
                break
            except OSError:
                time.sleep(0.25)

    def seconds(self) -> float:
        """Processor time of the site until now. That of a PostgreSQL, which is a server of its own, is not in it."""
        own = psutil.Process(self._process.pid)
        took = [process.cpu_times() for process in (own, *own.children(recursive=True))]
        return sum(t.user + t.system for t in took)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=20)


def one_by_one(server: Server, addresses: Sequence[str]) -> tuple[float, float]:
    """One reader: processor time of the server and waiting time, both in milliseconds for each address."""
    reader, before = Reader(server.port), server.seconds()
    waited = [reader.get(address)[1] for address in addresses]
    return 1000 * (server.seconds() - before) / len(addresses), statistics.median(waited)


def at_once(
    server: Server, asked: Mapping[str, Sequence[str]], given: argparse.Namespace, *, pause: float, by_rank: bool
) -> None:
    """Many readers at once; prints what they waited."""
    waited: dict[str, list[float]] = defaultdict(list)
    wrong: list[str] = []
    until = time.monotonic() + given.seconds
    shares = {kind: [1 / (n + 1) for n in range(len(some))] for kind, some in asked.items()}
    sums = {kind: list(itertools.accumulate(share)) for kind, share in shares.items()}

    def read(seed: int) -> None:
        draw, reader = random.Random(seed), Reader(server.port)
        time.sleep(draw.random() * pause)
        while time.monotonic() < until:
            kind = draw.choice(list(asked))
            address = draw.choices(asked[kind], cum_weights=sums[kind])[0] if by_rank else draw.choice(asked[kind])
            status, took = reader.get(address)
            waited[kind].append(took)
            if status != 200:
                wrong.append(f"{address}: {status}")
            time.sleep(draw.random() * 2 * pause)

    readers = [threading.Thread(target=read, args=(n + 1000 * by_rank,)) for n in range(given.readers)]
    server_before, own_before = server.seconds(), time.process_time()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    many = sum(map(len, waited.values()))
    print(f"\n{given.readers} readers at once, {'as people ask' if by_rank else 'as robots ask'}, "
          f"{f'{pause:g} s between two questions' if pause else 'no pause between two questions'}")  # fmt: skip
    print(f"{'':26}{'asked':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for kind, times in waited.items():
        times.sort()
        print(
            f"{kind:26}{len(times):7}{statistics.median(times):9.1f}{times[int(0.95 * len(times))]:9.1f}{times[-1]:9.1f}"
        )
    print(f"{many / given.seconds:.0f} answers a second, {len(wrong)} wrong {wrong[:3] or ''}; processor time each: server "
          f"{1000 * (server.seconds() - server_before) / many:.2f} ms, readers {1000 * (time.process_time() - own_before) / many:.2f} ms")  # fmt: skip


def main() -> None:
    """Fill, serve, read, and print tables."""
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
            "VANGRAIL_HOSTS": "localhost",
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
        connection.close()
        asked = questions(pages)
        server = Server()
        try:
            Reader(server.port).get(pages[0])  # the first compiles the templates
            Reader(server.port).get("/?q=niets")
            print(f"{'one reader':26}{'for the first time':>22}{'again':>22}")
            print(f"{'':26}{'processor':>12}{'p50':>10}{'processor':>12}{'p50':>10}   (ms)")
            for kind, some in asked.items():
                first, again = (one_by_one(server, some[-200:]) for _ in range(2))
                print(f"{kind:26}{first[0]:12.1f}{first[1]:10.1f}{again[0]:12.2f}{again[1]:10.2f}")
            for pause in (0.0, 0.0, given.pause):  # the second is that of a server that has run for a while
                at_once(server, asked, given, pause=pause, by_rank=True)
            at_once(server, {"page of an application": pages}, given, pause=0.0, by_rank=False)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
