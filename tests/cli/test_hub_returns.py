"""A department from its first key to its first table, with the real commands on a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.store.postgres.founding import found
from outreach.store.postgres.opening import served
from outreach.store.postgres.reporters import Reporters
from tests.conftest import Cluster, Ran, Shell


@pytest.fixture
def health(cluster: Cluster, tmp_path: Path, shell: Callable[[Path], Shell]) -> Shell:
    name = f"state-{tmp_path.name[-24:]}".replace("_", "-")
    found(cluster.database(name), ("north",), ("health",))
    desk = shell(tmp_path / "department")
    desk.env["OUTREACH_HUB"] = cluster.address("health", name)
    return desk


def done(ran: Ran) -> str:
    assert ran.code == 0, ran.err
    return ran.out


def sums(desk: Shell) -> dict[tuple[str, str, str], int]:
    connection = served(desk.env["OUTREACH_HUB"])
    try:
        told = Reporters(connection).sums("2000-01", "2099-12")
        return {(each.program, each.month, each.item): each.quantity for each in told}
    finally:
        connection.close()


def test_a_return_waits_counts_and_is_replaced(outreach: Shell, health: Shell, tmp_path: Path) -> None:
    """Sealed to the department's key, kept until the digits were compared, then counted; the next edition says so."""
    outreach("tally", "--site", "outreach", "--day", "2026-07-05", "--encounters", "9", "cooker=30")
    (outreach.home / "returns.toml").write_text(done(health("hub", "key")))
    one, two = tmp_path / "one.return", tmp_path / "two.return"
    digits = done(outreach("return", "--month", "2026-07", one)).split()[-1]
    assert b"cooker" not in one.read_bytes()
    assert f"accept {digits}" in done(health("hub", "merge", one)) and sums(health) == {}
    assert "No return waits" in health("hub", "accept", "0000-0000", "--as", "north").err
    assert "now: 1." in done(health("hub", "accept", digits, "--as", "north"))
    assert "here already" in done(health("hub", "merge", one))
    assert sums(health)["north", "2026-07", "cooker"] == 30
    outreach("tally", "--site", "outreach", "--day", "2026-07-06", "cooker=1")
    outreach("return", "--month", "2026-07", two)
    assert "edition 2: counts now. Numbers it changed: 2." in done(health("hub", "merge", two, one))
    assert sums(health)["north", "2026-07", "cooker"] == 31
    bent = tmp_path / "bent.return"
    bent.write_bytes(two.read_bytes()[:-9])
    before = sums(health)
    ran = health("hub", "merge", bent)
    assert ran.code == 1 and "is damaged" in ran.err and sums(health) == before


def test_a_table_of_a_program_that_sends_none(health: Shell, tmp_path: Path) -> None:
    """Looked over first, all or nothing, a later file a later edition; what has no shared item is listed."""
    first, second, bad = (tmp_path / f"{name}.csv" for name in ("first", "second", "bad"))
    heads, tie = "month,place,item,quantity\n", "7/2026,Harbor,Long tie,2\n"
    first.write_text(f"{heads}2026-07,Harbor,cooker,5\n{tie}2026-08,Harbor,cooker,1\n")
    second.write_text(f"{heads}2026-07,Harbor,cooker,6\n{tie}")
    bad.write_text(f"{heads}2026-07,Harbor,cooker,7\n2026-W47-7,Harbor,cooker,1\n")
    assert "adds one" in health("hub", "import", first, "--program", "harbor").err
    done(health("hub", "program", "harbor", "--name", "Harbor outreach", "--region", "Coast"))
    assert "Nothing was saved." in done(health("hub", "import", first, "--program", "harbor", "--dry-run"))
    assert sums(health) == {}
    done(health("hub", "import", first, "--program", "harbor"))
    assert "here already" in done(health("hub", "import", first, "--program", "harbor"))
    assert "2026-07: edition 2, numbers: 2, changed: 1." in done(health("hub", "import", second, "--program", "harbor"))
    kept = {
        ("harbor", "2026-07", "cooker"): 6,
        ("harbor", "2026-07", "long-tie"): 2,
        ("harbor", "2026-08", "cooker"): 1,
    }
    assert sums(health) == kept
    ran = health("hub", "import", bad, "--program", "harbor")
    assert ran.code == 1 and "Nothing was saved" in ran.err and sums(health) == kept
    assert "2  long-tie" in done(health("hub", "map", "harbor"))
    assert "There is no item" in health("hub", "map", "harbor", "long-tie=nothing").err
    assert "No program is called habor" in health("hub", "map", "habor").err
    assert "Everything has" in done(health("hub", "map", "harbor", "long-tie=tourniquet"))


def test_what_is_no_return_is_refused(
    outreach: Shell, health: Shell, shell: Callable[[Path], Shell], tmp_path: Path
) -> None:
    """Cut, bent, endless, another department's or not there: a sentence each, and the good one counts."""
    outreach("tally", "--site", "outreach", "--day", "2026-07-05", "cooker=3")
    plain, sealed = tmp_path / "plain.return", tmp_path / "sealed.return"
    done(outreach("return", "--month", "2026-07", plain, "--plain"))
    (outreach.home / "returns.toml").write_text(done(shell(tmp_path / "elsewhere")("hub", "key")))
    done(outreach("return", "--month", "2026-07", sealed))
    content = plain.read_bytes()
    bad = {
        "nothing": b"",
        "cut": content[:-1],
        "half": content[: len(content) // 2],
        "bent": content.replace(b"cooker", b"filter"),
        "again": content.replace(b"RETURN/1", b"RETURN/9"),
        "endless": b"[" * 9_000_000,
        "words": b"Sent from my phone.",
    }
    for name, each in bad.items():
        (tmp_path / f"{name}.return").write_bytes(each)
    ran = health("hub", "merge", tmp_path)

    said = ran.err.splitlines()
    assert ran.code == 1 and len(said) == len(bad) + 1 and "Traceback" not in ran.err, ran.err
    assert all(any(line.startswith(f"{name}.return: ") for line in said) for name in (*bad, "sealed")), said
    assert ran.out.startswith("plain.return: ") and ran.out.count("\n") == 1
    gone = health("hub", "merge", tmp_path / "gone.return")
    assert gone.code == 1 and "gone.return" in gone.err and "Traceback" not in gone.err, gone.err


def test_two_programs_never_become_one_by_a_slip(
    outreach: Shell, health: Shell, shell: Callable[[Path], Shell], tmp_path: Path
) -> None:
    """A code that has reported is refused to another program; where someone says it is the same, it goes on there."""
    shown = []
    for name, van in (("one", outreach), ("two", shell(tmp_path / "two"))):
        van("tally", "--site", "outreach", "--day", "2026-07-05", f"cooker={len(shown) + 3}")
        said = done(van("return", "--month", "2026-07", tmp_path / f"{name}.return", "--plain"))
        done(health("hub", "merge", tmp_path / f"{name}.return"))
        shown += re.findall(r"\d{4}-\d{4}$", said, re.M)
    done(health("hub", "accept", shown[0], "--as", "north"))
    ran = health("hub", "accept", shown[1], "--as", "north")
    assert ran.code == 1 and "north has reported here before" in ran.err, ran.err
    assert sums(health)["north", "2026-07", "cooker"] == 3 and shown[1] in health("hub", "accept", "0", "--as", "x").err
    assert "now: 1." in done(health("hub", "accept", shown[1], "--as", "north", "--same"))
