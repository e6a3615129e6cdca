"""Makes bad bundles of good ones: any byte bent, or the words bent and signed again by a genuine laptop."""

from __future__ import annotations

import copy
import json
import random
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from typing import Any

from outreach.carry import bundles, sealing
from outreach.carry.bundles import Bundle, Signed
from outreach.carry.keys import DeviceKey, coordinator_key, signing_key
from outreach.core.roll import ROLL, SHARED, Coordinator, Edition, Hello, Laptop, Roll, message
from outreach.core.sheets import ClosedSheet, Kind, Line, Movement, ServiceModel, SiteCode, in_order

VAN_SECRET, STRANGER_SECRET = b"\x21" * 32, b"\x22" * 32
VAN, STRANGER = signing_key(VAN_SECRET), signing_key(STRANGER_SECRET)

SPLICES = (
    *(
        b"\0",
        b"\n",
        b" ",
        b"\r\n",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\\",
        b"\\ud800",
        b"\xff",
        b"\xed\xa0\x80",
    ),
    *(
        b"NaN",
        b"1e999",
        b"-0",
        b"true",
        b"null",
        b"9" * 5000,
        b"[" * 3000,
        b"A" * 300_000,
        "١".encode(),
        b"\xe2\x80\xae",
    ),
    *(b"\nend 0\n", b"\nhead []\n", b"\nsheet ", b"OUTREACH-TALLY/2\n", b"signature ", b"age-encryption.org/v1\n"),
)
RAW = (
    *("NaN", "Infinity", "-Infinity", "1e999", "-1E-999", "1.5", "-0", "01", "9" * 5000, str(2**63), str(-(2**63) - 1)),
    *("[" * 3000, "[" * 3000 + "]" * 3000, '{"a":' * 3000 + "1" + "}" * 3000, '"\\ud800"', '"\\udc00x"', '"\\u0000"'),
    *('{"a":1,"a":2}', '"\u0661\u0662"', "tru", "", '"', "'x'", "undefined", '"\n"'),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 2**31, 2**63 - 1, -(2**63), 500_000, 500_001, "", "x", "x\n", " ", "a" * 300),
    *([], {}, [[]], [{}], [None], {"a": None}, [1] * 50, "program", "outreach", "tally", "fold", "correction", "given"),
    *("20261122", "2026-W47-7", "2026-02-30", "0001-01-01", "9999-12-31", "1980-01-06", "2038-01-19", "2026-11-22\n"),
    *(
        "1e999999999",
        "1/3",
        "-3.25",
        "3.25",
        "1_0",
        "٣.25",
        "0" * 32,
        "0" * 64,
        "f" * 64,
        "\u202ecba",
        "é",
        "a\0b",
        "<b>",
    ),
    *(
        "../../x",
        "=1+1",
        "age1" + "q" * 58,
        {"events": {"x": 2}},
        {"expires": {"x": {"y": "2026-W47-7"}}},
        {"weighed": 7},
    ),
)


class Genuine:
    """Good bundles of a van for the office: sheets of every kind, a stranger's too, a roll, a hello, folds, places."""

    def __init__(self, program: str, office_secret: bytes, office: DeviceKey) -> None:
        self.program, self.office = program, office
        self.boss, self.to = coordinator_key(office_secret), sealing.recipient(office_secret)
        self.keys = {key.device: key for key in (VAN, STRANGER)}
        self.public = {key.device: key.public for key in (VAN, STRANGER, office)}

    def roll(self, number: int) -> Edition:
        body = Roll(
            self.program,
            number,
            (Coordinator(self.boss.public, self.to, "Office"),),
            (
                Laptop(self.office.device, self.office.public, "Office", self.to),
                Laptop(VAN.device, VAN.public, "Van 2", sealing.recipient(VAN_SECRET), "c3" * 16),
            ),
        ).canonical()
        return Edition(ROLL, number, body, self.boss.public, self.boss.sign(message(ROLL, number, body)))

    def sheets(self, key: DeviceKey, first: int) -> list[Signed]:
        """A session, stock, a correction, past totals and a fold, in a row from number `first` on."""
        made: list[Signed] = []
        prev = None if first == 1 else "9" * 64
        corrected = ""
        kinds: list[tuple[Kind, dict[str, Any]]] = [
            (
                Kind.TALLY,
                {"model": ServiceModel.STREET, "encounters": 9, "others": 2, "x": {"events": {"training": 2}}},
            ),
            (Kind.STOCK, {"x": {"act": "counted", "expires": {"cooker": {"A 1": "2027-01-31"}}}}),
            (Kind.CORRECTION, {"encounters": -1}),
            (Kind.IMPORT, {"x": {"act": "past", "import": "a"}}),
            (Kind.FOLD, {"model": ServiceModel.FIXED, "x": {"sessions": 2, "weighed": [{"tare": 9}]}}),
        ]
        for seq, (kind, more) in enumerate(kinds, first):
            lines = [Line("cooker", Movement.GIVEN, 3 + seq), Line("filter", Movement.RECEIVED, 7, "A 1", "own")]
            if kind is Kind.CORRECTION:
                lines, more = [Line("cooker", Movement.GIVEN, -1)], more | {"corrects": corrected}
            if kind is Kind.FOLD:
                more = more | {"replaces": (f"{seq:064x}", "e" * 64)}
            sheet = ClosedSheet(
                self.program,
                key.device,
                seq,
                prev,
                kind,
                SiteCode("north"),
                date(2026, 11, 2),
                **({"model": None} | more),
                lines=in_order(lines),
            )
            corrected, prev = corrected or sheet.id, sheet.id
            made.append(Signed(sheet.canonical(), key.sign(sheet.canonical())))
        return made

    def bundle(self, draw: random.Random) -> Bundle:
        """One of them, small, so that what is bent is often what matters."""
        sheets = [each for key in (VAN, STRANGER) for each in self.sheets(key, draw.choice((1, 8)))]
        sheets = draw.sample(sheets, draw.randrange(1, 5))
        shared = b'{"program":"x"}'
        editions = [self.roll(draw.randrange(1, 5))]
        if draw.random() < 0.3:
            signature = self.boss.sign(message(SHARED, 1, shared))
            editions.append(Edition(SHARED, 1, shared, self.boss.public, signature))
        return Bundle(
            program=self.program,
            device=VAN.device,
            public=VAN.public,
            sheets=tuple(sheets),
            devices=self.public,
            last={VAN.device: (9, "8" * 64)},
            folded=(("e" * 64, VAN.device, 4),),
            sites=(("north", "Nord", "mobile"),),
            editions=tuple(editions),
            hello=Hello(VAN.device, VAN.public, "Van 2", sealing.recipient(VAN_SECRET), "c3" * 16),
        )


class Bending:
    """Draws bad bundles, the same ones for the same seed."""

    def __init__(self, genuine: Genuine, seed: int) -> None:
        self.genuine, self.draw = genuine, random.Random(seed)

    def bytes_bent(self, good: bytes) -> bytes:
        """Bits turned, pieces cut, repeated or put in; never the same as before."""
        some = self._bytes_bent(good)
        while some == good:
            some = self._bytes_bent(good)
        return some

    def _bytes_bent(self, good: bytes) -> bytes:
        some, draw = bytearray(good), self.draw
        for _ in range(draw.choice((1, 1, 2, 5))):
            at, end = sorted(draw.randrange(len(some) + 1) for _ in range(2))
            match draw.randrange(6):
                case 0 if some:
                    some[draw.randrange(len(some))] ^= 1 << draw.randrange(8)
                case 1:
                    del some[at : min(end, at + 60)]
                case 2:
                    del some[max(at, 1) :]
                case 3:
                    some[at:at] = some[at : min(end, at + 600)]
                case 4:
                    some[at:at] = draw.randbytes(draw.randrange(9))
                case _:
                    some[at:at] = draw.choice(SPLICES)
        return bytes(some)

    def words_bent(self, bundle: Bundle) -> bytes:
        """The lines of a bundle with something in them changed, each sheet, edition and the whole signed again."""
        draw = self.draw
        lines = bundles.plaintext(bundle, VAN.sign).split(b"\n")[1:-2]
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            sheets = [at for at, line in enumerate(lines) if line.startswith(b"sheet ")]
            at = draw.choice(sheets) if sheets and draw.random() < 0.6 else draw.randrange(len(lines))
            match draw.randrange(30):
                case 0:
                    lines.insert(draw.randrange(len(lines) + 1), lines[at])
                case 1 if len(lines) > 1:
                    del lines[at]
                case 2:
                    other = draw.randrange(len(lines))
                    lines[at], lines[other] = lines[other], lines[at]
                case 3:
                    lines[at] = self.bytes_bent(lines[at])
                case _:
                    lines[at] = self._line_bent(lines[at])
        text = b"OUTREACH-TALLY/1\n" + b"".join(line + b"\n" for line in lines)
        return text + b"signature %s\n" % VAN.sign(text).hex().encode()

    def _line_bent(self, line: bytes) -> bytes:
        kind, _, said = line.partition(b" ")
        try:
            if kind == b"sheet":
                sheet = json.loads(said[129:])
                body = self._told_otherwise(sheet) if self.draw.random() < 0.3 else self._json_bent(sheet)
                key = self.genuine.keys.get(_device(body), VAN)
                return b"sheet %s %s" % (key.sign(body).hex().encode(), body)
            if kind == b"edition":
                return self._edition_bent(json.loads(said))
            return kind + b" " + self._json_bent(json.loads(said))
        except (ValueError, IndexError, TypeError, RecursionError):  # it was bent before, and is past bending by words
            return self.bytes_bent(line)

    def _told_otherwise(self, sheet: dict[str, Any]) -> bytes:
        """Another sheet that a laptop could have made; what it says need not be true."""
        draw = self.draw
        key = draw.choice(("day", "site", "seq", "encounters", "model", "x"))
        sheet[key] = {
            "day": draw.choice(("2026-11-01", "2024-02-29", "1980-01-06", "2038-01-19", "0001-01-01", "9999-12-31")),
            "site": draw.choice(("south", "x" * 200, "program", "0")),
            "seq": draw.choice((2, 9, 2**31, 2**63 - 1)),
            "encounters": draw.choice((None, 0, 500_000)),
            "model": draw.choice((None, "peer", "mail")),
            "x": draw.choice(({}, {"later": ["é", {"a": 2**63 - 1}]}, {"events": {"x": 1}})),
        }[key]
        return _canonical(sheet)

    def _edition_bent(self, row: list[Any]) -> bytes:
        """Another roll, of one part, signed by the coordinator."""
        edition = self.genuine.roll(self.draw.randrange(1, 9))
        number = self.draw.choice((edition.number, edition.number, 0, 2**62))
        body = self._json_bent(json.loads(edition.body)) if self.draw.random() < 0.7 else edition.body
        signature = self.genuine.boss.sign(message(ROLL, number, body))
        head = [self.draw.choice((ROLL, ROLL, SHARED)), number, edition.signer.hex(), signature.hex(), 1]
        if self.draw.random() < 0.2:
            head = json.loads(self._json_bent(head, raw=False))
        return b"edition " + _canonical(head) + b"\npart " + _base64(body)

    def _json_bent(self, said: Any, raw: bool = True) -> bytes:
        """What was said with one value, key or place in it changed; sometimes by what no JSON of ours holds."""
        said, draw = copy.deepcopy(said), self.draw
        holder, key = draw.choice(list(_places(said)))
        match draw.randrange(16):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, copy.deepcopy(holder[key]))
            case 2 if isinstance(holder, dict):
                holder[draw.choice(("more", "seq", "x", "", "\u202e", "public"))] = draw.choice(VALUES)
            case 3 if raw:
                holder[key] = "\uffff"
                text = _canonical(said)
                return text.replace(b'"\\uffff"', draw.choice(RAW).encode())
            case 4 if raw:
                return json.dumps(said, indent=draw.choice((None, 1))).encode()
            case _ if type(holder[key]) is int and draw.random() < 0.7:
                holder[key] += draw.choice((-1, 1, 10, 10**6, -(10**6)))
            case _ if isinstance(holder[key], str) and draw.random() < 0.3:
                holder[key] = "".join(draw.sample(holder[key], len(holder[key])))
            case _:
                holder[key] = copy.deepcopy(draw.choice(VALUES))
        return _canonical(said)


def _places(said: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in nested lists and objects, as what holds it and the key there."""
    keys = list(said) if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ()
    for key in keys:
        yield said, key
        yield from _places(said[key])


def _device(body: bytes) -> str:
    try:
        device = json.loads(body)["device"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return device if isinstance(device, str) else ""


def _canonical(said: Any) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _base64(raw: bytes) -> bytes:
    return b64encode(raw)
