"""The shape of the house: small rooms, honest names, a sentence at every door."""

from __future__ import annotations

import ast
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "outreach").rglob("*.py"))
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def lines(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines())


def test_no_module_is_long() -> None:
    """No module has over 300 lines, and half of them stay under 160."""
    assert {str(m.relative_to(ROOT)): lines(m) for m in MODULES if lines(m) > 300} == {}
    assert statistics.median(lines(m) for m in MODULES) < 160


def test_names_say_what_lives_there() -> None:
    """No module or folder is called utils, helpers or the like."""
    assert [m for m in MODULES if SAYS_NOTHING & {part.removesuffix(".py") for part in m.parts}] == []


def test_every_module_opens_with_a_sentence() -> None:
    """Each module's docstring begins with one sentence that ends on its first line or paragraph."""
    for module in MODULES:
        said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
        assert said, f"{module.relative_to(ROOT)} says nothing about itself"
        assert said.split("\n\n")[0].rstrip().endswith("."), f"{module.relative_to(ROOT)}: not a sentence"


def test_every_test_says_what_it_shows() -> None:
    """Each test has a docstring that tells the behaviour."""
    silent = []
    for module in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                silent.append(f"{module.relative_to(ROOT)}: {node.name}")

    assert silent == []


def test_nothing_built_or_local_is_kept() -> None:
    """No compiled catalog, database or path of one machine is in the tree that travels."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")

    assert [name for name in files if name.endswith((".mo", ".pyc", ".db", ".sqlite", ".sqlite3"))] == []
