"""A message to an address on the web: signed as published, over in time, and never into a network where it may not go."""

import ipaddress
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vangrail.exports import webhooks
from vangrail.exports.webhooks import everywhere, key_of, post, public_only, signature
from vangrail.model.vocabulary import DeliveryOutcome as Outcome


def test_the_signature_is_that_of_the_published_example():
    """The example of the Standard Webhooks reference libraries, whose secret and signature are public."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(key, id_="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where a cloud keeps the credentials of a machine
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  nothing listens
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("193.191.245.244", True),
        ("2a02:1800:1::1", True),
        ("::ffff:193.191.245.244", True),
    ],
)
def test_only_addresses_of_the_open_internet(address, allowed):
    assert public_only(ipaddress.ip_address(address)) is allowed


# --- a receiver --------------------------------------------------------------------------------------------------------
class Receiver:
    """A socket on this machine that answers with these bytes, one part at a time; with TLS when it is given a context."""

    def __init__(self, *parts, pause=0.0, context=None):
        self.got = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._parts, self._pause, self._context = parts, pause, context
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                one, _ = self._socket.accept()
                if self._context:
                    one = self._context.wrap_socket(one, server_side=True)
                with one:
                    while not self.got.endswith(b"}"):
                        self.got += one.recv(65_536)
                    for part in self._parts:
                        one.sendall(part)
                        time.sleep(self._pause)
            except OSError:
                if self._socket.fileno() < 0:
                    return

    def close(self):
        self._socket.close()


@pytest.fixture
def receiver():
    made = []

    def make(*parts, **how):
        made.append(Receiver(*parts, **how))
        return made[-1]

    yield make
    for one in made:
        one.close()


def send(to, *, seconds=2.0, allowed=everywhere):
    return post(b'{"a": 1}', to=to, id_="m1", key=b"k", at=1_800_000_000, seconds=seconds, allowed=allowed)


@pytest.mark.parametrize(
    ("answer", "outcome", "again"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", Outcome.ARRIVED, False),
        (b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", Outcome.REFUSED, False),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Outcome.REFUSED, False),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome.REFUSED, False),
        (b"HTTP/1.1 429 Too Many Requests\r\n\r\n", Outcome.FAILED, True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Outcome.FAILED, True),
        (b"goeiedag\r\n\r\n", Outcome.FAILED, True),
        (b"", Outcome.FAILED, True),
    ],
)
def test_what_an_answer_means(receiver, answer, outcome, again):
    tried = send(f"http://127.0.0.1:{receiver(answer).port}/hook?sleutel=geheim")
    assert (tried.outcome, tried.again) == (outcome, again)
    assert "geheim" not in repr(tried)


def test_what_is_sent(receiver):
    one = receiver(b"HTTP/1.1 200 OK\r\n\r\n")
    send(f"http://127.0.0.1:{one.port}/hook?a=b#c")
    head, body = one.got.split(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\n") and f"Host: 127.0.0.1:{one.port}".encode() in head
    assert b"webhook-id: m1\r\n" in head and b"webhook-signature: v1," in head and body == b'{"a": 1}'


def test_an_answer_that_comes_a_byte_at_a_time_ends_in_time(receiver):
    """Every byte comes well within any time-out of a socket; all of them would take 20 seconds."""
    one = receiver(*[b"H"] * 200, pause=0.1)
    start = time.monotonic()
    assert send(f"http://127.0.0.1:{one.port}/", seconds=0.5).outcome is Outcome.LATE
    assert time.monotonic() - start < 1.5


def test_a_name_that_nobody_answers_for_ends_in_time(monkeypatch):
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    start = time.monotonic()
    assert send("https://traag.example/", seconds=0.3).outcome is Outcome.LATE
    assert time.monotonic() - start < 1.5


def test_nothing_is_called_where_it_may_not_go(receiver, monkeypatch):
    one = receiver(b"HTTP/1.1 200 OK\r\n\r\n")
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1"):
        assert send(f"http://{host}:{one.port}/", allowed=public_only).outcome is Outcome.NOT_ALLOWED
    assert one.got == b""


def test_one_bad_address_of_a_name_is_enough(monkeypatch):
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("193.191.245.244", "10.0.0.1")]
    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lambda *_, **__: places)
    monkeypatch.setattr(webhooks.socket, "socket", None)
    assert send("https://twee.example/", allowed=public_only).outcome is Outcome.NOT_ALLOWED


def test_the_name_is_looked_up_once(receiver, monkeypatch):
    """A name that leads elsewhere at the second look (DNS rebinding) is never looked at a second time."""
    one, asked = receiver(b"HTTP/1.1 200 OK\r\n\r\n"), []

    def lookup(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", one.port))]

    monkeypatch.setattr(webhooks.socket, "getaddrinfo", lookup)
    assert send(f"http://hook.example:{one.port}/").arrived and asked == ["hook.example"]


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/").outcome is Outcome.UNREACHABLE


# --- https -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate for 'localhost' that this process trusts, as the context of a server."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


def test_https_asks_for_a_certificate_of_that_name(receiver, trusted):
    one = receiver(b"HTTP/1.1 200 OK\r\n\r\n", context=trusted)
    assert send(f"https://localhost:{one.port}/").arrived
    assert send(f"https://127.0.0.1:{one.port}/").outcome is Outcome.UNREACHABLE, "the certificate is not for this name"


def test_a_certificate_that_nobody_knows_is_refused(receiver, trusted, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    one = receiver(b"HTTP/1.1 200 OK\r\n\r\n", context=trusted)
    tried = send(f"https://localhost:{one.port}/")
    assert tried.outcome is Outcome.UNREACHABLE and tried.why == "SSLCertVerificationError" and one.got == b""
