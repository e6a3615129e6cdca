"""One English sentence changes: what was translated from it is gone everywhere until someone translates it anew."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from outreach.i18n.catalogs import lookup

# No other topic says this, in any language.
ENGLISH = "Hold the spray with your thumb on the plunger and your fingers on the nozzle. Do not test the spray."
CHANGED = "Hold the spray: thumb on the plunger, fingers on the nozzle. Do not test the spray."
SHORT, SHORT_CHANGED = "Call 911. Say: not breathing, and where.", "Call 911. Say: not breathing. Say where."
CODE, CODE_CHANGED = "911. Give naloxone. Breathe for them. Stay.", "911. Naloxone. Breathe for them. Stay."


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def everything_in(folder: Path) -> str:
    """All text of a published site, what lies packed for the first visit included."""
    parts = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            parts.append(
                (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8", "replace")
            )
    return "\n".join(parts)


def said(copy: Any, name: str, page: str) -> dict[str, str]:
    """Every surface that shows the step in Spanish: served page, terminal, saved page and guide, published site."""
    site = copy.folder / f"site-{name}"
    copy("publish", site, "--address", "https://example.org/", "--language", "es")
    step = ("guide", "overdose-response", "--language", "es")
    return {
        "page": page,
        "terminal": " ".join(copy(*step).split()),
        "saved page": copy(*step, "--format", "html"),
        "saved guide": copy("guide", "--language", "es", "--format", "html"),
        "site": everything_in(site),
    }


def test_a_changed_sentence_takes_its_translation_from_every_surface(copy: Any, serve: Any, client: Any) -> None:
    """Page, terminal, saved file, published site: the new English, marked as English, and the old Spanish nowhere."""
    topic = copy.folder / "outreach" / "shipped" / "topics" / "overdose-response.toml"
    spanish = str(lookup("es", "overdose-response.nasal-hold", ENGLISH))[:30]
    assert len(spanish) == 30

    def page(name: str) -> str:
        return str(client(serve(copy.folder / name, env=copy.env)).get("/es/overdose-response").text)

    before = said(copy, "before", page("before"))
    change(topic, ENGLISH, CHANGED)
    after = said(copy, "after", page("after"))

    assert [name for name, text in before.items() if spanish not in text] == [], "the control: it is there before"
    assert [name for name, text in after.items() if spanish in text] == []
    for name, text in after.items():
        assert "thumb on the plunger, fingers on the nozzle" in text, name
        if name != "terminal":
            assert re.search(r'<span lang="en" dir="ltr">(?:<b>)?Hold the spray:', text), name


def test_a_changed_sentence_refuses_the_card(copy: Any) -> None:
    """On paper a step is not mixed into another language: the card is refused, and nothing is written."""
    wanted = ("print", "response", "--language", "es:1", "-o", copy.folder / "card.pdf")
    copy(*wanted)
    (copy.folder / "card.pdf").unlink()
    change(copy.folder / "outreach" / "shipped" / "topics" / "overdose-response.toml", SHORT, SHORT_CHANGED)

    refused = copy.run("-m", "outreach", *wanted)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    assert "the words of call are not translated" in refused.stderr
    assert not (copy.folder / "card.pdf").exists()


def test_a_changed_code_is_english_in_every_language(copy: Any) -> None:
    """What the code says falls back to the new English: a phone that reads it never gets the old Spanish."""
    wanted = ("print", "response", "--language", "es:1", "--layout", "plain-letter", "-o", copy.folder / "card.pdf")
    read = {}
    for name in ("before", "after"):
        copy(*wanted)
        page = pypdfium2.PdfDocument(str(copy.folder / "card.pdf"))[0].render(scale=300 / 72, grayscale=True)
        read[name] = {code.text for code in zxingcpp.read_barcodes(page.to_pil())}
        if name == "before":
            change(copy.folder / "printables" / "response" / "card.toml", CODE, CODE_CHANGED)

    assert read["before"] and CODE not in read["before"] and CODE_CHANGED not in read["before"]
    assert read["after"] == {CODE_CHANGED}
