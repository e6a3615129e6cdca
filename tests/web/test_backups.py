"""The pages of backups: onto a stick, looked through, put back, and a plain file after a warning."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import time
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from outreach.home import Home
from outreach.services.program import Program

PAGE = "/staff/en/backups"


def words_of(page: str) -> str:
    found = re.search(r'class="six"[^>]*>(.*?)</ol>', page, re.DOTALL)
    assert found
    return " ".join(re.findall(r"<bdi>([^<]+)</bdi>", found[1]))


def save(pages: Any, visits: int) -> None:
    sheet = pages.open_sheet(day="2026-11-22")
    pages.tap(sheet, pages.tab(sheet), 1, "encounters", visits)
    assert pages.post(f"/staff/en/tally/{sheet}/close", {"as-it-is": "1"}).status == 200


def count(home: Path) -> int:
    ledger = Program(Home(home)).ledger_if_any()
    return ledger.count() if ledger else 0


def test_a_backup_by_page_and_back(served: Any, home: Path, tmp_path: Path) -> None:
    """Six words are shown once and in no later page; a backup is looked through, then restored; what was is kept."""
    save(served, 5)
    stick = tmp_path / "stick"
    stick.mkdir()
    done = served.post(PAGE, {"place": "other", "place-typed": str(stick)})
    assert done.status == 200 and "It is not on a stick" in done.text and "Safe to unplug" not in done.text
    words = words_of(done.text)
    assert len(words.split()) == 6
    made = urlsplit(done.url).path
    assert words_of(served.get(made).text) == words and len([*stick.iterdir()]) == 1, "loaded again it makes none"
    assert words.split()[0] not in served.get(PAGE).text
    assert served.post(f"{PAGE}/done").status == 200 and served.get(made).status == 404
    (file,) = stick.iterdir()
    save(served, 6)

    wanted = {"backup": "other", "backup-typed": str(file)}
    wrong = served.post(f"{PAGE}/look", wanted | {"words": "not these"})
    assert wrong.status == 422 and "does not open the backup" in wrong.text and f'value="{file}"' in wrong.text
    asked = served.post(f"{PAGE}/look", wanted | {"words": " "})
    assert asked.status == 422 and "opens with its words" in asked.text
    looked = served.post(f"{PAGE}/look", wanted | {"words": words})
    assert looked.status == 200 and "1 sheet<" in looked.text and "2 sheets<" in looked.text
    assert count(home) == 2, "looking changes nothing"
    key = re.search(r'name="key" value="([0-9a-f]+)"', looked.text)
    assert key
    restored = served.post(f"{PAGE}/restore", {"key": key[1], "yes": "1"})
    assert restored.status == 200 and "before-restore" in restored.text
    assert count(home) == 1
    assert served.post(f"{PAGE}/restore", {"key": key[1], "yes": "1"}).status == 404
    assert [each.name for each in (home / "backups").iterdir() if "incoming" in each.name] == []


def test_a_backup_is_chosen_as_a_file_or_by_its_folder(served: Any, home: Path, tmp_path: Path) -> None:
    """A new laptop knows no path: the browser sends the file, and a folder that is typed gives its newest backup."""
    save(served, 5)
    done = served.post(PAGE, {"place": "other", "place-typed": str(tmp_path)})
    words, (file,) = words_of(done.text), tmp_path.glob("*.sealed")
    (tmp_path / "backup-2001-01-01.sealed").write_bytes(b"an older one, and none")
    form = served.get(PAGE).text
    assert 'type="file"' in form and "multipart/form-data" in form

    # As a browser sends it: nothing is typed, and a copy of this laptop stands chosen above it.
    (copy,) = (home / "backups").glob("*.ledger")
    body = [("backup", "", str(copy).encode()), ("words", "", words.encode()), ("sent", file.name, file.read_bytes())]
    parts = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (name.encode(), b'; filename="%s"' % sent.encode() if sent else b"", value)
        for name, sent, value in body
    )
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "Sec-Fetch-Site": "same-origin"}
    sent_in = served.ask("POST", f"{PAGE}/look", parts + b"--edge--\r\n", kind)
    assert sent_in.status == 200 and "Restore this backup?" in sent_in.text
    by_folder = served.post(f"{PAGE}/look", {"backup": "other", "backup-typed": str(tmp_path), "words": words})
    assert by_folder.status == 200 and "Restore this backup?" in by_folder.text
    nothing = served.post(f"{PAGE}/look", {"backup": "other", "backup-typed": str(home / "backups"), "words": words})
    assert nothing.status == 422 and "Nothing was changed" in nothing.text


def test_the_browser_saves_a_backup(served: Any, home: Path) -> None:
    """Nothing is typed and nothing is written but by the browser: the page of the words has the file, and it opens."""
    save(served, 5)
    there = {each for each in home.rglob("*") if each.is_file()}
    made = served.post(f"{PAGE}/file")
    words, link = words_of(made.text), re.search(r'href="([^"]+)" download="(backup-[\d-]+\.sealed)"', made.text)
    assert made.status == 200 and link and "until you save it" in made.text and "Safe to unplug" not in made.text
    file = served.get(link[1])
    assert file.headers["Content-Disposition"] == f'attachment; filename="{link[2]}"'
    assert served.get(link[1]).body == file.body and b"SQLite" not in file.body
    assert {each for each in home.rglob("*") if each.is_file()} == there
    looked = served.ask("POST", f"{PAGE}/look", *_sent(link[2], file.body, words))
    assert looked.status == 200 and "Restore this backup?" in looked.text
    served.post(f"{PAGE}/done")
    assert served.get(link[1]).status == 404


def _sent(name: str, content: bytes, words: str) -> tuple[bytes, dict[str, str]]:
    """The form of a restore with a file in it."""
    body = [("words", "", words.encode()), ("sent", f'; filename="{name}"', content)]
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{of}"{called}\r\n\r\n'.encode() + value + b"\r\n"
        for of, called, value in body
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "Sec-Fetch-Site": "same-origin"}
    return b"".join(parts) + b"--edge--\r\n", kind


def test_killed_while_the_browser_is_to_save_one(served: Any, home: Path, outreach: Any, tmp_path: Path) -> None:
    """Whatever a kill leaves behind, in the home or among the temporary files, tells nobody the name of a site."""
    outreach("sites", "add", "north", "--name", "Zanzibar lot")
    save(served, 5)
    asked = threading.Thread(target=lambda: _ask_one_that_dies(served))
    asked.start()
    while asked.is_alive() and not any(home.glob("backups/outgoing*")):
        pass
    served.server.kill()
    asked.join()
    for each in (*home.rglob("*"), *tmp_path.rglob("*")):
        if each.is_file():
            assert not _readable(each), each
    assert "Zanzibar lot" in outreach("sites").out, "the control"


def _ask_one_that_dies(served: Any) -> None:
    with contextlib.suppress(OSError, HTTPException):
        served.post(f"{PAGE}/file")


def _readable(file: Path) -> list[bytes]:
    content = file.read_bytes()
    return [each for each in (b"Zanzibar", b"SQLite format") if each in content]


def test_a_bare_word_is_no_place(served: Any) -> None:
    """A drive that is not there, a bare word and a folder that is not there are refused; nothing is made."""
    save(served, 5)
    before = {*Path.cwd().iterdir()}
    for page in (PAGE, f"{PAGE}/plain"):
        for typed in ("E:\\", "stick", "/no/such/place"):
            refused = served.post(page, {"place": "other", "place-typed": typed})
            assert refused.status == 422 and "on this computer. Nothing was changed." in refused.text
            assert f'value="{typed}"' in refused.text, "what was typed is kept"
    assert {*Path.cwd().iterdir()} == before


def test_numbers_are_called_numbers(served: Any, tmp_path: Path) -> None:
    """Where a language has no list of words, nothing on the pages calls its six numbers words."""
    save(served, 5)
    page = PAGE.replace("/en/", "/ar/")
    shown = served.get(page).text
    assert "six words" not in shown and "ست كلمات" not in shown
    done = served.post(page, {"place": "other", "place-typed": str(tmp_path)})
    assert all(each.isdigit() for each in words_of(done.text).split())


def test_no_is_no(served: Any, home: Path) -> None:
    """A copy of this laptop needs no words; after "no" nothing is changed and nothing is left of the look."""
    save(served, 5)
    (copy,) = (home / "backups").glob("*.ledger")
    looked = served.post(f"{PAGE}/look", {"backup": str(copy)})
    key = re.search(r'name="key" value="([0-9a-f]+)"', looked.text)
    assert key and looked.status == 200
    assert served.post(f"{PAGE}/restore", {"key": key[1]}).status == 200
    assert count(home) == 1 and [each.name for each in (home / "backups").iterdir() if "incoming" in each.name] == []


def test_a_plain_file_by_page(served: Any, tmp_path: Path) -> None:
    """The page says first who can read the file; one with a name that is taken is refused."""
    save(served, 5)
    assert "Anyone who gets this file can read" in served.get(f"{PAGE}/plain").text
    wanted = {"place": "other", "place-typed": str(tmp_path / "counts.sqlite")}
    assert served.post(f"{PAGE}/plain", wanted).status == 200
    with closing(sqlite3.connect(tmp_path / "counts.sqlite")) as plain:
        assert plain.execute("SELECT encounters FROM sheet").fetchall() == [(5,)]
    assert served.post(f"{PAGE}/plain", wanted).status == 422
    assert served.post(PAGE, {"place": "other", "place-typed": ""}).status == 422


def _restored(pages: Any, file: Path, words: str) -> str:
    looked = pages.post(f"{PAGE}/look", {"backup": "other", "backup-typed": str(file), "words": words})
    key = re.search(r'name="key" value="([0-9a-f]+)"', looked.text)
    assert key, looked.text
    return str(pages.post(f"{PAGE}/restore", {"key": key[1], "yes": "1"}).text)


def test_the_coordinators_laptop_on_a_new_one(served: Any, serve: Any, client: Any, tmp_path: Path) -> None:
    """The page says what came, what did not, and the next step; Laptops shows the way out open, above all else."""
    save(served, 5)
    told = served.post("/staff/en/laptops/invite", {"own": "Office", "name": "Van 2"})
    assert told.status == 200
    put_up = {"effect": "carfentanil", "todo": "breathe", "until": time.strftime("%Y-%m-%d"), "save": "1"}
    assert served.post("/staff/en/alerts", put_up).status == 200
    done = served.post(PAGE, {"place": "other", "place-typed": str(tmp_path)})
    words, (file,) = words_of(done.text), tmp_path.glob("*.sealed")
    new = client(serve(tmp_path / "new")).enter()
    page = _restored(new, file, words)
    assert "1 supply alert shows again" in page and "What did not come along" in page and "This laptop has none" in page
    assert "backup of the coordinator" in page and 'class="do" href="/staff/en/laptops"' in page and "locks" not in page
    laptops = new.get("/staff/en/laptops").text
    assert laptops.index("This laptop takes its place") < laptops.index("<details>") < laptops.index("Almost there")
    new.post("/staff/en/laptops/anew", {"own": "Office 2"})
    assert "backup of the coordinator" not in new.get("/staff/en/laptops").text
    assert "backup of the coordinator" not in served.get("/staff/en/laptops").text, "the control"
    assert "carfentanil" in new.get("/en/").text.casefold()
