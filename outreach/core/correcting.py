"""A sheet and its corrections: what counts now, and the differences that make it say something else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from outreach.core.sheets import ClosedSheet
from outreach.core.tally import ENCOUNTERS, OTHERS, QUARTER_HOURS, event_counter, item_counter


def counters(sheet: ClosedSheet) -> dict[str, int]:
    """A closed sheet by the counters of an open one; what was not reported is absent. Lots are added up."""
    found: dict[str, int] = {}
    for line in sheet.lines:
        name = item_counter(line.item, line.movement)
        found[name] = found.get(name, 0) + line.quantity
    found |= {event_counter(event): n for event, n in sheet.events.items()}
    quarters = None if sheet.hours is None else int(sheet.hours * 4)
    people = {ENCOUNTERS: sheet.encounters, OTHERS: sheet.others, QUARTER_HOURS: quarters}
    return found | {name: n for name, n in people.items() if n is not None}


def added_up(sheets: Iterable[ClosedSheet]) -> dict[str, int]:
    """What a sheet and its corrections say together."""
    total: dict[str, int] = {}
    for sheet in sheets:
        for name, n in counters(sheet).items():
            total[name] = total.get(name, 0) + n
    return total


def differences(now: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """What a correction has to say so that `now` becomes `wanted`. What `wanted` leaves out stays as it is.

    A number that nobody reported and that is 0 from now on is a difference too: it was blank.
    """
    return {name: n - now.get(name, 0) for name, n in wanted.items() if now.get(name) != n}


def edition(sheets: Iterable[ClosedSheet]) -> str:
    """A few digits that are others as soon as one more correction is there."""
    return hashlib.sha256(" ".join(sorted(sheet.id for sheet in sheets)).encode("ascii")).hexdigest()[:16]
