"""What a program adds itself, over HTTP: phone lines, supply alerts and the board to point at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TAGS = ("en", "es", "ar")
SAFESPOT = "1-800-972-0590"
SOCKS = '[[item]]\ncode = "socks"\nname = "Dry socks"\nunit = "piece"\nunits = "pieces"\ngroup = "wound-care"\n'
ALERT = {"effect": "xylazine", "todo": "breathe", "county": "King County", "language": "en"}


def ahead(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def saved_alert(home: Path, until: str) -> None:
    """An alert in the home's file as it was saved on an earlier day."""
    home.mkdir(exist_ok=True)
    (home / "alerts.toml").write_text(
        f'[[alert]]\nnumber = 1\neffects = ["xylazine"]\ntodos = ["breathe"]\ncounty = "King County"\nuntil = {until}\n'
    )


def typed(page: str, name: str) -> str:
    """What a text field holds."""
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found[1]


# --- phone lines ---


def test_a_phone_line_shows_only_after_someone_called(served: Any, home: Path, outreach: Any) -> None:
    """No shipped number is on any page until it is ticked; then on its topic and the list, with its hours."""
    pages = ("/en/", "/ar/", "/en/look-out-for-each-other")
    assert [page for page in pages if SAFESPOT in served.get(page).text] == []
    assert "SafeSpot" in outreach("check").out
    assert served.post("/staff/en/phones/called", {"line": "safespot", "called": "1"}).status == 200

    for page in pages:
        assert 'href="tel:18009720590"' in served.get(page).text, page
    assert f'<bdi dir="ltr">{SAFESPOT}</bdi>' in served.get("/ar/").text
    assert "24/7" in served.get("/en/").text
    assert SAFESPOT not in served.get("/en/test-strips").text, "a line stands where it belongs"
    assert "SafeSpot" not in outreach("check").out
    assert not (home / "outreach.db").exists(), "the ledger is not touched"
    served.post("/staff/en/phones/called", {"line": "safespot"})
    assert SAFESPOT not in served.get("/en/").text


def test_a_call_counts_for_a_year_and_for_its_number(served: Any, outreach: Any, home: Path) -> None:
    """A call of 13 months ago, one on another number and one still to come show nothing; one of 11 months ago does."""
    for back, shown in ((335, True), (400, False)):
        day = (date.today() - timedelta(days=back)).isoformat()
        assert outreach("phones", "called", "safespot", "--day", day).code == 0
        assert (SAFESPOT in served.get("/en/").text) is shown, back
    assert outreach("phones", "called", "safespot", "--day", ahead(1)).code == 1
    day = date.today().isoformat()
    (home / "phones.toml").write_text(f'[called.safespot]\nday = {day}\nnumber = "1-800-000-0000"\n')
    assert SAFESPOT not in served.get("/en/").text
    (home / "phones.toml").write_text(f'[called.safespot]\nday = {day}\nnumber = "{SAFESPOT}"\n')
    assert SAFESPOT in served.get("/en/").text, "the control: the number that was called"


def test_a_line_of_ones_own_hours_and_note(served: Any) -> None:
    """A program adds a line, changes its number (call again), takes it away, and keeps its hours and a note."""
    line = {
        "name": "Night van",
        "number": "(555) 555-0142",
        "hours": "Mon-Fri",
        "use": "We come to you.",
        "language": "en",
    }
    assert served.post("/staff/en/phones/line", line).status == 200
    served.post("/staff/en/phones/called", {"line": "night-van", "called": "1"})
    assert 'href="tel:5555550142"' in served.get("/es/").text
    assert 'lang="en"' in served.get("/es/").text.split("We come to you.")[0][-60:]

    served.post("/staff/en/phones/line", line | {"line": "night-van", "number": "555-0143"})
    assert "Night van" not in served.get("/es/").text, "another number has to be called again"
    served.post("/staff/en/phones/line", line | {"line": "night-van", "remove": "1"})
    assert "Night van" not in served.get("/staff/en/phones").text
    served.post("/staff/en/phones/notes", {"hours": "9 to 5", "note": "<b>Closed</b> on July 4", "language": "en"})
    assert "9 to 5" in served.get("/ar/").text
    assert "&lt;b&gt;Closed&lt;/b&gt; on July 4" in served.get("/ar/").text


def test_a_wrong_number_is_refused_and_nothing_typed_is_lost(served: Any, home: Path) -> None:
    """The page comes back with the sentence and every field as it was; nothing is saved."""
    line = {"name": "Night van", "number": "call us", "hours": "Mon-Fri", "use": "We come to you.", "language": "es"}
    answer = served.post("/staff/en/phones/line", line)

    assert answer.status == 422
    assert "call us is not a phone number" in answer.text
    assert [typed(answer.text, key) for key in ("name", "number", "hours", "use")] == list(line.values())[:4]
    assert not (home / "phones.toml").exists()
    long = served.post("/staff/en/phones/notes", {"hours": "", "note": "x" * 201, "language": "en"})
    assert long.status == 422 and typed(long.text, "note") == "x" * 201


def test_a_broken_file_takes_no_page_away(served: Any, home: Path, outreach: Any) -> None:
    """With phones and alerts files that are no TOML the guide is whole, staff get a sentence, check says it."""
    home.mkdir(exist_ok=True)
    for name in ("phones.toml", "alerts.toml"):
        (home / name).write_text("= nonsense")
    assert served.get("/en/overdose-response").status == 200
    assert served.get("/staff/en/phones").status == 422
    checked = outreach("check")
    assert checked.code == 1
    assert "phones.toml" in checked.out and "alerts.toml" in checked.out


# --- supply alerts ---


def test_an_alert_shows_through_its_last_day_and_is_gone_the_day_after(served: Any, home: Path) -> None:
    """Expired alerts vanish by themselves; the same alert whose last day is today shows."""
    saved_alert(home, ahead(-1))
    assert "Xylazine found." not in served.get("/en/").text
    saved_alert(home, ahead(0))
    assert "Xylazine found." in served.get("/en/").text, "the control: one day later"
    saved_alert(home, ahead(31))
    assert "Xylazine found." not in served.get("/en/").text, "nothing may be set to stay"


def test_an_alert_in_three_taps_and_every_language(served: Any, home: Path, outreach: Any) -> None:
    """Chosen, looked at in every language at once, shown on every guide page, ended early; no ledger is made."""
    look = served.post("/staff/en/alerts", ALERT | {"until": ahead(7), "look": "1"})
    for tag in TAGS:
        assert f'<details class="alert" lang="{tag}"' in look.text
    assert not (home / "alerts.toml").exists(), "looking saves nothing"
    assert served.post("/staff/en/alerts", ALERT | {"until": ahead(7), "save": "1"}).status == 200
    pages = [f"/{tag}/{topic}" for tag in TAGS for topic in ("", "overdose-response", "point")]
    for page in pages:
        text = served.get(page).text
        assert "Xylazine found." in text and "King County" in text, page
    beneath = served.get("/vi/").text.partition('<div class="english" lang="en" dir="ltr">')[2].partition("</div>")[0]
    assert "<b>Xylazine found.</b>" in beneath and beneath.count("<li>") == 1, "the English has the alert's own lines"
    assert '<div class="english"' not in served.get("/en/").text
    assert "Xylazine" not in served.get("/").text, "no language was chosen yet"
    assert "Xylazine found." in outreach("alert").out
    assert not (home / "outreach.db").exists()

    ended = served.post("/staff/en/alerts/end", {"number": "1"})
    assert "The alert has ended." in ended.text and "Put it up again" in ended.text
    hidden = re.findall(r'type="hidden" name="(effect|todo|county|until|note|language)" value="([^"]*)"', ended.text)
    assert [page for page in pages if "Xylazine found." in served.get(page).text] == []
    assert served.post("/staff/en/alerts/end", {"number": "1"}).status == 404
    # Undo: what the notice holds puts up the same alert again.
    served.post("/staff/en/alerts", dict(hidden) | {"save": "1"})
    again = served.get(pages[0]).text
    assert "Xylazine found." in again and "King County" in again


REFUSED_LINES = [
    ('Pills called "Blue"', "&#34;"),
    ("Look for the DOLPHIN pills", "DOLPHIN"),
    ("A new stamp is around", "stamp"),
    ("In white bags", "bags"),
    ("Blue™ pills", "™"),
    ("Ask Mr. Jones", "Mr"),
    ("See @northside", "@northside"),
    ("It comes from Tony", "from Tony"),
    ("Went for $20", "$20"),
    ("Twenty dollars each", "dollars"),
    ("On the corner", "corner"),
    ("Seen at 12 Pine street", "street"),
    ("Around 5th", "5th"),
    ("This is fire", "fire"),
    ("Very strong stuff", "strong stuff"),
    ("Really GOOD", "GOOD"),
    ("Cops were there", "Cops"),
    ("Two junkies fell", "junkies"),
]


def test_a_free_line_that_names_too_much_is_refused_and_kept(served: Any, home: Path) -> None:
    """The sentence says which word and why; what was chosen and typed is still there; nothing is saved."""
    for line, word in REFUSED_LINES:
        answer = served.post("/staff/en/alerts", ALERT | {"note": line, "until": ahead(14), "save": "1"})
        assert answer.status == 422, line
        said = re.search(r'role="alert">([^<]*)<', answer.text)
        assert said and word in said[1] and "Nothing was saved." in said[1], line
        kept = typed(answer.text, "note").replace("&#34;", '"').replace("&#39;", "'")
        assert (kept, typed(answer.text, "county")) == (line, "King County")
        assert 'value="xylazine" checked' in answer.text and 'value="breathe" checked' in answer.text
        assert f'value="{ahead(14)}" required checked' in answer.text
    assert not (home / "alerts.toml").exists()


def test_a_free_line_that_is_fine_is_taken(served: Any, outreach: Any) -> None:
    """The control: a line about health passes, in English and Spanish; a language without lists is refused."""
    fine = ("The strips at our table find it. Narcan still works on Friday.", "en"), ("Las tiras la detectan.", "es")
    for line, tag in fine:
        made = outreach("alert", "add", "--effect", "xylazine", "--todo", "breathe", "--line", line, "--language", tag)
        assert made.code == 0, made.err
        assert line in served.get("/ar/").text
    assert (
        outreach("alert", "add", "--effect", "xylazine", "--todo", "breathe", "--line", "x", "--language", "ar").code
        == 2
    )


def test_a_county_is_a_county(served: Any) -> None:
    """Digits, streets and long texts are no county; St. Louis, Lane and Prince George's are."""
    for county in ("12 Pine", "Pine street", "Elm St", "x" * 41, "A; B", "King 5"):
        assert served.post("/staff/en/alerts", ALERT | {"county": county, "until": ahead(3)}).status == 422, county
    for fine in ("St. Louis", "Lane County", "Prince George's County", "Doña Ana", "Miami-Dade", ""):
        assert served.post("/staff/en/alerts", ALERT | {"county": fine, "until": ahead(3)}).status == 200, fine


def test_what_an_alert_may_not_be(served: Any, home: Path) -> None:
    """No phrase, an unknown one, a last day that is past or too far, a fourth alert: refused with a sentence."""
    bad = [{"effect": ""}, {"todo": "sell"}, {"until": ahead(-1)}, {"until": ahead(31)}, {"until": "soon"}]
    for each in bad:
        answer = served.post("/staff/en/alerts", ALERT | {"until": ahead(3), "save": "1"} | each)
        assert answer.status == 422 and "Nothing was saved." in answer.text, each
    assert not (home / "alerts.toml").exists()
    for _ in range(3):
        assert served.post("/staff/en/alerts", ALERT | {"until": ahead(3), "save": "1"}).status == 200
    fourth = served.post("/staff/en/alerts", ALERT | {"until": ahead(3), "save": "1"})
    assert fourth.status == 422 and "End one first" in fourth.text


# --- the board ---


def test_the_board_in_two_languages(served: Any, home: Path) -> None:
    """Every item with a name in both languages, numbers 1 to 20, own items too; reached from the list of topics."""
    home.mkdir(exist_ok=True)
    (home / "supplies.toml").write_text(SOCKS + 'picture = "kit"\n')
    assert 'href="/ar/point"' in served.get("/ar/").text
    page = served.get("/ar/point").text
    numbers = re.findall(r'name="number"[^>]*><span>(\d+)</span>', page)

    assert numbers == [str(n) for n in range(1, 21)]
    assert '<span class="first" lang="ar" dir="rtl">' in page
    assert '<span class="second" lang="en" dir="ltr">Cooker</span>' in page
    assert page.count('type="checkbox"') == 32, "31 items and kits to point at, and the program's own"
    assert page.count('<span class="first" lang="en" dir="ltr">Dry socks</span>') == 1
    assert served.get("/en/point?with=es").text.count('class="second" lang="es"') > 25
    assert served.get("/en/point?with=xx").status == 404
    assert "Printed card" not in page


def test_a_picture_that_is_not_there_is_refused(outreach: Any, home: Path) -> None:
    """An item that names a drawing we do not have is refused with file and key."""
    home.mkdir()
    (home / "supplies.toml").write_text(SOCKS + 'picture = "sock"\n')
    ran = outreach("items")
    assert ran.code == 1 and "supplies.toml, item 1.picture: there is no picture sock" in ran.err


# --- in a browser ---


def test_own_pages_in_a_browser(served: Any, browser: Any, barriers: Any, outreach: Any) -> None:
    """On a phone, in each language: no barrier and no sideways scroll with alerts and phones on the pages;
    a number keeps its order in Arabic; a touch marks a tile without JavaScript."""
    assert outreach("phones", "called", "safespot").code == 0
    assert outreach("alert", "add", "--effect", "xylazine", "--todo", "breathe", "--county", "King").code == 0
    found: dict[str, Any] = {}
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(served.server.door)
    for tag in TAGS:
        for path in (
            f"/{tag}/",
            f"/{tag}/look-out-for-each-other",
            f"/{tag}/point",
            f"/staff/{tag}/phones",
            f"/staff/{tag}/alerts",
        ):
            page.goto(served.server.address + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            hits = barriers(page)
            if hits or width > 320:
                found[path] = [width, *hits]
    page.goto(served.server.address + "/ar/")
    order = """([inside, raw]) => {
      const p = document.createElement("p"); p.dir = "rtl"; p.textContent = raw;
      document.querySelector("main").append(p);
      const x = (node, i) => { const r = document.createRange(); r.setStart(node, i); r.setEnd(node, i + 1);
        return r.getBoundingClientRect().left };
      const kept = document.querySelector(inside).firstChild;
      return [x(kept, 0) < x(kept, kept.length - 1), x(p.firstChild, 3) < x(p.firstChild, p.firstChild.length - 1)];
    }"""
    kept, raw = page.evaluate(order, [".phones bdi[dir=ltr]", "خط " + SAFESPOT])
    context.close()
    still = browser.new_context(java_script_enabled=False)
    page = still.new_page()
    page.goto(served.server.address + "/en/point?with=ar")
    page.get_by_role("checkbox", name="Cooker").check()
    page.get_by_role("radio", name="12", exact=True).check()
    marked = page.locator("input:checked").count()
    page.get_by_role("button", name="Clear the marks").click()
    cleared = page.locator("input:checked").count()
    still.close()

    assert found == {}
    assert kept, "the number reads from left to right"
    assert not raw, "the control: without its isolation it does not"
    assert (marked, cleared) == (2, 0)


def test_own_pages_are_for_staff_only(served: Any, client: Any) -> None:
    """Without the token nobody ticks a line or sets an alert."""
    stranger = client(served.server)
    for path, form in (("phones/called", {"line": "safespot", "called": "1"}), ("alerts", ALERT | {"save": "1"})):
        assert stranger.post(f"/staff/en/{path}", form).status == 403
    assert SAFESPOT not in stranger.get("/en/").text
