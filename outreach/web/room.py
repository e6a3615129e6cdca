"""The guide for phones on the laptop's own network: a second listener, with the guide and nothing else."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Lock, Thread
from typing import Any

import waitress
from waitress.channel import HTTPChannel

from outreach.core.refusal import N_, Refusal
from outreach.services.program import Program
from outreach.web.frame import make_guide_app
from outreach.web.guard import Environ, Guard, StartResponse, WsgiApp


class NoNetwork(Refusal):
    sentence = N_(
        "This computer is on no network of its own. Turn on its hotspot, then start again. Nothing was shared."
    )


class NotOurAddress(Refusal):
    sentence = N_(
        "The guide cannot be shared at {address}: it is no address of this computer on a private network, "
        "or port {port} is taken there. Nothing was shared."
    )


CONNECTIONS = 200
"""Open at once; thirty phones hold six each at most."""
PATIENCE = 20
"""Seconds in which a request has to be whole, and after which a silent connection is closed."""
FILE_COST = 30
"""As many pages as the laptop could show while it puts one file to keep together."""
HEADER_MAX, BODY_MAX = 16 << 10, 1 << 10
"""Bytes."""


class Brisk(HTTPChannel):  # type: ignore[misc]
    """A connection that is closed when its request drips in: enough of those would keep every phone out."""

    _began = 0.0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._began = time.monotonic()
        elif time.monotonic() - self._began > PATIENCE:
            self.will_close = True
            return False
        return bool(super().received(data))


class Pace:
    """Lets through so many requests a second, and at once as many as a room of phones needs for a first page.

    It counts requests and knows nothing of who asks: no address is remembered. One phone cannot take the laptop.
    """

    def __init__(
        self,
        app: WsgiApp,
        per_second: float = 60,
        burst: float = 600,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.per_second, self.burst, self.now = app, per_second, burst, now
        self._left, self._seen, self._lock = burst, now(), Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        cost = FILE_COST if environ.get("PATH_INFO", "").startswith("/save/") else 1
        with self._lock:
            seen = self.now()
            self._left = min(self.burst, self._left + (seen - self._seen) * self.per_second)
            self._seen = seen
            if not (wait := self._left < cost):
                self._left -= cost
        if not wait:
            return self.app(environ, start_response)
        start_response("429 Too Many Requests", [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "2")])
        return [b"Many phones are reading. Wait a moment and load the page again.\n"]


def own_addresses() -> list[str]:
    """This computer's addresses on private networks; asks no other machine. Refuses when there is none."""
    found: dict[str, None] = {}
    # Connecting a datagram socket sends nothing: it only makes the system choose the address it would send from.
    for target in ("10.255.255.255", "192.168.255.255", "172.31.255.255", "192.0.2.1"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            found[probe.getsockname()[0]] = None
    with contextlib.suppress(OSError):
        found |= dict.fromkeys(socket.gethostbyname_ex(socket.gethostname())[2])
    private = [each for each in found if _is_private(each) and not ipaddress.ip_address(each).is_loopback]
    if not private:
        raise NoNetwork()
    return private


def _is_private(address: str) -> bool:
    """Never a public address: the guide is for the room, not for the world."""
    try:
        known = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return known.is_private and not known.is_unspecified


def listen(address: str, port: int) -> socket.socket:
    """A listener at one private address of this computer; refuses any other."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if not _is_private(address):
            raise OSError
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise NotOurAddress(address=address, port=port) from None
    return listener


def guide_server(program: Program, port: int, addresses: Iterable[str]) -> WsgiApp:
    """What phones speak to: few requests a second, these hosts only, the guide only."""
    return Guard(Pace(make_guide_app(program)), port, addresses)


@contextlib.contextmanager
def shared(program: Program, port: int, addresses: list[str]) -> Iterator[None]:
    """Share the guide at these addresses until done, in a thread of its own."""
    listeners: list[socket.socket] = []
    try:
        for address in addresses:
            listeners.append(listen(address, port))
    except Refusal:
        for each in listeners:
            each.close()
        raise
    parts: dict[int, Any] = {}
    server = waitress.create_server(
        guide_server(program, port, addresses),
        map=parts,
        sockets=listeners,
        threads=4,
        ident=None,
        clear_untrusted_proxy_headers=True,
        # Nothing here is more than a question: what all phones together can make the laptop hold stays small.
        max_request_header_size=HEADER_MAX,
        max_request_body_size=BODY_MAX,
        connection_limit=CONNECTIONS,
        channel_timeout=PATIENCE,
        cleanup_interval=PATIENCE // 2,
    )
    for each in parts.values():  # those that listen; waitress is not told the class of its connections otherwise
        each.channel_class = Brisk
    Thread(target=server.run, daemon=True).start()
    try:
        yield
    finally:
        server.close()
