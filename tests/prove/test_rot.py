"""One bit of the ledger changes by itself, three hundred times: it is noticed every time, or changes nothing."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FLIPS, COMMANDS = 300, 3
COMMAND = Path(sys.executable).with_name("outreach")

# One process for all of them, the installed program in it: what `outreach check` does with the ledger; what goes out.
# Plain and encrypted are told apart as on a computer that has no encrypting engine.
FLIP = """
import json, random, sys
from pathlib import Path
home, seed, flips, plain = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "plain"
if plain:
    sys.modules["sqlcipher3"] = None
from outreach.core.refusal import Refusal
from outreach.home import Home
from outreach.services.program import Program
from outreach.services.signing import check_signatures
from outreach.store.engine import ENCRYPTED
from outreach.store.refusals import Damaged
assert ENCRYPTED is not plain
file, draw = home / "outreach.db", random.Random(seed)
good = file.read_bytes()

def sums(program, ledger):
    lines = sorted((s.site, str(s.day), s.item, s.movement.value, s.quantity) for s in ledger.sums.lines())
    return ledger.digest(), lines, [(v.sessions, v.encounters) for v in ledger.sums.visits()]

def look(step):
    program = Program(Home(home))
    try:
        ledger = program.ledger()
    except Refusal as refusal:
        return type(refusal).__name__
    try:
        return step(program, ledger)
    except Refusal as refusal:
        return type(refusal).__name__
    except ValueError as broken:  # no day, no movement: a report breaks off
        return type(broken).__name__
    finally:
        ledger.close()

def looked_over(program, ledger):
    if ledger.refuses is not None:  # what is right can be read; it is said, and nothing is saved
        return type(ledger.refuses).__name__
    ledger.verify()
    check_signatures(program)
    return sums(program, ledger)

def sent(program, ledger):
    return [body for body, _ in ledger.signed()]

truth, letters = look(looked_over), look(sent)
assert not isinstance(truth, str) and letters
found = dict.fromkeys(("noticed", "same", "wrong", "wrong_sums", "sent_wrong"), 0)
others = []
for number in range(flips):
    at = draw.randrange(len(good) * 8)
    bad = bytearray(good)
    bad[at // 8] ^= 1 << at % 8
    file.write_bytes(bad)
    told = look(looked_over)
    if isinstance(told, str):
        found["noticed"] += 1
        # So it is said; or that a newer version was here, for a bit in the number or in a step's name.
        if not told.endswith(("Damaged", "FromANewerVersion")):
            others.append((at // 8, told))
    elif told == truth:
        found["same"] += 1
        if plain is False and at // 8 >= 16:
            others.append((at // 8, "not noticed"))
    else:
        found["wrong"] += 1
    # The control: what a report would have said without looking sheets over.
    told = look(sums)
    found["wrong_sums"] += not isinstance(told, str) and told[1] != truth[1]
    out = look(sent)
    found["sent_wrong"] += not isinstance(out, str) and out != letters
    assert file.read_bytes() == bytes(bad) or plain, "a damaged file was written to"
file.write_bytes(good)
print(json.dumps({"found": found, "others": others}))
"""


def fill(outreach: Any) -> None:
    """A month of sheets, as a table of past ones."""
    days = range(1, 29)
    rows = "".join(f"2026-01-{day:02},outreach,{day},{40 - day},{day % 5 + 1},9\n" for day in days)
    table, columns = outreach.home.with_name("table.csv"), outreach.home.with_name("map.toml")
    table.write_text("Day,Site,Cookers,Filters,Naloxone,Visits\n" + rows)
    columns.write_text(
        '"Day" = "day"\n"Site" = "site"\n"Cookers" = "given:cooker"\n"Filters" = "given:filter"\n'
        '"Naloxone" = "given:naloxone-nasal"\n"Visits" = "encounters"\n'
    )
    assert outreach("settings", "program-name", "River").code == 0
    ran = outreach("import", table, "--map", columns)
    assert ran.code == 0, ran.err


def flip(home: Path, engine: str) -> dict[str, Any]:
    command = [sys.executable, "-P", "-c", FLIP, home, "300", str(FLIPS), engine]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    print(engine, answer)
    return answer


def test_every_bit_is_noticed_where_counts_are_encrypted(outreach: Any, home: Path) -> None:
    """300 of 300 past the first 16 bytes, which follow from the key; a total is never another one."""
    fill(outreach)

    told = flip(home, "encrypted")

    assert told["others"] == []
    assert told["found"]["noticed"] + told["found"]["same"] == FLIPS
    assert told["found"]["noticed"] >= FLIPS - 3
    commands(outreach, home)


def test_rot_is_found_where_nothing_is_encrypted(shell: Callable[[Path], Any], home: Path, tmp_path: Path) -> None:
    """On the plain engine: a changed count is found when the laptop is looked over, and never leaves in a sheet.

    The control is what a report alone would have said of the same files: some totals were others.
    """
    without = tmp_path / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text("import sys\nsys.modules['sqlcipher3'] = None\n")
    outreach = shell(home)
    outreach.env["PYTHONPATH"] = str(without)
    fill(outreach)
    assert (home / "outreach.db").read_bytes().startswith(b"SQLite format 3\0")

    told = flip(home, "plain")

    assert told["others"] == []
    assert told["found"]["wrong"] == told["found"]["sent_wrong"] == 0
    # Where in the file a flip falls depends on random ids: between 5 and 11 of 300 so far.
    assert told["found"]["wrong_sums"] > 0, "the control found nothing"
    commands(outreach, home)


def commands(outreach: Any, home: Path) -> None:
    """The command itself says so, and leaves the file as it is."""
    assert "opens and is whole: 28 sheets" in outreach("check").out
    file = home / "outreach.db"
    good, draw = file.read_bytes(), random.Random(6)
    # In what a sheet says, where it can be read, a digit becomes another one.
    places = [found.end() + 2 for found in re.finditer(b'"quantity"', good)]
    for _ in range(COMMANDS):
        bad = bytearray(good)
        bad[draw.choice(places) if places else draw.randrange(16, len(good))] ^= 1
        file.write_bytes(bad)
        ran = outreach("check")
        assert ran.code == 1 and "is damaged" in ran.out and "is whole" not in ran.out, ran.out
        assert file.read_bytes() == bad
    file.write_bytes(good)
    assert "is damaged" not in outreach("check").out
