"""Help where you are: every staff page ends with a few short sentences on itself, in the page's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from outreach.content.help import read_help
from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.help import page_of

NO_PAGE = re.compile(r"\.(pdf|png|css|<form>)$|/browser/|/state$|/<key>/<name>$")
"""Files, pictures, a state for a script, and the sheets for the browser's own print, which are paper."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The address of every staff page under /staff/<tag>/."""
    app = make_app(Program(Home(tmp_path_factory.mktemp("help") / "home")), "token")
    rules = [each for each in app.url_map.iter_rules() if each.rule.startswith("/staff/<tag>/")]
    found = {page_of(each.rule) for each in rules if "GET" in (each.methods or set())}
    return {each for each in found if not NO_PAGE.search(each)}


def test_every_staff_page_has_help(pages: set[str]) -> None:
    """No page is without, and no help is about a page that is not there."""
    assert "tally/<sheet>" in pages and "stock/<act>" in pages and len(pages) > 50, "the search must find some"
    assert pages - read_help().keys() == set()
    assert read_help().keys() - pages == set()


def test_help_is_short() -> None:
    """Two to five sentences, none of them long."""
    for page, said in read_help().items():
        sentences = re.split(r"(?<=\.)\s", said)
        assert 2 <= len(sentences) <= 5 and all(each.endswith(".") for each in sentences), page
        assert max(len(each.split()) for each in sentences) <= 26, page


@pytest.mark.parametrize("tag", ["en", "es", "ar"])
def test_it_stands_at_the_end_of_the_page(reading: Any, tag: str) -> None:
    """Folded, after everything else in it; a page of a place that is not there has its own sentence and no help."""
    for page in ("", "tally", "reports/totals", "setup", "print/printers"):
        text = reading.get(f"/staff/{tag}/{page}").text
        about = text.partition('<details class="about">')[2]
        assert about and about.index("</details>") < about.index("</main>"), page
        assert not re.search(r"<(h1|h2|form)\b", about.partition("</main>")[0]), page
        assert (read_help()[page] in about) is (tag == "en"), page
    assert "about" not in re.findall(r'details class="(\w+)"', reading.get(f"/staff/{tag}/tally/closed/none").text)


def test_who_has_no_key_reads_none(untouched: Any, client: Any) -> None:
    """What stands at the door says nothing of what is behind it."""
    shut = client(untouched).get("/staff/en/backups")
    assert shut.status == 403 and read_help()["backups"] not in shut.text


def test_a_locked_page_says_what_the_lock_is(served: Any, outreach: Any, tmp_path: Path) -> None:
    """Not what the page behind it is about."""
    words = tmp_path / "words"
    words.write_text("one two three four five six", encoding="utf-8")
    assert outreach("passphrase", "set", "--words-file", words).code == 0
    served.post("/staff/en/lock")
    locked = served.get("/staff/en/backups").text
    assert "Locked" in locked and 'class="about"' not in locked
    assert read_help()["lock"] in served.get("/staff/en/lock").text
