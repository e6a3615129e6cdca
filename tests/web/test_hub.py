"""A department's page on a real PostgreSQL: programs let in, looked over, added up; the public is told no few."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.parse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.carry.keys import coordinator_key
from outreach.carry.month_returns import sign
from outreach.core.hub_reports import months_before
from outreach.core.month_return import By, MonthReturn, Total, digits
from outreach.store.postgres.founding import found
from outreach.store.postgres.opening import served
from outreach.store.postgres.returns import Incoming, Returns
from tests.conftest import Browserless, Server

LAST, BEFORE = reversed(months_before(date.today(), 2))
PAGE = "/hub/en/"


class HubServer(Server):
    """`outreach hub serve` as a process of its own."""

    database = ""

    def start(self) -> HubServer:
        words = ["hub", "serve", "--database", self.database, "--port", str(self.port), "--no-browser"]
        command = [*self.command, "--home", self.home, *words]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.env
        )
        assert self.process.stdout
        while True:
            line = self.process.stdout.readline()
            if "For reviewers" in line:
                self.door = line.split()[-1]
                return self
            assert line, f"it did not start: {self.process.stderr.read() if self.process.stderr else ''}"


class Department:
    """A hub of its own, its page, and programs that send it returns."""

    def __init__(self, cluster: Any, name: str, home: Path) -> None:
        self.cluster, self.name = cluster, name
        self.admin = cluster.database(name)
        found(self.admin, departments=(f"{name}-department",))
        self.address = cluster.address(f"{name}-department", name)
        self.server = HubServer(home)
        self.server.database = self.address
        self.page = Browserless(self.server.start()).enter()

    def send(self, program: str, month: str, edition: int = 1, **counts: int) -> str:
        """A return in the program's own hand; the digits of its key."""
        key = coordinator_key(program.encode().ljust(32, b"."))
        totals = [Total("program", *_told(name), n) for name, n in counts.items()]
        said = MonthReturn(program.encode().hex().ljust(32, "0")[:32], program.title(), month, By.PROGRAM, edition,
                           tuple(sorted(totals)))  # fmt: skip
        signed = sign(said, key)
        connection = served(self.address)
        Returns(connection).take([Incoming(said, signed.public, signed.signature)])
        connection.close()
        return digits(key.public)

    def let_in(self, program: str, shown: str, region: str = "") -> None:
        answer = self.page.post(f"{PAGE}accept", {"digits": shown, "code": program, "region": region})
        assert answer.status == 200, answer.text

    def totals(self, **asked: str) -> list[dict[str, Any]]:
        answer = self.page.get(f"{PAGE}totals.json?{urllib.parse.urlencode({'period': LAST} | asked)}")
        assert answer.status == 200, answer.text
        rows: list[dict[str, Any]] = json.loads(answer.text)["rows"]
        return rows


def _told(name: str) -> tuple[str, str]:
    """`visits` and `reversals` by these names, everything else as an item that was given."""
    named = {"visits": ("visits", "encounters"), "reversals": ("event", "reversal")}
    return named.get(name) or ("given", name.replace("_", "-"))


@pytest.fixture
def department(cluster: Any, home: Path, request: pytest.FixtureRequest) -> Iterator[Department]:
    name = f"state{abs(hash(request.node.name)) % 10**8}"
    made = Department(cluster, name, home)
    yield made
    made.server.kill()


def test_with_nothing_it_says_what_will_be_here(department: Department) -> None:
    """An empty hub names the one thing to do; without the key there is a door and nothing behind it."""
    assert "outreach hub merge FILE" in department.page.get(PAGE).text
    outside = Browserless(department.server).get(PAGE)
    assert outside.status == 403 and "for reviewers" in outside.text
    assert department.page.get(PAGE).headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert department.page.post(f"{PAGE}due", {"day": "9"}, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert department.page.get(PAGE, Host="hub.test").status == 400
    assert department.page.get("/hub/xx/").status == 404


def test_nothing_counts_before_a_yes(department: Department) -> None:
    """A new program's digits stand on the page; its numbers count from the yes on, and under wrong digits never."""
    shown = department.send("harbor", LAST, syringe_1ml=120)
    page = department.page.get(PAGE).text
    assert shown in page and "Harbor" in page and department.totals() == []

    wrong = department.page.post(f"{PAGE}accept", {"digits": "0000-0000", "code": "harbor"})
    assert wrong.status == 422 and "No return waits with the digits 0000-0000" in wrong.text
    assert department.totals() == []

    department.let_in("harbor", shown, "North")
    assert [(row["region"], row["item"], row["quantity"]) for row in department.totals(by="region")] == [
        ("North", "syringe-1ml", 120)
    ]
    assert shown not in department.page.get(PAGE).text


def test_two_of_one_name_do_not_become_one_by_a_tap(department: Department) -> None:
    """The code to begin with comes from the name, but not one that a program has: a yes would put the two together."""
    shown = department.send("harbor", LAST, cooker=1)
    page = department.page.get(PAGE).text
    assert 'name="code" required maxlength="48" value="harbor"' in page, "the control"
    department.let_in("harbor", shown)
    other = department.send("HARBOR", LAST, cooker=2)
    page = department.page.get(PAGE).text
    assert other in page and 'name="code" required maxlength="48" value=""' in page

    joined = {"digits": other, "code": "harbor"}
    refused = department.page.post(f"{PAGE}accept", joined)
    assert refused.status == 422 and "harbor has reported here before" in refused.text
    assert department.page.post(f"{PAGE}accept", joined | {"same": "1"}).status == 200


def test_late_is_who_sent_before_and_not_now(department: Department) -> None:
    """A program that reported the month before and not the last one is late after the department's own day."""
    shown = department.send("river", BEFORE, syringe_1ml=5)
    department.let_in("river", shown)
    day = date.today().day
    after, until = max(day - 1, 1), min(day, 28)

    department.page.post(f"{PAGE}due", {"day": str(after)})
    if day > 1:
        assert "Late" in department.page.get(PAGE).text
    if until == day:
        department.page.post(f"{PAGE}due", {"day": str(until)})
        assert "1 has until" in department.page.get(PAGE).text


@pytest.mark.parametrize("day", ["29", "", "0", "the tenth"])
def test_a_due_day_is_one_that_every_month_has(department: Department, day: str) -> None:
    """What is none is refused with the days there are, the field stays as it was typed, and the day before counts."""
    department.let_in("harbor", department.send("harbor", LAST, cooker=1))
    assert department.page.post(f"{PAGE}due", {"day": "9"}).status == 200, "the control"
    refused = department.page.post(f"{PAGE}due", {"day": day})
    assert refused.status == 422 and "Type a day from 1 to 28." in refused.text
    assert f'maxlength="2" value="{day}"' in refused.text
    assert 'maxlength="2" value="9"' in department.page.get(PAGE).text


def test_a_refused_form_keeps_what_was_typed(department: Department) -> None:
    """A code that is none is said on the page itself; the code, the region and the tick are there to be mended."""
    shown = department.send("harbor", LAST, cooker=1)
    department.let_in("river", department.send("river", LAST, cooker=1))
    typed = {"digits": shown, "code": "Old Harbor", "region": "North Bay", "same": "1"}
    refused = department.page.post(f"{PAGE}accept", typed)
    assert refused.status == 422 and "Old Harbor is not a code" in refused.text
    for each in ('value="Old Harbor"', 'value="North Bay"', 'name="same" value="1" checked'):
        assert each in refused.text, each
    again = department.page.get(PAGE).text
    assert "Old Harbor" not in again and 'name="same" value="1">' in again, "the control"


def test_nothing_is_ticked_before_someone_has_looked(department: Department, browser: Any) -> None:
    """No return comes ticked, so one tap marks none; a button ticks all of a month, and a role is kept by a refusal."""
    for program in ("harbor", "river"):
        department.let_in(program, department.send(program, LAST, cooker=1))
    refused = department.page.post(f"{PAGE}seen", {"role": "Clinical reviewer"})
    assert 'value="Clinical reviewer" selected' in refused.text

    context = browser.new_context()
    page = context.new_page()
    page.goto(department.server.door)
    ticks = page.locator("input[name=return]")
    assert [ticks.nth(i).is_checked() for i in range(ticks.count())] == [False, False]
    page.click("text=Tick all of this month")
    assert [ticks.nth(i).is_checked() for i in range(ticks.count())] == [True, True]
    page.click("text=Mark as seen")
    page.wait_for_url("**done=seen")
    assert page.locator("input[name=return]").count() == 0
    context.close()


def test_a_later_edition_is_unseen_again(department: Department) -> None:
    """A role's tick stays with the edition it was for; a name is refused and kept nowhere."""
    shown = department.send("valley", LAST, syringe_1ml=10)
    department.let_in("valley", shown)
    (first,) = department.cluster.ask("SELECT id FROM outreach.month_counts", database=department.name)[0]

    assert department.page.post(f"{PAGE}seen", {"return": first, "role": "Ann Example"}).status == 422
    none = department.page.post(f"{PAGE}seen", {"role": "Data reviewer"})
    assert none.status == 422 and "Tick a return first" in none.text
    assert "Nobody has looked these over" in department.page.get(PAGE).text
    department.page.post(f"{PAGE}seen", {"return": first, "role": "Data reviewer"})
    assert "Nobody has looked these over" not in department.page.get(PAGE).text
    assert "seen by Data reviewer" in department.page.get(f"{PAGE}return/{first}").text

    department.send("valley", LAST, 2, syringe_1ml=12, cooker=3)
    page = department.page.get(PAGE).text
    assert "Nobody has looked these over" in page and "edition 2 · 2 lines changed" in page
    assert "A later edition counts" in department.page.get(f"{PAGE}return/{first}").text


def test_what_is_called_otherwise_is_mapped_once(department: Department) -> None:
    """An own code is listed and in no total until someone says what it is; then it counts in every month."""
    shown = department.send("coast", LAST, long_tie=40, syringe_1ml=7)
    department.let_in("coast", shown)
    assert "long-tie" in department.page.get(PAGE).text
    assert {row["item"] for row in department.totals()} == {"syringe-1ml"}

    page = department.page.get(PAGE.replace("en", "es")).text
    for each in ("Torniquete", "Fumar o inhalar", "Sobredosis revertidas"):
        assert re.search(f'<(?:optgroup label="|option value="[a-z-]+">){each}', page), f"{each} is not to choose"

    told = {"program": "coast", "item": "long-tie", "shared": "tourniquet"}
    assert department.page.post(f"{PAGE}map", told).status == 200
    assert "long-tie" not in department.page.get(PAGE).text
    assert {row["item"]: row["quantity"] for row in department.totals()} == {"syringe-1ml": 7, "tourniquet": 40}

    for wrong in ({"item": "nothing-like-it"}, {"item": "syringe-1ml"}, {"shared": "cooker"}, {"program": "nobody"}):
        refused = department.page.post(f"{PAGE}map", told | wrong)
        assert refused.status == 422 and "Nothing was changed." in refused.text, wrong
    assert {row["item"]: row["quantity"] for row in department.totals()} == {"syringe-1ml": 7, "tourniquet": 40}


def test_what_waits_for_a_shared_item_is_of_the_months_that_are_looked_at(department: Department) -> None:
    """An own code of years ago is not on today's page; whoever asks for that year has it before them."""
    department.let_in("coast", department.send("coast", "2021-03", long_tie=40))
    department.send("coast", LAST, short_tie=4)
    assert "short-tie" in department.page.get(PAGE).text, "the control"
    assert "long-tie" not in department.page.get(PAGE).text
    assert "long-tie" in department.page.get(f"{PAGE}?period=2021").text


def test_the_public_is_told_no_few(department: Department) -> None:
    """A contract sees 3 reversals; the public sees them merged, zeros as they are, and later no difference."""
    for program, reversals in (("harbor", 30), ("river", 3), ("valley", 0), ("coast", 25)):
        shown = department.send(program, LAST, reversals=reversals, visits=200)
        department.let_in(program, shown)
    asked = {"pack": "every-number", "by": "program"}

    def told(**more: str) -> dict[str, int | None]:
        rows = department.totals(**asked, **more)
        return {row["part"]: row["value"] for row in rows if row["line"] == "Reversals reported"}

    assert told()["river"] == 3, "the control"
    public = told(public="1", threshold="11")
    assert public == {"harbor": 30, "valley": 0, "river, coast": 28} or public == {
        "harbor": 30,
        "valley": 0,
        "coast, river": 28,
    }
    sent = department.page.post(f"{PAGE}release", {"period": LAST, "public": "1", "threshold": "11", **asked})
    assert sent.status == 200, sent.text

    department.send("river", LAST, 2, reversals=9, visits=200)
    assert told(public="1", threshold="11") == public, "what was told is told the same again"
    assert told()["river"] == 9


def test_a_program_cannot_read_what_the_department_keeps(department: Department) -> None:
    """A program's role has no right to ticks, releases and settings; the department's has."""
    name = department.name
    found(department.admin, programs=(f"{name}-van",))
    for table in ("seen", "published", "hub_setting"):
        assert department.cluster.ask(f"SELECT count(*) FROM outreach.{table}", f"{name}-department", name) == [(0,)]
        with pytest.raises(Exception, match="permission denied"):
            department.cluster.ask(f"SELECT count(*) FROM outreach.{table}", f"{name}-van", name)


def test_the_same_from_a_terminal(department: Department, outreach: Any) -> None:
    """`outreach hub report --state` says what the page says, as text, CSV and JSON; standing names who is late."""
    shown = department.send("harbor", LAST, syringe_1ml=120, visits=9)
    department.let_in("harbor", shown, "North")
    words = ("hub", "report", "--state", "--database", department.address, "--period", LAST, "--by", "region")

    assert outreach.json(*words, "--format", "json")["rows"] == department.totals(by="region")
    assert "120" in outreach(*words).out and "North" in outreach(*words, "--format", "csv").out
    standing = outreach("hub", "report", "standing", "--state", "--database", department.address)
    assert standing.code == 0 and "here, not seen" in standing.out
    assert outreach(*words, "--site", "x").code == 2


def test_everyone_can_use_it(department: Department, browser: Any, barriers: Any) -> None:
    """axe finds nothing on the page, a return or the totals, in both palettes; at 320 px nothing scrolls sideways.

    By keyboard alone the first thing reached leads to the content, and a program is let in.
    """
    department.let_in("harbor", department.send("harbor", LAST, syringe_1ml=120, long_tie=40, reversals=4, visits=9))
    department.let_in("river", department.send("river", BEFORE, syringe_1ml=5), "North")
    department.send("coast", LAST, cooker=3)
    found = re.search(r"/hub/en/return/([0-9a-f]+)", department.page.get(PAGE).text)
    assert found and "Reversals reported" in department.page.get(f"{PAGE}return/{found[1]}").text
    pages = ("", f"return/{found[1]}", f"?period={LAST}&by=program", f"?period={LAST}&pack=every-number&public=1")
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(department.server.door)
    for tag, scheme in (("en", "light"), ("ar", "dark")):
        page.emulate_media(color_scheme=scheme)
        for each in pages:
            page.goto(f"{department.server.address}/hub/{tag}/{each}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (tag, each)
            assert barriers(page) == [], (tag, each)
    page.goto(f"{department.server.address}{PAGE}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "region-1":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("East")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=accepted")
    assert "Its returns count from now on" in page.inner_text("[role=status]")
    context.close()
