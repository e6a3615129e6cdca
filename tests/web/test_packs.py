"""Reports in the funders' words through the pages: right numbers, every form, frozen when sent, public ones safe."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import openpyxl
import pypdfium2
import pytest

from outreach.core.periods import PeriodKind, period_of
from outreach.core.sheets import Movement
from outreach.home import Home
from outreach.services import settings, tally
from outreach.services.program import Program
from tests.web.test_past_totals import send


@pytest.fixture
def counted(served: Any) -> Any:
    """A program with a little counted in the third quarter of 2025, of which a page knows everything."""
    program = Program(Home(served.server.home))
    settings.add_site(program, "harbor", "Harbor street", "street")
    given, back = Movement.GIVEN, Movement.RETURNED
    for site, day, counts in (
        (
            "outreach",
            date(2025, 7, 2),
            {("syringe-1ml", given): 100, ("kit-safer-injecting", given): 2, ("syringe-1ml", back): 60},
        ),
        ("outreach", date(2025, 8, 2), {("naloxone-nasal", given): 6, ("kit-naloxone-nasal", given): 4}),
        ("harbor", date(2025, 8, 2), {("syringe-1ml", given): 30}),
    ):
        tally.record(program, tally.WholeSheet(site, day, counts=counts, encounters=12), today=day)
    program.ledger().close()
    return served


PACK = "/staff/en/reports/packs/utah-quarterly"
Q3 = "?period=2025-Q3"


def test_every_form_says_the_same(counted: Any) -> None:
    """Page, CSV, JSON, Excel, text and PDF hold the same number, in the funder's words and without people."""
    label = "(c) Number of new syringes provided in exchange for used syringes"
    page = counted.get(PACK + Q3).text
    assert label in page
    assert re.search(r"<bdi>150</bdi>", page)
    assert "Not counted here (visits: 36)." in page

    rows = json.loads(counted.get(PACK + ".json" + Q3).text)["rows"]
    assert [row["value"] for row in rows if row["line"] == label] == [150]
    assert [row["value"] for row in rows if row["line"].startswith("(a)")] == [None]
    table = list(csv.DictReader(io.StringIO(counted.get(PACK + ".csv" + Q3).text.lstrip("\ufeff"))))
    assert [row["value"] for row in table if row["line"] == label[:0] + "'" + label or row["line"] == label] == ["150"]
    book = openpyxl.load_workbook(io.BytesIO(counted.get(PACK + ".xlsx" + Q3).body))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row for row in cells if label in row and 150 in row]
    assert f"{label}\t150" in counted.get(PACK + ".txt" + Q3).text
    pdf = pypdfium2.PdfDocument(counted.get(PACK + ".pdf" + Q3).body)
    words = " ".join(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in pdf)
    assert "150" in words
    assert "R386-900-5" in words


def test_a_file_of_days_that_go_on_says_so(counted: Any) -> None:
    """What is opened at a funder's desk has no page around it: the file itself says that its days are not over."""
    now = period_of(PeriodKind.QUARTER, date.today()).name
    assert "These days are not over: the last is " in counted.get(f"{PACK}.txt?period={now}").text
    assert "not over" not in counted.get(PACK + ".txt" + Q3).text


def test_a_report_that_was_sent_stays_as_it_was(counted: Any, shell: Any) -> None:
    """Marked as sent it is frozen; a sheet that comes later shows as changed since sent, then and now."""
    sent = counted.post(PACK + "/sent", {"period": "2025-07-01..2025-09-30"})
    assert "Nothing changed since it was sent." in sent.text
    again = counted.post(PACK + "/sent", {"period": "2025-Q3"})
    assert again.status == 422
    assert "marked as sent already" in again.text

    shell(counted.server.home)("tally", "--site", "outreach", "--day", "2025-09-09", "syringe-1ml=7")
    later = counted.get(sent.url.removeprefix(counted.server.address))
    assert "Changed since sent" in later.text
    assert re.search(r'<td class="n">150</td><td class="n">157</td>', later.text)
    assert re.search(r"<bdi>150</bdi>", later.text)
    assert "changed since sent: 1" in counted.get("/staff/en/reports/sent").text
    back = counted.post(sent.url.removeprefix(counted.server.address) + "/take-back")
    assert "The mark is taken away." in back.text
    assert counted.get(sent.url.removeprefix(counted.server.address)).status == 404
    assert counted.post(PACK + "/sent", {}).status == 422
    sent = counted.post(PACK + "/sent", {"period": "2025-Q3"})
    frozen = json.loads(counted.get(sent.url.removeprefix(counted.server.address) + ".json").text)
    assert 157 in [row["value"] for row in frozen["rows"]]


def test_the_months_of_a_quarter_are_named_and_its_neighbors_are_a_link_away(counted: Any) -> None:
    """A quarter is called by its months, in the page's language; the one before, the next and today's are linked."""
    page = counted.get(PACK + Q3 + "&site=harbor").text
    assert "<h2>July\u2009–\u2009September 2025 (quarter 3)</h2>" in page
    nav = page[page.index("<nav class=") :].partition("</nav>")[0]
    links = dict(re.findall(r'period=([0-9-]+Q[1-4])[^"]*site=harbor">([^<]+)<', nav))
    assert links.pop("2025-Q2") == "Before: April\u2009–\u2009June 2025"
    assert links.pop("2025-Q4") == "Next: October\u2009–\u2009December 2025"
    now = period_of(PeriodKind.QUARTER, date.today())
    assert list(links) == [now.name] and links[now.name].startswith("Now: ")
    here = counted.get(f"{PACK}?period={now.name}").text
    assert "Before: " in here and "Next: " not in here and "Now: " not in here

    for tag, said in (("es", "julio–septiembre de 2025"), ("ar", "يوليو – سبتمبر 2025")):
        assert said in counted.get(PACK.replace("/en/", f"/{tag}/") + Q3).text, tag


def test_a_public_release_leads_to_no_period_that_goes_on(counted: Any) -> None:
    """What may not be released yet is not offered beside the last whole month; the month before it is."""
    folder = counted.server.home / "packs"
    folder.mkdir()
    (folder / "open.toml").write_text(PUBLIC, encoding="utf-8")
    page = counted.get("/staff/en/reports/packs/open").text
    assert "Before: " in page and "Now: " not in page


def test_another_period_than_the_funders_is_asked_about(counted: Any) -> None:
    """Two months of a quarterly report are looked at as one likes, and asked about before they are marked."""
    assert "not the days that this funder asks for" in counted.get(PACK + "?from=2025-07-01&to=2025-08-31").text
    asked = counted.post(PACK + "/sent", {"period": "2025-07-01..2025-08-31"})
    assert asked.status == 422
    assert "another kind of period" in asked.text
    assert counted.post(PACK + "/sent", {"period": "2025-07-01..2025-08-31", "sure": "1"}).status == 200


def test_a_copy_is_changed_and_fills_the_funders_workbook(counted: Any) -> None:
    """A pack of one's own has other words and names cells; the workbook gets the numbers and keeps its formula."""
    made = counted.post(PACK + "/copy", {"name": "county", "title": "County report"})
    assert made.status == 200
    fields = dict(re.findall(r'name="((?:label|cell)-\d+)"[^>]*?value="([^"]*)"', made.text))
    assert fields["label-2"].startswith("(c)")
    changed = counted.post(
        "/staff/en/reports/packs/county/change",
        {key: value for key, value in fields.items() if not key.endswith("-4")}
        | {"title": "County report", "label-4": "x", "drop-4": "1", "label-2": "Syringes out", "cell-2": "Form!B2"},
    )
    assert "Syringes out" in changed.text
    assert "(e)" not in changed.text

    book = openpyxl.Workbook()
    book.active.title = "Form"
    book["Form"]["A2"], book["Form"]["B3"] = "Syringes", "=B2*2"
    raw = io.BytesIO()
    book.save(raw)
    filled = send(counted, f"/staff/en/reports/packs/county/workbook{Q3}", "form.xlsx", raw.getvalue())
    assert filled.status == 200, filled.text
    sheet = openpyxl.load_workbook(io.BytesIO(filled.body))["Form"]
    assert (sheet["A2"].value, sheet["B2"].value, sheet["B3"].value) == ("Syringes", 150, "=B2*2")

    bad = counted.post("/staff/en/reports/packs/county/change", fields | {"title": "County report", "cell-2": "B2"})
    assert bad.status == 422
    assert counted.post(PACK + "/change", {"title": "Mine"}).status == 422
    assert counted.post(PACK + "/copy", {"name": "county"}).status == 422
    assert counted.post("/staff/en/reports/packs/county/remove").status == 200
    assert counted.get("/staff/en/reports/packs/county").status == 422


def test_a_pack_that_names_no_indicator_is_one_sentence(counted: Any) -> None:
    """A damaged pack of one's own is named with its file and key; the others stay."""
    folder = counted.server.home / "packs"
    folder.mkdir()
    shipped = counted.get(PACK).text
    assert shipped
    text = (
        'id = "ours"\ntitle = "Ours"\nfunder = "F"\nrelease = "contract"\nperiod = "month"\nsource = "s"\n'
        'checked = 2026-01-01\n[[line]]\nlabel = "x"\nindicator = "Z9"\n'
    )
    (folder / "ours.toml").write_text(text, encoding="utf-8")
    page = counted.get("/staff/en/reports").text
    assert "ours.toml" in page
    assert "Utah" in page
    refused = counted.get("/staff/en/reports/packs/ours")
    assert refused.status == 422
    assert "Z9" in refused.text


PUBLIC = """id = "open"
title = "Open data"
funder = "Everyone"
release = "public"
period = "month"
source = "Ours"
checked = 2026-01-01
[[line]]
label = "Visits"
indicator = "A1"
by = "site"
[[line]]
label = "Syringes"
indicator = "S1"
unit = "syringes"
[[line]]
label = "Syringes a visit"
indicator = "D1"
[[line]]
label = "Reversals"
indicator = "N4"
[[line]]
label = "Ages"
indicator = "P1"
"""


def test_a_public_release_hides_few_people_and_no_supplies(counted: Any, shell: Any) -> None:
    """Sites with few visits are merged, supplies shown, what would tell visits is not; a released month is frozen."""
    folder = counted.server.home / "packs"
    folder.mkdir()
    (folder / "open.toml").write_text(PUBLIC, encoding="utf-8")
    run = shell(counted.server.home)
    run("sites", "add", "small", "--name", "Small")
    run("tally", "--site", "small", "--day", "2025-08-05", "--encounters", "3", "cooker=1")
    (counted.server.home / "tally.toml").write_text('monthly = ["ages"]\n', encoding="utf-8")
    kept = run("monthly", "--month", "2025-08", "age-18-24=25", "age-25-34=15")
    assert kept.code == 0, kept.err

    rows = json.loads(counted.get("/staff/en/reports/packs/open.json?period=2025-08").text)["rows"]
    visits = {row["part"]: row["value"] for row in rows if row["line"] == "Visits"}
    assert "small" not in visits
    assert sum(value or 0 for value in visits.values()) == 27
    assert {row["line"]: row["value"] for row in rows if row["line"] == "Syringes"} == {"Syringes": 30}
    assert [row["value"] for row in rows if row["line"] == "Syringes a visit"] == [None]
    assert [(row["value"], row["why"]) for row in rows if row["line"] == "Reversals"] == [(None, "not reported")]
    assert [row["value"] for row in rows if row["line"] == "Ages"] == [40]

    assert counted.post("/staff/en/reports/packs/open/sent", {"period": "2025-08"}).status == 200
    run("tally", "--site", "small", "--day", "2025-08-06", "--encounters", "2", "cooker=1")
    again = json.loads(counted.get("/staff/en/reports/packs/open.json?period=2025-08").text)["rows"]
    assert {row["part"]: row["value"] for row in again if row["line"] == "Visits"} == visits

    today = date.today()
    assert counted.get("/staff/en/reports/packs/open?from=2025-08-01").status == 422
    for wrong in (f"period={today:%Y-%m}", "from=2025-08-01&to=2025-08-30", "period=2025-08&site=small"):
        assert counted.get(f"/staff/en/reports/packs/open?{wrong}").status == 422, wrong


def test_each_number_says_how_it_is_counted_and_from_which_days(counted: Any) -> None:
    """Every indicator has its definition; behind one stand its sites and days, adding up to it."""
    page = counted.get("/staff/en/reports/numbers?period=2025-Q3").text
    assert "How is this counted?" in page
    behind = counted.get("/staff/en/reports/numbers/S1?period=2025-Q3").text
    for piece in ("Harbor street", "July 2, 2025", "August 2, 2025"):
        assert piece in behind
    assert [int(n) for n in re.findall(r"(\d+) syringes", behind)][0] == 150


def test_no_code_of_ours_stands_in_the_account_of_a_number(counted: Any) -> None:
    """How a number is counted says what things, events and other numbers are called; the funder's codes stay."""
    ours = re.compile(r"`|\b[A-Z][0-9]\b")
    pdf = pypdfium2.PdfDocument(counted.get(PACK + ".pdf" + Q3).body)
    words = " ".join(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in pdf)
    assert "Items of the group “Sharps disposal”" in words or "Every kind of referral" in words
    assert "R386-900-5" in words and ours.findall(words) == []
    for tag, said in (("en", "“Syringes returned, counted” plus"), ("es", "«Jeringas devueltas, contadas» más")):
        page = counted.get(f"/staff/{tag}/reports/numbers{Q3}").text
        assert said in page, tag
        assert ours.findall(" ".join(re.findall(r'<p class="hint">(.*?)</p>', page))) == [], tag


def test_the_month_and_the_letter(counted: Any) -> None:
    """The team is thanked for what there was and not for zeros; the letter lists the tables of the live file."""
    page = counted.get("/staff/en/reports/month?period=2025-08").text
    assert re.search(r"<b>14</b> <span>Naloxone doses", page)
    assert "Trainings held" not in page
    assert counted.get("/staff/en/reports/month.pdf?period=2025-08").body.startswith(b"%PDF")
    letter = counted.get("/staff/en/reports/letter").text
    for column in ("encounters", "signature", "quarter_hours"):
        assert column in letter
    assert counted.get("/staff/en/reports/letter.pdf").body.startswith(b"%PDF")


def test_the_doors_to_reports(counted: Any) -> None:
    """From the desk one comes to every report by links."""
    assert "/staff/en/reports" in counted.get("/staff/en/").text
    hub = counted.get("/staff/en/reports").text
    for door in ("totals", "charts", "numbers", "month", "sent", "past", "letter", "packs/utah-quarterly"):
        assert f'/staff/en/reports/{door}"' in hub
