"""When the computer itself is in trouble: a full disk, a newer file, no Pango, no fonts, a read-only folder."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TODAY = time.strftime("%Y-%m-%d")
PRINT = ("print", "response", "--language", "en:1", "-o")


def save(outreach: Any, item: str = "cooker=5") -> Any:
    return outreach("tally", "--site", "outreach", "--day", TODAY, item, "--again")


def room(size: int) -> Callable[[], None]:
    """Let a command's files grow to `size` bytes and no further, as on a disk that is nearly full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def total(outreach: Any) -> int:
    rows = outreach.json("report", "totals", "--period", TODAY[:4], "--format", "json")["rows"]
    return sum(row["quantity"] for row in rows)


def test_a_full_disk_loses_nothing(outreach: Any, home: Path) -> None:
    """With no room left a sheet is refused with a sentence; what was saved is there; with room it works again."""
    assert save(outreach).code == 0
    refused = outreach("tally", "--site", "outreach", "--day", TODAY, "cooker=7", "--again", preexec_fn=room(1024))

    assert refused.code == 1
    assert "disk is full" in refused.err
    assert total(outreach) == 5
    assert save(outreach, "cooker=7").code == 0
    assert total(outreach) == 12


def test_a_full_disk_leaves_no_half_pdf(outreach: Any, tmp_path: Path) -> None:
    """A card file that does not fit on the disk is not there at all, not even in part."""
    folder = tmp_path / "stick"
    folder.mkdir()
    refused = outreach(*PRINT, folder / "cards.pdf", preexec_fn=room(4096))

    assert refused.code == 1 and refused.err.count("\n") == 1, refused.err
    assert list(folder.iterdir()) == []


def test_a_newer_ledger_is_not_touched(outreach: Any, home: Path) -> None:
    """A ledger that a newer version used is refused with a sentence and stays byte for byte as it is."""
    from outreach.store.engine import connect

    assert save(outreach).code == 0
    connection = connect(home / "outreach.db", (home / "keys" / "ledger.key").read_bytes())
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = (home / "outreach.db").read_bytes()
    refused = save(outreach)

    assert refused.code == 1
    assert "newer version" in refused.err
    assert (home / "outreach.db").read_bytes() == before
    assert outreach("guide").code == 0


def test_a_lost_key_is_not_papered_over(outreach: Any, home: Path) -> None:
    """Without its key the ledger is refused; no new key is made in its place."""
    assert save(outreach).code == 0
    key = home / "keys" / "ledger.key"
    kept = key.read_bytes()
    key.unlink()
    refused = save(outreach)

    assert refused.code == 1
    assert "key" in refused.err and not key.exists()
    key.write_bytes(kept)
    assert total(outreach) == 5


def test_without_pango_only_printing_is_lost(outreach: Any, tmp_path: Path) -> None:
    """No Pango: printing says what to install; guide, counts, totals and the check go on."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nclass Missing:\n    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint':\n            raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
        "sys.meta_path.insert(0, Missing())\n"
    )
    outreach.env = {"PYTHONPATH": str(tmp_path)}
    refused = outreach(*PRINT, tmp_path / "cards.pdf")

    assert refused.code == 1
    assert "Pango" in refused.err and refused.err.count("\n") == 1
    assert not (tmp_path / "cards.pdf").exists()
    assert save(outreach).code == 0 and total(outreach) == 5
    checked = outreach("check")
    assert checked.code == 0 and "Pango" in checked.out


def test_a_folder_that_may_not_be_written(outreach: Any, tmp_path: Path) -> None:
    """A path through a file instead of a folder is named; nothing is left."""
    (tmp_path / "note").write_text("x")
    refused = outreach(*PRINT, tmp_path / "note" / "cards.pdf")

    assert refused.code == 1
    assert "is not a folder" in refused.err


def test_without_fonts_it_is_a_sentence(tmp_path: Path) -> None:
    """A copy of the program whose fonts were lost refuses to print, with a sentence and no crash."""
    import shutil

    import outreach

    shutil.copytree(Path(outreach.__file__).parent, tmp_path / "outreach")
    for name in ("locales", "printables"):
        beside = Path(outreach.__file__).parents[1] / name
        if beside.is_dir() and not (tmp_path / "outreach" / name).exists():
            shutil.copytree(beside, tmp_path / name)
    for font in (tmp_path / "outreach" / "shipped" / "fonts").glob("*.ttf"):
        font.unlink()
    ran = subprocess.run(
        [sys.executable, "-m", "outreach", "--home", tmp_path / "home", *PRINT, tmp_path / "cards.pdf"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )

    assert ran.returncode == 1, ran.stderr
    assert "font" in ran.stderr.lower() and "Traceback" not in ran.stderr
    assert not (tmp_path / "cards.pdf").exists()
