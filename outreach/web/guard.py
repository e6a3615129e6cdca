"""The outermost WSGI layer: who may speak to this server at all, and the headers every answer carries.

It stands in front of Flask because Flask's own host check runs hooks first. A fixed list of hosts
stops DNS rebinding, which same-origin headers do not; a fixed list of origins stops forms and fetches
from other pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
BODY_MAX = 256 * 1024
"""Bytes of the largest form or tap."""
FILE_MAX = 8 << 20
"""Bytes of the largest table or workbook that a staff page takes in."""
CARRIED = r"/staff/[\w-]+/exchange/bring"
"""Where files from other laptops come in."""
CARRIED_MAX = (32 << 20) + (64 << 10)
"""Bytes that come in there at once: the largest file that one laptop writes for the others, and the form around it."""


class Guard:
    """Lets a request through when its host is ours and, if it changes anything, its origin too."""

    def __init__(
        self,
        app: WsgiApp,
        port: int,
        hosts: Iterable[str] = ("127.0.0.1", "localhost", "[::1]"),
        most: int = BODY_MAX,
        carried: int = 0,
    ) -> None:
        self.app, self.most, self.carried = app, most, carried
        self.hosts = {f"{host}:{port}" for host in hosts}
        if port == 80:
            self.hosts |= set(hosts)
        self.origins = {f"http://{host}" for host in self.hosts}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        refused = self._refusal(environ)
        if refused:
            start_response(
                refused, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *HEADERS]
            )
            return [b"This request did not come from a page of this program. Nothing was done.\n"]

        def with_headers(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            # Waitress would name itself; nothing here needs to say what it runs on.
            kept = [(name, value) for name, value in headers if name.lower() != "server"]
            if not any(name.lower() == "cache-control" for name, _ in kept):
                kept.append(("Cache-Control", "no-store"))
            own = {name.lower() for name, _ in kept}
            ours = [(name, value) for name, value in HEADERS if name.lower() not in own]
            return start_response(status, [*kept, *ours], *rest)

        return self.app(environ, with_headers)

    def _refusal(self, environ: Environ) -> str:
        if environ.get("HTTP_HOST", "").lower() not in self.hosts:
            return "400 Bad Request"
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "HEAD"):
            return "403 Forbidden" if _is_taken_in(environ) else ""
        if method != "POST":
            return "405 Method Not Allowed"
        if int(environ.get("CONTENT_LENGTH") or 0) > self._most(environ):
            return "413 Content Too Large"
        origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
        # A browser sends at least one of the two with a POST; a request with neither is no page of ours.
        if site is None and origin is None:
            return "403 Forbidden"
        if site is not None and site not in ("same-origin", "none"):
            return "403 Forbidden"
        if origin is not None and origin not in self.origins:
            return "403 Forbidden"
        return ""

    def _most(self, environ: Environ) -> int:
        carried = self.carried and re.fullmatch(CARRIED, environ.get("PATH_INFO", ""))
        return self.carried if carried else self.most


def _is_taken_in(environ: Environ) -> bool:
    """Whether another page asks to make this a part of its own. A link from there to here is a link like any other."""
    if environ.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none"):
        return False
    dest = environ.get("HTTP_SEC_FETCH_DEST", "document")
    return environ.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate" or dest != "document"
