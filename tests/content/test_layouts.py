"""The rows of layouts.toml against public geometry typed again by hand, and the slips that public lists hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from outreach.content.layouts import find_layout, read_layouts
from outreach.core.layouts import EndsDiffer, Layout, OffThePaper, SidesDiffer
from outreach.core.refusal import Refusal
from outreach.home import Home

SHIPPED = read_layouts(Home(Path("/nonexistent")))
INCH = Fraction(254, 10)


def mm(*decimals: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, decimals))


# Columns and rows; then label, left and top edge, and pitch in millimetres: typed from the makers' public figures as
# three independent lists give them, not from our file.
PUBLIC = {
    "5371": (2, 5, mm("88.90", "50.80"), mm("19.05", "12.70"), mm("88.90", "50.80")),
    "5160": (3, 10, mm("66.675", "25.40"), mm("4.7625", "12.70"), mm("69.85", "25.40")),
    "5163": (2, 5, mm("101.60", "50.80"), mm("3.96875", "12.70"), mm("106.3625", "50.80")),
    "L7163": (2, 7, mm("99.10", "38.10"), mm("4.65", "15.15"), mm("101.60", "38.10")),
    "C32011": (2, 5, mm("85.00", "54.00"), mm("15.00", "13.50"), mm("95.00", "54.00")),
}


@pytest.mark.parametrize("stock", PUBLIC)
def test_five_public_geometries_agree(stock: str) -> None:
    """Typed again by hand from public sources, each grid is exactly the one that ships."""
    layout = find_layout(SHIPPED, stock)
    assert (layout.columns, layout.rows, layout.label, layout.origin, layout.pitch) == PUBLIC[stock]
    assert layout.paper == ("a4" if stock[0] in "LC" else "letter")


def test_known_slips_of_public_lists_are_refused() -> None:
    """The left edge gLabels has for 5163, its L7163, and the PHP label class's gap of 25 mm never reach a printer."""
    with pytest.raises(SidesDiffer, match=r"4.13 mm on the left and 3.81 mm on the right"):
        replace(SHIPPED["avery-5163"], origin=(Fraction("0.1625") * INCH, INCH / 2))
    with pytest.raises(SidesDiffer, match=r"3.35 mm on the left and 4.54 mm on the right"):
        replace(SHIPPED["l7163"], origin=mm("3.35", "15.15"), pitch=mm("103.01", "38.1"))
    gap = SHIPPED["l7163"].label[0] + 25
    with pytest.raises(OffThePaper, match="18.2 mm beyond the paper"):
        replace(SHIPPED["l7163"], origin=mm("5", "15"), pitch=(gap, Fraction("38.1")))


@pytest.mark.parametrize("layout", [each for each in SHIPPED.values() if not each.lopsided], ids=lambda each: each.id)
def test_any_row_moved_by_a_hair_is_refused(layout: Layout) -> None:
    """A tenth of a millimetre to the right or down makes the margins differ by two: refused, on every stock."""
    for way, refused in ((mm("0.11", "0"), SidesDiffer), (mm("0", "0.11"), EndsDiffer)):
        origin = (layout.origin[0] + way[0], layout.origin[1] + way[1])
        with pytest.raises((refused, OffThePaper)):
            replace(layout, origin=origin)


def test_lopsided_stock_is_named() -> None:
    """Only one shipped row may have unequal margins, and it says why."""
    assert [each.id for each in SHIPPED.values() if each.lopsided] == ["herma-5028"]
    with pytest.raises(SidesDiffer):
        replace(SHIPPED["herma-5028"], lopsided="")


def test_a_number_on_a_box_leads_to_one_row() -> None:
    """No id and no equivalent stands in two rows, so that what is typed means one grid."""
    names = Counter(
        name.lower().removeprefix("avery-") for each in SHIPPED.values() for name in (each.id, *each.equivalents)
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert {find_layout(SHIPPED, name).id for name in ("8660", "Avery 5160", "avery-5260")} == {"avery-5160"}


def test_paper_that_is_cut_has_no_die_cut_stocks_number() -> None:
    """Rows for plain paper are marked, so that cut marks are printed there and nowhere else."""
    plain = {each.id for each in SHIPPED.values() if not each.die_cut}
    assert plain == {
        *("plain-letter", "plain-a4", "fold-letter", "fold-a4", "quarter-letter", "a6-on-a4", "a7", "half-letter"),
        *("a5-on-a4", "full-letter", "full-a4", "full-tabloid", "full-a3"),
    }


def test_nothing_is_printed_where_a_printer_cannot_reach() -> None:
    """Three millimetres inside a label stay white, and six inside the paper's own edge."""
    for each in SHIPPED.values():
        margins = [side for axis in (0, 1) for side in each.margins(axis)]
        assert each.safe_edge >= 3
        assert min(margins) + each.safe_edge >= 6, each.id
    assert SHIPPED["avery-5163"].safe_edge == 3
    assert SHIPPED["quarter-letter"].safe_edge == 6


def test_a_wrong_row_of_the_programs_own_is_named(tmp_path: Path) -> None:
    """A mistake in the home's file is a sentence with file, row and numbers; the shipped rows stay what they are."""
    (tmp_path / "printables").mkdir()
    own = tmp_path / "printables" / "layouts.toml"
    row = 'name = "Ours"\npaper = "letter"\ncolumns = 2\nrows = 5\nlabel = ["3.5in", "2in"]\npitch = ["3.5in", "2in"]\n'
    own.write_text(f'[ours]\n{row}origin = ["0.75in", "0.5in"]\n', encoding="utf-8")
    assert read_layouts(Home(tmp_path))["ours"].own

    for wrong, said in (("0.7in", "17.78 mm on the left and 20.32"), ("two", "two is not a length")):
        own.write_text(f'[ours]\n{row}origin = ["{wrong}", "0.5in"]\n', encoding="utf-8")
        with pytest.raises(Refusal, match=f"layouts.toml, ours.*{said}"):
            read_layouts(Home(tmp_path))
