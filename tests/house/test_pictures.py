"""The drawings: each has words, each is small, takes the page's own color, and can do nothing but be looked at."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from outreach.content.topics import picture_alts
from outreach.shipped import PICTURES

SVG = "{http://www.w3.org/2000/svg}"
DRAWN_WITH = {f"{SVG}{name}" for name in ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline")}
# No id, no class, no style, no link: a drawing stands in a page many times and shares it with others.
SAID_WITH = {
    *("viewBox", "d", "x", "y", "rx", "ry", "r", "cx", "cy", "width", "height", "transform", "fill", "fill-rule"),
    *("stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"),
}
BYTES_MAX = 3 * 1024
NAMES = sorted(file.stem for file in PICTURES.iterdir())


def complaints(markup: str) -> list[str]:
    """What keeps this markup from being one of our drawings; none when it is one."""
    found = [f"{len(markup.encode())} bytes"] if len(markup.encode()) >= BYTES_MAX else []
    root = ElementTree.fromstring(markup)
    if root.get("viewBox") != "0 0 64 64":
        found.append(f"viewBox {root.get('viewBox')}")
    if root.get("stroke") != "currentColor":
        found.append("its lines do not take the color of the words around them")
    for element in root.iter():
        if element.tag not in DRAWN_WITH:
            found.append(element.tag)
        found += [name for name in element.keys() if name not in SAID_WITH]  # noqa: SIM118 - an element is no mapping
        for name in ("fill", "stroke"):
            if element.get(name, "none") not in ("none", "currentColor"):
                found.append(f"{name} {element.get(name)}")
        if (element.text or "").strip() or (element.tail or "").strip():
            found.append("words")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_nothing_but_lines(name: str) -> None:
    """Each file in pictures/ is a small SVG of plain shapes in the page's own color: no script, style, id or words."""
    assert (PICTURES / f"{name}.svg").is_file(), "only drawings live here"
    assert complaints((PICTURES / f"{name}.svg").read_text(encoding="utf-8")) == []


def test_what_is_no_drawing_is_found() -> None:
    """The control: a script, a style, an id, a color of its own, words and too many bytes are each found."""
    fine = (PICTURES / "sharps.svg").read_text(encoding="utf-8")
    assert complaints(fine) == []
    for planted in (
        fine.replace("</svg>", "<script>1</script></svg>"),
        fine.replace("</svg>", "<style>path { fill: red }</style></svg>"),
        fine.replace("<path ", '<path id="a" ', 1),
        fine.replace("<path ", '<path onclick="a()" ', 1),
        fine.replace("<path ", '<path fill="#f00" ', 1),
        fine.replace("</svg>", "<text>5</text></svg>"),
        fine.replace('viewBox="0 0 64 64"', 'viewBox="0 0 24 24"'),
        fine.replace("</svg>", f'<path d="{"M0 0" * 800}"/></svg>'),
    ):
        assert planted != fine
        assert complaints(planted), planted[:200]


def test_every_drawing_has_words_and_all_words_have_a_drawing() -> None:
    """pictures/ and pictures.toml name the same drawings, each with one short text of its own."""
    alts = picture_alts()
    texts = list(alts.values())

    assert sorted(alts) == NAMES
    assert len(set(texts)) == len(texts), "two drawings cannot be told apart by ear"
    assert {name for name, alt in alts.items() if len(alt) > 140 or alt.endswith(".")} == set()
    # A number in the words that the drawing does not show would be a fact without a source.
    assert {name for name, alt in alts.items() if re.search(r"\d", alt)} == {"call", "law"}
