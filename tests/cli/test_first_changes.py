"""docs/first-changes.md, done as it stands: an item, a card, a report and its test, in a copy of the sources."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.typed import DOCS, FENCE, plain, steps

ROOT = DOCS.parent
PAGE = (DOCS / "first-changes.md").read_text(encoding="utf-8")


def changed(text: str, shown: str) -> str:
    """A file with what the page shows in it: lines with `+` added where those without it stand, once."""
    lines = shown.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] == " ")
    after = "".join(line[1:] for line in lines)
    assert text.count(before) == 1, f"no one place for:\n{before}"
    return text.replace(before, after)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources, with what the page shows done to them."""
    place = tmp_path / "sources"
    for folder in ("outreach", "locales", "printables"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", place)
    for kind, name, body in FENCE.findall(PAGE):
        if name:
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(changed(file.read_text("utf-8"), body) if kind == "diff" else body, encoding="utf-8")
    return place


def test_the_page_is_true(copy: Path, tmp_path: Path) -> None:
    """What the changed sources say is what the page says; its test passes, and fails where the report is wrong."""
    env = os.environ | {"PYTHONPATH": str(copy), "OUTREACH_HOME": str(tmp_path / "home")}

    def run(*words: str, cwd: Path = tmp_path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words], cwd=cwd, env=env, capture_output=True, text=True, timeout=600
        )
        return done.returncode, done.stdout + done.stderr

    typed = [(words, said) for who, words, said in steps(PAGE) if who != "file"]
    assert len(typed) == 3
    for words, said in typed:
        code, out = run("outreach", *shlex.split(words))
        assert (code, plain(out)) == (0, plain(said)), words

    own = ("pytest", "-p", "no:cacheprovider", "tests/core/test_sessions.py")
    assert run(*own, cwd=copy)[0] == 0
    module = copy / "outreach" / "core" / "reports.py"
    module.write_text(module.read_text("utf-8").replace('"""How often a table', 'each = []\n    """How often a table'))
    assert run(*own, cwd=copy)[0] == 1, "the control"
