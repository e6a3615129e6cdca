"""The grow-only set of sheets: once each, in any order, and sums that a person could add up by hand."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.core.periods import parse_period
from outreach.core.reports import LineSum, Visits
from outreach.core.sheets import (
    ClosedSheet,
    Kind,
    Line,
    Movement,
    ServiceModel,
    SheetId,
    SiteCode,
    from_canonical,
    sorted_lines,
)
from outreach.home import Home
from outreach.store.engine import connect, writing
from outreach.store.ledger import FoldsOverlap, Ledger, open_ledger
from outreach.store.refusals import Damaged

Make = Callable[..., ClosedSheet]
SIGNED = bytes(range(64))
GOLDEN_ID = "c6132426fd66de4844035d4e73f12588996e88dda10a8359ffeb655416cfd211"
GOLDEN_BODY = (
    '{"corrects":null,"day":"2026-11-22","device":"b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","encounters":9,"format":1,'
    '"hours":"3.25","kind":"tally","lines":[{"item":"cooker","movement":"given","quantity":40},'
    '{"item":"naloxone-nasal","movement":"given","quantity":12}],"model":"street","others":null,"prev":null,'
    '"program":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","seq":1,"site":"outreach","x":{}}'
)

ENGINES = ("file", "postgres")


def test_what_is_stored_is_what_was_signed(ledger: Ledger, home: Home, key: bytes, sheet: Make) -> None:
    """The body on disk is the canonical form, under its own hash: both never change."""
    ledger.add(sheet({"cooker": 40, "naloxone-nasal": 12}), SIGNED)

    connection = connect(home.ledger, key)
    assert connection.execute("SELECT sheet, body, signature FROM signed").fetchall() == [
        (GOLDEN_ID, GOLDEN_BODY, SIGNED)
    ]
    connection.close()
    assert list(ledger.signed()) == [(GOLDEN_BODY.encode(), SIGNED)]
    assert ledger.sheet(GOLDEN_ID) == from_canonical(GOLDEN_BODY.encode())


def test_a_sheet_counts_once(ledger: Ledger, sheet: Make) -> None:
    """Adding a sheet that is there says so and changes no total."""
    assert ledger.add(sheet(), SIGNED) is True
    before = (ledger.digest(), ledger.sums.lines(), ledger.sums.visits())

    assert ledger.add(sheet(), SIGNED) is False
    assert (ledger.digest(), ledger.sums.lines(), ledger.sums.visits()) == before
    assert ledger.count() == 1 and sheet().id in ledger


def test_a_sheet_that_is_not_here(ledger: Ledger, sheet: Make) -> None:
    """Asking for a sheet that is not in the ledger gives nothing."""
    assert ledger.sheet(sheet().id) is None
    assert sheet().id not in ledger


def sheets() -> st.SearchStrategy[list[ClosedSheet]]:
    """Some devices' sheets of every counted kind, on few days and sites so that they meet."""
    hexes = st.sampled_from(["b2" * 16, "d4" * 16])
    items = st.sampled_from(["cooker", "naloxone-nasal", "syringe-1ml"])

    @st.composite
    def one(draw: st.DrawFn) -> ClosedSheet:
        kind = draw(st.sampled_from([Kind.TALLY, Kind.TALLY, Kind.CORRECTION, Kind.STOCK, Kind.IMPORT]))
        low = -50 if kind is Kind.CORRECTION else 0
        counted = st.none() if kind is Kind.STOCK else st.none() | st.integers(low, 50)
        quarters = draw(counted)
        seq = draw(st.integers(1, 9))
        movements = st.sampled_from([Movement.GIVEN, Movement.RETURNED, Movement.RECEIVED])
        return ClosedSheet(
            program="a1" * 16,
            device=draw(hexes),
            seq=seq,
            prev=None if seq == 1 else "c3" * 32,
            kind=kind,
            site=SiteCode(draw(st.sampled_from(["outreach", "van-2"]))),
            day=date(2026, draw(st.integers(1, 2)), draw(st.integers(27, 28))),
            model=draw(st.sampled_from([ServiceModel.STREET, ServiceModel.FIXED])),
            lines=sorted_lines(draw(st.dictionaries(st.tuples(items, movements), st.integers(low, 50), max_size=4))),
            encounters=draw(counted),
            others=draw(counted),
            hours=None if quarters is None else Fraction(quarters, 4),
            corrects=SheetId("e5" * 32) if kind is Kind.CORRECTION else None,
        )

    return st.lists(one(), max_size=12)


def recount(found: list[ClosedSheet], period: str | None, site: str | None) -> tuple[dict[object, object], ...]:
    """The same questions answered with a loop over different sheets, for comparison."""
    span = parse_period(period) if period else None
    different = {each.canonical(): each for each in found}.values()
    asked = [
        each
        for each in different
        if (site is None or each.site == site) and (span is None or span.first <= each.day <= span.last)
    ]
    sums: dict[object, object] = {}
    visits: dict[object, list[int | None]] = {}
    for each in asked:
        for line in each.lines:
            at = (each.site, each.day, line.item, line.movement)
            sums[at] = sums.get(at, 0) + line.quantity  # type: ignore[operator]
        counts = (each.encounters, each.others, None if each.hours is None else int(each.hours * 4))
        if each.kind is Kind.TALLY or any(count is not None for count in counts):
            row = visits.setdefault((each.site, each.day), [0, None, None, None])
            row[0] = (row[0] or 0) + (each.kind is Kind.TALLY)
            for i, count in enumerate(counts, start=1):
                if count is not None:
                    row[i] = (row[i] or 0) + count
    return sums, {at: tuple(row) for at, row in visits.items()}


@settings(max_examples=20, deadline=None)
@given(
    found=sheets(),
    seed=st.randoms(use_true_random=False),
    period=st.sampled_from([None, "2026", "2026-02"]),
    site=st.sampled_from([None, "van-2"]),
)
def test_any_order_and_any_number_of_times(
    memory: Path,
    found: list[ClosedSheet],
    seed: object,
    period: str | None,
    site: str | None,
) -> None:
    """Sheets in any order, some twice, give one ledger, whose sums equal an independent recount."""
    shuffled = found + found[::2]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    digests, answers = [], []
    for order in (found, shuffled):
        ledger = open_ledger(Path(tempfile.mkdtemp(dir=memory)) / "outreach.db", bytes(32))
        with ledger.together():
            for each in order:
                ledger.add(each, SIGNED)
        span = parse_period(period) if period else None
        digests.append(ledger.digest())
        sums = {(s.site, s.day, s.item, s.movement): s.quantity for s in ledger.sums.lines(span, site)}
        visits = {
            (v.site, v.day): (v.sessions, v.encounters, v.others, v.quarter_hours)
            for v in ledger.sums.visits(span, site)
        }
        answers.append((sums, visits))
        assert ledger.verify() == ledger.count() == len({each.id for each in found})
        ledger.close()

    assert digests[0] == digests[1]
    assert answers == [recount(found, period, site)] * 2


def test_a_correction_is_added_and_is_no_session(ledger: Ledger, sheet: Make) -> None:
    """A correction takes its differences off the sheet it corrects; both are kept; one session was held."""
    first = sheet({"cooker": 40}, encounters=9, hours=Fraction(3))
    ledger.add(first, SIGNED)
    ledger.add(
        sheet({"cooker": -4}, seq=2, prev=first.id, kind=Kind.CORRECTION, corrects=first.id, encounters=-1, hours=None),
        SIGNED,
    )
    day = date(2026, 11, 22)

    assert ledger.sums.lines() == (LineSum("outreach", day, "cooker", Movement.GIVEN, 36),)
    assert ledger.sums.visits() == (Visits("outreach", day, 1, 8, None, 12),)
    assert ledger.count() == 2


def test_zero_is_a_value_and_blank_is_not(ledger: Ledger, sheet: Make) -> None:
    """A day on which nobody counted visits has none, a day with zero visits has zero."""
    ledger.add(sheet(encounters=None, others=None, hours=None), SIGNED)
    ledger.add(sheet({"cooker": 0}, seq=2, encounters=0, others=None, hours=None, day=date(2026, 11, 23)), SIGNED)

    assert [(v.sessions, v.encounters, v.others, v.quarter_hours) for v in ledger.sums.visits()] == [
        (1, None, None, None),
        (1, 0, None, None),
    ]
    assert [s.quantity for s in ledger.sums.lines()] == [40, 0]


def test_stock_is_no_visit_and_lots_are_summed(ledger: Ledger, sheet: Make) -> None:
    """A delivery makes no row of visits; two lots of an item are one sum."""
    lots = tuple(Line("cooker", Movement.RECEIVED, n, lot) for n, lot in ((100, "a"), (50, "b")))
    ledger.add(sheet(kind=Kind.STOCK, lines=lots, encounters=None, hours=None, model=None), SIGNED)

    assert ledger.sums.visits() == ()
    assert [s.quantity for s in ledger.sums.lines()] == [150]


def test_sheets_stand_in_each_devices_own_order(ledger: Ledger, sheet: Make) -> None:
    """Sheets come by device and number, whatever day they are of and however they arrived."""
    other = "d4" * 16
    for device, seq, day in ((other, 2, 1), ("b2" * 16, 10, 2), ("b2" * 16, 9, 3), (other, 1, 4)):
        ledger.add(sheet(device=device, seq=seq, day=date(2026, 11, day)), SIGNED)

    assert [(each.device[:2], each.seq) for each in ledger.sheets()] == [("b2", 9), ("b2", 10), ("d4", 1), ("d4", 2)]
    assert [each.day.day for each in ledger.latest(3)] == [4, 3, 2]


def test_a_period_and_a_site_narrow_the_sheets(ledger: Ledger, sheet: Make) -> None:
    """Both days at the ends of a period belong to it; a site that nobody added here can be asked for."""
    for seq, (day, site) in enumerate(
        ((date(2026, 6, 30), "outreach"), (date(2026, 7, 1), "far"), (date(2026, 9, 30), "outreach")), start=1
    ):
        ledger.add(sheet(seq=seq, day=day, site=SiteCode(site)), SIGNED)
    quarter = parse_period("2026-Q3")

    assert [each.seq for each in ledger.sheets(quarter)] == [2, 3]
    assert [each.seq for each in ledger.sheets(quarter, "far")] == [2]
    assert [each.seq for each in ledger.sheets(site="outreach")] == [1, 3]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"seq": 2}, True),
        ({"seq": 2, "encounters": 10}, False),
        ({"seq": 2, "others": 0}, False),
        ({"seq": 2, "hours": None}, False),
        ({"seq": 2, "model": ServiceModel.FIXED}, False),
        ({"seq": 2, "day": date(2026, 11, 23)}, False),
        ({"seq": 2, "site": SiteCode("van-2")}, False),
        ({"seq": 2, "counts": {"cooker": 41}}, False),
        ({"seq": 2, "kind": Kind.CORRECTION, "corrects": SheetId("e5" * 32)}, False),
        ({}, False),
    ],
)
def test_the_same_counts_are_found(ledger: Ledger, sheet: Make, changes: dict[str, object], same: bool) -> None:
    """A second sheet that says the same in every count is found; itself, or one with any difference, is not."""
    first = sheet()
    ledger.add(first, SIGNED)

    assert ledger.same_counts(sheet(**changes)) == (first.id if same else None)


def test_places_are_given_out_one_after_the_other(opening: Callable[[], Ledger], sheet: Make) -> None:
    """Two threads and two openings of one ledger number a device's sheets without a gap or a double."""
    ledger, other = opening(), opening()

    def work(mine: Ledger, item: str) -> None:
        for _ in range(15):
            with mine.closing("b2" * 16) as free:
                free.add(sheet({item: 1}, seq=free.seq, prev=free.prev), SIGNED)

    jobs = ((ledger, "cooker"), (ledger, "filter"), (other, "foil-sheet"))
    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain = list(ledger.sheets())

    assert [each.seq for each in chain] == list(range(1, 46))
    assert [each.prev for each in chain] == [None, *(each.id for each in chain[:-1])]
    assert Counter(s.quantity for s in ledger.sums.lines()) == {15: 3}


def test_a_place_that_was_not_filled_is_given_again(ledger: Ledger, sheet: Make) -> None:
    """When closing fails, nothing was added and the next one gets the same place."""
    with pytest.raises(ZeroDivisionError), ledger.closing("b2" * 16) as place:
        place.add(sheet(seq=place.seq), SIGNED)
        raise ZeroDivisionError
    assert ledger.count() == 0

    with ledger.closing("b2" * 16) as place:
        assert (place.seq, place.prev) == (1, None)


def test_a_fork_is_kept(ledger: Ledger, sheet: Make) -> None:
    """A laptop restored from a backup numbers on as before: both sheets count, and the order goes on from one."""
    one, two = sheet({"cooker": 1}), sheet({"cooker": 2})
    ledger.add(one, SIGNED)
    ledger.add(two, SIGNED)

    assert ledger.count() == 2
    with ledger.closing("b2" * 16) as place:
        assert (place.seq, place.prev) == (2, min(one.id, two.id))


def fold_of(sheet: Make, *replaced: ClosedSheet, seq: int = 9) -> ClosedSheet:
    """A sheet that stands for others of one item."""
    many = sum(line.quantity for each in replaced for line in each.lines)
    ids = tuple(sorted(each.id for each in replaced))
    n = len(replaced)
    counts = {"encounters": 9 * n, "hours": Fraction(13 * n, 4), "x": {"sessions": n}}
    return sheet({"cooker": many}, seq=seq, kind=Kind.FOLD, replaces=ids, **counts)


def test_a_fold_takes_the_place_of_its_sheets(ledger: Ledger, sheet: Make) -> None:
    """Totals, visits and sessions stay; the folded sheets are gone and do not come back from an old stick."""
    one, two = sheet({"cooker": 40}), sheet({"cooker": 2}, seq=2)
    ledger.add(one, SIGNED)
    ledger.add(two, SIGNED)
    before = (ledger.sums.lines(grain="all"), ledger.sums.visits(grain="all"))

    assert ledger.add(fold_of(sheet, one, two), SIGNED)
    assert (ledger.sums.lines(grain="all"), ledger.sums.visits(grain="all")) == before
    assert ledger.sheet(one.id) is None
    assert not ledger.add(one, SIGNED)
    assert ledger.count() == 1
    assert ledger.verify() == 1


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_folding_after_merging_is_merging_after_folding(ledger: Ledger, sheet: Make, order: tuple[int, ...]) -> None:
    """In whatever order sheets and their fold arrive, the ledger ends up the same."""
    made = [sheet({"cooker": n}, seq=n) for n in (1, 2, 3)]
    arrivals = [*made, fold_of(sheet, made[0], made[1])]
    for n in order:
        ledger.add(arrivals[n], SIGNED)

    assert [line.quantity for line in ledger.sums.lines(grain="all")] == [6]
    assert [visit.sessions for visit in ledger.sums.visits(grain="all")] == [3]
    assert ledger.count() == 2
    with ledger.closing("b2" * 16) as place:
        assert place.seq == 10


def test_a_laptops_numbering_goes_on_after_its_sheets_were_folded_elsewhere(ledger: Ledger, sheet: Make) -> None:
    """A fold from another laptop takes this one's sheets out; its next sheet still follows its last."""
    one, two = sheet({"cooker": 40}), sheet({"cooker": 2}, seq=2)
    for each in (one, two):
        ledger.add(each, SIGNED)
    ledger.add(replace(fold_of(sheet, one, two, seq=1), device="c3" * 16, prev=None), SIGNED)

    with ledger.closing("b2" * 16) as place:
        assert (place.seq, place.prev) == (3, two.id)


def test_days_that_were_folded_are_not_folded_twice(ledger: Ledger, sheet: Make) -> None:
    """Two folds of one sheet would count it twice: the second is refused, and nothing of it is added."""
    one, two = sheet({"cooker": 40}), sheet({"cooker": 2}, seq=2)
    ledger.add(fold_of(sheet, one), SIGNED)
    before = (ledger.digest(), ledger.sums.lines())
    with pytest.raises(FoldsOverlap):
        ledger.add(fold_of(sheet, one, two, seq=10), SIGNED)

    assert (ledger.digest(), ledger.sums.lines()) == before
    assert ledger.add(two, SIGNED)


def test_a_refused_sheet_takes_no_other_with_it(ledger: Ledger, sheet: Make) -> None:
    """In a merge, one sheet that is refused leaves those around it to be saved together."""
    one = sheet({"cooker": 40})
    with ledger.together():
        ledger.add(fold_of(sheet, one), SIGNED)
        with pytest.raises(FoldsOverlap):
            ledger.add(fold_of(sheet, one, seq=10), SIGNED)
        ledger.add(sheet(seq=2), SIGNED)

    assert ledger.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE line SET quantity = quantity + 1",
        "UPDATE sheet SET encounters = 10",
        "UPDATE signed SET body = replace(body, '40', '41')",
        "DELETE FROM line",
        "DELETE FROM signed",
        "INSERT INTO line (sheet, item, movement, lot, funder, quantity) "
        "SELECT sheet, 'filter', movement, lot, funder, 1 FROM line",
    ],
)
def test_a_value_that_rotted_is_found(opening: Callable[[], Ledger], sheet: Make, change: str) -> None:
    """Where no encryption notices it, comparing every sheet with its hash and its lines does."""
    ledger, connection = opening(), opening()._connection
    ledger.add(sheet(), SIGNED)
    assert ledger.verify() == 1
    with writing(connection):
        connection.execute(change)

    with pytest.raises(Damaged):
        ledger.verify()


def test_a_device_is_known_by_its_key(ledger: Ledger) -> None:
    """A device's public key is kept once, for checking its sheets when the laptop is gone."""
    ledger.introduce("b2" * 16, bytes(32))
    ledger.introduce("b2" * 16, bytes(32))

    assert ledger.devices() == {"b2" * 16: bytes(32)}


def test_the_ledger_says_whether_it_is_encrypted(ledger: Ledger, home: Home, run: Callable[..., str]) -> None:
    """`encrypted` is true here and false on a computer without the encrypting engine."""
    assert ledger.encrypted
    said = run("print(open_ledger(Path(sys.argv[2]), KEY).encrypted)", str(home.path / "plain.db"), plain=True)
    assert said.strip() == "False"


@pytest.mark.parametrize("change", ["signed RENAME COLUMN signature TO sagnature", "line RENAME TO lime"])
def test_a_name_that_rotted_is_damage(home: Home, key: bytes, sheet: Make, change: str) -> None:
    """Names of tables and columns lie in the file, too: one that is another is said as damage, reading and saving."""
    ledger = open_ledger(home.ledger, key)
    ledger.add(sheet(), b"s" * 64)
    ledger.close()
    connection = connect(home.ledger, key)
    with writing(connection):
        connection.execute(f"ALTER TABLE {change}")
    connection.close()

    ledger = open_ledger(home.ledger, key)
    with pytest.raises(Damaged):
        ledger.verify()
        list(ledger.signed())
    with pytest.raises(Damaged):
        ledger.add(sheet(seq=2, prev="0" * 64), b"s" * 64)
    ledger.close()
