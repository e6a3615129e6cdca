"""A broken catalog costs what is broken in it: that string or that file is in English, and the check says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def scratch(tmp_path: Path) -> tuple[Path, Run]:
    """A copy of the program whose catalogs may be broken: its locales folder, and its command."""
    copy = tmp_path / "copy"
    for name in ("outreach", "printables"):
        shutil.copytree(
            ROOT / name, copy / name, copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(ROOT / "locales", copy / "locales")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "outreach", "--home", tmp_path / "home", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=copy,
        )

    return copy / "locales", run


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            'msgstr "La persona no se despierta ni responde."',
            'msgstr "La persona no se despierta en 9 minutos."',
            "numbers",
        ),
        ('msgstr "La persona no se despierta ni responde."', 'msgstr "La persona {no} se despierta."', "placeholders"),
        ('msgstr "La persona no se despierta ni responde."', 'msgstr "<img src=x> no se despierta."', "markup"),
        ('msgstr "La persona no se despierta ni responde."', 'msgstr "La persona no se despierta', "not a line"),
    ],
)
def test_a_broken_emergency_string_is_never_shown(scratch: tuple[Path, Run], old: str, new: str, rule: str) -> None:
    """Wrong number, placeholder, markup or syntax in a needed word: that step is in English; the check says why."""
    locales, run = scratch
    before = run("guide", "overdose-response", "--language", "es").stdout
    file = locales / "es" / "LC_MESSAGES" / "guidance.po"
    change(file, old, new)

    assert "La persona no se despierta ni responde." in before
    after = run("guide", "overdose-response", "--language", "es")
    assert "The person does not wake up or answer." in after.stdout
    assert "La persona no se despierta" not in after.stdout
    assert "Seis pasos" in after.stdout, "the rest is still Spanish"
    check = run("check", "--format", "json")
    assert check.returncode == 1
    assert rule in check.stdout and "es/guidance.po:" in check.stdout


def test_a_broken_string_of_another_topic_leaves_the_language_there(scratch: tuple[Path, Run]) -> None:
    """A number changed in a topic that is not needed: that step is in English, its neighbors stay in Spanish."""
    locales, run = scratch
    file = locales / "es" / "LC_MESSAGES" / "guidance.po"
    change(file, 'msgstr "Materiales estériles"', 'msgstr "7 materiales estériles"')

    said = run("guide", "sterile-supplies", "--language", "es").stdout
    assert "7 materiales" not in said
    assert "Sterile supplies" in said
    assert "jeringa" in said, "the rest is still Spanish"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00garbage", b'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=x;\\n"\n'])
def test_an_unreadable_file_takes_its_language_and_nothing_else(scratch: tuple[Path, Run], content: bytes) -> None:
    """The whole file is garbage: English and Arabic go on, Spanish is not offered, the check names file and reason."""
    locales, run = scratch
    (locales / "es" / "LC_MESSAGES" / "guidance.po").write_bytes(content)

    assert run("guide", "overdose-response").returncode == 0
    assert run("guide", "overdose-response", "--language", "ar").returncode == 0
    check = run("check")
    assert check.returncode == 1
    assert "es/guidance.po: cannot be read" in " ".join(check.stdout.split())
    assert "Traceback" not in check.stdout + check.stderr


def test_a_page_whose_interface_is_broken_is_shown(serve: Any, client: Any, home: Path) -> None:
    """A program's own broken catalog never takes a page down: the shipped words are shown."""
    own = home / "locales" / "es" / "LC_MESSAGES" / "guidance.po"
    own.parent.mkdir(parents=True)
    own.write_bytes(b'msgctxt "a"\nmsgid "x\n\xff')

    page = client(serve()).get("/es/overdose-response")
    assert page.status == 200 and "Sobredosis" in page.text
