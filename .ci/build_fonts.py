"""Cut the fonts that outreach ships, one per script and weight, from Debian's and Google's builds of Noto.

Run it again only to add a script or a character; what it makes is committed. Bytes repeat for the same sources with
the same fonttools and brotli. The choice of sources, and why, is recorded in outreach/shipped/fonts/fonts.toml.

Every character of a script's own catalogs (locales/) is kept, so Chinese and Korean are cut again when a translation
brings a character that the sets below lack; tests/house/test_fonts.py says so when it is time.

    python .ci/build_fonts.py --script latin --script arabic
    npm pack @expo-google-fonts/noto-sans-sc    # also -tc, -kr; unpack below one folder, then:
    python .ci/build_fonts.py --script hans --script hant --script kore --cjk FOLDER
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.misc.loggingTools import configLogger
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font
from fontTools.ttLib import TTFont

DEBIAN = Path("/usr/share/fonts/truetype/noto")  # where the package fonts-noto-core puts its files
ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "outreach" / "shipped" / "fonts"
LOCALES = ROOT / "locales"
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}  # Debian's word, npm's word

# Whatever else a font holds, it holds these. Without the space a word gap prints as a box; without the joiners
# Persian and Khmer fall apart; without the isolates a phone number inside Arabic is looked up in another font.
ZERO_WIDTH = (*range(0x200B, 0x2010), 0x2060, *range(0x2066, 0x206A))
NARROW_SPACE = 0x202F
ALWAYS = frozenset({0x20, 0xA0, NARROW_SPACE, 0x25CC, *ZERO_WIDTH})
MINUS, PLUS = 0x2212, 0x2B
ARROWS = frozenset(range(0x2190, 0x2194))


class Refusal(Exception):
    """One sentence for the person at the terminal."""


def spans(*parts: int | tuple[int, int]) -> frozenset[int]:
    """Code points from single ones and inclusive ranges."""
    return frozenset(
        code for part in parts for code in (range(part[0], part[1] + 1) if isinstance(part, tuple) else (part,))
    )


def legacy(codec: str, first: int, last: int, block: tuple[int, int]) -> frozenset[int]:
    """Characters whose first byte in an old national standard lies between two values: its everyday part."""
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    found = {ord(char) for pair in pairs for char in pair.decode(codec, "ignore")}
    return frozenset(code for code in found if block[0] <= code <= block[1])


# Digits and punctuation that may stand inside any script; a source that lacks some is not filled up with them.
COMMON = ALWAYS | spans(
    (0x20, 0x7E), 0xA9, 0xAB, 0xAE, 0xB0, 0xB1, 0xB7, (0xBB, 0xBE), 0xD7, 0xF7, 0x34F, 0x2009, (0x2010, 0x2015),
    (0x2018, 0x201E), 0x2022, 0x2026, (0x202A, 0x202E), (0x2030, 0x2033), 0x2039, 0x203A, 0x2044, 0x20AC, MINUS,
)  # fmt: skip
LATIN = spans((0xA0, 0x24F), (0x2B0, 0x36F), (0x1E00, 0x1EFF), (0x2150, 0x215F), 0x2116, 0x2122, (0xA78B, 0xA78C))
CYRILLIC = spans((0x400, 0x45F), 0x490, 0x491)  # Russian, Ukrainian and their neighbours
ARABIC = spans((0x600, 0x6FF), (0x750, 0x77F), 0x204F, 0x2E41, (0xFB50, 0xFBFF), 0xFDF2, 0xFDFC, (0xFE70, 0xFEFF))
WIDE = spans((0x2460, 0x2473), (0x3000, 0x303F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6)) | ARROWS
HAN, HANGUL = (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)
# Rare in newspapers, daily bread here, as words so that a reader can check them: medicines and drugs, the body and what
# is done with it, signs of danger, wounds.
TRADE = frozenset(map(ord,
    "纳洛酮納洛酮羟考酮羥考酮丁丙诺啡丁丙諾啡美沙酮吗啡嗎啡海洛因阿片鸦片鴉片芬太尼卡芬太尼噻嗪赛拉嗪賽拉嗪美托咪定尼秦硝氮烯苯二氮䓬苯二氮卓"
    "甲基苯丙胺安非他命冰毒可卡因古柯碱古柯鹼绀紺"
    "鼾搐掐抽搐癫痫癲癇昏迷晕厥暈厥眩晕眩暈窒息喘呕吐嘔吐呃咕噜咕嚕瘫软癱軟嘴唇指甲发紫發紫瞳孔鼻孔颌頜下巴胸骨揉搓仰侧卧側臥黏"
    "针筒針筒注射器活塞喷雾噴霧剂劑棉片酒精烟斗煙斗吸嘴锡纸錫紙试纸試紙锐器銳器止血带止血帶静脉靜脈盐水鹽水"
    "脓肿膿腫溃疡潰瘍瘀伤瘀傷感染绷带繃帶敷料艾滋愛滋肝炎戒断戒斷焦虑焦慮"
))  # fmt: skip
COMMONEST = {
    tag: frozenset(map(ord, chars))
    for tag, chars in tomllib.loads((Path(__file__).with_name("common_han.toml")).read_text("utf-8")).items()
}
# What horizontal text asks of a Chinese or Korean font. All features would bring vertical writing, half widths and the
# forms of the neighbours' languages along: 360 more drawings.
HORIZONTAL = ("ccmp", "liga", "kern", "calt", "mark", "mkmk", "ljmo", "vjmo", "tjmo")


@dataclass(frozen=True)
class Script:
    """One row of the font set; `version` is the only build that was tried on paper.

    `web` is what the woff2 holds where the whole set is too much for a phone. `named` cuts the languages' own names
    into a file of their own, so that the page that lists them does not fetch a Chinese font.
    """

    family: str
    version: str
    letters: frozenset[int]
    cjk: bool = False
    web: frozenset[int] | None = None
    named: bool = False


# Versions are pinned: Noto Sans Arabic 2.01x draws dots as glyphs of their own, so copied or read-aloud text loses
# letters, and Noto Sans 2.015 does the same to Vietnamese. On paper the Han sets are the first levels of GB 2312 and
# Big5, on the web the commonest 2,400 and 2,200 of them; the Hangul set is KS X 1001.
SCRIPTS = {
    "latin": Script("NotoSans", "2.004", LATIN | CYRILLIC | ARROWS),
    "arabic": Script("NotoSansArabic", "2.005", ARABIC),
    "ethiopic": Script("NotoSansEthiopic", "2.000", spans((0x1200, 0x139F)), named=True),
    "khmer": Script("NotoSansKhmer", "2.001", spans((0x1780, 0x17FF))),
    "myanmar": Script("NotoSansMyanmar", "2.001", spans((0x1000, 0x109F), (0xAA60, 0xAA7F))),
    "devanagari": Script("NotoSansDevanagari", "2.001", spans((0x900, 0x97F))),
    "gurmukhi": Script("NotoSansGurmukhi", "2.001", spans(0x964, 0x965, (0xA00, 0xA7F))),
    "hans": Script(
        "NotoSansSC",
        "2.004-H2",
        WIDE | TRADE | COMMONEST["hans"] | legacy("gb2312", 0xB0, 0xD7, HAN),
        cjk=True,
        web=WIDE | TRADE | COMMONEST["hans"],
        named=True,
    ),
    "hant": Script(
        "NotoSansTC",
        "2.004-H2",
        WIDE | TRADE | COMMONEST["hant"] | legacy("big5", 0xA4, 0xC6, HAN),
        cjk=True,
        web=WIDE | TRADE | COMMONEST["hant"],
        named=True,
    ),
    "kore": Script("NotoSansKR", "2.004-H2", WIDE | legacy("euc_kr", 0xB0, 0xC8, HANGUL), cjk=True, named=True),
}


def own_words(tag: str) -> tuple[frozenset[int], frozenset[int]]:
    """Characters of the names of this script's languages, and of everything in their catalogs."""
    names, words = "", ""
    for row in tomllib.loads((LOCALES / "languages.toml").read_text("utf-8")).values():
        if row["script"] == tag:
            names += row["name"]
            for file in sorted((LOCALES / row["catalog"]).rglob("*.po")):
                words += file.read_text("utf-8")
    return frozenset(map(ord, names)), frozenset(map(ord, names + words))


def source_of(script: Script, weight: str, debian: Path, cjk: Path | None) -> Path | None:
    """The file to cut, or None when it is not there."""
    if script.cjk:
        return min(cjk.rglob(f"{script.family}_{WEIGHTS[weight]}.ttf"), default=None) if cjk else None
    path = debian / f"{script.family}-{weight}.ttf"
    return path if path.is_file() else None


def version_of(font: TTFont) -> str:
    """The version that the font states, without the tools that hinted it."""
    match = re.match(r"Version ([^;\s]+)", font["name"].getDebugName(5) or "")
    return match.group(1) if match else "unknown"


def add_glyph(font: TTFont, code: int, advance: int, drawing: DecomposingRecordingPen | None = None) -> None:
    """Give the font a character that its makers left out."""
    pen = TTGlyphPen(None)
    if drawing:
        drawing.replay(pen)
    name, glyph = f"added{code:04X}", pen.glyph()
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    if "vmtx" in font:
        font["vmtx"][name] = (font["head"].unitsPerEm, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def add_minus(font: TTFont) -> None:
    """Draw the minus sign as the crossbar of the font's own plus, so that both stand alike in a column."""
    name = font.getBestCmap()[PLUS]
    points = list(font["glyf"][name].getCoordinates(font["glyf"])[0])
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = sorted({y for x, y in points if x == left})
    pen = DecomposingRecordingPen(font.getGlyphSet())
    pen.moveTo((left, low))
    for corner in ((left, high), (right, high), (right, low)):
        pen.lineTo(corner)
    pen.closePath()
    add_glyph(font, MINUS, font["hmtx"][name][0], pen)


def borrow(font: TTFont, codes: Iterable[int], donor_path: Path) -> None:
    """Copy drawings from another font of the same house, weight and size."""
    if not donor_path.is_file():
        raise Refusal(f"{donor_path.name} is missing from {donor_path.parent}: install the package fonts-noto-core.")
    with TTFont(donor_path, lazy=True) as donor:
        if donor["head"].unitsPerEm != font["head"].unitsPerEm:
            raise Refusal(f"{donor_path.name} is drawn to another size: no sign can be copied from it.")
        glyphs, names = donor.getGlyphSet(), donor.getBestCmap()
        for code in sorted(codes):
            if code in names:
                pen = DecomposingRecordingPen(glyphs)
                glyphs[names[code]].draw(pen)
                add_glyph(font, code, donor["hmtx"][names[code]][0], pen)


def complete(font: TTFont, script: Script, weight: str, debian: Path) -> None:
    """Fill the gaps of the source that would print as boxes or change the font in the middle of a line."""
    has = set(font.getBestCmap())
    for code in ZERO_WIDTH:
        if code not in has:
            add_glyph(font, code, 0)
    if NARROW_SPACE not in has:
        add_glyph(font, NARROW_SPACE, font["head"].unitsPerEm // 6)  # as wide as in Noto Sans
    if MINUS not in has and PLUS in has and script.family == "NotoSans":
        add_minus(font)
    borrow(font, (script.letters & ARROWS) - has, debian / f"NotoSansSymbols-{weight}.ttf")


def subset(path: Path, script: Script, weight: str, debian: Path, codes: frozenset[int]) -> bytes:
    """The source cut to these characters, as a TTF."""
    options = Options()
    options.layout_features = list(HORIZONTAL) if script.cjk else ["*"]
    options.hinting = False  # hints are for coarse screens: neither print nor today's phones need them
    options.notdef_outline = True  # a missing character must show as a box, never as nothing
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # the licence asks that notice and licence travel along
    # STAT: only variable fonts need it, and it would drag more names in. The others are for vertical writing.
    options.drop_tables += ["STAT", *(("vhea", "vmtx", "VORG") if script.cjk else ())]
    options.recalc_timestamp = False
    options.harfbuzz_repacker = False  # used only where uharfbuzz is installed, so the bytes would depend on that
    font = load_font(str(path), options)
    if (version := version_of(font)) != script.version:
        raise Refusal(f"{path.name} is version {version}, and only {script.version} has been tried on paper.")
    complete(font, script, weight, debian)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    out = BytesIO()
    font.save(out)
    font.close()
    return out.getvalue()


def packed(ttf: bytes) -> bytes:
    """The same font as woff2."""
    web = BytesIO()
    with TTFont(BytesIO(ttf), recalcTimestamp=False) as font:
        font.flavor = "woff2"
        font.save(web)
    return web.getvalue()


def cut(path: Path, tag: str, weight: str, debian: Path, extra: frozenset[int]) -> dict[str, bytes]:
    """The files of one weight by what follows the family's name: the TTF for paper, the woff2 for the web."""
    script, (names, words) = SCRIPTS[tag], own_words(tag)
    paper = subset(path, script, weight, debian, COMMON | script.letters | words | extra)
    web = paper if script.web is None else subset(path, script, weight, debian, COMMON | script.web | words | extra)
    made = {f"-{weight}.ttf": paper, f"-{weight}.woff2": packed(web)}
    if script.named and weight == "Bold":  # names are always set bold
        made["Names-Bold.woff2"] = packed(subset(path, script, weight, debian, names))
    return made


def build(chosen: list[str], debian: Path, cjk: Path | None, out: Path, extra: frozenset[int]) -> None:
    """Cut every chosen script, or all whose sources are there, and print what they weigh."""
    plan = [
        (tag, script, weight, source_of(script, weight, debian, cjk))
        for tag, script in SCRIPTS.items()
        if tag in chosen or not chosen
        for weight in WEIGHTS
    ]
    for tag, script, weight, path in plan:
        if path is None and chosen:
            remedy = "name the folder of the npm packages with --cjk" if script.cjk else "install fonts-noto-core"
            raise Refusal(f"{script.family} {weight} is missing for {tag}: {remedy}.")
    if not any(path for *_, path in plan):
        raise Refusal(f"No source font was found in {debian}: install the package fonts-noto-core.")
    out.mkdir(parents=True, exist_ok=True)
    print(f"{'font':34}{'characters':>11}{'size':>9}")
    total = 0
    for tag, script, weight, path in plan:
        if path is None:
            print(f"{script.family}-{weight}: no source, left out")
            continue
        for ending, data in cut(path, tag, weight, debian, extra).items():
            (out / f"{script.family}{ending}").write_bytes(data)
            with TTFont(BytesIO(data)) as font:
                print(f"{script.family + ending:34}{len(font.getBestCmap()):11}{len(data) / 1024:8.0f}K", flush=True)
            total += len(data)
    print(f"{'together':45}{total / 1024:8.0f}K")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--script", action="append", choices=SCRIPTS, default=[], help="which to build; default all")
    parser.add_argument("--source", type=Path, default=DEBIAN, help="folder of fonts-noto-core")
    parser.add_argument("--cjk", type=Path, help="folder with the unpacked @expo-google-fonts packages")
    parser.add_argument("--text", type=Path, action="append", default=[], help="keep every character of this file too")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the fonts go")
    given = parser.parse_args(arguments)
    configLogger(level="ERROR")
    try:
        extra = frozenset(ord(char) for path in given.text for char in path.read_text("utf-8"))
        build(given.script, given.source, given.cjk, given.out, extra)
    except (Refusal, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
