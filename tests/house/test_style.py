"""The settings in pyproject.toml hold: the linter, the formatter and the type checker have nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-P", "-m", *command], cwd=folder, capture_output=True, text=True)


TOOLS = pytest.mark.parametrize(
    "command",
    [("ruff", "check", "--no-cache"), ("ruff", "format", "--no-cache", "--check"), ("mypy", "--no-incremental")],
    ids=["lint", "format", "types"],
)


@TOOLS
def test_nothing_to_say(command: tuple[str, ...]) -> None:
    """The whole tree, as it is set up there."""
    ran = run(ROOT, *command)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@TOOLS
def test_the_tools_would_speak(tmp_path: Path, command: tuple[str, ...]) -> None:
    """The control: each names a fault planted for it."""
    planted = tmp_path / "planted.py"
    planted.write_text("import os\nlines: int = 'many'\n", encoding="utf-8")
    ran = run(tmp_path, *command, str(planted))
    assert ran.returncode == 1 and "planted.py" in ran.stdout + ran.stderr
