"""The fonts that travel with outreach hold what the cards need, once each, and stay small on the web."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from outreach.content.tongues import read_languages
from outreach.core.languages import Language
from outreach.i18n.po_files import read_whole_po_file
from outreach.shipped import LOCALES

FOLDER = Path(__file__).parents[2] / "outreach" / "shipped" / "fonts"
STYLE = (FOLDER.parents[1] / "web" / "static" / "outreach.css").read_text("utf-8")
ROWS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "fonts.toml").read_text("utf-8"))
FILES = [
    (script, weight, row[weight] + ending)
    for script, row in ROWS.items()
    for weight in ("regular", "bold")
    for ending in (".ttf", ".woff2")
]
NAMES = {script: f"{row['names']}.woff2" for script, row in ROWS.items() if "names" in row}
LANGUAGES = read_languages()
CUT = {"hans", "hant"}  # the web's files hold less than the paper's
WEIGHT_CLASS = {"regular": 400, "bold": 700}

ASCII = "".join(map(chr, range(0x20, 0x7F)))
SIGNS = "–—…•·×÷−±°½¼¾‘’“”«»←↑→↓€⁄"
EUROPEAN = "áéíóúüñ¿¡ÁÉÍÓÚÜÑãõçêôàèòâëîïùûÿœ"  # Spanish; Portuguese and Creole; French
VIETNAMESE = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
NAVAJO = "ąęįǫłʼ\u0301"  # the accent is a character of its own, and must come from the same font
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяґєії"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىًٌٍَُِّْ،؛؟٠١٢٣٤٥٦٧٨٩"
PERSIAN_PASHTO_URDU = "پچژگکیټډړښږځڅڼېۍٹڈڑےںہھۂۃ"
FULL_WIDTH = "，。！？：；（）、「」《》“”…—·０１２３"
TRADE_HANS = "纳洛酮芬太尼阿片类药物过量呼吸急救电话救护车鼻喷雾剂注射器针头试纸检测兴奋剂可卡因海洛因昏迷窒息抽搐嘴唇"
TRADE_HANT = "納洛酮芬太尼鴉片類藥物過量呼吸急救電話救護車鼻噴霧劑注射器針頭試紙檢測興奮劑可卡因海洛因昏迷窒息抽搐嘴唇"
TRADE_HANGUL = "날록손펜타닐오피오이드과다복용호흡심장응급전화구급차코스프레이주사기바늘검사지약물헤로인코카인"


def block(first: int, last: int, but: str = "") -> str:
    """Every letter, mark, digit and sign of a Unicode block that all versions of it have."""
    return "".join(
        char for char in map(chr, range(first, last + 1)) if unicodedata.ucd_3_2_0.name(char, "") and char not in but
    )


INVISIBLE = "\u0020\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202f\u25cc"
NEEDED = {
    "latin": ASCII + SIGNS + EUROPEAN + VIETNAMESE + VIETNAMESE.upper() + NAVAJO + CYRILLIC + CYRILLIC.upper(),
    "arabic": ARABIC + PERSIAN_PASHTO_URDU + "0123456789.,:-«»",
    "ethiopic": block(0x1200, 0x137C),
    # Without the signs that Unicode itself calls deprecated, and the inherent vowels that have no shape.
    "khmer": block(0x1780, 0x17DC, "\u17a3\u17a4\u17b4\u17b5\u17d3") + "០១២៣៤៥៦៧៨៩",
    "myanmar": block(0x1000, 0x109F),
    "devanagari": block(0x900, 0x970),
    "gurmukhi": block(0xA00, 0xA7F) + "।॥",
    "hans": ASCII + FULL_WIDTH + TRADE_HANS,
    "hant": ASCII + FULL_WIDTH + TRADE_HANT,
    "kore": ASCII + FULL_WIDTH + TRADE_HANGUL,
}


@cache
def font(name: str) -> Any:
    return TTFont(FOLDER / name)


def test_every_family_has_its_four_files_and_no_stranger_lies_beside_them() -> None:
    """Regular and Bold, for paper and for the web, the files of names, and nothing that fonts.toml does not know."""
    present = {path.name for path in FOLDER.iterdir() if path.suffix in {".ttf", ".woff2", ".otf", ".woff"}}
    assert present == {name for _, _, name in FILES} | set(NAMES.values())
    assert {row.script for row in LANGUAGES} == set(ROWS)


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
    """The woff2 of a family is its ttf packed, Chinese with fewer characters; Bold is bold."""
    for script, weight, name in FILES:
        paper = font(ROWS[script][weight] + ".ttf").getBestCmap()
        assert set(font(name).getBestCmap()) <= set(paper), name
        assert script in CUT or font(name).getBestCmap() == paper, name
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
        assert ("Adobe" if ROWS[script]["source"].startswith("npm") else "Google") in names.getDebugName(0), name
        assert "SIL Open Font License" in names.getDebugName(13), name


def test_fonts_stay_small() -> None:
    """No phone waits for more than 400 kB a file, for far less without Chinese or Korean; the folder is under 12 MB."""
    sizes = {path.name: path.stat().st_size for path in FOLDER.glob("*.woff2")}
    assert max(sizes.values()) <= 400 * 1024
    assert max(sizes[name] for name in NAMES.values()) < 4 * 1024
    assert max(size for name, size in sizes.items() if not re.match("NotoSans(SC|TC|KR)-", name)) < 60 * 1024
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 12 * 1024 * 1024


def stack(language: Language, ending: str) -> list[tuple[str, frozenset[int]]]:
    """The families that set this language, each with the characters of its lighter file."""
    rows = [ROWS[script] for script in dict.fromkeys((language.script, "latin"))]
    return [(row["family"], frozenset(font(row["regular"] + ending).getBestCmap())) for row in rows]


def words(language: Language) -> str:
    """The language's own name and everything in its catalogs, as it is shown."""
    said = [language.name]
    for file in sorted((LOCALES / language.catalog).rglob("*.po")):
        for message in read_whole_po_file(file):
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            said += forms if message.id else ()
    return "".join(said)


def ranges() -> list[tuple[str, frozenset[int] | None]]:
    """Each `@font-face` of the pages: its file, and the characters for which it is fetched (None for all)."""
    faces = []
    for face in re.findall(r"@font-face \{(.*?)\}", STYLE, re.DOTALL):
        asked = re.search(r"unicode-range: ([^;]+);", face)
        codes: set[int] = set()
        for part in asked[1].split(",") if asked else ():
            first, _, last = part.strip().removeprefix("U+").partition("-")
            codes |= set(range(int(first, 16), int(last or first, 16) + 1))
        faces.append((re.findall(r"/fonts/([^.]+)\.woff2", face)[0], frozenset(codes) if asked else None))
    return faces


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda row: row.tag)
def test_every_character_of_a_catalog_is_in_its_fonts(language: Language) -> None:
    """On paper and on the web, whatever is translated is drawn by our own fonts (build_fonts.py adds characters)."""
    wanted = {ord(char) for char in words(language) + "Ꮳ"} - {ord("\n")}
    for ending in (".ttf", ".woff2"):
        missing = wanted - frozenset().union(*(held for _, held in stack(language, ending)))
        assert {chr(code) for code in missing} == {"Ꮳ"}, "the Cherokee letter shows that a missing one is found"


def test_pages_know_every_font_file() -> None:
    """The pages name every file for the web once, and fetch it for every character of its own script."""
    faces = ranges()
    assert sorted(name for name, _ in faces) == sorted(path.stem for path in FOLDER.glob("*.woff2"))
    asked = dict(faces)
    for script, name in NAMES.items():
        own = frozenset(ord(char) for row in LANGUAGES if row.script == script for char in row.name)
        assert asked[name.removesuffix(".woff2")] == own == frozenset(font(name).getBestCmap()) - {0x20, 0xA0}, name
    latin = frozenset(font(ROWS["latin"]["regular"] + ".woff2").getBestCmap())
    for script, row in ROWS.items():
        if script != "latin":
            for weight in WEIGHT_CLASS:
                held = frozenset(font(row[weight] + ".woff2").getBestCmap())
                assert [chr(code) for code in held - latin - (asked[row[weight]] or frozenset())] == [], script
