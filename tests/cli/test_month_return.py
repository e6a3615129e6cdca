"""A month's return from the command line: editions, seals, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from outreach.carry import month_returns, sealing
from tests.conftest import Shell

SECRET = b"\x09" * 32


def written(file: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(file.read_bytes().split(b"\n")[1])
    return body


def test_a_month_in_editions(outreach: Shell, tmp_path: Path) -> None:
    """The same month is the same edition until a number changes; the totals are those of the report."""
    assert outreach("tally", "--site", "outreach", "--day", "2026-07-05", "--encounters", "9", "cooker=30",
                    "kit-naloxone-nasal=2").code == 0  # fmt: skip
    one, same, two = (tmp_path / f"{name}.return" for name in ("one", "same", "two"))
    ran = outreach("return", "--month", "2026-07", "--plain", one)
    assert ran.code == 0 and "edition 1." in ran.out and "Anyone who gets this file" in ran.out
    assert "edition 1, as before" in outreach("return", "--month", "2026-07", "--plain", same).out
    assert one.read_bytes() == same.read_bytes()
    assert outreach("tally", "--site", "outreach", "--day", "2026-07-06", "cooker=1").code == 0
    assert "edition 2, changed numbers: 2" in outreach("return", "--month", "2026-07", "--plain", two).out
    totals = {(way, item): n for _, way, item, n in written(two)["totals"]}
    reported = outreach.json("report", "totals", "--period", "2026-07", "--format", "json")
    said = {(row["movement"], row["item"]): row["quantity"] for row in reported["rows"] if "kit" not in row["item"]}
    assert said == {key: n for key, n in totals.items() if key[0] not in ("kits", "visits")} and len(said) > 1
    assert totals["kits", "kit-naloxone-nasal"] == 2 and totals["visits", "sessions"] == 2
    days = b"2026-07-05", b"2026-07-06"
    assert not any(day in two.read_bytes() for day in days)
    assert outreach("holds").code == 0 and "unknown" not in outreach("holds").out.lower()


def test_sealed_for_the_department(outreach: Shell, tmp_path: Path) -> None:
    """With the department's key in returns.toml only the department reads it; by county it names counties."""
    outreach("tally", "--site", "outreach", "--day", "2026-07-05", "cooker=30")
    file = tmp_path / "july.return"
    settings = f'department = "{sealing.recipient(SECRET)}"\n\n[counties]\noutreach = "Alameda"\n'
    (outreach.home / "returns.toml").write_text(settings)
    ran = outreach("return", "--month", "2026-07", "--by", "county", file)
    assert ran.code == 0 and "Anyone" not in ran.out, ran.err
    assert b"cooker" not in file.read_bytes()
    found = month_returns.read(file.read_bytes(), SECRET, file.name)
    assert found.month_return.places == ("Alameda",)


def test_what_it_refuses(outreach: Shell, tmp_path: Path) -> None:
    """Each refusal is a sentence, writes nothing, and keeps nothing as sent."""
    outreach("tally", "--site", "outreach", "--day", "2026-07-05", "cooker=30")
    file = tmp_path / "july.return"
    (tmp_path / "there.return").write_text("mine")
    for arguments, why in [
        (("--month", "2026-07", file), "Anyone who gets it could read it"),
        (("--month", "2999-07", "--plain", file), "is not a|has not begun"),
        (("--month", "2026-06", "--plain", file), "Nothing was counted in 2026-06"),
        (("--month", "2026-7", "--plain", file), "is not a month"),
        (("--month", "2026-07", "--by", "county", "--plain", file), "No county is known for outreach"),
        (("--month", "2026-07", "--plain", tmp_path / "there.return"), "is there already"),
        (("--month", "2026-07", "--plain", tmp_path / "no" / "july.return"), "there is no folder"),
    ]:
        ran = outreach("return", *arguments)
        assert ran.code == 1 and any(each in ran.err for each in why.split("|")), ran.err
        assert not file.exists()
    (outreach.home / "returns.toml").write_text('department = "age1short"\n')
    assert "returns.toml, department" in outreach("return", "--month", "2026-07", file).err
    (outreach.home / "returns.toml").unlink()
    assert "edition 1." in outreach("return", "--month", "2026-07", "--plain", file).out
    nothing = tmp_path / "june.return"
    assert outreach("return", "--month", "2026-06", "--plain", "--yes", nothing).code == 0
    assert written(nothing)["totals"] == []
