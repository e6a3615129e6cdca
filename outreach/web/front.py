"""The front of the house: the guide answers at once, the staff's pages are put together when the first is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from outreach.services.program import Program
from outreach.web.frame import Way, framed
from outreach.web.guard import Environ, StartResponse
from outreach.web.guide import guide

if TYPE_CHECKING:
    from flask import Flask

    from outreach.services.locking import Watch

STAFF = "/staff/"


class Front:
    """Two apps of one home behind one address. `addresses` are where phones in the room find the guide.

    Half of what a laptop imports, cryptography and the press among it, is for the staff alone: who reads the guide
    does not wait for it.
    """

    def __init__(self, program: Program, token: str, watch: Watch, addresses: Iterable[str] = ()) -> None:
        self._program, self._token, self._watch, self._addresses = program, token, watch, list(addresses)
        self._guide = framed(program, Way.SERVED, (guide,))
        self._guide.config.update(TOKEN=token)
        # The guide's pages lead to the staff's; the address is known here, and answered there.
        self._guide.add_url_rule(f"{STAFF}<tag>/", "desk.home", build_only=True)
        self._whole: Flask | None = None
        self._making = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        app = self.whole() if f"{environ.get('PATH_INFO', '')}/".startswith(STAFF) else self._guide
        return app(environ, start_response)

    def whole(self) -> Flask:
        """The app with the staff's pages, made once."""
        with self._making:
            if self._whole is None:
                # Late: this is what the first page does not wait for.
                from outreach.web.app import make_app
                from outreach.web.codes import ADDRESSES

                self._whole = make_app(self._program, self._token, self._watch)
                self._whole.config[ADDRESSES] = self._addresses
            return self._whole
