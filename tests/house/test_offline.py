"""What installs without a network: plain scripts, an entry that names nobody, recipes that say they are untested."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OFFLINE = ROOT / ".ci" / "offline"
RECIPES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["install", "launcher"])
def test_scripts_on_the_stick_are_plain_shell(name: str) -> None:
    """The shell of a small Debian reads them."""
    assert subprocess.run(["/bin/sh", "-n", OFFLINE / name], capture_output=True).stderr == b""


def installed(home: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(["sh", folder / "install", *words], env=env, capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as `build.py` makes it, around a stand-in for Python that says how it was called."""
    place = tmp_path / "the stick" / "outreach"
    (place / "python" / "bin").mkdir(parents=True)
    (place / "licenses").mkdir()
    for name, source in (("install", "install"), ("outreach", "launcher"), ("outreach.desktop", "outreach.desktop")):
        (place / name).write_bytes((OFFLINE / source).read_bytes())
    (place / "outreach.svg").write_text("<svg/>")
    python = place / "python" / "bin" / "python3"
    python.write_text('#!/bin/sh\necho "called with $*, ${PYTHONHOME-nothing}"\n')
    python.chmod(0o755)
    return place


def test_it_installs_for_one_user_and_goes_again(folder: Path, tmp_path: Path) -> None:
    """A command, a menu entry and a picture in the home folder; `--remove` takes them away, not what was counted."""
    home = tmp_path / "a home"
    counted = home / ".local/share/outreach/outreach.db"
    counted.parent.mkdir(parents=True)
    counted.write_text("counts")
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONHOME": "/another"}
    for _ in range(2):  # over the one that is there
        assert installed(home, folder).returncode == 0
        ran = subprocess.run([home / ".local/bin/outreach"], env=env, capture_output=True, text=True, check=True)
        assert ran.stdout == "called with -P -m outreach serve, nothing\n"
    assert (home / ".local/share/applications/outreach.desktop").is_file()
    several = installed(home, folder, "another/install", "--remove")
    assert several.returncode == 1 and "name one" in several.stderr, "as a * in a shell may say it"
    there = {str(each.relative_to(home)) for each in home.rglob("*") if each.is_file()}
    assert installed(home, folder, "--remove").returncode == 0
    left = {str(each.relative_to(home)) for each in home.rglob("*") if each.is_file()}

    assert len(there) > 4 and left == {".local/share/outreach/outreach.db"}


def test_what_does_not_run_replaces_nothing(folder: Path, tmp_path: Path) -> None:
    """When the new one does not start on this computer, the one from before stays."""
    installed(tmp_path, folder)
    (folder / "python/bin/python3").write_text("#!/bin/sh\nexit 1\n")
    ran = installed(tmp_path, folder)
    still = subprocess.run([tmp_path / ".local/bin/outreach", "items"], capture_output=True, text=True)

    assert ran.returncode == 1 and "what was there before is as it was" in ran.stderr
    assert still.stdout.startswith("called with -P -m outreach items")


def test_the_entry_in_the_menu_says_little(tmp_path: Path) -> None:
    """It has a neutral name in every language, no path of anyone's, and starts what is installed in that home."""
    lines = (OFFLINE / "outreach.desktop").read_text(encoding="utf-8").splitlines()
    entry = dict(line.split("=", 1) for line in lines if "=" in line)
    assert entry["Name"] == "Outreach" and {"Comment", "Comment[es]", "Comment[ar]"} <= entry.keys()
    assert not re.search("drug|nalox|needle|syringe|/home/|/root/", "\n".join(lines), re.IGNORECASE)
    (tmp_path / ".local/bin").mkdir(parents=True)
    command = tmp_path / ".local/bin/outreach"
    command.write_text('#!/bin/sh\necho "asked to $*"\n')
    command.chmod(0o755)
    quoted = entry["Exec"].replace("\\\\", "\\").removeprefix('sh -c "').removesuffix('"')
    plain = re.sub(r'\\(["$`\\])', r"\1", quoted)
    ran = subprocess.run(["sh", "-c", plain], env={"HOME": str(tmp_path)}, capture_output=True, text=True)

    assert ran.stdout == "asked to serve\n", ran.stderr


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_recipes_that_nobody_ran_say_so(recipe: Path) -> None:
    """Each is valid, says UNTESTED first, starts only when asked to, and pins what it uses by its major version."""
    text = recipe.read_text(encoding="utf-8")
    told = yaml.safe_load(text)

    assert text.startswith("# UNTESTED") and "untested" in told["name"]
    assert told[True] == "workflow_dispatch", "`on`, as YAML reads it"
    uses = re.findall(r"uses: (.*)", text)
    assert len(uses) > 2 and all(re.fullmatch(r"actions/[\w-]+@v\d+", each) for each in uses)
    assert f".github/workflows/{recipe.name}" in PAGE
