"""`outreach check --self`: what is installed is what was released, or the sentence says what is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from outreach.services.installed import once_more
from outreach.store.trying import Tried, try_engine


class Installed:
    """The installed program with its list of files, copied to a place where a test may damage it."""

    def __init__(self, root: Path) -> None:
        self.root, self.site = root, root / "lib" / "python" / "site-packages"
        own = distribution("outreach")
        for file in own.files or ():
            if file.suffix != ".pyc":
                # Some lie outside, as the command itself does: `../../../bin/outreach`.
                place = (self.site / file).resolve()
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(own.locate_file(file)), place)
        self.package = self.site / "outreach"

    def check(self) -> tuple[int, dict[str, Any]]:
        env = os.environ | {"PYTHONPATH": str(self.site), "OUTREACH_HOME": str(self.root / "home")}
        command = [sys.executable, "-P", "-m", "outreach", "check", "--self", "--format", "json"]
        ran = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True)
        return ran.returncode, json.loads(ran.stdout)


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "there")


def test_what_is_installed_here_is_fine(outreach: Any, home: Path) -> None:
    """Files, versions and engine are named and fine; nothing is written to the home."""
    ran = outreach("check", "--self")
    said = " ".join(ran.out.split())
    assert ran.code == 0 and "wrong" not in said, said
    assert "files of outreach" in said and "as they were installed" in said
    assert "versions that were tested" in said and "to do" not in said
    assert "SQLCipher" in said and "journal truncate" in said
    assert not home.exists()


def test_each_damage_is_named(installed: Installed) -> None:
    """One changed byte, a file that is gone, a file that nobody shipped; whole again, it is fine again."""
    assert installed.check()[0] == 0, "the control"
    topic, law = (installed.package / "shipped" / name for name in ("topics/naloxone.toml", "laws.csv"))
    whole = topic.read_bytes(), law.read_bytes()
    topic.write_bytes(whole[0][:-2] + bytes([whole[0][-2] ^ 1]) + whole[0][-1:])
    law.unlink()
    (installed.package / "core" / "more.py").touch()
    code, found = installed.check()
    said = " ".join(found["wrong"])
    assert code == 1
    assert "naloxone.toml" in said and "laws.csv (gone)" in said and "core/more.py" in said
    assert "./start" in said, "each says what to do"

    topic.write_bytes(whole[0])
    law.write_bytes(whole[1])
    (installed.package / "core" / "more.py").unlink()
    assert installed.check()[0] == 0


def test_other_versions_are_named(installed: Installed) -> None:
    """A package that is not the version that was tested is something to do; both versions are said."""
    lock = installed.package / "shipped" / "requirements-hub.lock"
    version = distribution("weasyprint").version
    lock.write_text(lock.read_text().replace(f"weasyprint=={version}", "weasyprint==1.2.3"))
    _, found = installed.check()
    assert f"weasyprint {version} (tested: 1.2.3)" in " ".join(found["to_do"])
    assert "requirements-hub.lock" in " ".join(found["wrong"]), "nobody may change the list either"


def test_a_folder_of_sources_says_so(installed: Installed) -> None:
    """Without a list of its files there is nothing to hold them against: said, and not called fine."""
    for each in installed.site.glob("outreach-*.dist-info"):
        shutil.rmtree(each)
    code, found = installed.check()
    assert code == 0 and "folder of sources" in " ".join(found["to_do"])
    assert "as they were installed." not in " ".join(found["fine"])


def test_an_engine_that_could_spoil_the_ledger_is_known() -> None:
    """Only an old SQLite with a WAL journal; ours has neither, and hides what it writes."""
    assert Tried("3.51.2", "wal", "", True).may_damage
    assert not Tried("3.51.3", "wal", "", True).may_damage
    assert not Tried("3.40.1", "truncate", "", True).may_damage
    here = try_engine()
    assert not here.may_damage and here.hidden == bool(here.cipher)


def test_each_way_of_installing_is_put_right_its_own_way(installed: Installed, tmp_path: Path) -> None:
    """Only where ./start made a folder .venv is one deleted: a stick's folder is taken anew, a copy installed anew."""
    (installed.package / "shipped" / "laws.csv").unlink()
    assert "delete the folder .venv and run ./start." in " ".join(installed.check()[1]["wrong"])

    stick, home = tmp_path / "outreach-1.0-linux-x86_64", tmp_path / ".local" / "lib" / "outreach"
    for each in (stick, home):
        (each / "python").mkdir(parents=True)
    (stick / "install").touch()
    assert once_more(stick / "python").startswith("take the folder outreach-1.0-linux-x86_64 anew")
    assert once_more(home / "python").startswith("run `sh install` once more")
    assert once_more(tmp_path) == f"install it with pip into {tmp_path} once more."
