"""A language added with data alone: a row makes its catalogs, its words make its cards and then its guide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.i18n.po_files import read_whole_po_file
from tests.conftest import Copy

ROOT = Path(__file__).parents[2]
KHMER = "មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងសមភាព"  # "all people are born free and equal"
CARD = ("card.response.title", "card.response.qr-says", "card.draft-translation")

ROW = """
[sw]
name = "Kiswahili"
english = "Swahili"
direction = "ltr"
script = "latin"
catalog = "sw"
babel = "sw"
plurals = "nplurals=2; plural=(n != 1);"
"""


ROWS = ("en", "es", "fa", "hmn", "km", "my", "ru")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """With a few of the rows: each command reads the words of every row, and refreshing writes them."""
    made = Copy(tmp_path / "copy", "es", "fa", "ru")
    file = made.locales / "languages.toml"
    head, *rows = re.split(r"^(?=\[)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [row for row in rows if row.startswith(tuple(f"[{tag}]" for tag in ROWS))]
    assert len(kept) == len(ROWS)
    file.write_text(head + "".join(kept), encoding="utf-8")
    return made


def test_a_row_makes_catalogs_with_the_right_plurals(copy: Any) -> None:
    """Refreshing makes both files of every language that has none, also of one that Babel does not know."""
    for folder in ("hmn", "my", "fa", "ru"):
        copy.begin(folder)
    with (copy.locales / "languages.toml").open("a", encoding="utf-8") as rows:
        rows.write(ROW)

    said = copy("translate", "--refresh")
    for folder, forms in (("sw", 2), ("hmn", 1), ("my", 1), ("fa", 2), ("ru", 3)):
        for domain in (GUIDANCE, INTERFACE):
            file = po_file(folder, domain, copy.locales)
            assert str(file) in said
            assert f"Language: {folder}\\n" in file.read_text(encoding="utf-8")
            assert read_whole_po_file(file).num_plurals == forms
    assert copy("translate", "--refresh").strip() == "Every catalog is up to date."
    assert copy.usable("sw") == "no words yet"
    assert copy.usable("hmn") == "prepared, no words yet"


def test_a_prepared_language_has_cards_before_it_has_a_guide(copy: Any) -> None:
    """With the card's own words its cards are printed; the guide stays closed, and one word less closes the cards.

    Its words have no spaces: they do not fit until the tool has marked where a line may end.
    """
    copy.begin("km")
    copy("translate", "--refresh")
    wanted = ("print", "response", "--language", "km:2", "-o", copy.folder / "km.pdf")

    def card(context: str, english: str) -> str:
        needed = context in CARD or (context.startswith("overdose-response.") and context.endswith(".short"))
        numbers = "".join(f" {part}" for part in english.replace(".", " ").split() if part.isdigit())
        return (KHMER + numbers if context not in CARD else "សេរីភាព") if needed else ""

    copy.fill("km", card)
    assert copy.usable("km") == "cards only"
    refused = copy.run("-m", "outreach", *wanted)
    assert (refused.returncode, "no room for" in refused.stderr) == (1, True)

    check = copy.run(ROOT / ".ci" / "break_words.py", "--locales", copy.locales, "--check")
    assert check.returncode == 1, check.stderr
    assert copy.run(ROOT / ".ci" / "break_words.py", "--locales", copy.locales).returncode == 0
    assert "Nothing to mark" in copy.run(ROOT / ".ci" / "break_words.py", "--locales", copy.locales).stdout
    assert "2 cards on 1 sheet" in copy(*wanted)
    assert (copy.folder / "km.pdf").read_bytes().startswith(b"%PDF")

    guide = copy.run("-m", "outreach", "guide", "overdose-response", "--language", "km")
    assert (guide.returncode, "There is no language km here" in guide.stderr) == (1, True)
    copy.fill("km", lambda context, english: card(context, english) if context != CARD[1] else "")
    assert copy.usable("km") == "prepared, too few words yet"
    refused = copy.run("-m", "outreach", *wanted)
    assert (refused.returncode, "There is no language km here" in refused.stderr) == (1, True)


def test_terms_of_the_glossary_are_not_split(copy: Any) -> None:
    """ICU would make three words of Burmese "naloxone"; as a term it stays one, and marks set by hand stay."""
    copy.begin("my")
    copy("translate", "--refresh")
    naloxone, cut = "နာလိုဇုန်း", "နာ\u200bလို\u200bဇုန်း"
    tool, glossary = ROOT / ".ci" / "break_words.py", copy.folder / "glossary.csv"
    glossary.write_text(f"term,language,forms\nnaloxone,my,*{naloxone}*\n", encoding="utf-8")
    (none := copy.folder / "none.csv").write_text("term,language,forms\n", encoding="utf-8")
    words = f"{naloxone}ဆေး ပေးပါ\u200bလူ။"

    for terms, kept in ((none, cut), (glossary, naloxone)):
        copy.fill("my", lambda context, english: words)
        ran = copy.run(tool, "--locales", copy.locales, "--glossary", terms)
        assert ran.returncode == 0, ran.stderr
        said = {message.string for message in read_whole_po_file(po_file("my", GUIDANCE, copy.locales)) if message.id}
        assert said == {f"{kept}\u200bဆေး ပေး\u200bပါ\u200bလူ။"}
