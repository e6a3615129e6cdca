"""docs/design-system.md and the stylesheet are one: every size, space and color that either of them names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.core.layouts import SAFE_EDGE, UNPRINTABLE
from outreach.printing import fitting, fonts

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "design-system.md").read_text(encoding="utf-8")
CSS = (ROOT / "outreach" / "web" / "static" / "outreach.css").read_text(encoding="utf-8")

HEX = r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b"
LITERAL = HEX + r"|\b(?:rgba?|hsla?|oklch)\(|(?<=[: ])(?:white|black|red|green|blue|gr[ae]y|orange|yellow)(?=[ ;])"
SPACES = r"(?<![\w-])(?:margin|padding|gap|row-gap|column-gap)[\w-]*:([^;}]+)"
BODY_PX = 18


def parts(css: str) -> tuple[list[dict[str, str]], str]:
    """The custom properties in light, in dark and on a laptop, and the rules for screens without them."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"^@media (?:print|\(forced-colors: active\)) \{.*?^\}", "", css, flags=re.DOTALL | re.MULTILINE)
    own = r":root \{([^}]*)\}"
    return [dict(re.findall(r"--([\w-]+):\s*([^;}]+)", each)) for each in re.findall(own, css)], re.sub(own, "", css)


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""

    def light(color: str) -> float:
        shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def wrong_figures(doc: str, css: str) -> list[str]:
    """Every row of a table whose figures are not the stylesheet's, or are too low; every variable without a row."""
    light, dark, laptop = parts(css)[0]
    dark, laptop = light | dark, light | laptop
    wrong, named, floor = [], {"lift", "face"}, 0.0
    for line in doc.splitlines():
        if least := re.match(r"\| \w+, at least ([\d.]+) \|", line):
            floor = float(least[1])
        if not line.startswith("| `--"):
            continue
        head, first, second, *rest = (cell.strip() for cell in line.strip("|").split(" |"))
        names, values = re.findall(r"--([\w-]+)", head), re.findall(r"`([^`]+)`", first)
        named.update(names)
        if " on " in head:
            figures = [contrast(*(look[name] for name in names)) for look in (light, dark)]
            fits = [f"{each:.1f}" for each in figures] == [first, second] and min(figures) >= floor >= 3
        else:
            other = dark if first.startswith("`#") else laptop
            expected = values if second == "same" else re.findall(r"`([^`]+)`", second)
            fits = values == [light[name] for name in names] and expected == [other[name] for name in names]
            sizes = [each.removesuffix("rem") for each in dict.fromkeys(values + expected) if each.endswith("rem")]
            fits = fits and (not sizes or rest[0] == ", ".join(f"{float(each) * BODY_PX:.0f}" for each in sizes))
        wrong += [] if fits else [line]
    return wrong + [f"--{name} is in no table" for name in sorted(set(light) - named)]


def off_the_scale(doc: str, css: str) -> list[str]:
    """Sizes, line heights and spaces of the rules that the page does not name, and colors that are no variable."""
    _, rules = parts(css)
    heights = set(re.findall(r"`([\d.]+)`", doc.partition("Line heights:")[2].partition("\n\n")[0]))
    spaces = set(re.findall(r"`(\d+)`", doc.partition("Spaces, in px:")[2].partition("\n\n")[0]))
    used = {space for said in re.findall(SPACES, rules) for space in re.findall(r"([\d.]+)px", said)}
    return [
        *re.findall(r"(?<![\w-])font-size:\s*(?:\d*\.\d+|[2-9])rem", rules),
        *(f"line-height {each}" for each in set(re.findall(r"line-height:\s*([\d.]+)", rules)) ^ heights),
        *(f"{each} px" for each in used ^ spaces),
        *(line for line in rules.splitlines() if re.search(LITERAL, line)),
    ]


def test_what_is_written_is_what_the_stylesheet_says() -> None:
    """Sizes, lengths, colors and contrasts, in light and dark; words have 4.5 and more, controls 3."""
    assert wrong_figures(DOC, CSS) == []


def test_the_stylesheet_keeps_to_its_own_scale() -> None:
    """No size, space, line height or color that is not in the system, and none in the system that is not used."""
    assert off_the_scale(DOC, CSS) == []


@pytest.mark.parametrize(
    ("said", "instead", "found"),
    [
        ("--muted: #5B534A", "--muted: #A59D94", 4),  # its row, and the three pairs it is in
        ("--edge: #91877B", "--edge: #555555", 3),
        ("--step: 1.6667rem", "--step: 1.7rem", 1),
        ("--round: 10px", "--round: 10px; --own: 3px", 1),
        ("| 16.2 | 16.1 | the page", "| 16.3 | 16.1 | the page", 1),
        ("| `--ink` on `--mark` | 13.5 | 7.9 |", "| `--line` on `--mark` | 1.2 | 1.1 |", 1),  # true, and too low
    ],
)
def test_a_wrong_figure_would_be_found(said: str, instead: str, found: int) -> None:
    """The control: one value is changed, in the stylesheet or on the page, and its rows are named."""
    assert said in DOC + CSS
    assert len(wrong_figures(DOC.replace(said, instead), CSS.replace(said, instead))) == found


STRAYS = ["font-size: 1.3rem", "margin: 8px 9px", "line-height: 1.33", "color: #123", "border: 1px solid red"]


@pytest.mark.parametrize("rule", STRAYS)
def test_a_stray_value_would_be_found(rule: str) -> None:
    """The control: a rule with a value of its own is named."""
    assert len(off_the_scale(DOC, f"{CSS}\n.stray {{ {rule}; }}")) == 1


def test_colors_elsewhere_are_from_the_same_palette() -> None:
    """Charts, documents, cards, packets and the published guide use no color that the page does not name."""
    known = {each.upper() for each in re.findall(HEX, DOC)} | {"#000", "#FFF"}
    files = [each for folder in ("outreach", "printables") for each in (ROOT / folder).rglob("*")]
    files = [each for each in files if each.suffix in (".py", ".css", ".svg") or each.parent.name == "packets"]
    used = {(each.name, color) for each in files for color in re.findall(HEX, each.read_text(encoding="utf-8"))}

    assert ("document_page.py", "#777") in used and len(used) > 40
    assert {(name, color) for name, color in used if color.upper() not in known} == set()


def off_the_palette(page: str) -> list[str]:
    """Every color of a page by itself, in light and in dark, that the stylesheet has under another value, or not."""
    pairs = zip(parts(page)[0], parts(CSS)[0][:2], strict=True)
    return [
        f"--{name}: {color}" for own, known in pairs for name, color in own.items() if known.get(name) != color.strip()
    ]


def test_the_page_for_translators_has_the_palette() -> None:
    """It travels alone and carries its colors with it; they are the stylesheet's, name by name, in light and dark."""
    page = (ROOT / "outreach" / "shipped" / "packets" / "translate.html").read_text(encoding="utf-8")
    light, dark = parts(page)[0]
    assert light.keys() == dark.keys() and len(light) > 6
    assert off_the_palette(page) == []
    assert len(off_the_palette(page.replace("--ink: #F4EEE6", "--ink: #B9AFA3"))) == 1, "the control"


def test_no_picture_on_a_card_is_smaller_than_the_page_says() -> None:
    """What a card's rules give its pictures in millimeters is 6 or more, and the page names the smallest."""
    styles = [each.read_text(encoding="utf-8") for each in (ROOT / "printables").rglob("card.css")]
    sizes = {float(each) for css in styles for each in re.findall(r"--picture:\s*([\d.]+)mm", css)}
    assert len(sizes) > 5 and f"down to {min(sizes):g} mm" in DOC and min(sizes) >= 6


def test_what_is_said_of_paper_is_what_the_press_does() -> None:
    """The smallest and the comfortable letters, the size of the English, the white edges."""
    sizes = [f"{each:g} pt" for each in (fitting.COMFORTABLE, fonts.FLOOR, fonts.FLOOR_FINE)]
    edges = [f"{each} mm" for each in (SAFE_EDGE, UNPRINTABLE)]
    paper = DOC.partition("## On paper")[2].partition("\n## ")[0]

    assert [each for each in (*sizes, *edges, f"{fitting.BESIDE:g} of that") if each not in paper] == []
