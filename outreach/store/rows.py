"""A closed sheet as rows of the ledger, and the questions that are asked of them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from outreach.core.particulars import SESSIONS, expiries
from outreach.core.periods import Period
from outreach.core.sheets import ClosedSheet, SheetId
from outreach.store.refusals import Damaged

Value = str | int | bytes | None

# Columns by name, everywhere: a later step may add some.
_SHEET = (
    "id, device, seq, prev, program, kind, site, day, model, corrects, encounters, others, quarter_hours, act, sessions"
)
_LINE = "sheet, item, movement, lot, funder, quantity"
_EVENT = "sheet, event, quantity"
_LOT = "sheet, item, lot, expires"

ADD_SHEET = f"""
    INSERT INTO sheet ({_SHEET}) VALUES (:{_SHEET.replace(", ", ", :")}) ON CONFLICT DO NOTHING
"""  # noqa: S608
INTRODUCE = "INSERT INTO device (id, public_key) VALUES (?, ?) ON CONFLICT DO NOTHING"
ADD_SIGNED = "INSERT INTO signed (sheet, body, signature) VALUES (?, ?, ?)"
ADD_LINE = f"INSERT INTO line ({_LINE}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
ADD_EVENT = f"INSERT INTO event ({_EVENT}) VALUES (?, ?, ?)"  # noqa: S608
ADD_LOT = f"INSERT INTO lot ({_LOT}) VALUES (?, ?, ?, ?)"  # noqa: S608
SHEET = f"SELECT {_SHEET} FROM sheet WHERE id = ?"  # noqa: S608
LINES = f"SELECT {_LINE} FROM line WHERE sheet = ? ORDER BY item, movement, lot, funder"  # noqa: S608
EVENTS = f"SELECT {_EVENT} FROM event WHERE sheet = ? ORDER BY event"  # noqa: S608
LOTS = f"SELECT {_LOT} FROM lot WHERE sheet = ? ORDER BY item, lot"  # noqa: S608
ALL_SIGNED = "SELECT sheet, body FROM signed"
HOW_MANY = """
    SELECT (SELECT count(*) FROM line) + (SELECT count(*) FROM event) + (SELECT count(*) FROM lot),
        (SELECT count(*) FROM sheet)
"""
# The days first, then only the bodies asked for.
LATEST = """
    SELECT sheet, body FROM (
        SELECT id, day, device, seq FROM sheet WHERE coalesce(act, '') <> 'monthly'
        ORDER BY day DESC, device, seq DESC, id LIMIT ?
    ) AS newest
    JOIN signed ON signed.sheet = id ORDER BY day DESC, device, seq DESC, id
"""

IMPORTS = """
    SELECT signed.sheet, body FROM sheet JOIN signed ON signed.sheet = id
    WHERE kind = 'import' AND coalesce(act, '') <> 'monthly' ORDER BY device, seq, id
"""
# Corrections of a sheet, and corrections of those.
CORRECTIONS = """
    WITH RECURSIVE about (id) AS (
        SELECT id FROM sheet WHERE corrects = ? UNION SELECT sheet.id FROM sheet JOIN about ON sheet.corrects = about.id
    )
    SELECT signed.sheet, body FROM about JOIN sheet USING (id) JOIN signed ON signed.sheet = id
    ORDER BY device, seq, id
"""

# One spelling for every question: no period means from the first day to the last, no site means all.
_ASKED = "day BETWEEN :first AND :last AND (CAST(:site AS TEXT) IS NULL OR site = :site)"
SIGNED = f"""
    SELECT id, body, signature FROM sheet LEFT JOIN signed ON signed.sheet = sheet.id
    WHERE {_ASKED} ORDER BY device, seq, id
"""  # noqa: S608

# How finely a question sums over days: each day by itself, each month, or all of them together.
GRAINS = {"day": "day", "month": "substr(day, 1, 7)", "all": "''"}


# The sheets asked for, in the order in which their lines lie on disk: a third less time over ten years of them.
_SHEETS = f"(SELECT id, site, day, act FROM sheet WHERE {_ASKED} ORDER BY id) AS sheet"  # noqa: S608


def _summed(grain: str, what: str, of: str, by: tuple[str, ...] = (), only: str = "TRUE") -> str:
    """A question's sums by site, by days as finely as `grain` says, and by more columns; in that order."""
    keys = ("site", GRAINS[grain], *by)
    # By their places: one that is the same for all rows can be named no other way everywhere.
    places = ", ".join(str(n) for n, _ in enumerate(keys, start=1))
    return f"SELECT {', '.join(keys)}, {what} FROM {of} WHERE {only} GROUP BY {places} ORDER BY {places}"  # noqa: S608


# Cast, because a sum is no whole number everywhere.
SUM = "CAST(sum(quantity) AS BIGINT)"


def line_sums(grain: str) -> str:
    return _summed(grain, SUM, f"{_SHEETS} JOIN line ON line.sheet = sheet.id", ("item", "movement"))


def event_sums(grain: str) -> str:
    return _summed(grain, SUM, f"{_SHEETS} JOIN event ON event.sheet = sheet.id", ("event",))


def visits(grain: str) -> str:
    counts = ("CASE kind WHEN 'tally' THEN 1 ELSE coalesce(sessions, 0) END", "encounters", "others", "quarter_hours")
    sums = ", ".join(f"CAST(sum({each}) AS BIGINT)" for each in counts)
    counted = "(kind = 'tally' OR coalesce(sessions, encounters, others, quarter_hours) IS NOT NULL)"
    return _summed(grain, sums, "sheet", only=f"{counted} AND {_ASKED}")


def stock_sums(grain: str, only: str = "TRUE") -> str:
    by = ("coalesce(act, '')", "item", "movement", "lot", "funder")
    return _summed(grain, SUM, f"{_SHEETS} JOIN line ON line.sheet = sheet.id", by, only)


# All but what sessions count: few lines, from which the beginning of every book is told.
STOCKED = "movement NOT IN ('given', 'returned')"
WITH_LOTS = "item IN (SELECT item FROM lot)"


FIRST_DAY = "SELECT min(day) FROM sheet"

SHEET_IDS = """
    SELECT id FROM (
        SELECT id, 1 AS place FROM sheet UNION ALL SELECT sheet, 2 FROM waiting UNION ALL SELECT id, 3 FROM kept
    ) AS held ORDER BY place, id
"""

LAST_DAY = "SELECT max(day) FROM sheet"

LAST_FOLDED = "SELECT max(day) FROM sheet WHERE kind = 'fold'"
SESSIONS_BEFORE = "SELECT count(*) FROM sheet WHERE kind = 'tally' AND day < ?"

# Of two sheets that say two days of one lot, the later one is believed: a correction of the first.
LOTS_EXPIRE = "SELECT item, lot, expires FROM lot JOIN sheet ON sheet.id = lot.sheet ORDER BY day, device, seq, id"

# A fork (two sheets of one number) goes on from the same one of them every time.
LAST = """
    SELECT seq, id FROM (
        SELECT seq, id, device FROM sheet
        UNION ALL SELECT seq, sheet, device FROM tombstone
        UNION ALL SELECT seq, sheet, device FROM waiting
    ) AS numbered WHERE device = ? ORDER BY seq DESC, id LIMIT 1
"""

# A fold takes the place of sheets that are here, or may come later: their ids stay, and nothing else of them.
# Only as long as the fold itself counts: of one that was set aside the ids say no more than which numbers there were.
FOLDED_BY = "SELECT fold FROM tombstone JOIN sheet ON sheet.id = fold WHERE tombstone.sheet = ?"
_KNOWN = "(SELECT id, device, seq FROM sheet UNION ALL SELECT sheet, device, seq FROM waiting) AS known"
BURY = f"""
    INSERT INTO tombstone (sheet, fold, device, seq) VALUES (
        :sheet, :fold, (SELECT device FROM {_KNOWN} WHERE id = :sheet), (SELECT seq FROM {_KNOWN} WHERE id = :sheet)
    )
    ON CONFLICT DO NOTHING
"""  # noqa: S608
BURY_AGAIN = f"""
    UPDATE tombstone SET fold = :fold, device = coalesce((SELECT device FROM {_KNOWN} WHERE id = :sheet), device),
        seq = coalesce((SELECT seq FROM {_KNOWN} WHERE id = :sheet), seq) WHERE sheet = :sheet
"""  # noqa: S608
REMEMBER = "UPDATE tombstone SET device = ?, seq = ? WHERE sheet = ?"
REMOVE = tuple(f"DELETE FROM {table} WHERE sheet = ?" for table in ("line", "event", "lot", "signed"))  # noqa: S608
REMOVE += ("DELETE FROM sheet WHERE id = ?",)

# What travels beside the sheets that count.
EDITIONS = "SELECT kind, number, body, signer, signature FROM edition ORDER BY kind"
ADD_EDITION = "INSERT INTO edition (kind, number, body, signer, signature) VALUES (?, ?, ?, ?, ?)"
WAITING = "SELECT sheet, why, body, signature FROM waiting ORDER BY device, seq, sheet"
SET_ASIDE = """
    INSERT INTO waiting (sheet, device, seq, why, body, signature) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
STOP_WAITING = "DELETE FROM waiting WHERE sheet = ?"
ONE_WAITING = "SELECT body, signature FROM waiting WHERE sheet = ?"
ONE_SIGNED = "SELECT body, signature FROM signed WHERE sheet = ?"
KNOWN = "SELECT id, device, seq, program, kind, day, corrects FROM sheet"
FOLD_BODIES = "SELECT signed.sheet, body FROM sheet JOIN signed ON signed.sheet = id WHERE kind = 'fold'"
KNOWN_IDS = "SELECT id FROM sheet UNION ALL SELECT sheet FROM waiting"
PLACES = """
    SELECT id, device, seq, prev, day FROM sheet
    UNION ALL SELECT sheet, device, seq, NULL, NULL FROM tombstone WHERE device IS NOT NULL
"""
PLACES_OF = """
    SELECT id, device, seq, prev, day FROM sheet WHERE device = ?
    UNION ALL SELECT sheet, device, seq, NULL, NULL FROM tombstone WHERE device = ?
"""
# Of a device whose numbers run 1, 2, 3 to the furthest that is known no number is missing or there twice, and no more
# has to be read. These questions are answered from the index alone, or from the rows as they lie: in the order of
# devices each row would be looked up by itself.
UNEVEN = """
    WITH taken AS (
        SELECT device, count(*) AS many, count(DISTINCT seq) AS numbers, max(seq) AS furthest
        FROM (
            SELECT device, seq FROM sheet UNION ALL SELECT device, seq FROM tombstone WHERE device IS NOT NULL
        ) AS place GROUP BY device
    )
    SELECT taken.device FROM taken LEFT JOIN last ON last.device = taken.device
    WHERE many <> numbers OR furthest <> numbers OR last.seq > furthest
    UNION SELECT device FROM last WHERE device NOT IN (SELECT device FROM taken)
    UNION SELECT device FROM waiting
"""
BRANCHED = """
    SELECT after.device FROM sheet AS after JOIN sheet AS kept
        ON kept.device = after.device AND kept.seq = after.seq - 1 WHERE kept.id <> after.prev
    UNION SELECT after.device FROM tombstone AS kept JOIN sheet AS after
        ON after.device = kept.device AND after.seq = kept.seq + 1 WHERE kept.sheet <> after.prev
"""
NEWEST = "SELECT device || '' AS who, max(day) FROM sheet GROUP BY who"
FOLDED = """
    SELECT tombstone.sheet, tombstone.device, tombstone.seq FROM tombstone JOIN sheet ON sheet.id = fold
    WHERE tombstone.device IS NOT NULL ORDER BY tombstone.device, tombstone.seq, tombstone.sheet
"""
UNPLACED = "SELECT sheet FROM tombstone WHERE device IS NULL"
HELLOS = "SELECT device, public, name, recipient, program, coordinator FROM hello ORDER BY device"
ADD_HELLO = "INSERT INTO hello (device, public, name, recipient, program, coordinator) VALUES (?, ?, ?, ?, ?, ?)"
CLAIM = "INSERT INTO last (device, seq, sheet) VALUES (:device, :seq, :sheet) ON CONFLICT DO NOTHING"
CLAIM_MORE = "UPDATE last SET seq = :seq, sheet = :sheet WHERE device = :device AND seq < :seq"
ELSEWHERE = "SELECT device, code, name, model, same FROM elsewhere ORDER BY device, code"
ADD_ELSEWHERE = """
    INSERT INTO elsewhere (device, code, name, model, same) VALUES (:device, :code, :name, :model, 0)
    ON CONFLICT DO NOTHING
"""
NAME_ELSEWHERE = "UPDATE elsewhere SET name = :name, model = :model WHERE device = :device AND code = :code"


def hashed(content: bytes) -> SheetId:
    """What stands for these bytes: 64 hex digits."""
    return SheetId(hashlib.sha256(content).hexdigest())


def whole(file: str | Path, sheet_id: str, body: str | None) -> bytes:
    """A body, which is there and the sheet of that id still: without encryption the engine notices no rot."""
    told = (body or "").encode()
    if hashed(told) != sheet_id:
        raise Damaged(file=str(file))
    return told


def asked(period: Period | None, site: str | None) -> dict[str, Value]:
    """What the questions above are asked about."""
    first, last = (period.first, period.last) if period else (date.min, date.max)
    return {"first": first.isoformat(), "last": last.isoformat(), "site": site}


def sheet_row(sheet_id: SheetId, sheet: ClosedSheet) -> dict[str, Value]:
    """The sheet's row, by column."""
    return {
        "id": sheet_id,
        "device": sheet.device,
        "seq": sheet.seq,
        "prev": sheet.prev,
        "program": sheet.program,
        "kind": sheet.kind.value,
        "site": sheet.site,
        "day": sheet.day.isoformat(),
        "model": sheet.model.value if sheet.model else None,
        "corrects": sheet.corrects,
        "encounters": sheet.encounters,
        "others": sheet.others,
        "quarter_hours": None if sheet.hours is None else int(sheet.hours * 4),
        "act": sheet.act,
        "sessions": sheet.x.get(SESSIONS),
    }


def event_rows(sheet_id: SheetId, sheet: ClosedSheet) -> list[tuple[Value, ...]]:
    """The rows of the sheet's events, by code."""
    return [(sheet_id, event, quantity) for event, quantity in sorted(sheet.events.items())]


def lot_rows(sheet_id: SheetId, sheet: ClosedSheet) -> list[tuple[Value, ...]]:
    """The rows of the days on which the sheet says that lots expire."""
    return sorted((sheet_id, item, lot, day.isoformat()) for item, lot, day in expiries(sheet.x))


def line_rows(sheet_id: SheetId, sheet: ClosedSheet) -> list[tuple[Value, ...]]:
    """The rows of the sheet's lines, in the sheet's own order."""
    return [(sheet_id, each.item, each.movement.value, each.lot, each.funder, each.quantity) for each in sheet.lines]
