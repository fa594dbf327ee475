"""A model that answers at an address: what is sent, what is read, and everything that an address can do wrong."""

import contextlib
import http.server
import json
import random
import ssl
import subprocess
import threading
import time

import pytest

from vangrail.model.card import Model
from vangrail.model.errors import OutOfReach, VangrailError
from vangrail.model.vocabulary import Language
from vangrail.predictors import endpoint, open_predictor
from vangrail.predictors.predictor import Predictor


class Service(http.server.ThreadingHTTPServer):
    """A small service on this machine. `answer` gets what was posted and gives (status, headers, bytes)."""

    daemon_threads = True

    def __init__(self, answer):
        self.answer, self.asked, self.seen = answer, [], []
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/predict?code=geheim"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.server.seen.append(dict(self.headers) | {"path": self.path})
        answer = self.server.answer(body)
        if callable(answer):
            answer(self.wfile)
            return
        status, headers, content = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quiet."""

    def handle(self):
        with contextlib.suppress(ConnectionError):  # who asked has gone
            super().handle()


@pytest.fixture
def serve():
    running = []

    def start(answer):
        running.append(Service(answer))
        return running[-1]

    yield start
    for service in running:
        service.shutdown()
        service.server_close()


def as_json(found, status=200):
    return status, {"Content-Type": "application/json"}, json.dumps(found).encode()


def older(body):
    """Yes from 50 years; no answer without an age; the version of the model is stated."""
    found = [
        {"error": "no age"} if r["age"] is None else {"score": r["age"] / 100, "advice": r["age"] >= 50}
        for r in body["rows"]
    ]
    return as_json({"predictions": found, "version": "7"})


def opened(service, tmp_path, *, key=None, **parts):
    environment = {"SCORE": getattr(service, "address", service)} | ({"SCORE_KEY": key} if key else {})
    return open_predictor(Model(name="m", source="endpoint:SCORE", **parts), folder=tmp_path, environment=environment)


def said(service, tmp_path, rows=None, **parts):
    with opened(service, tmp_path, **parts) as predictor:
        return predictor.predict(rows or {"age": [20, 80]})


# --- rows -------------------------------------------------------------------------------------------------------------


def test_rows_go_in_and_score_and_advice_come_out(serve, tmp_path):
    service = serve(older)
    got = said(service, tmp_path, {"age": [20, 80, None], "name": ["An", None, "Bo"]}, key="sleutel")
    assert got.answered.tolist() == [True, True, False]
    assert got.advice.tolist() == [False, True, False]
    assert got.score.tolist() == [0.2, 0.8, 0.0]
    assert service.asked[0] == {
        "rows": [{"age": 20, "name": "An"}, {"age": 80, "name": None}, {"age": None, "name": "Bo"}]
    }
    assert service.seen[0]["Authorization"] == "Bearer sleutel" and service.seen[0]["path"] == "/predict?code=geheim"


def test_only_the_inputs_of_the_card_leave_the_data(serve, tmp_path):
    service = serve(older)
    said(service, tmp_path, {"age": [20], "name": ["An"]}, inputs=["age"])
    assert service.asked == [{"rows": [{"age": 20}]}]


def test_many_rows_go_in_batches_and_keep_their_order(serve, tmp_path):
    service = serve(older)
    got = said(service, tmp_path, {"age": list(range(250))})
    assert [len(a["rows"]) for a in service.asked] == [100, 1, 1, 100, 50]
    assert got.score.tolist() == [a / 100 for a in range(250)]


@pytest.mark.parametrize("order", [lambda found: found[::-1], lambda found: sorted(found, key=lambda f: f["score"])])
def test_answers_in_another_order_are_found_out(serve, tmp_path, order):
    """Figures about other rows would come out, and each of them likely."""

    def shuffled(body):
        found = [{"score": row["age"] * 37 % 101 / 101} for row in body["rows"]]
        return as_json({"predictions": order(found)})

    with opened(serve(shuffled), tmp_path) as predictor:
        for _ in range(2):  # each figure, not only the first
            with pytest.raises(VangrailError, match="something else about a row when it is asked alone"):
                predictor.predict({"age": list(range(30))})


def test_a_model_that_differs_from_itself_is_not_blamed_for_its_order(serve, tmp_path):
    chances = random.Random(1)
    service = serve(lambda b: as_json({"predictions": [{"score": chances.random()} for _ in b["rows"]]}))
    assert said(service, tmp_path, {"age": list(range(30))}).answered.all()


def test_no_more_rows_are_sent_than_the_card_allows(serve, tmp_path):
    """The order takes two rows more, once. What would be too much is not begun, and what still fits is asked."""
    service = serve(older)
    with opened(service, tmp_path, most_asked=140) as predictor:
        with pytest.raises(VangrailError, match="would be asked about more than 140 rows"):
            predictor.predict({"age": list(range(140))})
        assert service.asked == []
        assert predictor.predict({"age": list(range(100))}).answered.all()
        with pytest.raises(VangrailError, match="would be asked about more than 140 rows"):
            predictor.predict({"age": list(range(100))})
        assert predictor.predict({"age": list(range(38))}).answered.all()
    assert sum(len(a["rows"]) for a in service.asked) == 140


def test_a_score_alone_says_yes_from_the_threshold_and_an_advice_alone_is_its_own_score(serve, tmp_path):
    scores = serve(lambda body: as_json({"predictions": [{"score": r["age"]} for r in body["rows"]]}))
    assert said(scores, tmp_path, threshold=50).advice.tolist() == [False, True]
    advices = serve(lambda body: as_json({"predictions": [{"advice": r["age"] > 50} for r in body["rows"]]}))
    assert said(advices, tmp_path).score.tolist() == [0.0, 1.0]


def once(body):
    return {"predictions": [{"score": 0.5}] * len(body["rows"])}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda b: (200, {}, b"<html>"), "no JSON"),
        (lambda b: (200, {}, b'{"predictions": [{"score": NaN}, {"score": 1}]}'), "no JSON"),
        (lambda b: (200, {}, b"[" * 100_000), "no JSON"),
        (lambda b: as_json(["a"]), "without a list of 'predictions'"),
        (lambda b: as_json({"predictions": {"0": 1}}), "without a list of 'predictions'"),
        (lambda b: as_json({"predictions": [{"score": 0.5}]}), "1 answers for 2 rows"),
        (lambda b: as_json({"predictions": [0.5, 0.5]}), "no object"),
        (lambda b: as_json({"predictions": [{"score": "0.5"}, {}]}), "no number"),
        (lambda b: as_json({"predictions": [{"advice": 1}, {}]}), "no true or false"),
        (lambda b: as_json({"predictions": [{}, {}]}), "without 'score' and 'advice'"),
        (lambda b: as_json(once(b), 500), "status 500"),
        (lambda b: as_json(once(b), 404), "status 404"),
        (lambda b: as_json(once(b), 401), "refuses access"),
        (lambda b: (307, {"Location": "http://elders.example/"}, b""), "sends on to another one"),
        (lambda b: (302, {"Location": "/anders"}, b""), "sends on to another one"),
        (lambda b: lambda out: out.write(b"not http at all\r\n\r\n"), "cannot be reached"),
        (lambda b: lambda out: out.write(b"HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n{"), "cannot be reached"),
    ],
)
def test_an_answer_in_another_form_is_said_and_not_guessed(serve, tmp_path, monkeypatch, answer, message):
    monkeypatch.setattr(endpoint.time, "sleep", lambda seconds: None)
    service = serve(answer)
    with pytest.raises(VangrailError, match=message) as raised:
        said(service, tmp_path)
    assert "geheim" not in str(raised.value), "an address can hold a secret"


def test_a_score_that_no_float_can_hold_is_no_answer(serve, tmp_path):
    service = serve(lambda b: (200, {}, b'{"predictions": [{"score": 1e999}, {"score": ' + b"9" * 400 + b"}]}"))
    assert said(service, tmp_path).answered.tolist() == [False, False]


def test_an_answer_that_never_ends_is_cut_off(serve, tmp_path, monkeypatch):
    monkeypatch.setattr(endpoint, "MOST_BYTES", 1000)
    service = serve(lambda b: (200, {}, b" " * 5000))
    with pytest.raises(VangrailError, match="more than"):
        said(service, tmp_path)


def test_an_address_that_hangs_or_drips_is_left_in_time(serve):
    def drip(out):
        out.write(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(100):
            out.write(b" ")
            out.flush()
            time.sleep(0.05)

    for slow in (lambda b: lambda out: time.sleep(3), lambda b: drip):
        service = serve(slow)
        parts = endpoint._checked(service.address, "SCORE", "Model 'm'")
        line = endpoint.Line(where="Model 'm'", variable="SCORE", address=parts, seconds=0.3)
        began = time.monotonic()
        with pytest.raises(VangrailError, match=r"did not answer within 0\.3 seconds"):
            line.post({})
        assert time.monotonic() - began < 2


def test_a_busy_service_is_asked_again(serve, tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(endpoint.time, "sleep", waited.append)
    busy = iter([(429, {"Retry-After": "3"}, b""), (503, {}, b"")])
    service = serve(lambda b: next(busy, None) or older(b))
    assert said(service, tmp_path).advice.tolist() == [False, True]
    assert waited == [3.0, 2.0]
    always = serve(lambda b: (429, {"Retry-After": "100000"}, b""))
    with pytest.raises(VangrailError, match="status 429"):
        said(always, tmp_path)
    assert max(waited) == 60


@pytest.mark.parametrize(("status", "asked"), [(500, 4), (502, 4), (504, 4), (404, 1)])
def test_a_fault_that_passes_is_waited_for(serve, tmp_path, monkeypatch, status, asked):
    monkeypatch.setattr(endpoint.time, "sleep", lambda seconds: None)
    service = serve(lambda body: as_json({}, status))
    with pytest.raises(VangrailError):
        said(service, tmp_path)
    assert len(service.asked) == asked
    once = iter([as_json({}, 500)])
    assert said(serve(lambda body: next(once, None) or older(body)), tmp_path).answered.all()


def test_a_server_may_say_until_when_to_wait():
    """By its own clock: that of this machine may be wrong."""
    now = "Sun, 22 Nov 2026 12:00:00 GMT"
    assert endpoint._wait("Sun, 22 Nov 2026 12:00:30 GMT", now, 1) == 30
    assert endpoint._wait("Wed, 21 Oct 2026 07:28:00 GMT", now, 1) == 1
    assert endpoint._wait("morgen", now, 2) == endpoint._wait("Sun, 22 Nov 2026 12:00:30 GMT", None, 2) == 2


def test_a_certificate_that_nobody_signed_is_told_and_nothing_is_sent(tmp_path):
    """Of itself, as test systems have them."""
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    made += ["-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "own.pem"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    service = Service(older)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem", tmp_path / "key.pem")
    service.socket = context.wrap_socket(service.socket, server_side=True)
    address = f"https://localhost:{service.server_port}/predict"
    with pytest.raises(OutOfReach, match="the certificate at the address in 'SCORE' cannot be trusted"):
        said(address, tmp_path, key="sleutel")
    service.shutdown()
    service.server_close()
    assert service.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "ftp://x.be/",
        "http://",
        "x.be/predict",
        "http://u:p@x.be/",
        "http://x.be:999999/",
        "http://x .be",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path, address):
    with pytest.raises(VangrailError, match="SCORE") as raised, opened(address, tmp_path):
        pass
    assert not address or address not in str(raised.value)


def test_a_key_is_never_sent_unencrypted_to_another_machine(tmp_path):
    with pytest.raises(VangrailError, match="unencrypted"), opened("http://x.be/", tmp_path, key="sleutel"):
        pass


def test_a_proxy_of_the_environment_is_not_used(serve, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1/")
    assert said(serve(older), tmp_path).answered.all()


def test_nobody_there_is_said(tmp_path):
    with pytest.raises(VangrailError, match="cannot be reached at the address in 'SCORE'"):
        said("http://127.0.0.1:9/", tmp_path)


def test_the_fingerprint_is_the_address_and_the_stated_versions(serve, tmp_path):
    state = {"version": "7"}
    service = serve(lambda b: as_json(once(b) | state))

    def fingerprint(**parts):
        with opened(service, tmp_path, **parts) as predictor:
            return predictor.fingerprint()

    first = fingerprint()
    assert service.asked == [{"rows": []}]
    assert fingerprint() == first
    state["version"] = "8"
    assert fingerprint() != first
    state["version"] = "7"
    assert fingerprint(version="2026-03") != first


# --- language ---------------------------------------------------------------------------------------------------------


def chat(reply):
    return as_json({"choices": [{"message": {"role": "assistant", "content": reply}}]})


def test_a_language_model_is_talked_to(serve, tmp_path):
    service = serve(lambda body: chat(body["messages"][-1]["content"][::-1]))
    with opened(service, tmp_path, kind="language", version="klein-1") as predictor:
        assert predictor.say("dag") == "gad"
        first = predictor.fingerprint()
        with pytest.raises(VangrailError, match="cannot be tried on rows"):
            predictor.predict({"age": [1]})
    assert service.asked == [
        {
            "model": "klein-1",
            "messages": [{"role": "user", "content": "dag"}],
            "temperature": 0,
            "max_tokens": endpoint.MOST_TOKENS,
        }
    ]
    with opened(service, tmp_path, kind="language", version="klein-2") as predictor:
        assert predictor.fingerprint() != first


def test_a_filter_in_front_of_the_model_answers_nothing(serve, tmp_path):
    service = serve(lambda body: as_json({"error": {"code": "content_filter"}}, 400))
    with opened(service, tmp_path, kind="language") as predictor:
        assert predictor.say("dag") == ""


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda b: as_json({"error": {"code": "bad"}}, 400), "status 400"),
        (lambda b: as_json({"choices": []}), "not answer in the form"),
        (lambda b: as_json({"choices": [{"message": {"content": 3}}]}), "no text"),
        (lambda b: (200, {}, b"hallo"), "no JSON"),
    ],
)
def test_another_form_than_chat_completions_is_said(serve, tmp_path, answer, message):
    with opened(serve(answer), tmp_path, kind="language") as predictor, pytest.raises(VangrailError, match=message):
        predictor.say("dag")


def test_an_answer_in_parts_or_without_words_is_read(serve, tmp_path):
    answers = iter([[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], None])
    with opened(serve(lambda b: chat(next(answers))), tmp_path, kind="language") as predictor:
        assert isinstance(predictor, endpoint.LanguageEndpoint)
        assert (predictor.say("dag"), predictor.say("dag")) == ("ab", "")


def test_a_model_that_is_replaced_while_it_is_measured_gives_no_figures(serve, tmp_path):
    """Half of the answers would be of one model and half of another."""
    versions = iter(["7", "7", "8"])
    service = serve(
        lambda body: as_json({"predictions": [{"score": 0.5}] * len(body["rows"]), "version": next(versions)})
    )
    with opened(service, tmp_path) as predictor:
        predictor.fingerprint()
        predictor.predict({"age": [20]})
        with pytest.raises(OutOfReach, match="got another version while it was measured"):
            predictor.predict({"age": [20]})


@pytest.mark.parametrize("status", [500, 502, 404, 422])
def test_only_a_fault_of_the_server_is_told_apart_as_out_of_reach(serve, tmp_path, monkeypatch, status):
    """Asking again may help where the server is at fault, not where it does not take the question."""
    monkeypatch.setattr(endpoint.time, "sleep", lambda seconds: None)
    service = serve(lambda body: as_json({}, status))
    with pytest.raises(VangrailError, match=f"status {status}") as raised:
        said(service, tmp_path)
    assert isinstance(raised.value, OutOfReach) is (status >= 500)
    assert f"antwoordt met status {status}" in raised.value.told(Language.NL)


def test_every_kind_is_a_predictor():
    """Checked by mypy: each can stand where a predictor is asked."""
    kinds: list[type[Predictor]] = [endpoint.RowsEndpoint, endpoint.LanguageEndpoint]
    assert all(hasattr(k, name) for k in kinds for name in ("predict", "say", "fingerprint", "close"))
