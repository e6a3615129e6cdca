"""The pages for each role, typed as they stand, on homes with nothing in them: what is said is what the pages say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.cli.typed import DIGITS, DOCS, plain, steps
from tests.conftest import Ran, Shell

TYPED = ("worker", "coordinator", "counting", "translating", "reviewing")
SHOWN = ("worker", "coordinator")
"""Pages in which what is bold stands on the screen."""
TEMPLATE = Path(__file__).parents[2] / "locales" / "interface.pot"


def read(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TYPED)
def test_the_page_is_true(name: str, tmp_path: Path, shell: Callable[[Path], Shell]) -> None:
    """Each console is typed in its order, each laptop on a home of its own; what is said is what the page says.

    The control: with one word of an answer changed the comparison says so.
    """
    homes: dict[str, Shell] = {}
    shown: dict[str, str] = {}
    told: list[tuple[str, str]] = []
    for who, typed, said in steps(read(name)):
        if who == "file":
            (tmp_path / typed).write_text(said, encoding="utf-8")
            continue
        words = shlex.split(DIGITS.sub(lambda found, known=shown: known[found[0]], typed), comments=True)
        ran: Ran = homes.setdefault(who, shell(tmp_path / "homes" / who))(*words, cwd=tmp_path)
        assert ran.code == 0, (typed, ran.err)
        shown |= dict(zip(DIGITS.findall(said), DIGITS.findall(ran.out), strict=False))
        if said.strip() != "...":
            assert plain(ran.out) == plain(said), typed
            told.append((ran.out, said))

    assert told
    assert all(plain(out) != plain(re.sub(r"\w+\W*$", "OTHER", said)) for out, said in told), "the control"


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_bold_stands_on_the_screen(name: str) -> None:
    """A page that says **Close and save** names words that a page of the program really has.

    The control: a word that no page has is found missing.
    """
    with TEMPLATE.open("rb") as file:
        screen = {message.id for message in read_po(file)}
    bold = set(re.findall(r"\*\*([^*]+)\*\*", read(name))) - {"bold"}

    assert len(bold) > 12
    assert bold - screen == set()
    assert {"Shut and keep"} - screen
