"""A backup that each released version of the ledger wrote is restored by the installed command, with equal totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).parents[1] / "store"
WORDS = "river lamp stone window paper cloud"
GIVEN = {
    "version-1.ledger": {"cooker": 75, "naloxone-nasal": 12},
    "version-2.ledger": {"cooker": 75, "naloxone-nasal": 12},
    "version-3.ledger": {"cooker": 89, "naloxone-nasal": 12},
    "version-3.sealed": {"cooker": 89, "naloxone-nasal": 12},
    "version-4.ledger": {"cooker": 89, "naloxone-nasal": 12},
    "version-4.sealed": {"cooker": 89, "naloxone-nasal": 12},
}


def put(home: Path, name: str, content: bytes) -> Path:
    """A backup where its command finds it: a sealed one anywhere, a copy in the home whose key it is under."""
    if name.endswith(".sealed"):
        file = home.with_name("carried.sealed")
    else:
        file = home / "backups" / "2026-01-01.ledger"
        file.parent.mkdir(parents=True)
        (home / "keys").mkdir()
        (home / "keys" / "ledger.key").write_bytes(bytes(range(32)))
    file.write_bytes(content)
    home.with_name("words").write_text(WORDS)
    return file


def given(outreach: Any) -> dict[str, int]:
    rows = outreach.json("report", "totals", "--from", "2020-01-01", "--to", "2027-12-31", "--format", "json")["rows"]
    return {row["item"]: row["loose"] for row in rows if row["movement"] == "given"}


@pytest.mark.parametrize("name", GIVEN)
def test_a_backup_of_every_version_is_restored(outreach: Any, home: Path, name: str) -> None:
    """The totals are those that were counted with that version; the control, with one bit changed, is refused."""
    content = bytearray((FILES / name).read_bytes())
    content[len(content) // 2] ^= 1
    file = put(home, name, bytes(content))
    restore = ("--words-file", home.with_name("words"), "restore", file, "--yes")
    refused = outreach(*restore)
    assert refused.code == 1 and "Restored" not in refused.out, refused
    assert not (home / "outreach.db").exists()

    file.write_bytes((FILES / name).read_bytes())
    ran = outreach(*restore)
    assert ran.code == 0 and "Restored" in ran.out, ran.err
    assert given(outreach) == GIVEN[name]
