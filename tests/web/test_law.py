"""The law where you are, on its pages and in a terminal: 911 first, dated, nothing promised."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from outreach.content.laws import read_law_lines, read_laws
from outreach.home import Home
from outreach.services.program import Program

KINDS = ("AK", "AR", "IA", "IL", "OK", "TX", "VT", "WY")
PROTECTED = re.compile(r"protected", re.IGNORECASE)


def words(page: str) -> str:
    """What a page says, without its markup."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def test_every_state_in_every_language(reading: Any, outreach: Any) -> None:
    """Reached by links: 911 with a tel link first, then the row's day, statutes and sources.

    All 51 states in English and Arabic, in every other language one of each kind.
    """
    tags = [
        row["language"] for row in outreach.json("languages", "--format", "json") if row["usable"] == "guide and cards"
    ]
    assert {"en", "ar"} <= set(tags)
    seen = ""
    for tag in tags:
        topic = reading.get(f"/{tag}/the-law").text
        assert f'href="/{tag}/law/"' in topic
        links = re.findall(rf'href="(/{tag}/law/[A-Z]{{2}})"', reading.get(f"/{tag}/law/").text)
        assert len(set(links)) == 51
        for link in links if tag in ("en", "ar") else [each for each in links if each[-2:] in KINDS]:
            answer = reading.get(link)
            law = read_laws()[link[-2:]]  # type: ignore[index]
            said = words(answer.text)
            assert answer.status == 200
            main = answer.text[answer.text.index("<main") :]
            assert main.index('href="tel:911"') < main.index(law.name) < main.index("<section"), link
            for text in (law.law_source.statute, law.strips_source.statute, law.strips_source.source):
                assert re.sub(r"\s+", " ", text) in said, (link, text)
            assert law.selling_source.source in said
            assert law.law_source.as_of[:4] in said
            assert answer.text.count('class="asof"') == 3
            seen += said
    assert not PROTECTED.search(seen)


def test_no_line_says_protected() -> None:
    """Neither the lines nor the topic say it, in English or in any translation there is; the search can find one."""
    assert PROTECTED.search("You are Protected."), "the search must be able to find one"
    program = Program(Home(Path("/nonexistent")))
    contexts = [(context, text) for context, text, _ in program.strings() if context.startswith(("law.", "the-law."))]
    assert len([c for c, _ in contexts if c.startswith("law.")]) == len(read_law_lines())
    assert [context for context, text in contexts if PROTECTED.search(text)] == []


def test_texas_says_arrest_plainly(reading: Any) -> None:
    """A state whose law is only a defense says first that a person can be arrested, and no line offers more."""
    said = words(reading.get("/en/law/TX").text)
    assert "You can be arrested and charged." in said
    assert "keep you from being arrested" not in said
    assert "keep you from being arrested" in words(reading.get("/en/law/CA").text), "the control"
    assert "may still be against the law in this state" in said
    assert "Check locally." in said


def test_english_names_keep_their_place_in_arabic(reading: Any) -> None:
    """On a right-to-left page the state's name, the statute and the sources are English and isolated."""
    page = reading.get("/ar/law/TX").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<h1><span lang="en" dir="ltr">Texas</span></h1>' in page
    assert 'lang="en" dir="ltr">Tex. Health and Safety Code 481.125</span>' in page
    assert '<span lang="en" dir="ltr">Texas</span></a>' in reading.get("/ar/law/").text


def test_an_unknown_state_is_the_list_with_a_sentence(reading: Any) -> None:
    """A state that is not there answers with the list to choose from and says so; small letters are understood."""
    answer = reading.get("/es/law/ZZ")
    assert answer.status == 404
    assert 'role="alert"' in answer.text
    assert "ZZ" in answer.text
    assert len(re.findall(r'href="/es/law/[A-Z]{2}"', answer.text)) == 51
    assert reading.get("/en/law/tx").status == 200


def test_the_law_in_a_terminal(outreach: Any) -> None:
    """`outreach law` lists the states, says one in 80 columns with its day, or as JSON, and refuses others."""
    assert "District of Columbia" in outreach("law").out
    ran = outreach("law", "tx")
    assert ran.code == 0
    assert ran.out.startswith("Call 911 first.")
    assert "Written down on 2023-01-01." in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    body = json.loads(outreach("law", "TX", "--format", "json").out)
    assert [part["id"] for part in body["parts"]] == ["may", "not", "strips"]
    assert body["sources"][0]["date"] == "2023-01-01"
    refused = outreach("law", "ZZ")
    assert (refused.code, "no state ZZ" in refused.err) == (1, True)
    assert not outreach.home.exists(), "reading the law makes no home"


def test_staff_topics_stand_apart(served: Any, home: Any) -> None:
    """A topic for staff is listed at the guide's end and on the staff's first page; its answers wait to be unfolded."""
    (home / "topics").mkdir(parents=True, exist_ok=True)
    (home / "topics" / "our-check.toml").write_text(TOPIC, encoding="utf-8")
    served.server.kill()
    served.server.start()
    served.get(served.server.door.removeprefix(served.server.address))

    listed = served.get("/en/").text
    assert listed.index('id="group-staff"') < listed.index('href="/en/our-check"'), "under the last group of topics"
    assert 'href="/en/our-check"' in served.get("/staff/en/").text
    page = served.get("/en/our-check").text
    folded = page[page.index("<details><summary>Show the answer") :].partition("</details>")[0]
    assert "Every 5\u00a0seconds." in folded


TOPIC = """
id = "our-check"
class = "S2"
checked = 2026-11-22
order = 900
audience = "staff"
title = "Our quick check"
summary = "For the team."
[[section]]
id = "questions"
kind = "questions"
title = "Questions"
[[section.step]]
id = "breaths"
text = "How often do you give a breath?"
answer = "Every 5 seconds."
facts = ["own: standing order, 2026-01-05"]
"""
