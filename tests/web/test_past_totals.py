"""Past totals brought in through the pages: looked over, saved whole or not at all, undone at one press."""

from __future__ import annotations

import re
import uuid
from typing import Any

from outreach.core.past import DAY

GOOD = "Month,Place,Visits,Naloxone nasal spray,Notes\n2025-01,outreach,40,30,x\n2025-02,outreach,50,0,y\n"


def send(client: Any, path: str, name: str, body: bytes) -> Any:
    """A file sent through a form, as a browser does."""
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Sec-Fetch-Site": "same-origin"}
    return client.ask("POST", path, head + body + f"\r\n--{mark}--\r\n".encode(), headers)


def columns(page: str) -> dict[str, str]:
    """What the page proposes for each column, and its other fields."""
    found = {}
    for at, options in re.findall(r'name="column-(\d+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        found[f"column-{at}"] = chosen[1] if chosen else ""
    return found


def totals(client: Any, year: str = "2025") -> str:
    return client.get(f"/staff/en/reports/totals.json?period={year}").text


def test_a_table_is_looked_over_saved_and_undone(served: Any) -> None:
    """Columns are proposed by their names, the totals are shown before they count, and one press takes them away."""
    before = totals(served)
    page = send(served, "/staff/en/reports/past", "old.csv", GOOD.encode())
    assert page.status == 200, page.text
    told = columns(page.text)
    assert told == {
        "column-0": DAY,
        "column-1": "?",
        "column-2": "encounters",
        "column-3": "given:naloxone-nasal",
        "column-4": "?",
    }
    path = page.url.removeprefix(served.server.address)

    assert "Say what each column means" in served.post(path, told | {"site": "outreach"}).text
    told["column-4"] = ""
    looked = served.post(path, told | {"column-1": "site", "site": "outreach"})
    assert "This is what would be saved" in looked.text
    assert re.search(r"Visits</th><td class=\"n\">90<", looked.text)
    assert totals(served) == before

    saved = served.post(path, told | {"column-1": "site", "site": "outreach", "do": "save"})
    assert "Saved. The totals hold them now." in saved.text
    assert '"quantity": 30' in totals(served)

    table = re.search(r'name="table" value="([0-9a-f]{16})"', saved.text)
    assert table
    undone = served.post("/staff/en/reports/past/undo", {"table": table[1]})
    assert "Undone." in undone.text
    assert '"quantity": 30' not in totals(served)
    assert served.post("/staff/en/reports/past/undo", {"table": table[1]}).status == 422


def test_the_same_table_twice_counts_once(served: Any) -> None:
    """A table that was brought in before is refused until the first is undone."""
    for expected in (200, 422):
        page = send(served, "/staff/en/reports/past", "old.csv", GOOD.encode())
        path = page.url.removeprefix(served.server.address)
        left = {"column-1": "", "column-4": "", "site": "outreach", "do": "save"}
        answer = served.post(path, columns(page.text) | left)
        assert answer.status == expected
    assert "brought in before" in answer.text


def test_three_bad_rows_of_four_thousand_keep_all_out(served: Any) -> None:
    """Each bad row is named with its number in the file; nothing is half saved; mended, all of them are saved."""
    rows = [f"2025-{n % 12 + 1:02},{n % 7},{n % 5}" for n in range(4000)]
    bad = list(rows)
    bad[9], bad[99], bad[3999] = "not a day,1,1", "2025-01,many,1", "2025-13,1,1"
    for body, status in ((bad, 422), (rows, 200)):
        text = "\n".join(["Month,Visits,Cooker", *body])
        page = send(served, "/staff/en/reports/past", "old.csv", text.encode())
        path = page.url.removeprefix(served.server.address)
        looked = served.post(path, columns(page.text) | {"site": "outreach"})
        if status == 422:
            assert "3 of 4,000 rows cannot be read" in looked.text
            for row in ("Row 11:", "Row 101:", "Row 4001:"):
                assert row in looked.text
            assert '"quantity": ' not in totals(served)
        assert served.post(path, columns(page.text) | {"site": "outreach", "do": "save"}).status == status
    assert f'"quantity": {sum(n % 5 for n in range(4000))}' in totals(served)


def test_a_table_of_people_is_turned_away(served: Any) -> None:
    """A column of names or birth dates refuses the file before anything is kept; a site's name does not."""
    for head in ("Name", "Date of birth", "client_id"):
        refused = send(served, "/staff/en/reports/past", "old.csv", f"Month,{head},Visits\n2025-01,x,1\n".encode())
        assert refused.status == 422
        assert "Nothing was kept." in refused.text
    kept = send(served, "/staff/en/reports/past", "old.csv", b"Month,Site name,Visits\n2025-01,x,1\n")
    assert kept.status == 200


def test_what_cannot_be_read_is_one_sentence(served: Any) -> None:
    """No file, an old table that is forgotten, two columns that mean one thing: a sentence each, nothing saved."""
    assert "Choose a file first" in send(served, "/staff/en/reports/past", "", b"").text
    assert served.get("/staff/en/reports/past/0123456789abcdef").status == 404
    page = send(served, "/staff/en/reports/past", "old.csv", GOOD.encode())
    path = page.url.removeprefix(served.server.address)
    two = {f"column-{i}": each for i, each in enumerate(("day", "", "encounters", "encounters", ""))}
    assert "Two columns mean the same" in served.post(path, two | {"do": "save"}).text
    none = {f"column-{i}": "" for i in range(5)}
    assert "which one column holds the day" in served.post(path, none).text
    assert '"quantity": ' not in totals(served)
