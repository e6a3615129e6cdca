"""The floors of the house: imports go down only, and each third-party package lives on one floor."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "outreach"

# What each floor may import of ours, and which third-party packages live there.
FLOORS: dict[str, tuple[set[str], set[str]]] = {
    "core": (set(), set()),
    "shipped": (set(), set()),
    "home": (set(), set()),
    "content": ({"core", "shipped", "home"}, set()),
    "i18n": ({"core", "shipped", "home"}, {"babel"}),
    "store": ({"core", "shipped", "home"}, {"sqlcipher3", "sqlite_utils", "psycopg"}),
    "printing": (
        {"core", "shipped", "home"},
        {"weasyprint", "pydyf", "qrcode", "jinja2", "pypdfium2", "zxingcpp", "PIL", "fontTools"},
    ),
    "carry": ({"core", "shipped", "home"}, {"cryptography", "openpyxl", "defusedxml", "pyrage"}),
    "services": ({"core", "shipped", "home", "content", "i18n", "store", "printing", "carry"}, set()),
    "web": (
        {"core", "shipped", "home", "services", "i18n"},
        {"flask", "flask_babel", "babel", "waitress", "werkzeug", "markupsafe"},
    ),
    "cli": ({"core", "home", "services", "web"}, {"click"}),
    "__main__": ({"cli"}, set()),
    "__init__": (set(), set()),
}


def imports_of(source: str) -> set[str]:
    """Every module name a source imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which floor they come from"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "outreach" else set()
            found.add(node.module or "")
    return found


def wrong_imports(floor: str, source: str) -> set[str]:
    """The imports that this floor may not have."""
    ours, theirs = FLOORS[floor]
    wrong = set()
    for name in imports_of(source):
        top, _, rest = name.partition(".")
        if top == "outreach":
            below = rest.partition(".")[0]
            if below not in {*ours, floor, "", "__version__"}:
                wrong.add(name)
        elif top not in sys.stdlib_module_names and top not in theirs:
            wrong.add(name)
    return wrong


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(module: Path) -> None:
    """A module imports only floors below its own, and only the packages that live on its floor."""
    inside = module.relative_to(PACKAGE)
    floor = inside.parts[0].removesuffix(".py")

    assert wrong_imports(floor, module.read_text(encoding="utf-8")) == set()


def test_an_upward_import_is_found() -> None:
    """The rule notices what it is there for: upward, sideways, hidden in a function, and third-party."""
    assert wrong_imports("core", "def f():\n    from outreach.store import ledger") == {"outreach.store"}
    assert wrong_imports("store", "from outreach.printing.press import Press") == {"outreach.printing.press"}
    assert wrong_imports("cli", "import outreach.store.ledger") == {"outreach.store.ledger"}
    assert wrong_imports("core", "import flask") == {"flask"}
    assert wrong_imports("web", "from flask import Flask\nfrom outreach.services import tally") == set()


def test_no_module_imports_itself_in_a_circle() -> None:
    """There is no import cycle, not even one hidden inside a function."""
    names = {_name(path): imports_of(path.read_text(encoding="utf-8")) for path in modules()}
    # The entry point is reached by name from the package, and names its commands' modules as text.
    graph = {name: {other for other in found if other in names and other != name} for name, found in names.items()}
    left = dict(graph)
    while True:
        leaves = {name for name, needs in left.items() if not needs & left.keys()}
        if not leaves:
            break
        left = {name: needs for name, needs in left.items() if name not in leaves}

    assert left == {}


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
