"""Files that people bring in, bent in twenty thousand ways: a sentence or a good file, in time, no count changed."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import struct
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.carry.funder_workbooks import fill_workbook
from outreach.carry.workbooks import Tab, write_workbook
from outreach.core.recordings import check_recording
from outreach.core.refusal import Refusal
from outreach.core.review import Role, Signature
from outreach.home import Home
from outreach.services import packet_files, participation, past, taking_in
from outreach.services.program import Program

HOW_MANY = {
    "past totals, text": 9000,
    "past totals, workbook": 1500,
    "a funder's workbook": 1500,
    "a translator's table": 2500,
    "a translator's catalog": 2000,
    "words taken in": 200,
    "a recording": 2300,
    "counsel's words": 1000,
}
"""20,000 in all."""
OVER_HTTP = 300
LONGEST = 2.0
"""Seconds of the processor for one file."""
SPLICES = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n\n", b'"', b"'", b",", b";", b"\t", b"=1+1", b"<!DOCTYPE x>"),
    *(b"&x;", b"<![CDATA[", b"1e999", b"NaN", b"9" * 400, b"-1", b"2026-02-30", b"0000-00-00", "١٢".encode(), b"{0}"),
    *(
        b"../../x",
        b"PK\x03\x04",
        b"\xef\xbb\xbf",
        b"msgid",
        b'msgstr ""\n"',
        b"#, fuzzy\n",
        b"%(x)s",
        "\u202e".encode(),
    ),
    *(b"<c r='ZZZ9999999'>", b"OggS", b"OpusTags", b"\x7f" * 9, b"a" * 5000, "😀".encode()),
)


class Bending:
    """Makes bad files of good ones: bits, cuts, splices, repeats; inside the parts of a workbook too."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def bent(self, data: bytes) -> bytes:
        some, draw = bytearray(data), self.draw
        for _ in range(draw.choice((1, 1, 2, 5))):
            at, end = sorted(draw.randrange(len(some) + 1) for _ in range(2))
            match draw.randrange(7):
                case 0 if some:
                    some[draw.randrange(len(some))] ^= 1 << draw.randrange(8)
                case 1:
                    del some[at : min(end, at + 50)]
                case 2:
                    some = some[: max(at, 1)]
                case 3:
                    some[at:at] = some[at : min(end, at + 500)]
                case 4:
                    some[at:at] = draw.randbytes(draw.randrange(9))
                case _:
                    some[at:at] = draw.choice(SPLICES)
        return bytes(some)

    def workbook(self, data: bytes) -> bytes:
        if self.draw.random() < 0.3:
            return self.bent(data)
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            parts = {name: whole.read(name) for name in whole.namelist()}
        name = self.draw.choice(list(parts))
        parts[name] = self.bent(parts[name])
        if self.draw.random() < 0.1:
            del parts[self.draw.choice(list(parts))]
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as whole:
            for each, content in parts.items():
                whole.writestr(each, content)
        return made.getvalue()


def table() -> bytes:
    rows = [("Day", "Site", "Visits", "naloxone-nasal", "fentanyl-strip")]
    rows += [(f"2026-01-{day:02}", "outreach", str(day), str(2 * day), "") for day in range(1, 12)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def book() -> bytes:
    heads = ("Day", "Visits", "naloxone-nasal")
    return write_workbook([Tab("Form", heads, [(date(2026, 1, day), day, 2 * day) for day in range(1, 9)])])


def recording() -> bytes:
    """Pages of Ogg with a head of Opus: near enough to be looked into."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 1) + struct.pack("<I", 9) + b"ENCODER=x"
    pages = [page(0, 0, head, 2), page(1, 0, tags, 0), page(2, 96000, b"\xfc" * 200, 4)]
    return b"".join(pages)


def page(number: int, samples: int, packet: bytes, flags: int) -> bytes:
    lengths = bytes([*[255] * (len(packet) // 255), len(packet) % 255])
    head = struct.pack("<4sBBqII", b"OggS", 0, flags, samples, 1, number)
    whole = head + b"\0" * 4 + bytes([len(lengths)]) + lengths + packet
    total = 0
    for byte in whole:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ (0x04C11DB7 if total >> 31 else 0)) & 0xFFFFFFFF
    return whole[:22] + struct.pack("<I", total) + whole[26:]


class Taking:
    """Every way in, by name, as a page or a command uses it."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.spanish = program.languages.get("es")
        strings = [(c, english, program.wording(self.spanish, c, english).text) for c, english, _ in program.strings()]
        rows, out = strings[:12], io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("context", "english", "current", "new"))
        writer.writerows((context, english, said, said + ".") for context, english, said in rows)
        self.rows = out.getvalue().encode()
        self.catalog = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n' + b"\n".join(
            f"msgctxt {quoted(context)}\nmsgid {quoted(english)}\nmsgstr {quoted(said)}\n".encode()
            for context, english, said in rows
        )

    def ways(self) -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
        signed = Signature(Role.DRAFTER, "Group", date(2026, 1, 2), "")

        def totals(name: str) -> Callable[[bytes], object]:
            def take(data: bytes) -> object:
                read = past.read_table(data, name)
                return past.look_over(self.program, read, past.guess(self.program, read), "outreach")

            return take

        return {
            "past totals, text": (table(), totals("past.csv")),
            "past totals, workbook": (book(), totals("past.xlsx")),
            "a funder's workbook": (book(), lambda data: fill_workbook(data, {"Form!B2": 7, "Form!C3": "x"}, "f.xlsx")),
            "a translator's table": (self.rows, lambda data: self.packet("es.csv", data)),
            "a translator's catalog": (self.catalog, lambda data: self.packet("es.po", data)),
            "words taken in": (
                self.rows,
                lambda data: taking_in.take_in(self.program, self.spanish, self.file("es.csv", data), signed),
            ),
            "a recording": (recording(), lambda data: check_recording(data, "call.opus")),
            "counsel's words": (
                b"Words that counsel of this program wrote.\nAnd more.\n",
                lambda data: participation.enter(
                    self.program,
                    "NC",
                    "Stat. 1",
                    self.file("w.txt", data),
                    "Counsel",
                    date(2026, 1, 2),
                    date(2026, 2, 2),
                ),
            ),
        }

    def file(self, name: str, data: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(data)
        return file

    def packet(self, name: str, data: bytes) -> object:
        return packet_files.read_packet(self.file(name, data), self.spanish)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory, shell: Callable[[Path], Any]) -> Iterator[Taking]:
    """A program with a closed sheet in its ledger, which no file may change."""
    folder = tmp_path_factory.mktemp("uploads")
    ran = shell(folder / "home")("tally", "--site", "outreach", "--day", "2026-01-02", "naloxone-nasal=3")
    assert ran.code == 0, ran.err
    yield Taking(Program(Home(folder / "home")), folder)


def counts_of(home: Path) -> str:
    return hashlib.sha256((home / "outreach.db").read_bytes()).hexdigest()


@pytest.mark.parametrize("way", HOW_MANY)
def test_a_bent_file_is_refused_or_read(taking: Taking, way: str) -> None:
    """Nothing but a refusal ever comes out of a way in, each file costs little, and what was counted is as it was."""
    good, take = taking.ways()[way]
    take(good)  # the control: the file that is bent is one that is read
    before, bending = counts_of(taking.program.home.path), Bending(HOW_MANY[way])
    became, slowest = Counter[str](), 0.0
    for n in range(HOW_MANY[way]):
        data = bending.workbook(good) if good.startswith(b"PK") else bending.bent(good)
        began = time.process_time()
        try:
            take(data)
            became["read"] += 1
        except Refusal as refusal:
            assert str(refusal)
            became[type(refusal).__name__] += 1
        except Exception as fault:
            raise AssertionError(f"{way}, number {n}: {fault!r} from {data[:2000]!r}") from fault
        slowest = max(slowest, time.process_time() - began)

    assert counts_of(taking.program.home.path) == before
    assert slowest < LONGEST
    assert became["read"] and len(became) > 1, "both kinds were to be tried"
    print(f"{way}: {HOW_MANY[way]}, {dict(became)}, the slowest {slowest * 1000:.0f} ms")


def test_all_of_them_are_twenty_thousand() -> None:
    """What the proof promises is what it does."""
    assert sum(HOW_MANY.values()) == 20_000


def test_bent_files_over_http(served: Any) -> None:
    """The same through the forms of the pages: no 5xx, no traceback, nothing said by the server, no count changed."""
    served.post("/staff/en/reports/packs/utah-quarterly/copy", {"name": "ours", "title": "Ours"})
    sheet = served.open_sheet()
    served.tap(sheet, served.tab(sheet), 1, "given:cooker")
    served.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"})
    before, bending = served.get("/staff/en/reports/totals.json?period=2026").text, Bending(OVER_HTTP)
    became = Counter[int]()
    for n in range(OVER_HTTP):
        good, name = ((table(), "past.csv"), (book(), "past.xlsx"))[n % 2]
        path = ("/staff/en/reports/past", "/staff/en/reports/packs/ours/workbook?period=2026-Q3")[n % 3 == 2]
        data = bending.workbook(good) if good.startswith(b"PK") else bending.bent(good)
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        kind = {"Content-Type": "multipart/form-data; boundary=edge", "Sec-Fetch-Site": "same-origin"}
        answer = served.ask("POST", path, head + data + b"\r\n--edge--\r\n", kind)
        became[answer.status] += 1
        assert answer.status < 500 and "Traceback" not in answer.text, (n, data[:2000])
    assert became[200] and became[422]
    assert served.get("/staff/en/reports/totals.json?period=2026").text == before
    assert [each.replace("Stop it with Ctrl+C.\n", "") for each in served.server.stop()] == ["", ""]
