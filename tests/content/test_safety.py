"""What is set about safety: comes back as it was written, and a file that cannot be read is never passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from outreach.content.reading import BadContent
from outreach.content.safety import read_safety, safety_row
from outreach.content.writing import toml_table
from outreach.core.safety import NoSuchTime, Safety

ALL_SET = Safety(15, True, True, 12, True, date(2026, 12, 1))


@pytest.mark.parametrize("safety", [Safety(), ALL_SET, Safety(legal_hold=True)])
def test_comes_back_as_it_was_written(tmp_path: Path, safety: Safety) -> None:
    """What was set is read back the same; what was not set stays unset."""
    file = tmp_path / "safety.toml"
    file.write_text(toml_table("# head", safety_row(safety)), encoding="utf-8")
    assert read_safety(file) == safety


def test_without_a_file_a_closed_lid_locks_and_nothing_folds_or_clears(tmp_path: Path) -> None:
    """A home that never set anything is as the product ships."""
    assert read_safety(tmp_path / "safety.toml") == Safety(None, False, True, None, False, None)


@pytest.mark.parametrize(
    "text",
    ["legal_hold = 'yes'", "legal_hold = 1", "keep_days_months = 0", "legalhold = true", "= nonsense", "clear_on = 5"],
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    """A hold may stand in a file that cannot be read: nobody may take it for an empty one."""
    file = tmp_path / "safety.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadContent, match=r"safety\.toml"):
        read_safety(file)


@pytest.mark.parametrize("months", [0, -1, 121])
def test_a_time_that_cannot_be_is_refused(months: int) -> None:
    """Keeping days for no month at all is clearing, and is not asked for here."""
    with pytest.raises(NoSuchTime):
        Safety(keep_days_months=months)
