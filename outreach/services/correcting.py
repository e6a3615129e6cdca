"""A closed sheet with its corrections, and one more correction. Nothing saved is ever edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach.core import correcting
from outreach.core.paper import Typed, read_numbers
from outreach.core.refusal import N_, OutOfStep, Refusal
from outreach.core.sheets import ClosedSheet, Kind
from outreach.core.tally import EVENT
from outreach.services import tally
from outreach.services.program import Program


class CorrectedMeanwhile(OutOfStep):
    sentence = N_(
        "Someone else corrected this sheet meanwhile. The fields show what counts now. Nothing of yours was saved; "
        "what you typed stands beside them."
    )


class NothingDiffers(Refusal):
    sentence = N_("The sheet says all of this already. Nothing was saved.")


class NotATally(Refusal):
    sentence = N_("Only a sheet of a session is corrected on this page. Nothing was saved.")


class CannotBeBlank(Refusal):
    sentence = N_("What was reported cannot become blank again. Type 0 if there was none. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Whole:
    """A sheet as it was first saved, every correction of it, and what counts now, by counter."""

    first: ClosedSheet
    corrections: tuple[ClosedSheet, ...]

    @property
    def now(self) -> dict[str, int]:
        return correcting.added_up((self.first, *self.corrections))

    @property
    def edition(self) -> str:
        return correcting.edition((self.first, *self.corrections))

    @property
    def parts(self) -> list[dict[str, int]]:
        """The sheet and each correction by counter, as they were saved."""
        return [correcting.counters(each) for each in (self.first, *self.corrections)]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Every counter of an item, as (counter, movement, item)."""
        named = ((name, *name.partition(":")) for name in sorted(self.now))
        return [(name, before, code) for name, before, colon, code in named if colon and before != EVENT]

    @property
    def events(self) -> list[tuple[str, str]]:
        """Every counter of an event, as (counter, event)."""
        before = f"{EVENT}:"
        return [(name, name.removeprefix(before)) for name in sorted(self.now) if name.startswith(before)]

    @property
    def may_be_corrected(self) -> bool:
        return self.first.kind is Kind.TALLY


def whole_sheet(program: Program, sheet: str) -> Whole:
    """The sheet of that id with its corrections; asked for one of those, the sheet they are about."""
    first = tally.closed_sheet(program, sheet)
    while first.corrects is not None:
        first = tally.closed_sheet(program, first.corrects)
    return Whole(first, tuple(program.ledger().corrections(first.id)))


def correct(program: Program, sheet: str, seen: str, wanted: Mapping[str, int], sure: bool = False) -> ClosedSheet:
    """Save the differences that make the sheet say `wanted`; refused when it no longer says what was `seen`."""
    found = whole_sheet(program, sheet)
    if not found.may_be_corrected:
        raise NotATally()
    if found.edition != seen:
        raise CorrectedMeanwhile()
    changes = correcting.differences(found.now, wanted)
    if not changes:
        raise NothingDiffers()

    def still() -> None:
        if whole_sheet(program, sheet).edition != seen:
            raise CorrectedMeanwhile()

    # The day was asked about when the sheet was saved; only the numbers are new.
    first, model = found.first, found.first.model.value if found.first.model else None
    correction = tally.from_counters(first.site, first.day, model, changes, first.id)
    return tally.record(program, correction, today=first.day, again=True, sure=sure, check=still)


def read_wanted(found: Whole, fields: Mapping[str, str], names: Iterable[str]) -> Typed:
    """What the sheet should say from now on. A number that was reported may become 0, but not blank again."""
    known = list(names)
    typed = read_numbers(fields, known)
    emptied = {name: CannotBeBlank() for name in known if name in found.now and not fields.get(name, "").strip()}
    return Typed(typed.numbers, {**typed.wrong, **emptied})
