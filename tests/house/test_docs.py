"""README and docs: each command, option, address, link and picture they name is there, and what is there is named."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from outreach.cli.entry import COMMANDS, outreach
from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")), *sorted(DOCS.rglob("*.md"))]
REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")
LINK = re.compile(r"(?:\]\(|src=\")(?!https?:)([^)\"\s]+)")


def each_page(page: Path) -> str:
    return page.relative_to(ROOT).with_suffix("").as_posix()


def prose(page: Path) -> str:
    """A page without what stands in its fences: there a link is only shown."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What a link may end in, as the page's heads are named on the web."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_command_is_in_the_reference() -> None:
    """Each command has a row or an example in docs/reference.md."""
    assert [name for name in COMMANDS if f"outreach {name}" not in REFERENCE] == []


@pytest.mark.parametrize("page", PAGES, ids=each_page)
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


def test_every_address_is_in_the_reference(tmp_path: Path) -> None:
    """Each page a person can open is in the table, or lies under one that is."""
    app = make_app(Program(Home(tmp_path / "home")), "token")
    named = re.findall(r"^\| `(/[^`]*)`", REFERENCE, re.MULTILINE)
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}

    for page in pages:
        if page.startswith(("/static", "/fonts")) or page in ("/staff/", "/staff/open"):
            continue
        assert any(page == each or (each.count("/") > 2 and page.startswith(each.rstrip("/"))) for each in named), page
    assert [each for each in named if each.replace("<tag>/<topic>", "<tag>/<topic>") not in pages] == []


@pytest.mark.parametrize("page", PAGES, ids=each_page)
def test_links_lead_somewhere(page: Path) -> None:
    """What a page points to exists, and so does the head in it that a link names."""
    for link in LINK.findall(prose(page)):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_a_link_to_a_head_that_is_not_there_is_noticed() -> None:
    """The control: heads are named as on the web, and others are not among them."""
    assert "where-does-a-new--go" in anchors(ROOT / "README.md")
    assert "where-does-a-new-go" not in anchors(ROOT / "README.md")


def test_every_page_is_found_from_the_first_one() -> None:
    """Whoever begins at README gets to every page of docs by links."""
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        ahead += [(page.parent / link.partition("#")[0]).resolve() for link in LINK.findall(prose(page))]
    assert set(PAGES) - seen == set()


def test_every_picture_is_shown_and_taken_again_by_one_command() -> None:
    """Each picture in docs/pictures stands in a page and is one that `.ci/take_pictures.py` makes."""
    shown = {
        (page.parent / link).resolve() for page in PAGES for link in LINK.findall(prose(page)) if link.endswith(".png")
    }
    there = set((DOCS / "pictures").rglob("*.png"))
    said = ast.walk(ast.parse((ROOT / ".ci" / "take_pictures.py").read_text(encoding="utf-8")))
    names = {Path(node.value).stem for node in said if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    cards = {card.parent.name for card in (ROOT / "printables").glob("*/card.toml")}

    assert shown == there
    assert {file.stem for file in there if file.parent.name == "cards"} == cards
    assert {file.stem for file in there if file.parent.name != "cards"} <= names
    assert "nothing-of-the-kind" not in names | cards, "the control"


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
