"""A broken catalog costs what is broken in it: that string or that file is in English, and the check says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from outreach.i18n.catalogs import GUIDANCE, po_file

# Emergency strings of Spanish, each broken in its own way: the English, the line, what it becomes, the rule it breaks.
BROKEN = [
    (
        "The person does not wake up or answer.",
        'msgstr "La persona no se despierta ni responde."',
        'msgstr "La persona no se despierta en 9 minutos."',
        "(numbers)",
    ),
    (
        "You hear choking, gurgling or snoring.",
        'msgstr "Usted oye que la persona hace ruidos de ahogo, gorgoteos (como burbujas) o ronquidos."',
        'msgstr "Usted oye que la persona {hace} ruidos de ahogo."',
        "(placeholders)",
    ),
    (
        "The pupils (the black dots in the eyes) are very small.",
        'msgstr "Las pupilas (los puntos negros de los ojos) están muy pequeñas."',
        'msgstr "<img src=x> Las pupilas están muy pequeñas."',
        "(markup)",
    ),
    (
        "The body is limp. The skin is cold or damp.",
        'msgstr "El cuerpo está flojo, sin fuerza. La piel está fría o húmeda."',
        'msgstr "El cuerpo está flojo',
        "not a line",
    ),
]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(copy: Any, topic: str, language: str = "es") -> str:
    """A topic in the terminal, without its line breaks."""
    return " ".join(copy("guide", topic, "--language", language).split())


def test_a_broken_emergency_string_is_never_shown(copy: Any) -> None:
    """Wrong number, placeholder, markup or syntax in a needed word: that step is in English; the check says why."""
    before = said(copy, "overdose-response")
    file = po_file("es", GUIDANCE, copy.locales)
    for _, line, broken, _ in BROKEN:
        change(file, line, broken)
    after = said(copy, "overdose-response")
    check = copy.run("-m", "outreach", "check", "--format", "json")
    wrong = [each for each in json.loads(check.stdout)["wrong"] if each.startswith("es/guidance.po:")]

    for english, line, broken, rule in BROKEN:
        spanish = line.removeprefix("msgstr ").strip('"')
        assert f"- {spanish} ({english})" in before, "the control: it is there, with its English beside it"
        assert f"- {english} " in after and f"({english})" not in after
        assert spanish not in after and broken.removeprefix("msgstr ").strip('"') not in after
        assert [each for each in wrong if rule in each], (rule, wrong)
    assert "Seis pasos" in after, "the rest is still Spanish"
    assert check.returncode == 1


def test_a_broken_string_of_another_topic_leaves_the_language_there(copy: Any) -> None:
    """A number changed in a topic that is not needed: that step is in English, its neighbors stay in Spanish."""
    change(po_file("es", GUIDANCE, copy.locales), 'msgstr "Materiales estériles"', 'msgstr "7 materiales estériles"')

    after = said(copy, "sterile-supplies")
    assert "7 materiales" not in after
    assert "Sterile supplies" in after
    assert "jeringa" in after, "the rest is still Spanish"


def test_an_unreadable_file_takes_its_language_and_nothing_else(copy: Any) -> None:
    """A whole file is garbage: the other languages go on, its own is not offered, the check names file and reason."""
    po_file("es", GUIDANCE, copy.locales).write_bytes(b"\xff\xfe\x00garbage")
    po_file("vi", GUIDANCE, copy.locales).write_bytes(b'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=x;\\n"\n')

    assert "911" in said(copy, "overdose-response", "en") and "911" in said(copy, "overdose-response", "ar")
    check = copy.run("-m", "outreach", "check")
    assert check.returncode == 1
    for tag in ("es", "vi"):
        assert f"{tag}/guidance.po: cannot be read" in " ".join(check.stdout.split())
        assert copy.run("-m", "outreach", "guide", "overdose-response", "--language", tag).returncode == 1
    assert "Traceback" not in check.stdout + check.stderr


def test_a_page_whose_interface_is_broken_is_shown(serve: Any, client: Any, home: Path) -> None:
    """A program's own broken catalog never takes a page down: the shipped words are shown."""
    own = home / "locales" / "es" / "LC_MESSAGES" / "guidance.po"
    own.parent.mkdir(parents=True)
    own.write_bytes(b'msgctxt "a"\nmsgid "x\n\xff')

    page = client(serve()).get("/es/overdose-response")
    assert page.status == 200 and "Sobredosis" in page.text
