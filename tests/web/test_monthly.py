"""What is counted once a month: off until it is switched on, kept away from every session, corrected in sight."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.program import Program

MONTH = "2026-07"


def edition(page: str) -> str:
    found = re.search(r'name="edition" value="([0-9a-f]*)"', page)
    assert found, page[:1500]
    return found[1]


def switch_on(client: Any, group: str) -> None:
    """This group, and no other any more."""
    page = client.get("/staff/en/counted").text
    things = dict(re.findall(r'name="(thing-[a-z0-9-]+)">.*?value="([a-z-]+)" selected', page, re.DOTALL))
    assert client.post("/staff/en/counted", {"edition": edition(page), **things, "monthly": group}).status == 200


def month(client: Any) -> str:
    return str(client.get(f"/staff/en/monthly?month={MONTH}").text)


def typed(client: Any, seen: str, **numbers: str) -> Any:
    fields = {f"event:{name.replace('_', '-')}": number for name, number in numbers.items()}
    return client.post("/staff/en/monthly", {"month": MONTH, "edition": edition(seen), **fields})


def value(page: str, code: str) -> str:
    found = re.search(rf'<input name="event:{code}"[^>]* value="([^"]*)"', page)
    assert found, page
    return found[1]


def numbers(client: Any, indicator: str, **asked: str) -> str:
    period = "&".join(f"{name}={each}" for name, each in {"period": MONTH, **asked}.items())
    return str(client.get(f"/staff/en/reports/numbers/{indicator}?{period}").text)


def sheets(home: Path) -> list[Any]:
    """Every sheet of a home whose server was stopped."""
    return list(Program(Home(home)).ledger().sheets())


def test_it_is_off_until_a_program_switches_it_on(served: Any) -> None:
    """The page says what it is for and offers no field; nothing is saved by a form that was made up."""
    page = month(served)
    assert "All of it is off" in page and "/staff/en/counted#monthly" in page
    assert 'name="event:' not in page
    made_up = served.post("/staff/en/monthly", {"month": MONTH, "edition": "", "event:outcome-survived": "3"})
    assert made_up.status in (409, 422)

    switch_on(served, "outcomes")
    page = month(served)
    assert 'name="event:outcome-survived"' in page
    assert 'name="event:age-18-24"' not in page, "each group is switched on by itself"


def test_a_month_is_saved_and_corrected_with_both_shown(served: Any) -> None:
    """Blank is not reported, 0 is; the second save keeps the differences; reports have what counts now, by month."""
    switch_on(served, "outcomes")
    assert 'id="N5"' not in served.get(f"/staff/en/reports/numbers?period={MONTH}").text
    saved = typed(served, month(served), outcome_survived="12", outcome_died="0")
    assert saved.status == 200 and "Saved." in saved.text
    assert (value(saved.text, "outcome-survived"), value(saved.text, "outcome-died")) == ("12", "0")
    assert value(saved.text, "outcome-unknown") == ""

    again = typed(served, saved.text, outcome_survived="10", outcome_died="0", outcome_911="4")
    assert value(again.text, "outcome-survived") == "10"
    assert re.search(r"First saved: \D*12.*?−2", again.text, re.DOTALL)

    page = numbers(served, "N5")
    assert re.search(r"<dt>The person survived</dt><dd>10 survived", page)
    assert re.search(r"<dt>How it went is not known</dt><dd>.*?not reported", page)
    assert "July 2026" in page
    assert ">Site</h2>" not in page and ">Day</h2>" not in page, "it is of no site and no day"
    assert 'id="N5"' in served.get(f"/staff/en/reports/numbers?period={MONTH}").text
    other = numbers(served, "N5", site="outreach")
    assert re.search(r"<dt>The person survived</dt><dd>.*?not reported", other)
    assert re.search(r"<dt>Sites</dt><dd>.*?not reported", numbers(served, "A4")), "the whole program is no site"


def test_what_is_wrong_or_odd_is_said_and_nothing_is_saved(served: Any) -> None:
    """No number, words for a number, a number emptied, nothing new; odd ones are asked about and saved on a yes."""
    switch_on(served, "outcomes")
    fresh = month(served)
    assert "Type at least one number" in typed(served, fresh).text
    assert "is not a whole number" in typed(served, fresh, outcome_died="two").text
    assert served.get("/staff/en/monthly?month=2026-13").status == 422
    assert served.get("/staff/en/monthly?month=2026-Q3").status == 422
    odd = typed(served, fresh, outcome_survived="200001")
    assert odd.status == 422 and "Yes, it is right" in odd.text
    assert "Nothing is saved for this month" in month(served)

    fields = {"month": MONTH, "edition": edition(odd.text), "event:outcome-survived": "200001", "sure": "1"}
    assert value(served.post("/staff/en/monthly", fields).text, "outcome-survived") == "200001"
    assert "cannot become blank" in typed(served, month(served), outcome_survived="").text
    assert "says all of this already" in typed(served, month(served), outcome_survived="200001").text


def test_more_than_all_visits_asks(served: Any, outreach: Any) -> None:
    """Beside 5 visits in that month 6 is asked about and 5 is not."""
    switch_on(served, "ages")
    ran = outreach("tally", "--site", "outreach", "--day", f"{MONTH}-09", "cooker=3", "--encounters", "5")
    assert ran.code == 0, ran.err
    assert "more than all visits" in typed(served, month(served), age_18_24="6").text
    assert typed(served, month(served), age_18_24="5").status == 200


def test_two_people_at_once(served: Any) -> None:
    """The second one sees what the first saved, with the own numbers beside, and nothing of it is saved."""
    switch_on(served, "outcomes")
    one = two = month(served)
    assert typed(served, one, outcome_survived="7").status == 200
    late = typed(served, two, outcome_survived="9")
    assert late.status == 409 and "Someone else saved this month" in late.text
    assert value(late.text, "outcome-survived") == "7" and "You typed" in late.text
    assert value(month(served), "outcome-survived") == "7"


def test_nothing_joins_a_month_to_supplies(served: Any, home: Path) -> None:
    """A sheet with monthly events has no line, visit, site or day of the program; no page that counts offers them."""
    switch_on(served, "ages")
    saved = typed(served, month(served), age_18_24="3", age_65="1")
    typed(served, saved.text, age_18_24="2", age_65="1")
    sheet = served.open_sheet()
    tab = served.tab(sheet)
    served.tap(sheet, tab, 1, "given:cooker")
    refused = served.tap(sheet, tab, 2, "event:age-18-24")
    assert refused.status == 422, refused.text
    for path in (f"tally/{sheet}", "paper", "blank"):
        page = served.get(f"/staff/en/{path}").text
        assert "age-18-24" not in page and "18 to 24" not in page and "outcome-" not in page, path
    served.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"})
    listed = served.get("/staff/en/tally").text
    assert listed.count("/staff/en/tally/closed/") == 1, "the month stands on its own page only"
    assert "Undo" not in served.get("/staff/en/reports/past").text, "nor is it a table that was brought in"
    assert f'"quantity": {1}' in served.get(f"/staff/en/reports/totals.json?period={time.strftime('%Y')}").text

    served.server.stop()
    found = sheets(home)
    months = [each for each in found if any(code.startswith("age-") for code in each.events)]
    assert len(found) == 3 and len(months) == 2
    for each in months:
        assert (each.site, each.day.isoformat(), each.model) == ("program", f"{MONTH}-01", None)
        assert not each.lines
        assert each.encounters is each.others is each.hours is None
        assert set(each.x) == {"act", "events"}
    assert all(not each.lines or each.site == "outreach" for each in found)


def test_no_site_is_the_whole_program(served: Any, outreach: Any) -> None:
    """A site cannot take the code that stands for the whole program."""
    refused = outreach("sites", "add", "program")
    assert refused.code == 1 and "whole program" in refused.err


def test_a_month_in_a_terminal(served: Any, outreach: Any) -> None:
    """What is off is refused with what is kept; totals are saved, shown, corrected."""
    off = outreach("monthly", "--month", MONTH, "outcome-survived=9")
    assert off.code == 1 and "not kept by month" in off.err
    switch_on(served, "outcomes")
    saved = outreach("monthly", "--month", MONTH, "outcome-survived=9", "outcome-died=0")
    assert saved.out == "Saved the totals of 2026-07: 2 numbers.\n", saved.err
    assert outreach("monthly", "--month", MONTH, "outcome-survived=8").out.startswith("Saved a correction")
    rows = {row["event"]: row["quantity"] for row in outreach.json("monthly", "--month", MONTH, "--format", "json")}
    assert rows["outcome-survived"] == 8 and rows["outcome-died"] == 0 and rows["outcome-unknown"] is None
    assert "age-18-24" not in rows
    for bad, code in (("litter=1", 1), ("outcome-died", 2), ("outcome-died=x", 1)):
        assert outreach("monthly", "--month", MONTH, bad).code == code, bad
    assert outreach("monthly", "--month", "July", "outcome-died=1").code == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_month_is_typed_without_a_barrier(served: Any, browser: Any, barriers: Any, scheme: str) -> None:
    """At 320 px with numbers, a correction and a mistake axe finds nothing, nothing scrolls sideways; Enter goes on."""
    switch_on(served, "outcomes")
    saved = typed(served, month(served), outcome_survived="12")
    typed(served, saved.text, outcome_survived="10")
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(served.server.door)
    page.goto(f"{served.server.address}/staff/en/monthly?month={MONTH}")
    assert barriers(page) == []
    page.fill('[name="event:outcome-survived"]', "11")
    page.press('[name="event:outcome-survived"]', "Enter")
    page.keyboard.type("many")
    page.locator("form[method=post] button.do").last.click()
    assert page.evaluate("document.activeElement.name") == "event:outcome-died", "the cursor is where it is wrong"
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert barriers(page) == []
    context.close()


def test_ages_stand_in_their_order(served: Any) -> None:
    """On the page behind the number the youngest come first."""
    switch_on(served, "ages")
    ages = ("0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65")
    typed(served, month(served), **{f"age_{each}".replace("-", "_"): "20" for each in ages})
    page = numbers(served, "P1")
    assert re.findall(r'<th scope="row">(Under 18|\d\d to \d\d|65 and over)', page) == [
        "Under 18",
        *("18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64"),
        "65 and over",
    ]
