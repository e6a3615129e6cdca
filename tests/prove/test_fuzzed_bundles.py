"""A hundred thousand bent bundles, four in ten signed again by a genuine laptop: a sentence, or what they validly say.

Each is read by the installed program. All that it reads, and one in ten of those that it refuses, go through its own
merge into the ledger of a real home. What one adds is checked and taken back again, so that the ledger stays small; a
few stay, and all of it is counted again.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import resource
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from outreach.carry import bundles, sealing
from outreach.core.refusal import Refusal
from outreach.home import Home
from outreach.services import exchange
from outreach.services.program import Program

sys.path.insert(0, str(Path(__file__).parent))
from bent_bundles import VAN, Bending, Genuine

HOW_MANY, TODAY = 100_000, date(2026, 11, 30)
SEED = int(hashlib.sha256(b"bent bundles").hexdigest()[:8], 16)
MOST_MEMORY = 200 * 1024
"""In KiB, as the system counts it."""
LONGEST = 2.0
"""Seconds of the processor for one file."""
KEEP_ONE_IN, MERGE_ONE_IN = 50, 10


class TakenBack(Exception):
    """Undoes what was merged."""


class Office:
    """A home with a roll of two laptops, to which the van's bundles are brought."""

    def __init__(self, path: Path) -> None:
        self.program = Program(Home(path))
        self.ledger = self.program.ledger()
        self.genuine = Genuine(self.program.program_id(), self.program.keyring.device_key(), self.program.device())
        self.ledger.exchange.put_edition(self.genuine.roll(1))

    def sealed(self, text: bytes) -> bytes:
        return sealing.seal(text, [self.genuine.to])

    def merge(self, content: bytes) -> exchange.Merged:
        (taken,) = exchange.merge(self.program, [("van.tally", content)], TODAY)
        return taken

    def refuses(self, content: bytes, is_sealed: bool, known: set[str]) -> str | None:
        """By which kind of refusal the content is not read at all; None when it is read."""
        try:
            if is_sealed:
                bundles.read(content, self.program.keyring.device_key(), "van.tally", known.__contains__)
            else:
                bundles.read_plain(content, "van.tally", known.__contains__)
        except Refusal as refusal:
            assert str(refusal)
            return type(refusal).__name__
        return None

    def state(self) -> tuple[object, ...]:
        """All that a bundle could change."""
        kept = self.ledger.exchange
        return (
            *(self.ledger.digest(), [(each.sheet.id, each.why) for each in kept.waiting()], kept.editions()),
            *(kept.claims(), kept.hellos(), kept.elsewhere(), kept.folded(), self.ledger.devices(), kept.kept()),
        )

    def counted(self) -> dict[str, dict[str, Any]]:
        """The sheets that count, read without the product."""
        return {hashlib.sha256(body).hexdigest(): json.loads(body) for body, _ in self.ledger.signed()}


def kinds(bending: Bending, many: int) -> Iterator[tuple[str, bytes, bool]]:
    """How each was bent, what it is, and whether it is sealed already."""
    genuine, draw = bending.genuine, bending.draw
    good = [genuine.bundle(draw) for _ in range(200)]
    texts = [bundles.plaintext(each, VAN.sign) for each in good]
    seals = [sealing.seal(text, [genuine.to]) for text in texts]
    for number in range(many):
        which = draw.randrange(len(good))
        match number % 10:
            case 0 | 2 | 4 | 6 | 8:
                yield "bytes", bending.bytes_bent(texts[which]), False
            case 1 | 3 | 5 | 7:
                yield "signed again", bending.words_bent(good[which]), False
            case _:
                yield "sealed", bending.bytes_bent(seals[which]), True


def sheets_in(text: bytes) -> set[str]:
    """The ids of the sheets that a bundle holds, by another reading than the product's."""
    lines = (line for line in text.split(b"\n") if line.startswith(b"sheet "))
    return {hashlib.sha256(line.split(b" ", 2)[2]).hexdigest() for line in lines}


def feed(path: Path, seed: int, many: int) -> dict[str, Any]:
    """Bring `many` bent bundles to an office; what became of them."""
    office = Office(path)
    bending, became, slowest, worst = Bending(office.genuine, seed), Counter[str](), 0.0, ""
    text = bundles.plaintext(office.genuine.bundle(random.Random(seed)), VAN.sign)
    first = office.merge(office.sealed(text))
    assert first.refusal is None and first.new, "the control: a good bundle is taken"
    before, known = office.state(), office.ledger.exchange.ids()
    kept = careless = merged = 0
    for how, content, is_sealed in kinds(bending, many):
        careless += not is_sealed and falls_over(content)
        began = time.process_time()
        try:
            refused = office.refuses(content, is_sealed, known)
            if refused and bending.draw.randrange(MERGE_ONE_IN):
                raise TakenBack
            sealed = content if is_sealed else office.sealed(content)
            with office.ledger.together():
                taken = office.merge(sealed)
                what = "taken" if taken.refusal is None else type(taken.refusal).__name__
                merged += 1
                assert refused in (None, what, "BundleTooNew"), f"read, it was {refused}, and merged, {what}"
                if taken.refusal is not None:
                    assert str(taken.refusal)
                    assert office.state() == before, "it was refused, and changed something"
                elif taken.kept:
                    what = "kept for later"
                    assert office.ledger.exchange.ids() == known
                else:
                    new = office.ledger.exchange.ids() - known
                    assert new <= sheets_in(content), "it added what it does not say"
                if what != "taken" or bending.draw.randrange(KEEP_ONE_IN) or kept >= 60:
                    raise TakenBack
            kept += 1
            before, known = office.state(), office.ledger.exchange.ids()
        except TakenBack:
            what = refused or what
        except Exception as fault:
            raise AssertionError(f"seed {seed}, {how}: {fault!r} from {content[:3000]!r}") from fault
        took = time.process_time() - began
        if took > slowest:
            slowest, worst = took, what
        became[f"{how}, {what}"] += 1
    assert office.state() == before
    office.ledger.verify()
    assert sums(office) == recount(office), "what counts is what the sheets say"
    return {
        "became": became,
        "kept": kept,
        "careless": careless,
        "merged": merged,
        "slowest": slowest,
        "worst": worst,
        "memory": most_memory(),
    }


def most_memory() -> int:
    """The most memory, in KiB, that this process ever had.

    Not `ru_maxrss` where there is another way: a process is charged there with what the one that started it had, and
    after an hour of other proofs that is more than all of this.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
    return int(peak)


def sums(office: Office) -> dict[str, int]:
    told = Counter[str]()
    for each in office.ledger.sums.lines():
        told[f"{each.site} {each.item} {each.movement.value}"] += each.quantity
    return dict(told)


def recount(office: Office) -> dict[str, int]:
    told = Counter[str]()
    for sheet in office.counted().values():
        for line in sheet["lines"]:
            told[f"{sheet['site']} {line['item']} {line['movement']}"] += line["quantity"]
    return dict(told)


_TABLE = sqlite3.connect(":memory:")
_TABLE.execute("CREATE TABLE line (site TEXT, day TEXT, item TEXT, quantity INTEGER, hours TEXT) STRICT")


def falls_over(text: bytes) -> bool:
    """The control: whether a reader that trusts what is signed falls over it, with what nobody refuses by."""
    for line in text.split(b"\n"):
        if not line.startswith(b"sheet ") or b"e999999999" in line:  # that one never ends
            continue
        try:
            with suppress(ValueError, KeyError, IndexError):
                sheet = json.loads(line.split(b" ", 2)[2])
                hours = sheet["hours"] and str(Fraction(sheet["hours"]))
                day = date.fromisoformat(sheet["day"]).isoformat()
                for each in sheet["lines"]:
                    row = (sheet["site"], day, each["item"], each["quantity"], hours)
                    _TABLE.execute("INSERT INTO line VALUES (?, ?, ?, ?, ?)", row)
        except (TypeError, AttributeError, RecursionError, OverflowError, ZeroDivisionError, sqlite3.Error):
            return True
    return False


def test_bent_bundles_are_refused_or_say_what_they_say(tmp_path: Path) -> None:
    """Nothing but a refusal comes out, each file costs little, and no count changes by a refused one."""
    ran = subprocess.run(
        [sys.executable, "-P", __file__, tmp_path / "home", str(SEED), str(HOW_MANY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-6000:]
    told = json.loads(ran.stdout)
    print(f"seed {SEED}: {told}")

    became = Counter(told["became"])
    assert sum(became.values()) == HOW_MANY
    assert became["signed again, taken"] > HOW_MANY // 50, "the validators were to be reached, and passed"
    assert became["signed again, BundleNonsense"] > HOW_MANY // 50
    assert became["bytes, taken"] == became["sealed, taken"] == 0, "a bent byte was to be noticed"
    assert told["kept"] > 9
    assert told["merged"] > HOW_MANY // 10
    assert told["careless"] > HOW_MANY // 200, "the control: they were to be hard on a reader that is not careful"
    assert told["memory"] < MOST_MEMORY
    assert told["slowest"] < LONGEST


if __name__ == "__main__":
    print(json.dumps(feed(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
