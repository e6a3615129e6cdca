"""How much each address takes in: what is larger is read past, kept nowhere, and answered with a sentence."""

from __future__ import annotations

import copy
import re
from typing import Any, cast

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from outreach.web.guard import CARRIED, CARRIED_MAX, HEADERS


class TooMuch(RequestEntityTooLarge):  # type: ignore[misc]
    """What is said in English on a page of its own: nobody has looked yet at who asks, and for which page."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        said = (
            f"That is more than {CARRIED_MAX >> 20} MB at once. Nothing was read, and nothing was changed. Go back "
            "and choose fewer files.\n"
            if self.body == CARRIED_MAX
            else "That is more than this page takes. Nothing was read, and nothing was changed. Go back.\n"
        )
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *HEADERS]
        return f"{self.code} {self.reason}", headers, said.encode()


class Intake(HTTPRequestParser):  # type: ignore[misc]
    """One request as it comes in.

    A connection that is closed in the middle of a body looks to a browser like a program that is gone, so the rest of
    what is too large is let through a few kilobytes at a time, to nowhere.
    """

    _left = 0

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if re.fullmatch(CARRIED, self.path):
            self.adj = _roomier(self.adj)

    def received(self, data: bytes) -> int:
        if self._left:
            past = min(self._left, len(data))
            self._left -= past
            self.completed = not self._left
            return past
        consumed = cast(int, super().received(data))
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = TooMuch(self.adj.max_request_body_size)
            # In chunks nobody knows how much is still to come: there the connection does end.
            self._left = self.content_length
            self.completed = not self._left
        return consumed


def _roomier(adjustments: Adjustments) -> Adjustments:
    roomier = copy.copy(adjustments)
    roomier.max_request_body_size = CARRIED_MAX
    return roomier


class Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = Intake


def take_in(parts: dict[int, Any]) -> None:
    """Have what listens here read requests this way; waitress is not told the class of its connections otherwise."""
    for each in parts.values():
        each.channel_class = Channel
