"""The wheel that people get: all that outreach reads is in it, nothing else is, and it runs away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]

# Where files lie in the checkout, and where in the wheel.
DATA = {
    "locales": "outreach/locales",
    "printables": "outreach/printables",
    "outreach/shipped": "outreach/shipped",
    "outreach/web/templates": "outreach/web/templates",
    "outreach/web/static": "outreach/web/static",
}
# Made on this machine, not written by anyone.
MADE = (".pyc", ".mo", ".db")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once for all tests here, from the checkout, with the hatchling that is installed."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    done = subprocess.run(command, cwd=out, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def held(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def written(folder: str) -> set[str]:
    """The files below a folder of the checkout that someone wrote."""
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {name for name in files if not name.endswith(MADE)}


@pytest.mark.parametrize(("folder", "inside"), DATA.items(), ids=DATA)
def test_all_data_ships(held: set[str], folder: str, inside: str) -> None:
    """Every file below the folder is in the wheel, at the place where outreach looks for it."""
    files = written(folder)

    assert len(files) >= 2
    assert {inside + name.removeprefix(folder) for name in files} - held == set()


def test_every_kind_of_data_ships(held: set[str]) -> None:
    """Languages, reviews, cards, layouts, topics, pictures, fonts with their license, pages: at least one of each."""
    for pattern in (
        "outreach/locales/languages.toml",
        "outreach/locales/*/LC_MESSAGES/*.po",
        "outreach/locales/*/review.toml",
        "outreach/printables/layouts.toml",
        "outreach/printables/*/card.toml",
        "outreach/printables/templates/*/card.html",
        "outreach/printables/templates/*/card.css",
        "outreach/shipped/facts.toml",
        "outreach/shipped/laws.csv",
        "outreach/shipped/law-lines.toml",
        "outreach/shipped/supplies.toml",
        "outreach/shipped/topics/*.toml",
        "outreach/shipped/pictures/*.svg",
        "outreach/shipped/pictures.toml",
        "outreach/shipped/fonts/*.ttf",
        "outreach/shipped/fonts/*.woff2",
        "outreach/shipped/fonts/OFL.txt",
        "outreach/web/templates/guide/*.html",
        "outreach/web/templates/staff/*.html",
        "outreach/web/static/*.js",
        "outreach-*.dist-info/licenses/LICENSE",
        "outreach-*.dist-info/licenses/NOTICE",
    ):
        assert any(PurePosixPath(name).match(pattern) for name in held), pattern


def test_all_code_ships(held: set[str]) -> None:
    """Every module is in the wheel."""
    assert {name for name in written("outreach") if name.endswith(".py")} - held == set()


def test_nothing_else_ships(held: set[str]) -> None:
    """No tests, tools or caches; nothing compiled, no database; only the package and what says what it is."""
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == {"outreach"}
    assert [name for name in held if name.endswith(MADE) or "__pycache__" in name or "/tests/" in name] == []
    assert [name for name in held if any(part.startswith(".") for part in PurePosixPath(name).parts)] == []


def test_it_runs_from_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """Installed into a folder of its own and called from another, it reads its own data in every usable language."""
    target, elsewhere = tmp_path / "installed here", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", target, wheel], check=True)
    env = os.environ | {"PYTHONPATH": str(target), "OUTREACH_HOME": str(tmp_path / "home")}

    def python(*words: str) -> str:
        command = [sys.executable, "-P", *words]
        return subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, check=True).stdout.decode("utf-8")

    said = python("-c", "import outreach, outreach.shipped as data; print(outreach.__file__, data.LOCALES, sep='\\n')")
    assert [Path(line) for line in said.splitlines()] == [
        target / "outreach" / "__init__.py",
        target / "outreach" / "locales",
    ]
    assert "911" in python("-m", "outreach", "guide", "overdose-response")
    assert "911" in python("-m", "outreach", "guide", "overdose-response", "--language", "es")
    assert "response" in python("-m", "outreach", "cards")
    assert not (tmp_path / "home").exists(), "reading makes no home"
