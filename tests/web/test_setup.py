"""The first evening: six short questions, each saved by itself, each to be skipped, none asked again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

OFFER = "Set up in two minutes"
STEPS = ("name", "sites", "languages", "supplies", "paper", "keeps")


def edition(page: str) -> str:
    found = re.search(r'name="edition" value="([0-9a-f]*)"', page)
    assert found, page[:1500]
    return found[1]


def ticked(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([\w-]+)" checked', page)


def places(*rows: tuple[str, str]) -> list[tuple[str, str]]:
    """The form of the page on sites, as it is sent."""
    return [field for name, model in rows for field in (("name", name), ("model", model))]


def test_the_offer_leaves_for_good(served: Any) -> None:
    """A fresh home offers to set up under Show, Print and Count; "Not now" is enough. Settings leads there still."""
    page = served.get("/staff/en/").text
    assert OFFER in page and page.index("Count") < page.index(OFFER), "the three doors come first"
    after = served.post("/staff/en/setup")
    assert after.url.endswith("/staff/en/") and OFFER not in after.text
    assert OFFER not in served.get("/staff/es/").text
    assert 'href="/staff/en/setup"' in served.get("/staff/en/settings").text


def test_a_home_in_use_is_not_asked(served: Any, outreach: Any) -> None:
    """Whoever has a name or a second site already meets no offer."""
    assert OFFER in served.get("/staff/en/").text
    outreach("sites", "add", "north")
    assert OFFER not in served.get("/staff/en/").text


def test_looking_makes_nothing(reading: Any) -> None:
    """Every step can be looked at, with a way past it and a way back, before anything is kept."""
    for at, step in enumerate(STEPS):
        page = reading.get(f"/staff/en/setup/{step}").text
        assert f"{at + 1} of 6" in page and "Go back" in page
        if step != "keeps":
            assert f'href="/staff/en/setup/{STEPS[at + 1]}">Skip this</a>' in page
    end = reading.get("/staff/en/setup").text
    assert (
        end.count("As it ships") == 4
        and "Whatever suits each card" in end
        and end.index("Show") < end.index("Print") < end.index("Count")
    )
    assert reading.get("/staff/en/setup/horoscope").status == 404


def test_a_site_that_nobody_added_says_where_it_is_from(served: Any) -> None:
    """The shipped one says so; one of the program's own does not."""
    said = "Here from the start."
    assert served.get("/staff/en/setup/sites").text.count(said) == 1
    served.post("/staff/en/setup/sites", places(("Blue van", "mobile"), ("Harbor Street", "fixed")))
    page = served.get("/staff/en/setup/sites").text
    assert "Harbor Street" in page and page.count(said) == 1


def test_one_press_unticks_all_that_is_handed_out(served: Any, browser: Any) -> None:
    """And another ticks it all again; nothing is saved by either. Without JavaScript neither button is there."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(served.server.door)
    address = "/staff/en/setup/supplies"
    assert re.search(
        r'<p class="actions" hidden><button type="button" class="quiet" data-none>', served.get(address).text
    )
    page.goto(served.server.address + address)
    ticks = page.locator("[name=thing]")
    every = ticks.count()
    assert every > 20 and page.locator("[name=thing]:checked").count() == every
    page.click("text=Untick all")
    assert page.locator("[name=thing]:checked").count() == 0
    page.check("input[value=cooker]")
    page.reload()
    assert page.locator("[name=thing]:checked").count() == every, "nothing was saved"
    page.click("text=Untick all")
    page.click("text='Tick all'")
    assert page.locator("[name=thing]:checked").count() == every


def test_each_step_stands_when_the_plug_is_pulled(served: Any, serve: Any, client: Any) -> None:
    """What was saved on one page is there after a kill on the next."""
    page = served.post("/staff/en/setup/name", {"program-name": "River Outreach", "program-phone": "555-0100"})
    assert page.url.endswith("/setup/sites?saved=1")
    served.server.kill()
    again = client(serve(served.server.home)).enter()
    assert "River Outreach" in again.get("/staff/en/setup").text
    assert 'value="555-0100"' in again.get("/staff/en/settings").text


def test_sites_get_codes_from_their_names(served: Any, outreach: Any) -> None:
    """Several at once, each code shown; sent twice, from two tabs, nothing is added twice."""
    form = [
        ("name", "Peña Lot"),
        ("model", "fixed"),
        ("name", "الساحة"),
        ("model", "street"),
        ("name", ""),
        ("model", "mail"),
    ]
    saved = served.post("/staff/en/setup/sites", [*form, ("more", "1")])
    assert '(<bdi dir="ltr">pena-lot</bdi>)' in saved.text and '(<bdi dir="ltr">site</bdi>)' in saved.text
    assert "/setup/sites?" in saved.url, "there is room for more"
    served.post("/staff/en/setup/sites", form)
    served.post("/staff/en/setup/sites", places(("Pena lot", "mobile")))
    rows = {row["site"]: (row["name"], row["model"]) for row in outreach.json("sites", "--format", "json")}
    assert rows == {
        "outreach": ("", "street"),
        "pena-lot": ("Peña Lot", "fixed"),
        "pena-lot-2": ("Pena lot", "mobile"),
        "site": ("الساحة", "street"),
    }


def test_a_slip_keeps_what_was_typed(served: Any, outreach: Any) -> None:
    """One site that cannot be, and none is added; the names stand in the form to be mended."""
    form = [
        ("name", "North lot"),
        ("model", "fixed"),
        ("name", "South"),
        ("model", "teleport"),
        ("name", ""),
        ("model", "mail"),
    ]
    refused = served.post("/staff/en/setup/sites", form)
    assert refused.status == 422 and "teleport" in refused.text and 'value="North lot"' in refused.text
    assert [row["site"] for row in outreach.json("sites", "--format", "json")] == ["outreach"]


def test_languages_carried_stand_first(served: Any, outreach: Any) -> None:
    """On the language page and when cards are ordered; the arrow moves one up; all others stay."""

    def order(page: str) -> list[str]:
        return re.findall(r'hreflang="([\w-]+)"', page)

    shipped = order(served.get("/").text)
    assert shipped[0] == "en"
    served.post("/staff/en/setup/languages", [("language", "ar"), ("language", "ht")])
    moved = served.post("/staff/en/setup/languages", [("language", "ar"), ("language", "ht"), ("up", "ht")])
    assert "/setup/languages?" in moved.url and ticked(moved.text, "language") == ["ht", "ar"]
    now = order(served.get("/").text)
    assert now[:3] == ["ht", "ar", "en"] and sorted(now) == sorted(shipped)
    assert re.findall(r'name="copies-([\w-]+)"', served.get("/staff/en/print").text)[:2] == ["ht", "ar"]
    assert outreach("settings", "languages", "vi es").code == 0
    assert order(served.get("/").text)[:2] == ["vi", "es"], "a command is heard by the pages that run"
    refused = outreach("settings", "languages", "tlh")
    assert refused.code == 1 and order(served.get("/").text)[:2] == ["vi", "es"]


def test_what_is_handed_out(served: Any, outreach: Any) -> None:
    """All is ticked to begin with; what loses its tick is not offered to count, and the rest stands as it stood."""
    page = served.get("/staff/en/setup/supplies").text
    things = ticked(page, "thing")
    assert len(things) == page.count('name="thing"') > 20
    counted = served.get("/staff/en/counted").text
    served.post("/staff/en/counted", {"edition": edition(counted), "thing-condom": "not-counted", "event": "litter"})
    page = served.get("/staff/en/setup/supplies").text
    kept = [("thing", each) for each in things if each != "cooker"]
    served.post("/staff/en/setup/supplies", [("edition", edition(page)), *kept])
    here = {row["item"]: row["here"] for row in outreach.json("items", "--format", "json")}
    assert (here["cooker"], here["condom"], here["tourniquet"]) == ("not-carried", "not-counted", "counted")
    sheet = served.get(f"/staff/en/tally/{served.open_sheet()}").text
    assert "given:cooker" not in sheet and "given:tourniquet" in sheet and "event:litter" in sheet
    late = served.post("/staff/en/setup/supplies", [("edition", edition(page)), ("thing", "cooker")])
    assert late.status == 409 and "Someone else changed" in late.text


def test_the_paper_stands_chosen(served: Any, outreach: Any, tmp_path: Path) -> None:
    """For a card that fits it, on the page and in a command; other cards take their own."""

    def chosen(page: str) -> str:
        return re.findall(r'<option value="([\w-]+)"[^>]* selected>[^<]*(?:Letter|A4)', page)[0]

    assert chosen(served.get("/staff/en/print?card=response").text) != "plain-letter"
    served.post("/staff/en/setup/paper", {"layout": "plain-letter"})
    assert chosen(served.get("/staff/en/print?card=response").text) == "plain-letter"
    assert chosen(served.get("/staff/en/print?card=poster").text) != "plain-letter"
    assert chosen(served.get("/staff/en/print?card=response&layout=avery-5371").text) == "avery-5371"
    assert outreach("settings", "layout").out.split()[-1] == "plain-letter"
    assert outreach("settings", "layout", "no-such-paper").code == 1


def test_a_damaged_file_stops_nobody(served: Any, home: Path) -> None:
    """Everything is as it ships, the step says what to mend, and the file is not written over."""
    served.get("/staff/en/")
    (home / "setup.toml").write_text("languages = 3\n")
    assert served.get("/").status == served.get("/staff/en/print").status == 200
    refused = served.post("/staff/en/setup/paper", {"layout": "plain-letter"})
    assert refused.status == 422 and "setup.toml" in refused.text
    assert (home / "setup.toml").read_text() == "languages = 3\n"


def test_the_first_evening_without_javascript(served: Any, browser: Any) -> None:
    """From the first page through all six questions to Count, by touch and keys alone, and the offer is gone."""
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    page.goto(served.server.door)
    page.goto(served.server.address + "/staff/en/")
    page.click(f"text={OFFER}")
    page.fill("#program-name", "River Outreach")
    with page.expect_navigation():  # a key, unlike a click, does not wait for where it leads
        page.keyboard.press("Enter")
    page.fill("#name-0", "North lot")
    page.keyboard.press("Enter")
    page.wait_for_url("**added=**")
    assert "north-lot" in page.inner_text("[role=status]")
    page.check("input[value=es]")
    page.click("text=Save and go on >> nth=0")
    page.uncheck("input[value=cooker]")
    page.click("text=Save and go on >> nth=0")
    page.click("text=Skip this")
    assert "Never kept" in page.inner_text("main") and "passphrase" in page.inner_text("main")
    page.click("button:has-text('Done')")
    said = page.inner_text("main")
    assert (
        "River Outreach" in said
        and "Español" in said
        and "1 thing is left out" in said
        and "Whatever suits each card" in said
    )
    page.click("text=Count")
    assert page.url.endswith("/staff/en/tally")
    page.goto(served.server.address + "/staff/en/")
    assert OFFER not in page.inner_text("main")


def test_any_site_can_be_called_otherwise(served: Any, outreach: Any) -> None:
    """Also the one that is there from the start, in Settings and when setting up; what was counted stays with it."""
    outreach("tally", "--site", "outreach", "--day", "2026-11-13", "cooker=20")
    saved = served.post("/staff/en/sites/outreach/name", {"name": " Main   lot ", "step": "sites"})
    assert "/setup/sites?saved=1" in saved.url and "<strong><bdi>Main lot</bdi></strong>" in saved.text
    assert "Here from the start" not in saved.text and 'value="Main lot"' in served.get("/staff/en/settings").text
    assert "Main lot" in served.get("/staff/en/tally").text
    served.post("/staff/en/setup/sites", places(("Van", "mobile")))
    taken = served.post("/staff/en/sites/van/name", {"name": "main LOT"})
    assert taken.status == 422 and "a site called main LOT already: outreach" in taken.text
    assert served.post("/staff/en/sites/nowhere/name", {"name": "x"}).status in (404, 422)
    renamed = served.post("/staff/en/sites/outreach/name", {"name": ""})
    assert renamed.url.endswith("/settings?saved=settings") and "Main lot" not in renamed.text
    rows = outreach.json("sites", "--format", "json")
    assert [(row["site"], row["name"]) for row in rows] == [("outreach", ""), ("van", "Van")]


def test_no_first_time_where_something_is_counted(served: Any) -> None:
    """The offer, with the ways to a backup and to a program, goes with the first sheet; Settings still has it."""
    assert "First time here?" in served.get("/staff/en/").text, "the control"
    sheet = served.open_sheet(day="2026-11-22")
    served.tap(sheet, served.tab(sheet), 1, "encounters", 5)
    assert served.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200
    home = served.get("/staff/en/").text
    assert "First time here?" not in home and "restore the backup" not in home and "Or join a program" not in home
    assert "/staff/en/setup" in served.get("/staff/en/settings").text
