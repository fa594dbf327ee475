"""Kills `vangrail serve`, or a part of it, at random moments while people write, and looks whether anything was lost or doubled.

    python benchmarks/killed.py --rounds 50                                        # on SQLite
    python tests/postgres.py python benchmarks/killed.py --rounds 50               # on a throw-away PostgreSQL

Readers of the result need to know what counts as acknowledged: an answer of the server that led the browser on (302). Whatever
was acknowledged must be there, once; what was not may be there, at most once. Every entry of the outbox must be in the
ledger, once, in a ledger that verifies. A measurement that a killed worker left must be found, and end.

Clients send answers, comments, drafts, decisions and requests to measure over HTTP, each as fast as they are answered.
"""

import argparse
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg

PARTS = ("the process that answers", "the server above it", "the worker", "the clock", "serve alone", "everything")
BASE = "/werk/voorbeeld/toepassingen/meldingen/"
_TOKEN = "a" * 32
_SEEN = re.compile(r'name="seen"[^>]* value="(\d+)"')
Acknowledged = Mapping[str, list[str]]


# --- what runs in a process of its own, with the settings of the installation -----------------------------------------
def fill(clients: int) -> dict[str, Any]:
    """An installation with people who are signed in, an application with data, and a draft for each client."""
    from vangrail.web.serving import prepare

    prepare()
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from vangrail.model.card import Card
    from vangrail.model.vocabulary import MemberRole
    from vangrail.web.applications import acts
    from vangrail.web.applications.places import folder_of
    from vangrail.web.organisations.models import Membership, Organisation, Person
    from vangrail.web.registering import acts as registering

    town = Organisation.objects.create(slug="voorbeeld", name="Gemeente Voorbeeld", kind="municipality")
    an = Person.objects.create_user("an@voorbeeld.example", name="An")
    roles = (MemberRole.APPLICATION_OWNER, MemberRole.DECIDER)
    Membership.objects.create(person=an, organisation=town, roles=[r.value for r in roles])
    Authenticator.objects.create(user=an, type=Authenticator.Type.TOTP, data={"secret": ""})
    card = Card.model_validate(
        {
            "vangrail": 1,
            "id": "meldingen",
            "name": "Meldingen",
            "organisation": {"name": town.name},
            "phase": "idea",
            "people": {"application_owner": {"name": "An"}, "decider": {"name": "An"}},
            "purpose": {"text": "Meldingen naar de juiste dienst sturen."},
            "datasets": {"meldingen": {"source": "meldingen.csv", "key": ["id"], "columns": {"id": {}}}},
        }
    )
    application = acts.register(organisation=town, card=card, by=an)
    rows = "id,wijk\n" + "\n".join(f"{i},{'noord' if i % 3 else 'zuid'}" for i in range(60))
    (folder_of(application) / "meldingen.csv").write_text(rows, encoding="utf-8")
    sessions = []
    for _ in range(clients):
        browser = Client()
        browser.force_login(an, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.session
        again = {"method": "mfa", "type": "totp", "at": time.time() + 3600, "reauthenticated": True}
        session["account_authentication_methods"] = [again]
        session["account_authentication_methods_user"] = str(an.pk)
        session.save()
        sessions.append(browser.cookies["sessionid"].value)
    drafts = [registering.start(organisation=town, by=an, content={"name": "x"}).pk for _ in range(clients)]
    return {"sessions": sessions, "drafts": drafts}


def age_runs() -> None:
    """As if a minute and more went by since the last sign of life of every measurement that was begun."""
    from datetime import timedelta

    from django.db.models import F

    from vangrail.web.jobs.models import Run

    before = timedelta(minutes=5)
    Run.objects.filter(state=Run.State.AT_WORK).update(beat_at=F("beat_at") - before)
    Run.objects.filter(state=Run.State.ASKED).update(asked_at=F("asked_at") - before)


def open_runs() -> int:
    """How many measurements have not ended."""
    from vangrail.web.jobs.models import Run

    return Run.objects.filter(state__in=Run.OPEN).count()


def look(tried: Acknowledged, acknowledged: Acknowledged) -> list[str]:
    """Everything that is not as it should be."""
    from django.db import connection

    from vangrail.assessment import storing
    from vangrail.web.applications import ledgers
    from vangrail.web.applications.models import AnswerGiven, Decision, Draft, EvidenceTaken, Outbox
    from vangrail.web.jobs.models import Run
    from vangrail.web.organisations.models import Organisation
    from vangrail.web.registering.acts import card_in
    from vangrail.web.talking.models import Comment

    wrong = []
    written = {
        "answer": Counter(a.content["because"] for a in AnswerGiven.objects.all()),
        "comment": Counter(Comment.objects.values_list("text", flat=True)),
        "decision": Counter(Decision.objects.values_list("reasons", flat=True)),
    }
    for kind, there in written.items():
        wrong += [f"{kind} lost: {text}" for text in acknowledged.get(kind, ()) if not there[text]]
        wrong += [f"{kind} written {n} times: {text}" for text, n in there.items() if n > 1]
        wrong += [f"{kind} that nobody sent: {text}" for text in there if text not in set(tried.get(kind, ()))]
    for draft in Draft.objects.all():
        mine = [t for t in tried.get("draft", ()) if t.startswith(f"Concept {draft.pk} ")]
        sure = [t for t in acknowledged.get("draft", ()) if t.startswith(f"Concept {draft.pk} ")]
        if sure and card_in(draft)["name"] not in mine[mine.index(sure[-1]) :]:
            wrong.append(f"draft {draft.pk} holds something older than what was acknowledged")
    town = Organisation.objects.get()
    ledgers.deliver(town)
    with ledgers.open_ledger(town) as ledger:
        report = ledger.verify()
        wrong += [f"ledger: {p}" for p in report.problems]
        held = [ledger.leaf(n).body.get("outbox") for n in range(ledger.size)]
    sent = dict(Outbox.objects.values_list("pk", "sequence"))
    if sorted(held) != sorted(sent):
        wrong.append(f"the ledger holds {len(held)} entries, {len(set(held))} different; the outbox {len(sent)}")
    wrong += [f"entry {pk} is not at its place" for pk, place in sent.items() if held[place] != pk]
    for kind, model in (
        ("answer_given", AnswerGiven),
        ("gate_decided", Decision),
        ("evidence_measured", EvidenceTaken),
    ):
        if Outbox.objects.filter(kind=kind).count() != model.objects.count():
            wrong.append(f"{model.__name__} and the outbox do not hold the same number")
    figures = Counter(
        json.dumps(
            storing.plain({"key": storing.key(e.content), "figure": storing.without_hour(e.content)}), default=str
        )
        for e in EvidenceTaken.objects.all()
    )
    wrong += [f"a figure was written {n} times" for n in figures.values() if n > 1]
    wrong += [f"a measurement failed: {r.problem}" for r in Run.objects.filter(state=Run.State.FAILED, attempts=0)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (said := cursor.fetchone()[0]) != "ok":
                wrong.append(f"the database file: {said}")
    return wrong


# --- what stands outside ----------------------------------------------------------------------------------------------
def empty_database(url: str) -> str:
    """The address of a new database on the same PostgreSQL."""
    name = f"vangrail_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"{url.rpartition('/')[0]}/{name}"


class Installation:
    """`vangrail serve` on a folder of its own, with clients that write."""

    def __init__(self, folder: Path, *, clients: int = 6, seed: int = 1) -> None:
        self._draw = random.Random(seed)
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("VANGRAIL_", "DJANGO_"))},
            "VANGRAIL_DATA": str(folder),
            "VANGRAIL_HTTPS": "no",
            "DJANGO_SETTINGS_MODULE": "vangrail.web.settings",
        }
        if url := os.environ.get("VANGRAIL_DATABASE_URL"):
            self.environment["VANGRAIL_DATABASE_URL"] = empty_database(url)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._made = self.inside("fill", clients)
        self.tried: dict[str, list[str]] = defaultdict(list)
        self.acknowledged: dict[str, list[str]] = defaultdict(list)
        self.refused: Counter[int] = Counter()
        self.cut_off = 0

    def inside(self, what: str, *given: Any) -> Any:
        """Call a function of this module in a process with the settings of the installation."""
        command = [sys.executable, __file__, "--inside", what]
        done = subprocess.run(
            command, env=self.environment, input=json.dumps(given), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "vangrail.web", "serve", "--port", str(self.port)]
        self.serve = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait()

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.1)
        raise RuntimeError("the server does not come back")

    def stop(self) -> None:
        """As an administrator stops it."""
        self.serve.send_signal(signal.SIGTERM)
        self.serve.wait(timeout=20)

    def kill(self, part: str) -> None:
        """End a part with SIGKILL, now; start everything again where nothing else does."""
        serve = psutil.Process(self.serve.pid)
        below = serve.children(recursive=True)
        named = {
            "the process that answers": [p for p in below if p.ppid() != serve.pid],
            "the server above it": [p for p in below if "answer" in p.cmdline() and p.ppid() == serve.pid],
            "the worker": [p for p in below if "work" in p.cmdline()],
            "the clock": [p for p in below if "tick" in p.cmdline()],
            "serve alone": [serve],
            "everything": [serve, *below],
        }
        for process in named[part]:
            process.kill()
        if serve.pid in [p.pid for p in named[part]]:
            self.serve.wait()
            psutil.wait_procs(below, timeout=10)
            self.start()
        else:
            psutil.wait_procs(named[part], timeout=10)
            self.wait()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While this lasts, every client writes."""
        stop = threading.Event()
        numbers = zip(self._made["sessions"], self._made["drafts"], strict=True)
        clients = [
            threading.Thread(target=self._write, args=(session, draft, self._draw.random(), stop))
            for session, draft in numbers
        ]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            stop.set()
            for client in clients:
                client.join()

    def _write(self, session: str, draft: int, seed: float, stop: threading.Event) -> None:
        draw, place = random.Random(seed), f"/werk/voorbeeld/concepten/{draft}/stap/1/"
        while not stop.is_set():
            kind = draw.choice(("answer", "comment", "draft", "decision", "measure"))
            mark = f"Concept {draft} {kind} {len(self.tried[kind])} {draw.getrandbits(40)}"
            try:
                if kind == "draft":
                    seen = _SEEN.search(self._ask("GET", place, session)[1])
                    form = {"name": mark, "seen": seen[1] if seen else "0", "do": "next"}
                else:
                    place_of, form = _form(kind, mark)
                self.tried[kind].append(mark)
                status, _ = self._ask("POST", place if kind == "draft" else BASE + place_of, session, form)
            except (OSError, HTTPException):
                self.cut_off += 1
                time.sleep(0.2)
                continue
            if status == 302:
                self.acknowledged[kind].append(mark)
            else:
                self.refused[status] += 1

    def _ask(self, method: str, place: str, session: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            headers = {"Cookie": f"sessionid={session}; csrftoken={_TOKEN}"}
            body = None
            if form is not None:
                body = urlencode({**form, "csrfmiddlewaretoken": _TOKEN})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, place, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def finish(self) -> list[str]:
        """End as time would: what was left is found and done. Returns everything that is not as it should be."""
        self.stop()
        self.inside("age_runs")
        self.start()
        end = time.monotonic() + 60
        while self.inside("open_runs") and time.monotonic() < end:
            time.sleep(1)
        left = self.inside("open_runs")
        self.stop()
        wrong: list[str] = self.inside("look", self.tried, self.acknowledged)
        return wrong + [f"{left} measurements never ended"] * bool(left)


def _form(kind: str, mark: str) -> tuple[str, dict[str, str]]:
    if kind == "answer":
        return "eisen/dem-1/antwoord/", {"value": "yes", "because": mark, "role": "application_owner"}
    if kind == "comment":
        return "eisen/dem-1/opmerkingen/", {"text": mark}
    if kind == "decision":
        return "poort/beslissing/", {"outcome": "refused", "role": "decider", "reasons": mark}
    return "meten/", {}


def run(folder: Path, *, rounds: Sequence[str], clients: int = 6, seed: int = 1) -> tuple[Installation, list[str]]:
    """Kill each of these parts after a random moment of writing; returns the installation and what is wrong with it."""
    draw = random.Random(seed)
    there = Installation(folder, clients=clients, seed=seed)
    there.start()
    try:
        with there.writing():
            for part in rounds:
                time.sleep(draw.uniform(0.3, 2.0))
                there.kill(part)
            time.sleep(0.5)
        return there, there.finish()
    finally:
        there.serve.kill()


def main() -> None:
    """Kill, look, and print what was found; exit code 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--inside", choices=[f.__name__ for f in INSIDE], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        import django

        django.setup()
        call = next(f for f in INSIDE if f.__name__ == given.inside)
        print(json.dumps(call(*json.loads(sys.stdin.read()))))
        return
    draw = random.Random(given.seed)
    parts = [draw.choice(PARTS) for _ in range(given.rounds)]
    with tempfile.TemporaryDirectory(prefix="vangrail-killed-") as folder:
        there, wrong = run(Path(folder), rounds=parts, clients=given.clients, seed=given.seed)
    print(f"{given.rounds} kills (seed {given.seed}): {dict(Counter(parts))}")
    print(f"acknowledged: { ({k: len(v) for k, v in there.acknowledged.items()}) }; cut off: {there.cut_off}")
    print(f"answers that were no 302: {dict(there.refused)}")
    print("\n".join(wrong) or "nothing lost, nothing doubled, the ledger verifies, every measurement ended")
    sys.exit(1 if wrong else 0)


INSIDE = (fill, age_runs, open_runs, look)

if __name__ == "__main__":
    main()
