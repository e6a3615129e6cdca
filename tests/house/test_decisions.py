"""docs/decisions: at most ten short pages of one shape, all listed, and no link that leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "decisions"
INDEX = FOLDER / "README.md"
PAGES = sorted(path for path in FOLDER.iterdir() if path != INDEX)
PARTS = ["Context", "Decision", "Tried and measured", "Consequences", "When to look again"]
MOST_PAGES, MOST_LINES = 10, 60


def faults(text: str) -> list[str]:
    """What a page of a decision has that it should not, or lacks."""
    found = []
    if len(text.splitlines()) > MOST_LINES:
        found.append("too long")
    title, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    if not re.fullmatch(r"# \S.*\n\n", title):
        found.append("no title, or words outside of the parts")
    heads = [part.partition("\n")[0] for part in parts]
    if heads != PARTS:
        found.append("other parts")
    found += [
        f"nothing under {head}" for head, part in zip(heads, parts, strict=True) if not part.partition("\n")[2].strip()
    ]
    return found


def slugs(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def dead_links(page: Path, text: str) -> list[str]:
    """The links of a page to files or headings that are not there."""
    dead = []
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        place, _, anchor = link.partition("#")
        file = page.parent / place if place else page
        if not file.exists() or (anchor and anchor not in slugs(file.read_text(encoding="utf-8"))):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_is_a_page_of_five_parts(page: Path) -> None:
    """At most sixty lines: context, decision, what was tried and measured, consequences, when to look again."""
    assert faults(page.read_text(encoding="utf-8")) == []


def test_another_shape_is_found() -> None:
    """The control: a page that is too long, one with other parts, one with an empty part, one that begins too early."""
    good = "# A title\n\n" + "\n".join(f"## {part}\n\nWords.\n" for part in PARTS)
    assert faults(good) == []
    assert faults(good + "more\n" * MOST_LINES) == ["too long"]
    assert faults(good.replace("## Consequences\n\nWords.\n\n", "")) == ["other parts"]
    assert faults(good.replace("## Decision\n\nWords.", "## Decision\n")) == ["nothing under Decision"]
    assert faults(good.replace("# A title\n\n", "# A title\n\nSome words.\n\n")) != []


def test_at_most_ten_are_kept_and_all_are_listed() -> None:
    """The list names each page by its own title, in order; an eleventh has to take the place of another."""
    listed = re.findall(r"^\| (\d+) \| \[(.+)\]\((.+)\) \|$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    titles = {page.name: page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in PAGES}

    assert 0 < len(PAGES) <= MOST_PAGES
    assert [(int(number), name, title) for number, title, name in listed] == [
        (int(page.name[:2]), page.name, titles[page.name]) for page in PAGES
    ]


READ_FIRST = [*PAGES, INDEX, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]


@pytest.mark.parametrize("page", READ_FIRST, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_no_link_leads_nowhere(page: Path) -> None:
    """What those who carry on read first points to files and headings that are there."""
    text = page.read_text(encoding="utf-8")

    assert dead_links(page, text) == []
    assert dead_links(page, text + "[a](no-file.md) [b](#no-heading)") == ["no-file.md", "#no-heading"], "the control"
