"""Running the pages: one server per home, this computer only, and a browser window when there is a screen."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import secrets
import socket
import sys
import urllib.request
import webbrowser
from collections.abc import Iterator, Sequence
from typing import Any

import waitress

from outreach.core.refusal import N_, Refusal
from outreach.home import Home
from outreach.services.files import write_whole
from outreach.services.locking import Watch
from outreach.services.program import Program
from outreach.web.entrance import once, proof, run_number, same
from outreach.web.front import Front
from outreach.web.guard import CARRIED_MAX, FILE_MAX, Guard, WsgiApp
from outreach.web.intake import take_in
from outreach.web.room import shared

HOST = "127.0.0.1"


class PortTaken(Refusal):
    sentence = N_(
        "Another program uses port {port} on this computer. Nothing was started. Try `outreach serve --port {other}`."
    )


class RunsWithoutNetwork(Refusal):
    sentence = N_(
        "outreach is already running, for this computer only. Stop it with Ctrl+C in its own window, then start again "
        "with --lan. Nothing was shared."
    )


def serve(program: Program, port: int, browser: bool, lan: Sequence[str] = ()) -> None:
    """Serve until stopped, and the guide alone at the addresses in `lan`.

    When this home is being served already, open that one instead.
    """
    home = program.home
    running = _running(home)
    if running is not None:
        if lan:
            raise RunsWithoutNetwork()
        port, run = running
        _greet(home, port, "already running")
        _open_window(home, port, run, browser)
        return
    listener = listen_here(port)
    token = home_token(home)
    watch = Watch(program)
    addresses = [f"http://{each}:{port}/" for each in lan]
    server = for_this_computer(Front(program, token, watch, addresses), port, listener)
    with shared(program, port, list(lan)) if lan else contextlib.nullcontext(), _announced(home, port), watch.kept_up():
        for address in addresses:
            print(f"For phones on this network: {address}")
            print("Anyone on this network can read the guide there, and nothing else of this computer.")
        if (trouble := program.trouble) is not None:  # every page of the ledger was read for this
            print(trouble)
        _greet(home, port, "running")
        _open_window(home, port, run_number(), browser)
        with contextlib.suppress(KeyboardInterrupt):
            server.run()


def for_this_computer(app: WsgiApp, port: int, listener: socket.socket) -> Any:
    """A server of the app behind the guard, at a listener of this computer only."""
    # No access log, and nothing of a request in any other: a log line is a clock time and an address.
    logging.getLogger("waitress").setLevel(logging.CRITICAL)
    parts: dict[int, Any] = {}
    server = waitress.create_server(
        Guard(app, port, most=FILE_MAX, carried=CARRIED_MAX),
        map=parts,
        sockets=[listener],
        threads=8,
        ident=None,
        max_request_body_size=FILE_MAX,
        # What comes and goes stays in memory: a table that is only looked at and a report leave no file behind.
        inbuf_overflow=2 * CARRIED_MAX,
        outbuf_overflow=16 * FILE_MAX,
        clear_untrusted_proxy_headers=True,
    )
    take_in(parts)
    return server


def home_token(home: Home) -> str:
    """The home's key to its staff pages, made once, readable by its owner only."""
    if home.token.exists():
        return _key(home)
    home.make()
    token = secrets.token_urlsafe(32)
    write_whole(home.token, token.encode("ascii"))
    home.token.chmod(0o600)
    return token


def listen_here(port: int, taken: type[PortTaken] = PortTaken) -> socket.socket:
    """A listener at this computer's own address; refuses a port that another program uses."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        # On Windows this option would let two servers share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise taken(port=port, other=port + 1) from None
    return listener


@contextlib.contextmanager
def _announced(home: Home, port: int) -> Iterator[None]:
    """Leave the port where a second start finds it, and take it away when done."""
    write_whole(home.running, str(port).encode("ascii"))
    try:
        yield
    finally:
        home.running.unlink(missing_ok=True)


def _running(home: Home) -> tuple[int, str] | None:
    """The port and the run of a server that answers for this home.

    A left-over file of a killed one is not believed: another program may have its port by now, so whoever answers
    there has to show that it holds the key, and is not told it.
    """
    try:
        port, key = int(home.running.read_text(encoding="ascii")), _key(home)
        ask = secrets.token_hex(16)
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz?ask={ask}", timeout=2) as answer:  # noqa: S310
            run = answer.headers.get("X-Outreach-Run", "")
            return (port, run) if same(answer.headers.get("X-Outreach", ""), proof(key, f"running {ask}")) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _key(home: Home) -> str:
    return home.token.read_text(encoding="ascii").strip()


def is_running(home: Home) -> bool:
    """Whether a server of this home answers."""
    return _running(home) is not None


def lock_running(home: Home) -> bool:
    """Have the pages of this home lock; False when none are running."""
    running = _running(home)
    if running is None:
        return False
    ours = f"http://{HOST}:{running[0]}"
    headers = {"Cookie": f"outreach={_key(home)}", "Origin": ours}
    request = urllib.request.Request(f"{ours}/staff/lock", data=b"", headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return bool(answer.status < 300)


def _greet(home: Home, port: int, state: str) -> None:
    address = f"http://{HOST}:{port}/"
    print(f"outreach is {state} at {address}", flush=True)
    print(f"For staff, on this computer: {address}staff/open?key={_key(home)}", flush=True)
    if state == "running":
        print("Stop it with Ctrl+C.", flush=True)


def _open_window(home: Home, port: int, run: str, browser: bool) -> None:
    if browser and has_screen():
        webbrowser.open(f"http://{HOST}:{port}/staff/open?once={once(_key(home), run)}")


def has_screen() -> bool:
    """Whether there is a screen to open a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
