"""README: every command, option and address it names is there, and every one that is there is named."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from outreach.cli.entry import COMMANDS, outreach
from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme() -> None:
    """Each command has a row or an example."""
    assert [name for name in COMMANDS if f"outreach {name}" not in README] == []


PAGES = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("carrying", "counting", "hub"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_name_only_commands_and_options_that_exist(page: Path) -> None:
    """Every `outreach ...` in README and docs can be typed: the command is there and so are its options."""
    wrong = []
    for line in re.findall(r"outreach ((?:[a-z]+)[^`\n#]*)", page.read_text(encoding="utf-8")):
        name, *words = line.split()
        if name not in COMMANDS:
            continue
        command = outreach.get_command(click.Context(outreach), name)
        assert command
        if isinstance(command, click.Group) and words:
            command = command.get_command(click.Context(command), words[0]) or command
        known = {option for each in command.params for option in each.opts}
        wrong += [f"{name} {word}" for word in re.findall(r"--[a-z-]+", " ".join(words)) if word not in known]

    assert wrong == []


def test_every_address_is_in_the_readme(tmp_path: Path) -> None:
    """Each page a person can open is in the table, or lies under one that is."""
    app = make_app(Program(Home(tmp_path / "home")), "token")
    named = re.findall(r"^\| `(/[^`]*)`", README, re.MULTILINE)
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}

    for page in pages:
        if page.startswith(("/static", "/fonts")) or page in ("/staff/", "/staff/open"):
            continue
        assert any(page == each or (each.count("/") > 2 and page.startswith(each.rstrip("/"))) for each in named), page
    assert [each for each in named if each.replace("<tag>/<topic>", "<tag>/<topic>") not in pages] == []


@pytest.mark.parametrize("link", sorted(set(re.findall(r"(?:\]\(|src=\")(?!http)([^)\"]+)", README))))
def test_links_and_pictures_are_there(link: str) -> None:
    """What README points to exists."""
    assert (ROOT / link.partition("#")[0]).is_file()


def test_sentences_name_only_commands_that_exist() -> None:
    """A refusal that says what to type names a command that is there."""
    named = set()
    for module in (ROOT / "outreach").rglob("*.py"):
        named |= set(re.findall(r"`outreach ([a-z]+)", module.read_text(encoding="utf-8")))

    assert "sites" in named, "the search must be able to find one"
    assert named - set(COMMANDS) == set()


def test_what_is_promised_names_the_test_that_shows_it() -> None:
    """Every promise ends in a link to a file that is there; so many things are not promised in the same type."""
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    promised, not_promised = text.partition("## Not promised")[::2]
    links = re.findall(r"\]\(([^)]+)\) \|$", promised, re.MULTILINE)
    rows = [part.count("\n| ") - 1 for part in (promised, not_promised)]

    assert len(links) == rows[0] > 8 and rows[1] >= rows[0]
    assert [each for each in links if not (ROOT / "docs" / each).is_file()] == []
