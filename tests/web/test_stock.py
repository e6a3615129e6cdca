"""Stock pages: from the desk to a box received, a shelf counted, kits made up, money that may not buy, a weighing."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.program import Program

TODAY = date.today()
STAFF = "/staff/en"


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


def plain(page: str) -> str:
    """The page's words without tags, and without the marks that keep a name in its own direction."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).translate({0x2068: "", 0x2069: "", 0xA0: " "}).split())


def receive(served: Any, item: str, quantity: str, **more: str) -> Any:
    form = {"site": "outreach", "day": TODAY.isoformat(), "item": item, "quantity": quantity}
    return served.post(f"{STAFF}/stock/receive", form | more)


def test_from_the_desk_to_a_counted_shelf(served: Any, home: Path) -> None:
    """Looking makes no ledger; a box received is on hand; a count shows the book and saves the difference, also 0."""
    assert f'href="{STAFF}/stock"' in served.get(f"{STAFF}/").text
    assert "its book begins" in served.get(f"{STAFF}/stock").text
    for page in ("stock/receive", "stock/count", "stock/discard", "stock/assemble", "stock/levels", "stock/book"):
        assert served.get(f"{STAFF}/{page}").status == 200
        assert f'href="{STAFF}/{page}"' in served.get(f"{STAFF}/stock").text
    assert not (home / "outreach.db").exists()

    answer = receive(served, "cooker", "1,200")
    assert "Saved. Type the next box" in answer.text
    form = served.get(f"{STAFF}/stock/count").text
    assert "1,200" in plain(form)
    served.post(f"{STAFF}/stock/count", {"site": "outreach", "day": TODAY.isoformat(), "n:cooker": "1190"})
    assert "Cooker 1,190" in plain(served.get(f"{STAFF}/stock").text)
    answer = served.post(f"{STAFF}/stock/count", {"site": "outreach", "day": TODAY.isoformat(), "n:cooker": "1190"})
    assert "See what was saved" in answer.text
    seen = re.findall(r"/tally/closed/[0-9a-f]{64}", answer.text)[0]
    assert "Difference to the book 0" in plain(served.get(STAFF + seen).text)
    book = plain(served.get(f"{STAFF}/stock/book").text)
    assert "Received +1,200" in book and "Put right by counting −10" in book and "Last count 1,190" in book
    acts = [sheet.act for sheet in Program(Home(home)).ledger().sheets()]
    assert acts == [None, "counted", "counted"]


def test_boxes_that_expire_are_said_on_the_desk_and_thrown_away_by_lot(served: Any) -> None:
    """At 60 days, at 30, and when they have expired, in doses; the lot goes with one number."""
    receive(served, "naloxone-im", "40", lot="A1", expires=day(50))
    receive(served, "naloxone-im", "10", lot="B2", expires=day(20))
    asked = receive(served, "naloxone-im", "6", lot="C3", expires=day(-2))
    assert "Yes, it is right" in asked.text and "expired on" in plain(asked.text)
    receive(served, "naloxone-im", "6", lot="C3", expires=day(-2), sure="1")
    desk = plain(served.get(f"{STAFF}/").text)
    assert "6 naloxone doses have expired. 10 naloxone doses expire within 30 days." in desk
    assert "After that, 40 naloxone doses expire within 60 days." in desk
    listed = plain(served.get(f"{STAFF}/stock").text).partition("Expired, or soon")[2]
    assert "lot C3 6" in listed and "lot B2 10" in listed and "lot A1 40" in listed
    form = served.get(f"{STAFF}/stock/discard").text
    assert 'name="n:naloxone-im/C3"' in form
    served.post(f"{STAFF}/stock/discard", {"site": "outreach", "day": TODAY.isoformat(), "n:naloxone-im/C3": "6"})
    assert "have expired" not in plain(served.get(f"{STAFF}/").text)
    form = {"site": "outreach", "day": TODAY.isoformat()}
    assert "Yes, it is right" in served.post(f"{STAFF}/stock/discard", form | {"n:naloxone-im": "51"}).text
    other = receive(served, "naloxone-im", "4", lot="A1", expires=day(900))
    assert "on the book with" in plain(other.text)


def test_a_lot_is_not_thrown_away_beyond_itself(served: Any) -> None:
    """More than the lot holds is asked about, also when the shelf has as many; what it holds is not."""
    receive(served, "naloxone-im", "40", lot="A1", expires=day(50))
    receive(served, "naloxone-im", "10", lot="B2", expires=day(20))
    form = {"site": "outreach", "day": TODAY.isoformat()}
    asked = served.post(f"{STAFF}/stock/discard", form | {"n:naloxone-im/B2": "11"})
    assert asked.status == 422 and "more than the 10 of lot B2" in plain(asked.text)
    assert 'value="11"' in asked.text and "Yes, it is right" in asked.text
    assert served.post(f"{STAFF}/stock/discard", form | {"n:naloxone-im/B2": "10"}).status == 200
    assert "lot A1" in plain(served.get(f"{STAFF}/stock").text)


def test_a_form_with_a_mistake_comes_back_whole(served: Any) -> None:
    """Every mistake is told with its thing, and what else was typed stays; so it does when a day is asked about."""
    receive(served, "cooker", "10")
    form = {"site": "outreach", "day": TODAY.isoformat(), "n:cooker": "2a", "n:filter": "b", "n:foil-sheet": "55"}
    page = served.post(f"{STAFF}/stock/count", form)
    assert page.status == 422 and "Cooker: 2a is not a whole number" in plain(page.text)
    assert page.text.count("aria-invalid") == 2 and 'value="55"' in page.text
    asked = served.post(f"{STAFF}/stock/count", form | {"n:cooker": "2", "n:filter": "", "day": "1999-01-02"})
    assert "January 2, 1999 is before 2020" in plain(asked.text) and 'value="55"' in asked.text
    assert "Cooker 10" in plain(served.get(f"{STAFF}/stock").text), "nothing was saved"
    came = receive(served, "cooker", "x")
    assert came.status == 422 and "Cooker: x is not" in plain(came.text) and 'value="x"' in came.text


def test_what_a_delivery_lacks_is_said_beside_its_field(served: Any) -> None:
    """A form sent empty names each thing that is missing where it is typed, keeps the rest, and saves nothing."""
    sent = served.post(f"{STAFF}/stock/receive", {"site": "outreach", "day": "", "item": "", "each": "", "lot": "ZX9"})
    assert sent.status == 422 and 'value="ZX9"' in sent.text
    for field, said in (
        ("day", "Choose a day"),
        ("item", "Choose what came"),
        ("quantity", "Type how many boxes came"),
        ("each", "Type how many are in each box"),
    ):
        assert f'<span class="bad" id="bad-{field}">{said}' in sent.text
        assert re.search(rf'<(input|select) id="{field}"[^>]*aria-describedby="bad-{field}', sent.text)
    late = receive(served, "naloxone-im", "4", each="10", expires=day(400))
    assert '<span class="bad" id="bad-lot">A last day belongs to a lot' in late.text and 'value="10"' in late.text
    assert "its book begins" in served.get(f"{STAFF}/stock").text, "nothing was saved"


def test_what_came_is_repeated_back_with_its_unit_and_last_day(served: Any) -> None:
    """Beside what each box holds stands its unit; what was saved is told in it, with the lot and the box's last day."""
    assert 'data-unit="(devices)"' in served.get(f"{STAFF}/stock/receive").text
    wrong = receive(served, "naloxone-nasal", "x", each="12")
    assert 'How many in each box <span id="unit">(devices)</span>' in wrong.text
    saved = plain(receive(served, "naloxone-nasal", "4", each="12", lot="ZX9", expires="2099-05-31").text)
    assert "48 × Naloxone nasal spray (devices) , lot ZX9. Last day on the box: May 31, 2099." in saved
    loose = plain(receive(served, "cooker", "30", each="1").text)
    assert "30 × Cooker (pieces) ." in loose and "Last day on the box: " not in loose


def test_moving_between_sites(served: Any) -> None:
    """With one site there is nothing to move; with two the shelf of each follows, and the program's stays."""
    assert "act=move" not in served.get(f"{STAFF}/stock").text and "stock/move" not in served.get(f"{STAFF}/stock").text
    served.post(f"{STAFF}/sites", {"code": "north", "name": "North lot", "model": "mobile"})
    receive(served, "cooker", "100")
    form = {"site": "outreach", "to": "north", "day": TODAY.isoformat(), "n:cooker": "30"}
    page = plain(served.post(f"{STAFF}/stock/move", form).text)
    assert "Cooker 100" in page and "North lot" in page and "Cooker 70" in page and "Cooker 30" in page
    assert served.post(f"{STAFF}/stock/move", form | {"to": "outreach"}).status == 422
    assert served.post(f"{STAFF}/stock/move", form | {"to": "moon"}).status == 422
    assert "Cooker 70" in plain(served.get(f"{STAFF}/stock").text), "nothing half done"


def test_kits_given_but_not_made_up(served: Any) -> None:
    """The page says how many, and one button makes it right; a kit short of a part is asked about."""
    receive(served, "naloxone-nasal", "50")
    open_sheet = served.post(f"{STAFF}/tally", {"site": "outreach", "day": TODAY.isoformat()}).url
    sheet = str(open_sheet).removeprefix(served.server.address)
    tab = re.findall(r'data-tab="([0-9a-f]{32})"', served.get(sheet).text)[0]
    tap = {"tab": tab, "n": 1, "nonce": "0" * 32, "counter": "given:kit-naloxone-nasal", "exactly": 12}
    answer = served.ask(
        "POST",
        f"{sheet}/taps",
        json.dumps(tap).encode(),
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status == 200
    served.post(f"{sheet}/close")
    assert "12 more were given than made up" in plain(served.get(f"{STAFF}/stock").text)
    page = plain(served.post(f"{STAFF}/stock/made-up", {"kit": "kit-naloxone-nasal", "site": "outreach"}).text)
    assert "made up" not in page.partition("On hand")[0] and "Naloxone nasal spray 26" in page
    assert served.post(f"{STAFF}/stock/made-up", {"kit": "kit-naloxone-nasal", "site": "outreach"}).status == 422
    form = {"site": "outreach", "day": TODAY.isoformat(), "n:kit-naloxone-nasal": "14"}
    asked = served.post(f"{STAFF}/stock/assemble", form)
    assert "Yes, it is right" in asked.text and "it takes 28 of Naloxone nasal spray" in plain(asked.text)


def test_money_that_may_not_buy(served: Any) -> None:
    """A funder of a kind has its rules beside it; receiving against one is refused with the rule and its source."""
    answer = served.post(f"{STAFF}/funders", {"code": "sor", "name": "State <award>", "kind": "samhsa"})
    assert "State &lt;award&gt;" in answer.text and "SAMHSA award money may not buy" in answer.text
    assert served.post(f"{STAFF}/funders", {"code": "sor", "name": "", "kind": "samhsa"}).status == 422
    refused = receive(served, "fentanyl-strip", "100", funder="sor")
    assert refused.status == 422 and "from 2026-04-24 on" in plain(refused.text)
    assert receive(served, "fentanyl-strip", "100", funder="moon").status == 422
    assert receive(served, "naloxone-im", "100", funder="sor").status == 200


def test_what_a_funder_paid_for(served: Any, home: Path) -> None:
    """The page of a funder shows what its money bought, kits taken apart; one that is not there is refused."""
    served.post(f"{STAFF}/funders", {"code": "county", "name": "County health", "kind": "local"})
    receive(served, "kit-naloxone-im", "5", funder="county")
    assert f'href="{STAFF}/funders/county"' in served.get(f"{STAFF}/funders").text
    page = plain(served.get(f"{STAFF}/funders/county").text)
    assert "Naloxone for injection, 0.4 mg in 1 mL 10 0" in page and "Muscle syringe for naloxone 10 0" in page
    assert "paid for nothing" in plain(served.get(f"{STAFF}/funders/county?period=2024").text)
    assert served.get(f"{STAFF}/funders/moon").status == 422


def test_a_sheet_typed_wrong_is_taken_back_once(served: Any, home: Path) -> None:
    """A correction takes all of it back, its lot too; both stay on record; a second time is refused."""
    receive(served, "naloxone-im", "400", lot="A1", expires=day(20))
    ledger = Program(Home(home)).ledger()
    (sheet,) = ledger.sheets()
    assert "Take all of it back" in served.get(f"{STAFF}/tally/closed/{sheet.id}").text
    answer = served.post(f"{STAFF}/stock/take-back/{sheet.id}")
    assert answer.status == 200 and "Take all of it back" not in answer.text
    assert served.post(f"{STAFF}/stock/take-back/{sheet.id}").status == 409
    assert len(list(ledger.sheets())) == 2
    assert "its book begins" in served.get(f"{STAFF}/stock").text, "nothing ever came"
    assert "doses" not in plain(served.get(f"{STAFF}/").text)
    assert served.post(f"{STAFF}/stock/take-back/{'0' * 64}").status == 404


def test_low_levels(served: Any, home: Path) -> None:
    """Below its level an item says low; a word for a number saves nothing; the file is plain and public."""
    receive(served, "cooker", "30")
    served.post(f"{STAFF}/stock/levels", {"n:cooker": "40", "n:filter": ""})
    assert "Cooker low 30" in plain(served.get(f"{STAFF}/stock").text)
    assert "cooker = 40" in (home / "stock.toml").read_text(encoding="utf-8")
    assert served.post(f"{STAFF}/stock/levels", {"n:cooker": "many"}).status == 422
    served.post(f"{STAFF}/stock/levels", {"n:cooker": ""})
    assert "low" not in plain(served.get(f"{STAFF}/stock").text).partition("Low levels")[0].split()
    (home / "stock.toml").write_text("[levels]\ncooker = 'x'\n", encoding="utf-8")
    assert "stock.toml" in served.get(f"{STAFF}/stock/levels").text
    assert served.get(f"{STAFF}/stock").status == 200, "the shelves can be looked at all the same"


def estimate(served: Any, **body: Any) -> Any:
    return served.ask(
        "POST",
        f"{STAFF}/weighing/estimate",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"},
    )


def test_a_weighing_of_ones_own(served: Any) -> None:
    """No default; three weighings give a range; a container its own; nothing that cannot be is kept."""
    assert estimate(served, way="weighed", number="900").status == 404
    weights = {"tare": "300", "hundred-1": "800", "hundred-2": "820", "hundred-3": "780", "day": TODAY.isoformat()}
    assert served.post(f"{STAFF}/weighing", weights | {"hundred-2": "300"}).status == 422
    page = served.post(f"{STAFF}/weighing", weights)
    assert "500, 520, 480 g" in plain(page.text)
    found = json.loads(estimate(served, way="weighed", number="1,300").text)
    assert (found["low"], found["middle"], found["high"]) == (192, 200, 208)
    assert found["counters"] == {
        "event:returned-weighed": 200,
        "event:returned-weighed-low": 192,
        "event:returned-weighed-high": 208,
    }
    assert served.post(f"{STAFF}/weighing", {"container": "2 gallons", "fewest": "150", "most": "250"}).status == 200
    found = json.loads(estimate(served, way="container", container="2 gallons", number="2").text)
    assert (found["low"], found["middle"], found["high"]) == (300, 400, 500)
    assert "500, 520, 480 g" in plain(served.get(f"{STAFF}/weighing").text), "the weighing stays beside it"
    assert json.loads(estimate(served, way="told", number="30").text)["counters"] == {"event:returned-told": 30}
    assert estimate(served, way="weighed", number="300").status == 422
    assert estimate(served, way="weighed", number=7).status == 422
    assert served.post(f"{STAFF}/weighing/remove", {"container": "2 gallons"}).status == 200
    assert estimate(served, way="container", container="2 gallons", number="2").status == 404


@pytest.mark.parametrize("path", ["stock", "stock/count", "stock/discard", "funders", "weighing", "stock/book?site=x"])
def test_nobody_without_the_key_sees_stock(served: Any, client: Any, path: str) -> None:
    """A browser that has no token meets the closed door; an unknown site is refused with a sentence."""
    assert client(served.server).get(f"{STAFF}/{path}").status == 403
    receive(served, "cooker", "3")
    assert served.get(f"{STAFF}/{path}").status == (422 if "?" in path else 200)


def test_boxes_are_unpacked_by_what_each_holds(served: Any) -> None:
    """48 boxes of 2 are 96 devices on hand; what was saved names the lot, and so does the list of every lot."""
    page = receive(served, "naloxone-nasal", "48", each="2", lot="NX1", expires=day(400))
    said = plain(page.text)
    assert "96 × Naloxone nasal spray" in said and "lot NX1" in said
    (seen,) = re.findall(r'href="([^"]+)">See what was saved', page.text)
    saved = plain(served.get(seen).text)
    assert "lot NX1" in saved and "Start another sheet" not in saved
    shelf = plain(served.get(f"{STAFF}/stock").text)
    assert "Every lot and its last day" in shelf and "lot NX1 96" in shelf
    assert receive(served, "cooker", "10", each="x").status == 422
    assert receive(served, "cooker", "10", each="0").status == 422


def test_kits_that_came_as_kits_have_no_parts_to_take(served: Any, outreach: Any) -> None:
    """More kits given than ever came, and no part kept anywhere: Stock says how many, and offers nothing to make up."""
    receive(served, "kit-naloxone-nasal", "1")
    ran = outreach(
        "tally", "--site", "outreach", "--day", TODAY.isoformat(), "kit-naloxone-nasal=3", "--encounters", "4"
    )
    assert ran.code == 0, ran.err
    page = served.get(f"{STAFF}/stock")
    assert page.status == 200 and "made up" not in plain(page.text).partition("On hand")[0]
    receive(served, "naloxone-nasal", "10")
    assert "2 more were given than made up" in plain(served.get(f"{STAFF}/stock").text), "the control: parts are kept"
