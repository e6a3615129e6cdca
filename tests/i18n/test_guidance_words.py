"""Guidance catalogs are read quickly, and say then what Babel's own parser finds in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.i18n import guidance_words
from outreach.i18n.guidance_words import read_words
from outreach.i18n.po_files import read_po_file
from outreach.shipped import LOCALES

SHIPPED = sorted(LOCALES.glob("*/LC_MESSAGES/guidance.po"))
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
CALL = '#. S1\nmsgctxt "a.call"\nmsgid "Call 911."\nmsgstr "Llame al 911."\n'
STAY = '\n#. S1\nmsgctxt "a.stay"\nmsgid "Stay."\nmsgstr ""\n"Quédese, "\n"\\"aquí\\"\\t."\n'


def by_babel(file: Path) -> dict[tuple[str, str], str]:
    return {
        (message.context or "", message.id): str(message.string)
        for message in read_po_file(file).messages()
        if isinstance(message.id, str) and not message.fuzzy and str(message.string or "").strip()
    }


@pytest.fixture
def babels_parser(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were left to Babel's parser."""
    left: list[Path] = []
    monkeypatch.setattr(guidance_words, "read_po_file", lambda file: left.append(file) or read_po_file(file))
    return left


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.parent.name)
def test_every_shipped_catalog_is_read_the_quick_way(file: Path, babels_parser: list[Path]) -> None:
    """What ships is in the form that is read quickly, and not a word of it is another one than Babel reads."""
    assert read_words(file) == by_babel(file)
    assert babels_parser == []


@pytest.mark.parametrize(
    ("changed", "quickly"),
    [
        (CALL + STAY, True),
        (CALL.replace("#. S1", "#. S1\n#, fuzzy") + STAY, True),
        (CALL.replace("#. S1", "#. not fuzzy at all") + STAY, True),
        (CALL + STAY.replace('"Quédese, "\n"\\"aquí\\"\\t."\n', ""), True),
        (CALL + "\n" + CALL.replace("Llame", "Marque"), True),
        (CALL.replace("#. S1", "#, fuzzy") + "\n" + CALL.replace("Llame", "Marque"), True),
        (CALL + STAY.rstrip("\n"), False),
        (CALL.replace("\n", "\r\n") + STAY, False),
        (CALL.replace("Llame", "Llame\u2028") + STAY, False),
        (CALL.replace('911."\n', "911.\n") + STAY, False),
        (CALL.replace("msgid", "  msgid") + STAY, False),
        (CALL.replace("#. S1", "#| msgid “Call”") + STAY, False),
        (CALL + '\n#~ msgid "Gone."\n#~ msgstr "Ido."\n' + STAY, False),
        (CALL + '\nmsgid "a strip"\nmsgid_plural "strips"\nmsgstr[0] "tira"\nmsgstr[1] "tiras"\n' + STAY, False),
    ],
)
def test_any_other_file_says_the_same_as_before(
    changed: str, quickly: bool, babels_parser: list[Path], tmp_path: Path
) -> None:
    """Fuzzy, empty, twice, cut off, from another system, broken, retired, plural: what Babel reads of it counts."""
    file = tmp_path / "guidance.po"
    file.write_bytes((HEAD + changed).encode("utf-8"))

    assert dict(read_words(file)) == by_babel(file)
    assert (babels_parser == []) is quickly


def test_a_catalog_without_a_head_that_can_be_read_is_refused_as_before(tmp_path: Path) -> None:
    """A head that breaks the parser keeps its sentence, with the file's name."""
    file = tmp_path / "guidance.po"
    file.write_text(HEAD.replace('utf-8\\n"', 'utf-8\\n"\n"Plural-Forms: nplurals=many;\\n"') + CALL, encoding="utf-8")

    try:
        expected: object = by_babel(file)
    except Exception as refusal:  # noqa: BLE001 - whatever it is, it is the same
        expected = str(refusal)
    try:
        found: object = dict(read_words(file))
    except Exception as refusal:  # noqa: BLE001
        found = str(refusal)

    assert found == expected
    assert "its header" in str(found)
