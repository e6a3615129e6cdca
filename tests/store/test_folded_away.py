"""After a fold the days it took out cannot be found in the file, on the engine that does not encrypt either."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outreach.home import Home

FOLD = """
from dataclasses import replace
from outreach.core.sheets import Line, Movement
ledger = open_ledger(home.ledger, KEY)
prev, ids = None, []
for n in range(1, 201):
    day = date(2026, 3 + n % 2, 1 + n % 28)
    lines = (Line("cooker", Movement.GIVEN, 40_000 + n),)
    sheet = ClosedSheet(PROGRAM, DEVICE, n, prev, Kind.TALLY, SiteCode("outreach"), day, ServiceModel.STREET, lines, 9)
    assert ledger.add(sheet, bytes(64))
    prev = sheet.id
    ids.append(sheet)
print("kept", flush=True)
sys.stdin.readline()
gone = tuple(sorted(each.id for each in ids[:-1]))
fold = ClosedSheet(PROGRAM, DEVICE, 201, prev, Kind.FOLD, SiteCode("outreach"), date(2026, 4, 30), ServiceModel.STREET,
                   (), 9, replaces=gone, x={"sessions": 199})
assert ledger.add(fold, bytes(64))
print("folded", flush=True)
sys.stdin.readline()
ledger.pack()
print("packed", flush=True)
sys.stdin.readline()
"""
BODIES = [f'"quantity":{40_000 + n}'.encode() for n in range(1, 200)]
LAST = b'"quantity":40200'


def found(home: Home, words: list[bytes]) -> int:
    content = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    return sum(word in content for word in words)


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "encrypted"])
def test_no_day_that_was_folded_is_left_in_the_file(start: Callable[..., object], home: Home, plain: bool) -> None:
    """Searched before, after the fold and after packing. The controls: all are there before, and one that was kept."""
    process = start(FOLD, plain=plain)
    said: list[str] = []

    def on(word: str) -> None:
        said.append(process.stdout.readline())  # type: ignore[attr-defined]
        assert said[-1] == f"{word}\n", process.stderr.read()  # type: ignore[attr-defined]

    def go_on() -> None:
        process.stdin.write("\n")  # type: ignore[attr-defined]
        process.stdin.flush()  # type: ignore[attr-defined]

    on("kept")
    assert found(home, BODIES) == (len(BODIES) if plain else 0), "the control"
    go_on()
    on("folded")
    go_on()
    on("packed")
    assert found(home, BODIES) == 0
    assert found(home, [LAST]) == (1 if plain else 0), "the control: the one sheet that was not folded"
    go_on()
    process.wait(20)  # type: ignore[attr-defined]
    assert found(home, BODIES) == 0
