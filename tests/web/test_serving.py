"""`vangrail serve` as a program: one for each folder, it says what is wrong, and nothing of it stays when it is gone."""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import psutil
import pytest
from django.db import OperationalError

from vangrail.model.errors import VangrailError
from vangrail.web import environment, serving
from vangrail.web.register.models import Shown


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(folder, port, *, module="vangrail.web", **variables):
    """`vangrail serve` on this folder: the program of the site, or with `module` the command line around it."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("VANGRAIL_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--port", str(port)],
        env={**known, "VANGRAIL_DATA": str(folder), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(done, *, seconds=30):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)


def answers(port):
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


def test_a_server_that_is_killed_leaves_nothing_running_and_starts_again(tmp_path):
    port = free_port()
    first = started(tmp_path, port)
    try:
        wait_until(lambda: answers(port))
        second = started(tmp_path, free_port())
        said, _ = second.communicate(timeout=30)
        assert second.returncode == 3 and "already runs on" in said and "Traceback" not in said
        below = psutil.Process(first.pid).children(recursive=True)
        assert len(below) == 4, "the server and its process, the worker, the clock"
        server = next(p for p in below if "answer" in p.cmdline())
        server.kill()
        wait_until(lambda: not server.is_running() and not answers(port))
        wait_until(lambda: answers(port))
        below += psutil.Process(first.pid).children(recursive=True)
        first.kill()
        wait_until(lambda: not any(p.is_running() for p in below), seconds=5)
    finally:
        first.kill()
    again = started(tmp_path, port)
    try:
        wait_until(lambda: answers(port))
        again.send_signal(signal.SIGTERM)
        assert again.wait(timeout=15) == 0
    finally:
        again.kill()


def test_who_ends_the_command_line_ends_the_site(tmp_path):
    """`kill` of `vangrail serve` or `vangrail demo`, or a container that is stopped: no site stays behind alone."""
    port = free_port()
    program = started(tmp_path, port, module="vangrail")
    try:
        wait_until(lambda: answers(port))
        below = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=15) == 0
        wait_until(lambda: not any(p.is_running() for p in below), seconds=5)
    finally:
        program.kill()


def test_a_port_that_is_taken_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "PORT_SECONDS", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(VangrailError, match=f"Port {port} .*cannot be used") as refused:
            serving._require_free("127.0.0.1", port)
    assert str(port + 1) in str(refused.value)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"VANGRAIL_DATABASE_URL": "mysql://x/y"}, "does not start with postgresql://"),
        (
            {"VANGRAIL_DATABASE_URL": "postgresql://an:geheim@localhost:poort/db"},
            "cannot be read, or names no database",
        ),
        ({"VANGRAIL_DATABASE_URL": "postgresql://localhost"}, "cannot be read, or names no database"),
        ({"VANGRAIL_HTTPS": "nee"}, "it can be 'yes' or 'no'"),
        ({"VANGRAIL_OIDC": "nergens.json"}, "nergens.json is not there"),
        ({"VANGRAIL_DATABSE_URL": "x"}, "is no setting of Vangrail"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, variables, said):
    with pytest.raises(VangrailError, match=said) as refused:
        environment.read({"VANGRAIL_DATA": str(tmp_path), **variables})
    assert refused.value.do and "geheim" not in str(refused.value)


def test_a_driver_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(VangrailError, match="driver is not installed") as refused:
        environment.read({"VANGRAIL_DATA": str(tmp_path), "VANGRAIL_DATABASE_URL": "postgresql://localhost/x"})
    assert "pip install" in str(refused.value)


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("x")
    with pytest.raises(VangrailError, match="cannot be written"):
        environment.read({"VANGRAIL_DATA": str(tmp_path / "data")})


def test_an_empty_secret_key_is_not_worked_with(tmp_path):
    (tmp_path / "secret-key").write_text("")
    with pytest.raises(VangrailError, match="holds no secret key"):
        environment.read({"VANGRAIL_DATA": str(tmp_path)})


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    first = environment.read({"VANGRAIL_DATA": str(tmp_path)}).secret_key
    assert environment.read({"VANGRAIL_DATA": str(tmp_path)}).secret_key == first and len(first) > 80
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.glob("secret-key*")] == ["secret-key"]


def test_a_database_that_does_not_answer_is_told_without_a_traceback(tmp_path):
    server = started(tmp_path, free_port(), VANGRAIL_DATABASE_URL="postgresql://an:geheim@127.0.0.1:1/vangrail")
    said, _ = server.communicate(timeout=30)
    assert server.returncode == 3 and "The database cannot be used" in said and "vangrail doctor" in said
    assert "Traceback" not in said and "geheim" not in said


def test_a_database_that_takes_nothing_now_is_told_to_whoever_wrote(client, monkeypatch):
    def full(scope):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Shown, "state_of", full)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    said = answer.content.decode()
    assert "De site kan nu niets bewaren" in said and "disk is full" not in said
