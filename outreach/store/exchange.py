"""What came from other laptops beside the sheets that count: editions, sheets that wait, how far each laptop got."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from outreach.core.partition import Known
from outreach.core.roll import Edition, Hello, newer
from outreach.core.sheets import ClosedSheet, Kind, SheetId, from_canonical
from outreach.store import rows
from outreach.store.engine import Connection, reading, writing


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sheet that is known and does not count, why, and the 64 bytes that sign it."""

    sheet: ClosedSheet
    why: str
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A number of a laptop's own order that is known to be taken; the day only of a sheet that `counts` or waits."""

    id: SheetId
    device: str
    seq: int
    prev: str | None = None
    day: date | None = None
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place as another laptop calls it; `same` once someone said that it is the one of that name here."""

    device: str
    code: str
    name: str
    model: str
    same: bool = False


class Exchange:
    """Part of the ledger, under its lock and in its transactions; `add` is the ledger's own."""

    def __init__(self, connection: Connection, add: Callable[[ClosedSheet, bytes], bool]) -> None:
        self._connection, self._add = connection, add

    # --- editions ---

    def editions(self) -> tuple[Edition, ...]:
        """The newest edition of each kind that there is, by kind."""
        with reading(self._connection):
            found = self._connection.execute(rows.EDITIONS).fetchall()
        return tuple(Edition(*each) for each in found)

    def edition(self, kind: str) -> Edition | None:
        """The newest edition of that kind."""
        return next((each for each in self.editions() if each.kind == kind), None)

    def put_edition(self, edition: Edition) -> bool:
        """Keep an edition if it is newer than the one there is; whether it was. Who may sign is for others to say."""
        with writing(self._connection):
            held = self.edition(edition.kind)
            if held is not None and newer(held, edition) == held:
                return False
            row = (edition.kind, edition.number, edition.body, edition.signer, edition.signature)
            self._connection.execute("DELETE FROM edition WHERE kind = ?", (edition.kind,))
            self._connection.execute(rows.ADD_EDITION, row)
        return True

    def drop_edition(self, kind: str) -> None:
        """Keep none of that kind; for one that takes its place although its number is lower."""
        with writing(self._connection):
            self._connection.execute("DELETE FROM edition WHERE kind = ?", (kind,))

    # --- sheets that wait ---

    def waiting(self) -> tuple[Waiting, ...]:
        """The sheets that do not count, each device's in its own order. Raises Damaged."""
        with reading(self._connection):
            found = self._connection.execute(rows.WAITING).fetchall()
        return tuple(
            Waiting(from_canonical(self._body(sheet, body)), why, body.encode(), signature)
            for sheet, why, body, signature in found
        )

    def waiting_count(self) -> int:
        """How many sheets wait."""
        with reading(self._connection):
            return int(self._connection.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def set_aside(self, sheet: ClosedSheet, signature: bytes, why: str) -> bool:
        """Keep a sheet without counting it; False when it waits already, and then for this reason."""
        with writing(self._connection):
            body = sheet.canonical()
            row = (rows.hashed(body), sheet.device, sheet.seq, why, body.decode("ascii"), signature)
            new = self._connection.execute(rows.SET_ASIDE, row).rowcount
            if not new:
                self.say_why(row[0], why)
        return bool(new)

    def say_why(self, sheet_id: str, why: str) -> None:
        """Another reason for a sheet that waits."""
        with writing(self._connection):
            self._connection.execute("UPDATE waiting SET why = ? WHERE sheet = ?", (why, sheet_id))

    def move_aside(self, sheet_id: str, why: str) -> None:
        """Count a sheet no more, and keep it. What a fold took the place of may come back then."""
        with writing(self._connection):
            row = self._connection.execute(rows.ONE_SIGNED, (sheet_id,)).fetchone()
            if row is None:
                return
            self.set_aside(from_canonical(self._body(sheet_id, row[0])), row[1], why)
            for statement in rows.REMOVE:
                self._connection.execute(statement, (sheet_id,))

    def admit(self, sheet_id: str) -> bool:
        """Count a sheet that waited; False when a fold holds it, or it did not wait. Raises FoldsOverlap."""
        with writing(self._connection):
            row = self._connection.execute(rows.ONE_WAITING, (sheet_id,)).fetchone()
            if row is None:
                return False
            self.forget_waiting([sheet_id])
            return self._add(from_canonical(self._body(sheet_id, row[0])), row[1])

    def forget_waiting(self, sheet_ids: Iterable[str]) -> None:
        """Take out sheets that wait. They come again with the next bundle that has them."""
        with writing(self._connection):
            self._connection.executemany(rows.STOP_WAITING, [(each,) for each in sheet_ids])

    # --- everything that is known ---

    def counted(self) -> list[Known]:
        """Every sheet that counts, as much of it as decides whether it does."""
        with reading(self._connection):
            counted = self._connection.execute(rows.KNOWN).fetchall()
            folds = dict(self._connection.execute(rows.FOLD_BODIES).fetchall())
        return [
            Known(SheetId(sheet), device, seq, program, Kind(kind), date.fromisoformat(day), corrects)
            if sheet not in folds
            else Known.of(from_canonical(self._body(sheet, folds[sheet])))
            for sheet, device, seq, program, kind, day, corrects in counted
        ]

    def ids(self) -> set[str]:
        """The ids of every sheet that counts or waits."""
        with reading(self._connection):
            return {sheet for (sheet,) in self._connection.execute(rows.KNOWN_IDS)}

    def places(self, only: Collection[str] | None = None) -> list[Place]:
        """Every number that is known to be taken, by device and number; those of folded sheets too.

        Of `only` these devices, where they are said.
        """
        asked = [(rows.PLACES, ())] if only is None else [(rows.PLACES_OF, (each, each)) for each in sorted(only)]
        with reading(self._connection):
            found = [row for question, given in asked for row in self._connection.execute(question, given)]
        there = [Place(*each[:4], date.fromisoformat(each[4]) if each[4] else None, bool(each[4])) for each in found]
        there += [
            Place(each.sheet.id, each.sheet.device, each.sheet.seq, each.sheet.prev, each.sheet.day)
            for each in self.waiting()
            if only is None or each.sheet.device in only
        ]
        return sorted(there, key=lambda place: (place.device, place.seq, place.id))

    def uneven(self) -> set[str]:
        """The devices of which a number may be missing, or there twice; of the others none is."""
        with reading(self._connection):
            return {device for (device,) in self._connection.execute(rows.UNEVEN)}

    def branched(self) -> set[str]:
        """The devices of which a sheet follows another one than that which has the number before it here."""
        with reading(self._connection):
            return {device for (device,) in self._connection.execute(rows.BRANCHED)}

    def newest(self) -> dict[str, date]:
        """The day of each device's newest sheet that counts."""
        with reading(self._connection):
            found = self._connection.execute(rows.NEWEST).fetchall()
        return {device: date.fromisoformat(day) for device, day in found}

    def folded(self) -> tuple[tuple[str, str, int], ...]:
        """What the folds that count took the place of, as far as device and number are known: (id, device, number)."""
        with reading(self._connection):
            return tuple(self._connection.execute(rows.FOLDED).fetchall())

    def unplaced(self) -> set[str]:
        """The ids of folded sheets of which nobody said yet whose they were and which number they had."""
        with reading(self._connection):
            return {sheet for (sheet,) in self._connection.execute(rows.UNPLACED)}

    def remember_folded(self, sheet_id: str, device: str, seq: int) -> None:
        """Whose number a sheet had that was folded elsewhere before it ever was here."""
        with writing(self._connection):
            self._connection.execute(f"{rows.REMEMBER} AND device IS NULL", (device, seq, sheet_id))

    # --- how far others got ---

    def claims(self) -> dict[str, tuple[int, str]]:
        """The furthest that each other device is known to have got: number and id of that sheet."""
        with reading(self._connection):
            found = self._connection.execute("SELECT device, seq, sheet FROM last ORDER BY device").fetchall()
        return {device: (seq, sheet) for device, seq, sheet in found}

    def claim(self, device: str, seq: int, sheet_id: str) -> None:
        """Another laptop says that it got as far as this; what was known to be further stays."""
        with writing(self._connection):
            for statement in (rows.CLAIM, rows.CLAIM_MORE):
                self._connection.execute(statement, {"device": device, "seq": seq, "sheet": sheet_id})

    # --- laptops that ask to be let in ---

    def hellos(self) -> tuple[Hello, ...]:
        """The laptops that presented themselves and are not on the roll yet."""
        with reading(self._connection):
            found = self._connection.execute(rows.HELLOS).fetchall()
        return tuple(Hello(*each) for each in found)

    def put_hello(self, hello: Hello) -> None:
        """A laptop presents itself; what it said of itself before is forgotten."""
        with writing(self._connection):
            row = (hello.device, hello.public, hello.name, hello.recipient, hello.program, hello.coordinator)
            self.forget_hello(hello.device)
            self._connection.execute(rows.ADD_HELLO, row)

    def forget_hello(self, device: str) -> None:
        """A laptop asks no longer: it was let in, or turned away."""
        with writing(self._connection):
            self._connection.execute("DELETE FROM hello WHERE device = ?", (device,))

    # --- places under the names that others gave them ---

    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """The places that other laptops named by themselves, by device and code."""
        with reading(self._connection):
            found = self._connection.execute(rows.ELSEWHERE).fetchall()
        return tuple(Elsewhere(*each, same=bool(same)) for *each, same in found)

    def put_elsewhere(self, device: str, sites: Iterable[tuple[str, str, str]]) -> None:
        """Add what a laptop calls places (code, name, model); what was said about each stays said."""
        with writing(self._connection):
            for code, name, model in sites:
                row = {"device": device, "code": code, "name": name, "model": model}
                for statement in (rows.ADD_ELSEWHERE, rows.NAME_ELSEWHERE):
                    self._connection.execute(statement, row)

    def same_place(self, device: str, code: str) -> None:
        """Someone said that this laptop's place is the one of that name here."""
        with writing(self._connection):
            self._connection.execute("UPDATE elsewhere SET same = 1 WHERE device = ? AND code = ?", (device, code))

    # --- bundles of a newer version ---

    def kept(self) -> dict[str, bytes]:
        """The bundles that could not be read yet, by what is kept of their name: a hash."""
        with reading(self._connection):
            return dict(self._connection.execute("SELECT id, body FROM kept ORDER BY id").fetchall())

    def keep(self, content: bytes) -> str:
        """Keep a bundle as it came; its id."""
        with writing(self._connection):
            row = (rows.hashed(content), content)
            self._connection.execute("INSERT INTO kept (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING", row)
        return row[0]

    def forget(self, kept_id: str) -> None:
        """Keep a bundle no longer: it was read."""
        with writing(self._connection):
            self._connection.execute("DELETE FROM kept WHERE id = ?", (kept_id,))

    def _body(self, sheet_id: str, body: str | None) -> bytes:
        return rows.whole(self._connection.path, sheet_id, body)
