"""Typing in a paper sheet: its numbers as typed, and the sums at its foot that check the typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from outreach.core.refusal import N_, Refusal, Words
from outreach.core.sheets import Movement
from outreach.core.tally import QUARTER_HOURS, parse_hours, parse_quantity

FOOT = "foot:"
COLUMNS = {Movement.GIVEN: N_("Handed out"), Movement.RETURNED: N_("Brought back")}
"""The columns of a paper sheet that have a sum at their foot."""


class ColumnDiffers(Refusal):
    sentence = N_(
        "{column}: the lines typed add up to {lines}, the sum on the paper is {foot}. They are {apart} apart. "
        "Nothing was saved."
    )


class NoSum(Refusal):
    sentence = N_("{column}: there are numbers, but no sum of the column. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was read: numbers by counter (blank ones left out), and what is wrong by the name of its field."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    wrong: Mapping[str, Refusal] = field(default_factory=dict)


def foot(movement: Movement) -> str:
    """The name of the field at the foot of a column."""
    return FOOT + movement.value


def read_numbers(fields: Mapping[str, str], names: Iterable[str]) -> Typed:
    """The fields of these names as whole numbers, hours in quarters; every mistake is told, not the first alone."""
    numbers: dict[str, int] = {}
    wrong: dict[str, Refusal] = {}
    for name in names:
        text = fields.get(name, "").strip()
        if not text:
            continue
        read: Callable[[str], int] = _quarters if name == QUARTER_HOURS else parse_quantity
        try:
            numbers[name] = read(text)
        except Refusal as refusal:
            wrong[name] = refusal
    return Typed(numbers, wrong)


def _quarters(text: str) -> int:
    return int(parse_hours(text) * 4)


def check_feet(numbers: Mapping[str, int], unsummed: bool = False) -> dict[str, Refusal]:
    """What is wrong with each column's sum, by the field at its foot.

    The sum mixes different things and is no total of anything: it only shows that a number was typed wrong.
    With `unsummed` a column may have no sum at all; one that is there has to be right.
    """
    wrong: dict[str, Refusal] = {}
    for movement, name in COLUMNS.items():
        lines = [n for counter, n in numbers.items() if counter.startswith(f"{movement.value}:")]
        said = numbers.get(foot(movement))
        if said is None and any(lines) and not unsummed:
            wrong[foot(movement)] = NoSum(column=Words((name,)))
        elif said is not None and said != sum(lines):
            apart = abs(said - sum(lines))
            wrong[foot(movement)] = ColumnDiffers(
                column=Words((name,)), lines=f"{sum(lines):,}", foot=f"{said:,}", apart=f"{apart:,}"
            )
    return wrong
