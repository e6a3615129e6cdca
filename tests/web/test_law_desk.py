"""Who checked the law of a state, entered on a page: reached by links, refused in sentences, then the card prints."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.core.periods import within_a_year, year_from

TODAY = time.strftime("%Y-%m-%d")
WHO = "Lawyer, Legal Aid <North>"
ORDER = {"card": "law", "layout": "avery-5388", "skip": "0", "copies-en": "3", "given-state": "CA"}


def links(page: str) -> set[str]:
    return set(re.findall(r'href="([^"#]+)', page))


def said(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).translate({0x2068: "", 0x2069: ""}).split())


def test_from_a_refused_card_to_a_printed_one(served: Any) -> None:
    """The refusal leads to the state's page, its form to the order as it was, and the order to the cards."""
    refused = served.post("/staff/en/print", ORDER)
    assert refused.status == 422 and "is printed once someone has checked it" in refused.text
    assert "/staff/en/law/CA" in links(refused.text)
    kept = next(each for each in links(refused.text) if each.startswith("/staff/en/print?")).replace("&amp;", "&")
    assert re.search(r'name="copies-en"[^>]+value="3"', served.get(kept).text)

    page = served.get("/staff/en/law/CA").text
    assert "Nobody has entered a check yet" in page and "Cal. Health &amp; Safety Code" in page
    assert "Written down" in page, "the day of what is held stands there"
    saved = served.post("/staff/en/law/CA", {"by": WHO, "day": TODAY})
    assert saved.status == 200
    last = year_from(date.fromisoformat(TODAY))
    assert "Checked by Lawyer, Legal Aid &lt;North&gt; on" in said(saved.text) and str(last.year) in said(saved.text)

    ready = next(each for each in links(saved.text) if "given-state=CA" in each).replace("&amp;", "&")
    form = served.get(ready).text
    assert 'value="law"' in form and re.search(r'name="given-state"[^>]+value="CA"', form)
    made = served.post("/staff/en/print", ORDER)
    assert "Ready to print" in served.finished(made.url.removeprefix(served.server.address))


def test_the_links_to_it(served: Any) -> None:
    """Settings, the print page and the wall of cards lead to the list of states; the list to every state."""
    for page in ("settings", "print", "cards"):
        assert "/staff/en/law" in links(served.get(f"/staff/en/{page}").text), page
    states = {each for each in links(served.get("/staff/en/law").text) if re.search(r"/staff/en/law/[A-Z]{2}$", each)}
    assert len(states) == 51


@pytest.mark.parametrize(
    ("by", "day", "sentence"),
    [
        ("  ", TODAY, "Say who checked it"),
        ("x" * 61, TODAY, "too long"),
        (WHO, "2999-01-01", "still to come"),
        (WHO, "2020-01-01", "12 months"),
        (WHO, "20260101", "not a day"),
        (WHO, "", "not a day"),
    ],
)
def test_what_cannot_be_entered_is_kept_in_the_form(served: Any, home: Path, by: str, day: str, sentence: str) -> None:
    """One sentence beside the form, both fields as they were typed, nothing saved."""
    answer = served.post("/staff/en/law/CA", {"by": by, "day": day})
    form = answer.text[answer.text.index('id="check"') :]
    assert answer.status == 422 and 'role="alert"' in form and sentence in form
    for value in (by, day):
        assert f'value="{value.replace("<", "&lt;").replace(">", "&gt;")}"' in form
    assert not (home / "law-checks.toml").exists()


def test_a_state_with_an_open_end_says_what_is_missing(served: Any, home: Path) -> None:
    """Texas: what nobody has looked up, in the page's language too, no form; posting all the same is refused."""
    page = served.get("/staff/en/law/TX").text
    assert "Nobody has looked up:" in page and ">selling and sharing</em>" in page and 'name="by"' not in page
    assert "/en/law/TX" in links(page), "the page to show on a screen"
    spanish = served.get("/staff/es/law/TX").text
    assert ">vender y compartir</em>" in spanish and "selling and sharing" not in spanish
    refused = served.post("/staff/es/law/TX", {"by": WHO, "day": TODAY})
    assert refused.status == 422 and not (home / "law-checks.toml").exists()
    card = served.post("/staff/es/print", ORDER | {"given-state": "TX", "copies-en": "", "copies-es": "1"})
    assert card.status == 422 and "vender y compartir" in card.text and "selling" not in said(card.text)


def test_a_check_that_no_longer_counts_says_so(served: Any, home: Path) -> None:
    """More than 12 months old: the list marks it, the page asks for another, the card does not print."""
    home.mkdir(exist_ok=True)
    old = date.fromisoformat(TODAY) - timedelta(days=370)
    served.post("/staff/en/law/CA", {"by": "Lawyer", "day": TODAY})
    file = home / "law-checks.toml"
    file.write_text(file.read_text("utf-8").replace(TODAY, old.isoformat()), encoding="utf-8")
    assert "Check again" in served.get("/staff/en/law").text
    assert "That counts no longer" in served.get("/staff/en/law/CA").text
    refused = served.post("/staff/en/print", ORDER)
    assert refused.status == 422 and "/staff/en/law/CA" in links(refused.text)


@pytest.mark.parametrize("day", ["2023-11-29", "2024-02-29", "2024-03-01", "2023-12-31"])
def test_the_last_day_is_the_last_one_that_counts(day: str) -> None:
    """The day named on the page still counts, and the one after it does not; in leap years too."""
    first = date.fromisoformat(day)
    last = year_from(first)
    assert within_a_year(first, last) and not within_a_year(first, last + timedelta(days=1))
