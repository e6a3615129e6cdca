"""Bundles: the sheets and editions of a program in one sealed file, written, and read without trusting it."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from outreach.carry.bundle_lines import SHEETS_MAX, BundleLines
from outreach.carry.keys import verify
from outreach.carry.sealing import MAGIC, SealDamaged, seal, unseal
from outreach.core import plainjson
from outreach.core.refusal import N_, Refusal
from outreach.core.roll import BadRoll, Edition, Hello, laptop_row
from outreach.core.sheets import BadSheet

FORMAT = 1
SIZE_MAX = 32 * 1024 * 1024
LINE_MAX = 256 * 1024
_PART = 180 * 1024  # of an edition's body, so that its line stays below LINE_MAX in base64
_FIRST = re.compile(rb"OUTREACH-TALLY/([1-9][0-9]{0,3})\n")
_LAST = re.compile(rb"signature ([0-9a-f]{128})\n")


class NotABundle(Refusal):
    sentence = N_("The file {file} is not one that a laptop saved for the others. Nothing was added.")


class BundleDamaged(Refusal):
    sentence = N_(
        "The file {file} was changed or cut off on the way. Nothing of it was added. Save it again and carry it again."
    )


class BundleNonsense(BundleDamaged):
    sentence = N_(
        "The file {file} says something that cannot be. Nothing of it was added. Check the laptop it comes from."
    )


class BundleTooNew(Refusal):
    """Whole, for all that can be told, but written by a version that knows more."""

    sentence = N_("The file {file} comes from a newer version. Update this laptop, then it is read. Nothing was added.")


class BundleTooBig(Refusal):
    sentence = N_("{file} is larger than a bundle can be ({most} MB). Nothing was added.")


class TooMuchToCarry(Refusal):
    sentence = N_(
        "There is more to carry than one bundle holds ({most} MB). Nothing was written. Fold old months, then export."
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """A sheet as it travels: its canonical bytes, and the 64 bytes with which its laptop signed them."""

    body: bytes
    signature: bytes

    @property
    def id(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one laptop knows, for another of the program.

    `device` and `public` are the laptop that wrote it. `devices` holds the public keys of all whose
    sheets are in it, `last` how far each is known to have got (number and id of its last sheet),
    `folded` which sheets stand in a fold (id, device, number), `sites` the laptop's own places (code,
    name, model).
    """

    program: str
    device: str
    public: bytes
    sheets: tuple[Signed, ...] = ()
    devices: Mapping[str, bytes] = field(default_factory=dict)
    last: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    folded: tuple[tuple[str, str, int], ...] = ()
    sites: tuple[tuple[str, str, str], ...] = ()
    editions: tuple[Edition, ...] = ()
    hello: Hello | None = None


def write(bundle: Bundle, sign: Callable[[bytes], bytes], recipients: Iterable[str]) -> bytes:
    """The bundle, signed by the laptop that `sign` speaks for and sealed; raises TooMuchToCarry, NobodyToSealFor."""
    sealed = seal(plaintext(bundle, sign), recipients)
    if len(sealed) > SIZE_MAX or len(bundle.sheets) > SHEETS_MAX:
        raise TooMuchToCarry(most=SIZE_MAX >> 20)
    return sealed


def plaintext(bundle: Bundle, sign: Callable[[bytes], bytes]) -> bytes:
    """What is sealed: lines, of which `BundleLines` reads each."""
    text = bytearray(b"OUTREACH-TALLY/%d\n" % FORMAT)
    for line in _lines(bundle):
        text += line
        text += b"\n"
    text += b"signature %s\n" % sign(bytes(text)).hex().encode("ascii")
    return bytes(text)


def _lines(bundle: Bundle) -> Iterator[bytes]:
    def line(kind: str, *said: Any) -> bytes:
        return kind.encode("ascii") + b" " + plainjson.write(list(said))

    yield line("head", bundle.program, bundle.device, bundle.public.hex(), {})
    yield from (line("device", device, public.hex()) for device, public in sorted(bundle.devices.items()))
    yield from (line("last", device, seq, sheet) for device, (seq, sheet) in sorted(bundle.last.items()))
    yield from (line("folded", *each) for each in sorted(set(bundle.folded)))
    yield from (line("site", *each) for each in sorted(set(bundle.sites)))
    for each in bundle.editions:
        parts = [each.body[at : at + _PART] for at in range(0, len(each.body), _PART)]
        yield line("edition", each.kind, each.number, each.signer.hex(), each.signature.hex(), len(parts))
        yield from (b"part " + b64encode(part) for part in parts)
    if bundle.hello:
        yield line("hello", laptop_row(bundle.hello))
    yield from (b"sheet %s %s" % (each.signature.hex().encode("ascii"), each.body) for each in bundle.sheets)
    yield b"end %d" % len(bundle.sheets)


def load(path: Path) -> bytes:
    """The bytes of a file that may be a bundle; one that is too large is not read at all. Raises BundleTooBig."""
    with path.open("rb") as file:
        content = file.read(SIZE_MAX + 1) if path.stat().st_size <= SIZE_MAX else None
    if content is None or len(content) > SIZE_MAX:
        raise BundleTooBig(file=path.name, most=SIZE_MAX >> 20)
    return content


def read(content: bytes, secret: bytes, file: str, known: Callable[[str], bool] = lambda _: False) -> Bundle:
    """The bundle in a sealed file, whole and right in everything that can be told without a ledger, or a refusal.

    Every sheet in it is a sheet, and signed by the laptop it names; `known` tells of a sheet's id that this was
    seen before. Raises NotABundle, BundleDamaged, BundleTooNew, BundleTooBig or SealedForOthers.
    """
    if len(content) > SIZE_MAX:
        raise BundleTooBig(file=file, most=SIZE_MAX >> 20)
    if not content.startswith(MAGIC):
        raise NotABundle(file=file)
    try:
        text = unseal(content, secret, file)
    except SealDamaged as problem:
        raise BundleDamaged(file=file) from problem
    return read_plain(text, file, known)


def read_plain(text: bytes, file: str, known: Callable[[str], bool] = lambda _: False) -> Bundle:
    """As `read`, of what was sealed."""
    first = _FIRST.match(text)
    if not first:
        raise NotABundle(file=file)
    if int(first[1]) > FORMAT:
        raise BundleTooNew(file=file)
    try:
        return _read_lines(text, first.end(), known)
    except (BadRoll, BadSheet) as problem:
        raise BundleNonsense(file=file) from problem
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BundleDamaged(file=file) from problem


def _read_lines(text: bytes, at: int, known: Callable[[str], bool]) -> Bundle:
    """Read what `plaintext` wrote. Anything that is not as it would have written it is a ValueError."""
    last_line = text.rfind(b"\n", 0, -1) + 1
    signature = _LAST.fullmatch(text[last_line:])
    if not signature:
        raise ValueError("it does not end with a signature")
    end = text.index(b"\n", at)
    said = BundleLines(known)
    said.line(text[at:end])
    if not verify(said.public, text[:last_line], bytes.fromhex(signature[1].decode("ascii"))):
        raise ValueError("it is not signed by the laptop that it comes from")
    while (at := end + 1) < last_line:
        end = text.index(b"\n", at)
        if end - at > LINE_MAX:
            raise ValueError("a line is too long")
        said.line(text[at:end])
    said.finish()
    return Bundle(
        program=said.program,
        device=said.device,
        public=said.public,
        sheets=tuple(Signed(body, signature) for body, signature in said.sheets),
        devices=said.devices,
        last=said.last,
        folded=tuple(said.folded),
        sites=tuple(said.sites),
        editions=tuple(said.editions),
        hello=said.hello,
    )
