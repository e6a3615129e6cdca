"""What a program counts: the order it wants, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.content.reading import BadContent
from outreach.content.supplies import read_catalog
from outreach.content.tallying import read_tallying, tallying_row
from outreach.content.writing import toml_table
from outreach.core.tallying import Standing, Tallying
from outreach.home import Home

CATALOG = read_catalog(Home(Path("/nonexistent")))
GROUPS = [group.code for group in CATALOG.groups]
THINGS = [thing.code for thing in CATALOG.handed_out()]


def order(chosen: Tallying) -> tuple[list[str], list[str]]:
    rows = chosen.in_order(CATALOG)
    return [group.code for group, _ in rows], [thing.code for _, held in rows for thing in held]


def test_kits_come_first_until_a_program_says_otherwise() -> None:
    """As it ships kits are on top and the rest stands as in the catalog; one press puts another group above."""
    groups, things = order(Tallying())
    assert groups == ["kits", *(each for each in GROUPS if each != "kits")]
    assert sorted(things) == sorted(THINGS)

    moved = Tallying().moved_up(CATALOG, group=groups[1])
    assert order(moved)[0][:2] == [groups[1], "kits"]


@settings(deadline=None)  # a laptop may be busy
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(GROUPS + THINGS)), max_size=30))
def test_moving_up_loses_and_doubles_nothing(moves: list[tuple[bool, str]]) -> None:
    """Whatever is moved, every group and thing is there once, things stay in their group, the moved one is higher."""
    chosen = Tallying()
    for as_group, code in moves:
        before = order(chosen)[0 if as_group else 1]
        chosen = chosen.moved_up(CATALOG, group=code) if as_group else chosen.moved_up(CATALOG, thing=code)
        after = order(chosen)[0 if as_group else 1]
        if code in before:
            assert before.index(code) - after.index(code) in (0, 1)
        for group, held in chosen.in_order(CATALOG):
            assert {each.group for each in held} == {group.code}
    groups, things = order(chosen)
    assert sorted(groups) == sorted({CATALOG.get(code).group for code in THINGS})
    assert sorted(things) == sorted(THINGS)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    """The file says the same again; what is not named in it is counted."""
    chosen = Tallying(
        ("strips", "kits"),
        ("cooker",),
        {"cooker": Standing.NOT_CARRIED, "tourniquet": Standing.NOT_COUNTED},
        {"reversal": False, "litter": True},
        ("outcomes",),
    )
    file = tmp_path / "tally.toml"
    file.write_text(toml_table("", tallying_row(chosen)), encoding="utf-8")

    assert read_tallying(file) == chosen
    assert read_tallying(tmp_path / "none.toml") == Tallying()
    assert Tallying().stands("cooker") is Standing.COUNTED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("things = 3", "things"),
        ("not_carried = ['a']\nnot_counted = ['a']", "not_carried too"),
        ("hidden = []", "hidden"),
        ("things = [", "not TOML"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    """What cannot be meant is refused with the file and the key."""
    file = tmp_path / "tally.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadContent) as refused:
        read_tallying(file)
    assert "tally.toml" in str(refused.value) and said in str(refused.value)
