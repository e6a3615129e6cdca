"""The lines of a bundle: what each may say, and in which order they come."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from outreach.carry.keys import verify
from outreach.core import plainjson
from outreach.core.particulars import is_code
from outreach.core.roll import EDITION_MAX, Edition, Hello, device_of, laptop_row, read_laptop_row
from outreach.core.sheets import ServiceModel, from_canonical

SHEETS_MAX = 50_000
OTHERS_MAX = 200_000
"""Lines that are neither sheets nor parts of an edition."""

_ORDER = (b"head", b"device", b"last", b"folded", b"site", b"edition", b"hello", b"sheet", b"end")
_ONCE = (b"head", b"hello", b"end")
_PARTS_MAX = EDITION_MAX // 1024
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_SITE_NAME_MAX = 60
_SIGNED = re.compile(rb"([0-9a-f]{128}) (\{[ -~]*\})")


class BundleLines:
    """What the lines said so far. Each is checked when it comes; one that cannot be is a ValueError or a TypeError."""

    def __init__(self, known: Callable[[str], bool]) -> None:
        self.program, self.device, self.public = "", "", b""
        self.devices: dict[str, bytes] = {}
        self.last: dict[str, tuple[int, str]] = {}
        self.folded: list[tuple[str, str, int]] = []
        self.sites: list[tuple[str, str, str]] = []
        self.editions: list[Edition] = []
        self.hello: Hello | None = None
        self.sheets: list[tuple[bytes, bytes]] = []
        self._known = known
        self._ids: set[str] = set()
        self._seen: set[bytes] = set()
        self._rank = self._others = 0
        self._edition: tuple[str, int, bytes, bytes] | None = None
        self._parts: list[bytes] = []
        self._parts_left = 0
        self._says: dict[bytes, Callable[..., None]] = {
            b"head": self._on_head,
            b"device": self._on_device,
            b"last": self._on_last,
            b"folded": self._on_folded,
            b"site": self._on_site,
            b"edition": self._on_edition,
            b"hello": self._on_hello,
        }

    def line(self, line: bytes) -> None:
        """Take the next line."""
        kind, _, said = line.partition(b" ")
        if self._parts_left:
            self._on_part(kind, said)
            return
        rank = _ORDER.index(kind)
        if rank < self._rank or (kind in _ONCE and kind in self._seen) or bool(rank) != bool(self.program):
            raise ValueError("its lines are not in order")
        self._rank = rank
        self._seen.add(kind)
        if kind == b"sheet":
            self._on_sheet(said)
        elif kind == b"end":
            if said != b"%d" % len(self.sheets):
                raise ValueError("a sheet is missing")
        else:
            self._others += 1
            row = plainjson.read_canonical(said)
            if self._others > OTHERS_MAX or not isinstance(row, list):
                raise ValueError("a line says what none says")
            self._says[kind](*row)

    def finish(self) -> None:
        """Raise ValueError unless the last line was the one that ends a bundle."""
        if self._parts_left or b"end" not in self._seen:
            raise ValueError("its end is missing")

    def _on_head(self, program: str, device: str, public: str, x: dict[str, Any]) -> None:
        if not _HEX32.fullmatch(program) or not isinstance(x, dict):  # a later version may say more in x
            raise ValueError("it does not say whose it is")
        self.program, self.device, self.public = program, device, _key(device, public)

    def _on_device(self, device: str, public: str) -> None:
        if device in self.devices:
            raise ValueError("a laptop comes twice")
        self.devices[device] = _key(device, public)

    def _on_last(self, device: str, seq: int, sheet: str) -> None:
        _check_place(sheet, device, seq)
        if device in self.last:
            raise ValueError("a laptop comes twice")
        self.last[device] = seq, sheet

    def _on_folded(self, sheet: str, device: str, seq: int) -> None:
        _check_place(sheet, device, seq)
        self.folded.append((sheet, device, seq))

    def _on_site(self, code: str, name: str, model: str) -> None:
        if not is_code(code) or max(len(code), len(name)) > _SITE_NAME_MAX:
            raise ValueError("a site is none")
        if not isinstance(name, str) or (name and not name.isprintable()):
            raise ValueError("a site's name is none")
        self.sites.append((code, name, ServiceModel(model).value))

    def _on_edition(self, kind: str, number: int, signer: str, signature: str, parts: int) -> None:
        if type(parts) is not int or not 1 <= parts <= _PARTS_MAX:
            raise ValueError("an edition is empty or too large")
        self._edition = kind, number, _unhex(signer), _unhex(signature)
        self._parts, self._parts_left = [], parts

    def _on_part(self, kind: bytes, said: bytes) -> None:
        """A piece of the edition; with the last one it is whole, and its signer signed it."""
        if kind != b"part" or not self._edition:
            raise ValueError("a part of an edition is missing")
        self._parts.append(b64decode(said, validate=True))
        self._parts_left -= 1
        if not self._parts_left:
            name, number, signer, signature = self._edition
            edition = Edition(name, number, b"".join(self._parts), signer, signature)
            if not verify(signer, edition.message, signature):
                raise ValueError("an edition is not signed by who signed it")
            if any(each.kind == name for each in self.editions):
                raise ValueError("two editions of one kind")
            self.editions.append(edition)
            self._edition, self._parts = None, []

    def _on_hello(self, row: dict[str, Any]) -> None:
        hello = Hello(**read_laptop_row(row))
        if (hello.device, hello.public) != (self.device, self.public) or laptop_row(hello) != row:
            raise ValueError("it presents another laptop than the one it comes from")
        self.hello = hello

    def _on_sheet(self, said: bytes) -> None:
        """A sheet that is one, once, signed by the laptop it names."""
        match = _SIGNED.fullmatch(said)
        if not match or len(self.sheets) >= SHEETS_MAX:
            raise ValueError("a sheet is none, or there are too many")
        signature, body = bytes.fromhex(match[1].decode("ascii")), match[2]
        sheet_id = hashlib.sha256(body).hexdigest()
        if sheet_id in self._ids:
            raise ValueError("a sheet comes twice")
        self._ids.add(sheet_id)
        sheet = from_canonical(body)
        if not self._known(sheet_id) and not verify(self.devices[sheet.device], body, signature):
            raise ValueError("a sheet is not signed by its laptop")
        self.sheets.append((body, signature))


def _unhex(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise ValueError("a key is none")
    return bytes.fromhex(text)


def _key(device: str, public: str) -> bytes:
    key = _unhex(public)
    if len(key) != 32 or device_of(key) != device:
        raise ValueError("a laptop is called by another one's key")
    return key


def _check_place(sheet: str, device: str, seq: int) -> None:
    if not _HEX64.fullmatch(sheet) or not _HEX32.fullmatch(device):
        raise ValueError("a place is none")
    if type(seq) is not int or seq < 1:
        raise ValueError("a place has no number")
