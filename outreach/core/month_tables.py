"""Month totals from another program's table: one row a total, or one column a count."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from outreach.core.month_return import COUNTS, PLACE_MAX, VISITS, WAYS, Total, is_line
from outreach.core.past import BadRows, Problem, Unreadable, Value, day_of, folded, whole
from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import PROGRAM_WIDE

MONTH, PLACE, ITEM, QUANTITY = "month", "place", "item", "quantity"
_HEADS = {
    MONTH: (MONTH, "day", "date", "period", "fecha", "mes"),
    PLACE: (PLACE, "site", "location", "county", "sitio"),
    ITEM: (ITEM, "supply", "what"),
    QUANTITY: (QUANTITY, "how many", "number", "count", "total"),
    f"{VISITS}:encounters": ("encounters", "visits", "contacts", "visitas"),
}
NO_NAME = N_("{given} is no place and no item: write it shorter, or name its code in the map.")


class UndecidedColumn(Refusal):
    sentence = N_(
        'Say what the column "{head}" means: month, place, item, quantity, or a count such as given:CODE. '
        "Nothing was saved."
    )


class NeedsMonth(Refusal):
    sentence = N_(
        "A table needs one column with the month, and item with quantity or columns of counts. Nothing was saved."
    )


def read_months(
    heads: Sequence[str],
    rows: Sequence[Sequence[Value]],
    numbers: Sequence[int],
    meanings: Mapping[str, str],
    items: Mapping[str, str],
) -> tuple[dict[str, tuple[Total, ...]], bool]:
    """The totals of each month, and whether they are by place. All rows or none.

    `meanings` say what columns mean, an empty one that it is left out; `items` give codes to what a table calls things.
    """
    means = [_meaning(head, meanings) for head in heads]
    counted = {each for each in means if each not in ("", MONTH, PLACE)}
    long = {ITEM, QUANTITY}
    twice = any(means.count(each) > 1 for each in means if each)
    if means.count(MONTH) != 1 or not counted or twice or (counted & long and counted != long):
        raise NeedsMonth()
    codes = {folded(name): code for name, code in items.items()}
    found: dict[str, Counter[tuple[str, str, str]]] = {}
    problems: list[Problem] = []
    for number, row in zip(numbers, rows, strict=True):
        told = {meaning: value for meaning, value in zip(means, row, strict=False) if meaning}
        try:
            _add(told, codes, found)
        except Unreadable as problem:
            problems.append(Problem(number, problem.why, problem.given))
    if problems:
        first = problems[0]
        raise BadRows(bad=len(problems), rows=len(rows), row=first.row, why=str(first))
    months = {month: tuple(Total(*key, n) for key, n in sorted(sums.items())) for month, sums in found.items()}
    return months, PLACE in means


def _meaning(head: str, meanings: Mapping[str, str]) -> str:
    if meanings:
        said = meanings.get(head, "")
    else:
        said = next((each for each, names in _HEADS.items() if folded(head) in names), head)
    if said in COUNTS:
        said = f"{VISITS}:{said}"
    way, colon, code = said.partition(":")
    if said and said not in (MONTH, PLACE, ITEM, QUANTITY) and not (colon and way in WAYS and code == _code(code)):
        raise UndecidedColumn(head=head)
    return said


def _add(told: dict[str, Value], codes: Mapping[str, str], found: dict[str, Counter[tuple[str, str, str]]]) -> None:
    month = f"{day_of(told.pop(MONTH)):%Y-%m}"
    where = told.pop(PLACE, None)
    place = PROGRAM_WIDE if where is None else " ".join(str(where).split())
    if not is_line(place, PLACE_MAX) or not month.startswith("20"):
        raise Unreadable(NO_NAME, where if month.startswith("20") else month)
    if ITEM in told:
        name = told[ITEM]
        said = codes.get(folded(name)) or _code(str(name or ""))
        if not said:
            raise Unreadable(NO_NAME, name)
        told = {said if ":" in said else f"given:{said}": told[QUANTITY]}
    sums = found.setdefault(month, Counter())
    for meaning, value in told.items():
        if value is not None:
            way, _, code = meaning.partition(":")
            sums[place, way, code] += whole(value)


def _code(name: str) -> str:
    """A name as a code: small letters, digits and hyphens, no accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:PLACE_MAX].strip("-")
