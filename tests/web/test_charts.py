"""Charts through the pages: what is drawn is what the table says and what the totals hold, on screen and on paper."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest

CHARTS = "/staff/en/reports/charts"
Q3 = "?period=2025-Q3"
DRAWN_BY_MONTH = {
    "Naloxone doses given": lambda row: row["doses"] or 0,
    "Sterile syringes given": lambda row: row["quantity"] if row["item"] == "syringe-1ml" else 0,
    "Test strips given": lambda row: row["quantity"] if row["units"] == "strips" else 0,
}


@pytest.fixture(scope="module")
def counted(shared: Any, shell: Any) -> Any:
    """A program with a year that has a gap: nothing at all in May 2025."""
    run = shell(shared.server.home)
    run("sites", "add", "harbor", "--name", "Harbor street")
    for site, day, visits, words in (
        ("outreach", "2025-04-30", 9, ("syringe-1ml=70", "naloxone-nasal=0")),
        ("outreach", "2025-07-02", 12, ("syringe-1ml=100", "kit-safer-injecting=2", "fentanyl-strip=40")),
        ("outreach", "2025-08-02", 15, ("naloxone-nasal=6", "kit-naloxone-nasal=1200")),
        ("harbor", "2025-08-02", 30, ("syringe-1ml=30", "naloxone-nasal=8", "returned:syringe-1ml=60")),
    ):
        ran = run("tally", "--site", site, "--day", day, "--encounters", str(visits), *words)
        assert ran.code == 0, ran.err
    return shared


def figures(page: str) -> dict[str, str]:
    """Each chart of a page with all that belongs to it, by the name its drawing is read out with."""
    found = re.findall(r'<figure class="chart">.*?</figure>', page, re.DOTALL)
    return {re.findall(r'aria-label="([^"]*)"', each)[0]: each for each in found}


def table(figure: str) -> dict[str, int | None]:
    """The rows of the table under a chart of one kind."""
    rows = re.findall(r'<th scope="row">([^<]*)</th><td class="n">(.*?)</td>', figure)
    return {name: None if "not reported" in said else int(said.replace(",", "")) for name, said in rows}


def drawn(figure: str, which: str, along: str) -> list[float]:
    """The lengths of the bars of one of a chart's drawings, in order."""
    [svg] = re.findall(rf'<div class="{which}">(.*?)</div>', figure, re.DOTALL)
    return [float(each) for each in re.findall(rf'<rect data-series="0"[^>]* {along}="([0-9.]+)"', svg)]


def as_long_as(bars: list[float], values: list[int]) -> bool:
    """Whether bars are as long, to a fiftieth of a pixel, as their values say."""
    scale = max(bars) / max(values)
    return len(bars) == len(values) and all(
        abs(bar - value * scale) < 0.02 for bar, value in zip(bars, values, strict=True)
    )


def test_what_is_drawn_is_what_was_counted(counted: Any) -> None:
    """By month: bars, table and the totals' JSON hold the same numbers; a month nobody counted in is no bar at all."""
    page = counted.get(CHARTS + Q3).text
    assert "From October 1, 2024 to September 30, 2025 you handed out 2,414 naloxone doses. Visits: 66." in page
    charts = figures(page)
    span = "from=2024-10-01&to=2025-09-30&by=month"
    totals = json.loads(counted.get(f"/staff/en/reports/totals.json?{span}").text)["rows"]
    for name, of in DRAWN_BY_MONTH.items():
        figure = charts[f"{name}: By month"]
        told = table(figure)
        given = [row for row in totals if row["movement"] == "given"]
        for month, words in (("2025-04", "April 2025"), ("2025-07", "July 2025"), ("2025-08", "August 2025")):
            assert (told[words] or 0) == sum(of(row) for row in given if row["month"] == month), (name, words)
        assert told["May 2025"] is None and len(told) == 12
        known = [value for value in told.values() if value is not None]
        for which in ("for-phone", "for-laptop"):
            assert as_long_as(drawn(figure, which, "height"), known), (name, which)
    assert table(charts["Naloxone doses given: By month"])["April 2025"] == 0, "counted, and none"
    assert table(charts["Test strips given: By month"])["April 2025"] is None
    assert table(charts["Visits: By month"])["August 2025"] == 45
    assert not as_long_as([3.0, 5.0], [3, 4]), "the control"


def test_sites_stand_side_by_side(counted: Any) -> None:
    """Each site's own doses and visits of the days asked for, as long as they are many."""
    charts = figures(counted.get(CHARTS + Q3).text)
    doses = charts["Naloxone doses given: Sites side by side"]
    assert table(doses) == {"outreach": 2406, "Harbor street": 8}
    assert as_long_as(drawn(doses, "for-laptop", "width"), list(table(doses).values()))
    assert table(charts["Visits: Sites side by side"]) == {"outreach": 27, "Harbor street": 30}
    alone = figures(counted.get(CHARTS + "?period=2025-04").text)
    assert not any("side by side" in name for name in alone), "one site has nothing to stand beside"


def test_one_site_alone(counted: Any) -> None:
    """Asked for one site, the months are that site's."""
    charts = figures(counted.get(CHARTS + Q3 + "&site=harbor").text)
    assert table(charts["Visits: By month"])["August 2025"] == 30


def test_the_same_on_paper(counted: Any) -> None:
    """The PDF holds the sentence, every heading, every number of the tables, and who was not reported."""
    answer = counted.get(CHARTS + ".pdf" + Q3)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="charts-2025-07-01-2025-09-30.pdf"'
    pages = pypdfium2.PdfDocument(answer.body)
    words = " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in pages)
    for piece in ("you handed out 2,414 naloxone doses", "By month", "Sterile syringes given", "Test strips given"):
        assert piece in words
    for figure in figures(counted.get(CHARTS + Q3).text).values():
        for name, value in table(figure).items():
            assert name in words
            assert ("not reported" if value is None else f"{value:,}") in words


def test_links_lead_to_the_charts_and_back(counted: Any) -> None:
    """From the reports, and from totals for the same days; from a chart to its totals and to what is behind it."""
    assert f'href="{CHARTS}"' in counted.get("/staff/en/reports").text
    days = "from=2025-07-01&amp;to=2025-09-30"
    assert f"{CHARTS}?{days}" in counted.get("/staff/en/reports/totals" + Q3).text
    page = counted.get(CHARTS + Q3).text
    assert f"/staff/en/reports/totals?{days}" in page
    assert "/staff/en/reports/numbers/N1?from=2024-10-01&amp;to=2025-09-30" in page
    for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("txt", b"Totals"), ("csv", b"\xef\xbb\xbf")):
        assert counted.get(f"/staff/en/reports/totals.{form}{Q3}").body.startswith(begins)


def test_nothing_counted_yet(reading: Any) -> None:
    """A new program is told what will be here; nothing is drawn and no file is offered."""
    page = reading.get(CHARTS).text
    assert "Nothing was counted from" in page
    assert figures(page) == {} and "charts.pdf" not in page


def test_what_will_not_be_handed_out_in_time(served: Any, shell: Any) -> None:
    """Ten doses a month go out; of 4 that expire in two months none is lost, of 100 most are, and the page says so."""
    run, today = shell(served.server.home), date.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    soon = (today.replace(day=1) + timedelta(days=62)).replace(day=28)
    for words in (
        ("tally", "--site", "outreach", "--day", last_month.isoformat(), "naloxone-im=10"),
        ("stock", "receive", "naloxone-im=4", "--site", "outreach", "--lot", "A1", "--expires", soon.isoformat()),
    ):
        assert run(*words).code == 0
    months = "Naloxone: handed out, and expiring"
    page = served.get(CHARTS).text
    assert "is handed out in time" in page and months in figures(page)

    words = ("stock", "receive", "naloxone-im=96", "--site", "outreach", "--lot", "B2", "--expires", soon.isoformat())
    assert run(*words).code == 0
    page = served.get(CHARTS).text
    lost = int(re.findall(r"expire before they are handed out at this pace: ([0-9]+)[.]", page)[0])
    # Ten each in two whole months, and of this one what is left of it.
    assert 70 <= lost <= 80
    assert f'<td class="n">{lost}</td>' in figures(page)[months]
