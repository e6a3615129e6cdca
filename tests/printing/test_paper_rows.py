"""The rows of layouts.toml: stock whose geometry two sources agree on, and slips that are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from outreach.content.layouts import find_layout
from outreach.content.printables import read_cards
from outreach.core.layouts import length
from outreach.core.refusal import Refusal
from outreach.home import Home
from outreach.printing.job import PrintJob


def test_margins_are_equal_and_slots_stay_on_the_paper(layouts: dict[str, Any]) -> None:
    """Left equals right and top equals bottom, to a tenth of a millimetre, on every stock we ship but lopsided ones."""
    for layout in (each for each in layouts.values() if not each.lopsided):
        for axis, count in ((0, layout.columns), (1, layout.rows)):
            last = layout.origin[axis] + (count - 1) * layout.pitch[axis] + layout.label[axis]
            assert abs(layout.paper_size[axis] - last - layout.origin[axis]) < Fraction(1, 10), layout.id


@pytest.mark.parametrize(
    ("layout", "slip"),
    [
        ("avery-5371", {"origin": (length("0.75in"), length("0.6in"))}),
        ("avery-5371", {"pitch": (length("3.4in"), length("2in"))}),
        ("c32011", {"rows": 6}),
        ("c32011", {"origin": (length("16mm"), length("13.5mm"))}),
        ("plain-a4", {"paper": "letter"}),
    ],
)
def test_a_slip_in_a_row_is_refused(layouts: dict[str, Any], layout: str, slip: dict[str, Any]) -> None:
    """An unequal margin, an overlap, a row too many, or the wrong paper never reaches the printer."""
    with pytest.raises(Refusal, match=layout):
        replace(layouts[layout], **slip)


def test_stock_is_found_by_the_number_on_the_box(layouts: dict[str, Any]) -> None:
    """Other numbers of the same grid lead to the row; a stranger is refused with the list."""
    assert find_layout(layouts, "8371").id == "avery-5371"
    assert find_layout(layouts, "C2364").id == "c32011"


def test_the_card_names_only_layouts_that_exist(layouts: dict[str, Any]) -> None:
    """A card that named a missing stock could be chosen and never printed."""
    for each in read_cards(Home(Path("/nonexistent"))).values():
        assert set(each.card.layouts) <= set(layouts)


def test_a_job_survives_its_journey_as_json(response: Callable[..., PrintJob]) -> None:
    """Fractions, directions and words arrive in the worker as they left."""
    job = response({"en": 3, "ar": 2}, "c32011", skip=4)
    assert PrintJob.from_json(job.to_json()) == job


def test_an_order_for_another_card_is_no_job(response: Callable[..., PrintJob]) -> None:
    """Layout, order and designs belong together, or the job is not made at all."""
    job = response({"en": 3, "es": 2})
    with pytest.raises(ValueError, match="es"):
        replace(job, designs=dict([*job.designs.items()][:1]))
    with pytest.raises(ValueError, match="own layout"):
        replace(job, order=replace(job.order, layout="c32011"))
