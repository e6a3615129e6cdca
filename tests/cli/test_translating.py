"""Packets for translators, out and back: what is good is shown, what is bad is refused with file, line and reason."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from outreach.shipped import LOCALES

STEP = "overdose-response.leave-naloxone"
ENGLISH = "Give 1 dose of naloxone."
CURRENT = "Dé 1 dosis de naloxona."
BETTER = "Dé 1 dosis de naloxona enseguida."


def sheet(folder: Path, rows: list[list[str]], name: str = "back.csv", **form: Any) -> Path:
    """A packet as it comes back from an office program."""
    out = io.StringIO()
    writer = csv.writer(out, **form)
    writer.writerow(["context", "class", "English", "current", "new", "note"])
    writer.writerows(rows)
    file = folder / name
    file.write_text(out.getvalue(), encoding="utf-8-sig")
    return file


def row(new: str, context: str = STEP, english: str = ENGLISH, current: str = "") -> list[str]:
    return [context, "S1", english, current, new, ""]


def give(outreach: Any, file: Path, role: str = "drafter", group: str = "North clinic", *more: str) -> Any:
    return outreach("translate", "es", "--in", file, "--role", role, "--group", group, *more)


def state(outreach: Any) -> str:
    """How the step stands, as the guide tells it."""
    said = outreach.json("guide", "overdose-response", "--language", "es", "--format", "json")
    steps = [step for section in said["sections"] for step in section["steps"]]
    return next(step["state"] for step in steps if f"overdose-response.{step['id']}" == STEP)


def test_a_packet_goes_out_life_saving_words_first(outreach: Any, home: Path, tmp_path: Path) -> None:
    """As a page and as a spreadsheet, the urgent texts first, with their current words; nothing is made in the home."""
    folder = tmp_path / "packet"
    ran = outreach("translate", "es", "--out", folder, "--first", "40")

    assert ran.code == 0, ran.err
    content = (folder / "words-es.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 40 and {each["class"] for each in rows} == {"S1"}
    first = rows[0]
    assert (first["context"], first["English"]) == ("overdose-response.title", "Overdose: what to do")
    assert first["current"] == "Sobredosis: qué hacer" and first["new"] == ""
    page = (folder / "words-es.html").read_text(encoding="utf-8")
    assert page.count('<textarea class="new"') == 40 and "http" not in page.replace("http-equiv", "")
    assert not home.exists()


def test_the_phone_page_saves_the_same_spreadsheet(outreach: Any, browser: Any, tmp_path: Path) -> None:
    """Filled in on a phone from a file, without a network: what it saves is taken back."""
    out = tmp_path / "words.html"
    assert outreach("translate", "es", "--out", out).code == 0
    page = browser.new_page(viewport={"width": 360, "height": 700})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(out.as_uri())
    item = page.locator(f"li[data-context='{STEP}']")
    item.locator("textarea.new").fill(BETTER)
    page.locator("li[data-context='overdose-response.title'] input").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    back = tmp_path / "back.csv"
    download.value.save_as(back)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    taken = give(outreach, back, "checker")
    assert taken.code == 0, taken.err
    assert "1 new, 1 checked, 0 refused" in taken.out
    assert BETTER in outreach("guide", "overdose-response", "--language", "es").out


def test_new_words_are_shown_before_the_shipped_ones(outreach: Any, home: Path, tmp_path: Path) -> None:
    """A good row is kept in the home as public data and shown; without a ledger, keys or a database."""
    taken = give(outreach, sheet(tmp_path, [row(BETTER)]))

    assert (taken.code, taken.err) == (0, "")
    assert BETTER in outreach("guide", "overdose-response", "--language", "es").out
    assert sorted(str(each.relative_to(home)) for each in home.rglob("*") if each.is_file()) == [
        "locales/es/LC_MESSAGES/guidance.po",
        "locales/es/review.toml",
    ]
    assert outreach("check").out.count("guidance.po:") == 0


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("Dé 2 dosis de naloxona.", "numbers differ"),
        ("Dé 1 dosis de {droga}.", "placeholders differ"),
        ("Dé 1 dosis de naltrexona.", "wrong drug"),
        ("<b>Dé</b> 1 dosis de naloxona.", "markup"),
        ("Tome 1 dosis de naloxona.", '"tome"'),
        ("No dé 1 dosis de naloxona.", "forbids nothing"),
        ("=1 dosis de naloxona", "spreadsheet"),
        ("Dé 1 dosis de \u202enaloxona.", "control character"),
    ],
)
def test_a_bad_row_is_refused_and_the_last_good_text_stays(
    outreach: Any, tmp_path: Path, new: str, reason: str
) -> None:
    """File, line and reason on stderr; the row beside it is taken, and the words from before are still shown."""
    assert give(outreach, sheet(tmp_path, [row(BETTER)])).code == 0
    title = row("Sobredosis: cómo ayudar", "overdose-response.title", "Overdose: what to do")
    taken = give(outreach, sheet(tmp_path, [title, row(new)], "bad.csv"))

    assert taken.code == 1
    assert f"refused bad.csv:3 {STEP}" in taken.err and reason in taken.err
    said = outreach("guide", "overdose-response", "--language", "es").out
    assert BETTER in said and "Sobredosis: cómo ayudar" in said


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row(BETTER, "no-such.text")], "there is no such text"),
        ([row(BETTER, english="Give 2 doses.")], "English has changed"),
        ([row(BETTER), row(CURRENT + " Ya.")], "twice"),
        ([row("ok", current="Otra cosa.")], "a drafter writes"),
    ],
)
def test_rows_that_do_not_fit_are_refused(outreach: Any, tmp_path: Path, rows: list[list[str]], reason: str) -> None:
    """An unknown text, an English from before, a text twice, a drafter who ticks."""
    taken = give(outreach, sheet(tmp_path, rows))

    assert taken.code == 1 and reason in taken.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\x01\x02", "line 1"),
        ("context,new\na,é\n".encode("latin-1"), "line 2 is not UTF-8"),
        (b"text,words\na,b\n", "has no column context or new"),
        (b'context,new\n"a,b\n', "line 2"),
        (b"", "has no column"),
    ],
)
def test_a_file_that_is_no_packet_is_refused(
    outreach: Any, home: Path, tmp_path: Path, content: bytes, reason: str
) -> None:
    """One sentence with file and line; nothing is made."""
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    taken = give(outreach, file)

    assert taken.code == 1 and taken.err.startswith("bad.csv could not be read:") and reason in taken.err
    assert not home.exists()


@pytest.mark.parametrize("form", [{"delimiter": ";"}, {"delimiter": "\t"}])
def test_the_spreadsheets_of_other_countries_are_read(outreach: Any, tmp_path: Path, form: dict[str, str]) -> None:
    """Semicolons and tabs, as office programs write them where a comma is a decimal point."""
    assert give(outreach, sheet(tmp_path, [row(BETTER)], **form)).code == 0


def test_a_catalog_is_taken_and_its_dead_plural_header_named(outreach: Any, tmp_path: Path) -> None:
    """A translator's own `.po` comes in through the same rules; a header that counts nothing is refused by line."""
    file = tmp_path / "es.po"
    entry = f'msgctxt "{STEP}"\nmsgid "{ENGLISH}"\nmsgstr "{BETTER}"\n'
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    file.write_text(f"{header}\n{entry}", encoding="utf-8")
    assert give(outreach, file).code == 0

    file.write_text(f'{header}"Plural-Forms: nplurals=1; plural=0;\\n"\n\n{entry}', encoding="utf-8")
    taken = give(outreach, file)
    assert taken.code == 1 and "es.po:1" in taken.err and "Plural-Forms" in taken.err


def test_writer_and_checker_are_different_hands(outreach: Any, tmp_path: Path) -> None:
    """The group that wrote words cannot check them unless names tell the two apart; another group can."""
    assert give(outreach, sheet(tmp_path, [row(BETTER)])).code == 0
    tick = sheet(tmp_path, [row("ok")], "tick.csv")
    same = give(outreach, tick, "checker", "north  CLINIC")
    assert same.code == 1 and "cannot check them" in same.err and "tick.csv:2" in same.err
    assert state(outreach) == "draft"
    assert give(outreach, tick, "checker", "South group").code == 0
    assert state(outreach) == "checked"


def test_the_same_file_twice_checks_nothing(outreach: Any, tmp_path: Path) -> None:
    """A file that comes again, its slip mended, is taken without complaint, and the words in it stay drafts.

    The control: the same words given by another speaker as checked are.
    """
    slip = ["overdose-response.stay", "S1", "", "", "Quédese 99 horas.", ""]
    given = sheet(tmp_path, [row(BETTER), slip])
    assert give(outreach, given).code == 1
    for role in ("drafter", "checker"):
        again = give(outreach, sheet(tmp_path, [row(BETTER, current=CURRENT)]), role)
        assert again.code == 0 and "0 new, 0 checked" in again.out, again.err
        assert state(outreach) == "draft"

    assert give(outreach, sheet(tmp_path, [row(BETTER)]), "checker", "South group").code == 0
    assert state(outreach) == "checked"


def test_two_named_people_of_one_group_may_share_the_work(outreach: Any, tmp_path: Path) -> None:
    """Names are optional; where both are given they tell writer and checker apart."""
    assert give(outreach, sheet(tmp_path, [row(BETTER)]), "drafter", "North", "--name", "Ana").code == 0
    tick = sheet(tmp_path, [row("ok")], "tick.csv")

    assert give(outreach, tick, "checker", "North", "--name", "Ana").code == 1
    assert give(outreach, tick, "checker", "North", "--name", "Luis").code == 0


def test_a_group_is_enough_and_is_needed(outreach: Any, home: Path, tmp_path: Path) -> None:
    """No name is asked for; without a group there is nobody to tell apart."""
    taken = give(outreach, sheet(tmp_path, [row(BETTER)]), "drafter", " ")

    assert taken.code == 1 and "Say which group" in taken.err and not home.exists()
    assert outreach("translate", "en", "--out", tmp_path / "x.csv").code == 1


def test_an_installed_copy_does_not_refresh_itself(outreach: Any) -> None:
    """What it wrote would be gone with the next install: refused, with the command that works on the sources."""
    shipped = sorted(LOCALES.rglob("*.po*"))
    before = [file.stat().st_mtime_ns for file in shipped]
    ran = outreach("translate", "--refresh")
    assert (ran.code, "python -m outreach translate --refresh" in ran.err) == (1, True)
    assert shipped and [file.stat().st_mtime_ns for file in shipped] == before
