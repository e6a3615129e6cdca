"""Who paid: first in, first out, with money that may not buy something passed over, against a recount unit by unit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.core.funders import Funder, FunderKind, Funders, MayNotPay, NoFunderYet, Rule, UnknownFunder, by_funder
from outreach.core.particulars import ASSEMBLED, PAST
from outreach.core.sheets import Movement
from outreach.core.stock import StockSum
from outreach.core.supplies import Catalog, Group, Item, ItemCode, Kit, Recipe

FIRST = date(2026, 4, 18)
DAYS = [FIRST + timedelta(days=n) for n in range(14)]
BAN, CHANGE = date(2026, 4, 24), DAYS[8]
STRIP, VIAL = ItemCode("fentanyl-strip"), ItemCode("naloxone-im")
CATALOG = Catalog(
    (Group("strips", "Strips"), Group("kits", "Kits")),
    (Item(STRIP, "Strip", "strip", "strips", "strips"), Item(VIAL, "Vial", "vial", "vials", "kits", 1)),
    (Kit(ItemCode("kit"), "Kit", "kits", (Recipe(date(2020, 1, 1), {STRIP: 1, VIAL: 2}), Recipe(CHANGE, {STRIP: 3}))),),
)
FUNDERS = Funders(
    (FunderKind("samhsa", "SAMHSA", (Rule(BAN, "No strips.", "a letter", groups=("strips",)),)),),
    (Funder("sor", "State award", "samhsa"), Funder("county", "County")),
)

sums = st.lists(
    st.builds(
        StockSum,
        st.sampled_from(["north", "south"]),
        st.sampled_from(DAYS),
        st.sampled_from(["", "", "", ASSEMBLED, PAST]),
        st.sampled_from([STRIP, VIAL, "kit"]),
        st.sampled_from(list(Movement)),
        st.just(""),
        st.sampled_from(["", "sor", "county"]),
        st.integers(-8, 20),
    ),
    max_size=30,
)
ORDER = [Movement.RECEIVED, Movement.ADJUSTED, Movement.GIVEN, Movement.DISCARDED]


def slow_funders(found: list[StockSum]) -> Counter[tuple[str, date, str, str, Movement]]:
    """Every unit an object on one long shelf, in the order in which units came."""
    told: Counter[tuple[str, date, str, str, Movement]] = Counter()
    for item in (STRIP, VIAL):
        shelf: list[tuple[int, str]] = []  # (when it came, who paid)
        gone: dict[Movement, list[tuple[int, str] | None]] = {each: [] for each in Movement}
        owed: Counter[str] = Counter()
        came = 0
        for day in DAYS:
            for movement in ORDER:
                for site in ("north", "south"):
                    for funder in ("", "county", "sor") if movement is Movement.RECEIVED else (None,):
                        n = 0
                        for each in found:
                            if (each.day, each.movement, each.site) != (day, movement, site):
                                continue
                            if each.act or (funder is not None and each.funder != funder):
                                continue
                            kit = {STRIP: 1, VIAL: 2} if day < CHANGE else {STRIP: 3}
                            holds = kit.get(item, 0) if each.item == "kit" else each.item == item
                            n += each.quantity * holds
                        if movement is Movement.RECEIVED or (movement is Movement.ADJUSTED and n > 0):
                            who = funder or ""
                            told[who, day, site, item, movement] += n
                            for _ in range(max(n, 0)):
                                if owed[who]:
                                    owed[who] -= 1
                                else:
                                    shelf.append((came, who))
                            came += 1
                            for _ in range(max(-n, 0)):
                                mine = [each for each in shelf if each[1] == who]
                                if mine:
                                    shelf.remove(max(mine))
                                else:
                                    owed[who] += 1
                        elif movement in (Movement.GIVEN, Movement.DISCARDED) and n < 0:
                            for _ in range(-n):
                                unit = gone[movement].pop() if gone[movement] else None
                                if unit:
                                    shelf.append(unit)
                                told[unit[1] if unit else "", day, site, item, movement] -= 1
                        else:
                            for _ in range(abs(n)):
                                barred = movement is Movement.GIVEN and item == STRIP and day >= BAN
                                free = [each for each in shelf if not (barred and each[1] == "sor")]
                                unit = min(free) if free else None
                                if unit:
                                    shelf.remove(unit)
                                gone[movement].append(unit)
                                told[unit[1] if unit else "", day, site, item, movement] += 1 if n > 0 else -1
    return Counter({key: n for key, n in told.items() if n})


@given(sums)
def test_funders_equal_a_slow_recount(found: list[StockSum]) -> None:
    """Every unit given, thrown away or missing is the funder's whose unit it was."""
    rows = by_funder(found, CATALOG, FUNDERS)
    told = {
        (funder, row.day, row.site, row.item, row.movement): row.quantity
        for funder, lines in rows.items()
        for row in lines
        if row.quantity
    }
    assert told == dict(slow_funders(found))


@given(sums)
def test_a_barred_funder_pays_for_none_of_it(found: list[StockSum]) -> None:
    """From the day of the rule on, nothing barred is given with that money; all that was given is somebody's."""
    rows = by_funder(found, CATALOG, FUNDERS)
    assert not [
        row
        for row in rows.get("sor", [])
        if row.item == STRIP and row.movement is Movement.GIVEN and row.day >= BAN and row.quantity > 0
    ]
    given_out = sum(
        each.quantity * (each.item == STRIP or (each.item == "kit") * (1 if each.day < CHANGE else 3))
        for each in found
        if each.movement is Movement.GIVEN and not each.act
    )
    paid = [row for lines in rows.values() for row in lines if (row.item, row.movement) == (STRIP, Movement.GIVEN)]
    assert sum(row.quantity for row in paid) == given_out


def one(day: int, movement: Movement, quantity: int, funder: str = "") -> StockSum:
    return StockSum("north", DAYS[day], "", STRIP, movement, "", funder, quantity)


def test_strips_bought_before_the_rule_stay_where_they_are() -> None:
    """SAMHSA strips go first until the day of the letter; from then on the county's do, and then nobody's."""
    found = [one(0, Movement.RECEIVED, 20, "sor"), one(1, Movement.RECEIVED, 10, "county")]
    found += [one(5, Movement.GIVEN, 5), one(6, Movement.GIVEN, 14)]
    rows = by_funder(found, CATALOG, FUNDERS)
    given_by = {who: [row.quantity for row in lines if row.movement is Movement.GIVEN] for who, lines in rows.items()}
    assert given_by == {"sor": [5], "county": [10], "": [4]}


def test_receiving_what_money_may_not_buy_is_refused() -> None:
    """The sentence names the rule, its day and where it is written; the day before it, or other money, is fine."""
    strip = CATALOG.get(STRIP)
    assert isinstance(strip, Item)
    FUNDERS.check("sor", [strip], BAN - timedelta(days=1))
    FUNDERS.check("county", [strip], BAN)
    FUNDERS.check("", [strip], BAN)
    with pytest.raises(MayNotPay) as refused:
        FUNDERS.check("sor", [strip], BAN)
    assert "State award may not pay for Strip from 2026-04-24 on: No strips. Source: a letter." in str(refused.value)
    with pytest.raises(UnknownFunder):
        FUNDERS.check("moon", [strip], BAN)
    with pytest.raises(NoFunderYet):
        Funders().check("moon", [strip], BAN)
