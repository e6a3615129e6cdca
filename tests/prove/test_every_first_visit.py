"""The published site, all of it: what a first visit costs in every language, and every page without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_publishing import BUDGET, Host, costs_of, fetched, host, one_visit, pages, publish, published, site

__all__ = ["host", "published", "site"]  # fixtures


def test_a_first_visit_costs_little_in_every_language(tmp_path: Path) -> None:
    """All that a first visit fetches is under the budget, in every usable language.

    The control: with the Chinese letters in bold as well, it would not be.
    """
    site = publish(tmp_path)
    costs = costs_of(site)
    assert len(costs) >= 16
    chinese = next(path for path in fetched(site, "zh-Hant") if "NotoSansTC-Regular" in path)
    assert costs["zh-Hant"] + (site / chinese).stat().st_size > BUDGET, "the control"


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_one_visit_then_every_page_without_a_network(
    site: Path, host: Callable[[Path], Host], browser: Any, tag: str
) -> None:
    """After one visit and without a network every page of that language opens, drawn with its fonts and pictures."""
    one_visit(host(site), browser, site, tag, pages(site, tag))
