"""After a sheet is closed, its taps cannot be found in any file of the home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outreach.home import Home

TAPS = """
ledger = open_ledger(home.ledger, KEY)
keep, sheet = begin(), begin()
for each in (keep, sheet):
    for tab in range(8):
        token = sheets.mint_tab(each.id)
        for n in range(1, 6):
            nonce = os.urandom(16)
            sheets.tap(each.id, Tap(token, n, nonce, "given:cooker" if n % 2 else "returned:syringe-1ml", 1))
        if each is sheet: print(token.hex(), nonce.hex(), flush=True)
print("tapped", flush=True)
sys.stdin.readline()
close_sheet(ledger, sheets, sheet.id, DEVICE, build)
sheets.destroy(keep.id)
print("closed", flush=True)
sys.stdin.readline()
"""


def found(home: Home, words: list[bytes]) -> int:
    """How many of the words stand in some file of the home, in one of its names included."""
    content = b"".join(path.name.encode() + path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    return sum(word in content for word in words)


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "encrypted"])
def test_no_tap_is_left_after_closing(start: Callable[..., object], home: Home, plain: bool) -> None:
    """Searched while the program still runs and after: no token, no mark of a touch, no counter's name.

    The control is the plain engine before closing, where the same search finds them all.
    """
    process = start(TAPS, plain=plain)
    lines = iter(process.stdout.readline, "tapped\n")  # type: ignore[attr-defined]
    words = [bytes.fromhex(word) for line in lines for word in line.split()]
    words += [b"given:cooker", b"returned:syringe-1ml"]
    assert len(words) == 18 and found(home, words) == (18 if plain else 0)

    process.stdin.write("\n")  # type: ignore[attr-defined]
    process.stdin.flush()  # type: ignore[attr-defined]
    assert process.stdout.readline() == "closed\n"  # type: ignore[attr-defined]
    assert found(home, words) == 0
    process.communicate("\n")  # type: ignore[attr-defined]
    assert found(home, words) == 0
    assert found(home, [b"cooker"]) == (1 if plain else 0), "the sum itself is in the ledger, readable on the plain one"
