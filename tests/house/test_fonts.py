"""The fonts that travel with outreach hold what the cards need, once each, and stay small on the web."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[2] / "outreach" / "shipped" / "fonts"
ROWS: dict[str, dict[str, str]] = tomllib.loads((FOLDER / "fonts.toml").read_text("utf-8"))
FILES = [
    (script, weight, row[weight] + ending)
    for script, row in ROWS.items()
    for weight in ("regular", "bold")
    for ending in (".ttf", ".woff2")
]
WEIGHT_CLASS = {"regular": 400, "bold": 700}

ASCII = "".join(map(chr, range(0x20, 0x7F)))
SIGNS = "–—…•·×÷−±°½¼¾‘’“”«»←↑→↓€⁄"
EUROPEAN = "áéíóúüñ¿¡ÁÉÍÓÚÜÑãõçêôàèòâëîïùûÿœ"  # Spanish; Portuguese and Creole; French
VIETNAMESE = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
NAVAJO = "ąęįǫłʼ\u0301"  # the accent is a character of its own, and must come from the same font
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяґєії"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىًٌٍَُِّْ،؛؟٠١٢٣٤٥٦٧٨٩"
PERSIAN_PASHTO_URDU = "پچژگکیټډړښږځڅڼېۍٹڈڑےںہھۂۃ"
INVISIBLE = "\u0020\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202f\u25cc"
NEEDED = {
    "latin": ASCII + SIGNS + EUROPEAN + VIETNAMESE + VIETNAMESE.upper() + NAVAJO + CYRILLIC + CYRILLIC.upper(),
    "arabic": ARABIC + PERSIAN_PASHTO_URDU + "0123456789.,:-«»",
}


@cache
def font(name: str) -> Any:
    return TTFont(FOLDER / name)


def test_every_family_has_its_four_files_and_no_stranger_lies_beside_them() -> None:
    """Regular and Bold, for paper and for the web, and nothing that fonts.toml does not know."""
    present = {path.name for path in FOLDER.iterdir() if path.suffix in {".ttf", ".woff2", ".otf", ".woff"}}
    assert present == {name for _, _, name in FILES}


@pytest.mark.parametrize(("script", "name"), [(script, name) for script, _, name in FILES])
def test_every_font_holds_the_characters_of_its_script(script: str, name: str) -> None:
    """Letters, signs and the invisible characters that keep a phone number in order inside Arabic."""
    held = font(name).getBestCmap()
    missing = [f"{char} U+{ord(char):04X}" for char in sorted({*NEEDED[script], *INVISIBLE}) if ord(char) not in held]
    assert not missing


def test_a_visible_character_is_drawn() -> None:
    """A character in the table without a drawing would print as nothing."""
    for script, _, name in FILES:
        names, drawings = font(name).getBestCmap(), font(name)["glyf"]
        seen = [char for char in NEEDED[script] if not char.isspace()]
        assert [char for char in seen if drawings[names[ord(char)]].numberOfContours == 0] == [], name


def test_no_two_files_share_a_family_and_weight() -> None:
    """WeasyPrint takes two such files for one another and prints wrong letters without a word."""
    families = [row["family"] for row in ROWS.values()]
    assert len(families) == len(set(families))
    for ending in (".ttf", ".woff2"):
        known = [
            (font(name)["name"].getDebugName(1), font(name)["OS/2"].usWeightClass)
            for _, _, name in FILES
            if name.endswith(ending)
        ]
        assert len(known) == len(set(known))


def test_paper_and_web_hold_the_same_font_at_the_weight_they_claim() -> None:
    """The woff2 of a family is its ttf packed, not another cut; Bold is bold."""
    for script, weight, name in FILES:
        paper = font(ROWS[script][weight] + ".ttf")
        assert font(name).getBestCmap() == paper.getBestCmap(), name
        assert font(name)["OS/2"].usWeightClass == WEIGHT_CLASS[weight], name
        assert font(name).flavor == ("woff2" if name.endswith(".woff2") else None), name


def test_minus_and_plus_are_as_wide_as_a_digit() -> None:
    """Counts stand in columns."""
    for weight in WEIGHT_CLASS:
        paper = font(ROWS["latin"][weight] + ".ttf")
        assert len({paper["hmtx"][paper.getBestCmap()[ord(char)]][0] for char in "0123456789+−"}) == 1


def test_the_source_in_the_table_is_the_one_in_the_file() -> None:
    """Other versions of the same font lose letters when text is copied from a card."""
    for script, _, name in FILES:
        stated = re.match(r"Version ([^;\s]+)", font(name)["name"].getDebugName(5))
        assert stated, name
        assert ROWS[script]["source"].endswith(f" {stated.group(1)}"), name


def test_notice_and_licence_travel_with_every_font() -> None:
    """The licence asks for it: inside each file, and as a text beside them."""
    text = (FOLDER / "OFL.txt").read_text("utf-8")
    assert "Copyright" in text
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    for script, _, name in FILES:
        names = font(name)["name"]
        assert ROWS[script]["license"] == "OFL-1.1"
        assert "Google" in names.getDebugName(0), name
        assert "SIL Open Font License" in names.getDebugName(13), name


def test_the_fonts_of_the_web_stay_under_400_kb() -> None:
    """A phone on the laptop's own network waits for them once."""
    assert sum(path.stat().st_size for path in FOLDER.glob("*.woff2")) < 400 * 1024
