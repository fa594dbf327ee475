"""A message to an address on the web: signed as Standard Webhooks describes (standardwebhooks.com, 1.0.0), and over in time.

The name is looked up once, and every address that was found is held against what is allowed before one of them is called:
whoever gives an address may not have ours look into a network that they cannot reach themselves. Nothing is followed elsewhere.
"""

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

import vangrail
from vangrail.model.vocabulary import DeliveryOutcome

PREFIX = "whsec_"
"""Before a secret that is written in base64."""
_AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_CARRIES_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""Networks of IPv6 whose last four bytes are an address of IPv4: NAT64 (RFC 6052), and the old compatible ones."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[IpAddress], bool]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a try.

    status   what the receiver answered; none when it gave no answer
    why      the kind of trouble, for who looks after it; never the address, which can hold a secret
    """

    outcome: DeliveryOutcome
    status: int | None = None
    why: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return self.outcome is DeliveryOutcome.ARRIVED

    @property
    def again(self) -> bool:
        """Whether the same message can arrive at a later try."""
        return self.outcome in (DeliveryOutcome.FAILED, DeliveryOutcome.UNREACHABLE, DeliveryOutcome.LATE)


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. ValueError when what follows 'whsec_' is not base64."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("what follows 'whsec_' is not base64") from error


def signature(key: bytes, *, id_: str, at: int, body: bytes) -> str:
    """HMAC-SHA256 over id, moment and body, so that a message can be neither made up nor sent again later.

    at   the moment of this try, in seconds since 1970
    """
    signed = hmac.new(key, b".".join((id_.encode(), str(at).encode(), body)), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def everywhere(address: IpAddress) -> bool:
    """For who chose the address and may reach everything that this machine can."""
    return True


def public_only(address: IpAddress) -> bool:
    """Whether it is an address of the open internet: not of this machine, of a network inside, or of one that cannot be."""
    inner = _inner(address)
    return (address if inner is None else inner).is_global and not address.is_multicast


def _inner(address: IpAddress) -> IpAddress | None:
    """The IPv4 address to which an IPv6 address leads, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in _CARRIES_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def post(body: bytes, *, to: str, id_: str, key: bytes, at: int, seconds: float, allowed: Allowed) -> Tried:
    """One try, that ends within so many seconds, whatever the other side does.

    to        an address with http or https; ValueError for another
    id_       of the message, the same at every try
    at        see `signature`
    """
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"vangrail/{vangrail.__version__}",
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(key, id_=id_, at=at, body=body),
    }
    line = _Line(urlsplit(to), allowed=allowed, ends=time.monotonic() + seconds)
    found: list[Tried] = []
    # A name that nobody answers for, and an answer that comes a byte at a time, end at no time-out of the library.
    asking = threading.Thread(target=lambda: found.append(line.ask(body, headers)), daemon=True)
    asking.start()
    asking.join(seconds)
    if found:
        return found[0]
    line.cut()
    return Tried(outcome=DeliveryOutcome.LATE)


class _NotAllowed(OSError):
    """The name leads to an address that may not be called."""


class _Line:
    """The way to one address, for one message."""

    def __init__(self, place: SplitResult, *, allowed: Allowed, ends: float) -> None:
        if place.scheme not in ("https", "http") or not place.hostname:
            raise ValueError("the address begins neither with https:// nor with http://")
        self._place, self._allowed, self._ends = place, allowed, ends
        self._socket: socket.socket | None = None

    def ask(self, body: bytes, headers: dict[str, str]) -> Tried:
        """Send it, and look at the first line of the answer."""
        host, port = str(self._place.hostname), self._place.port
        path = self._place._replace(scheme="", netloc="", fragment="", path=self._place.path or "/").geturl()
        connection = http.client.HTTPConnection(host, port or (443 if self._place.scheme == "https" else 80))
        try:
            connection.sock = self._connected(host, connection.port)
            named = self._place.netloc.rpartition("@")[2]
            connection.request("POST", path, body=body, headers=headers | {"Host": named})
            status = connection.getresponse().status
        except _NotAllowed:
            return Tried(outcome=DeliveryOutcome.NOT_ALLOWED)
        except http.client.HTTPException as error:  # before the next: a line that is cut is both
            return Tried(outcome=DeliveryOutcome.FAILED, why=type(error).__name__)
        except (OSError, ValueError) as error:  # no route, no such name, no TLS; an address that is none
            return Tried(outcome=DeliveryOutcome.UNREACHABLE, why=type(error).__name__)
        finally:
            connection.close()
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Tried(outcome=DeliveryOutcome.ARRIVED, status=status)
        later = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _AGAIN
        return Tried(outcome=DeliveryOutcome.FAILED if later else DeliveryOutcome.REFUSED, status=status)

    def cut(self) -> None:
        """Let go, so that whoever waits for an answer stops waiting."""
        if self._socket is not None:
            with suppress(OSError):  # it can end by itself in this moment
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to the first of the addresses that answers."""
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not all(self._allowed(ipaddress.ip_address(str(place[0]).partition("%")[0])) for *_, place in places):
            raise _NotAllowed
        self._socket = self._first(places)
        if self._place.scheme == "https":
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
        return self._socket

    def _first(self, places: Sequence[tuple[int, int, int, str, tuple[object, ...]]]) -> socket.socket:
        trouble: OSError | None = None
        for family, kind, protocol, _, place in places:
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(max(0.1, self._ends - time.monotonic()))
                made.connect(place)
                return made
            except OSError as error:
                made.close()
                trouble = error
        raise trouble or OSError("the name has no address")
