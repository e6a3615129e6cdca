"""Reading TOML so that every mistake names its file and key in a sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from outreach.core.refusal import N_, Refusal
from outreach.shipped import PICTURES

T = TypeVar("T")


class BadContent(Refusal):
    sentence = N_("{file}, {key}: {why} Nothing was changed; the file has to be mended first.")


class Table:
    """One TOML table that knows where it stands, so that what is missing can be named."""

    def __init__(self, row: dict[str, Any], file: Path, where: str) -> None:
        self.row, self.file, self.where = row, file, where

    def bad(self, key: str, why: str) -> BadContent:
        place = f"{self.where}.{key}" if self.where and key else key or self.where or "top"
        return BadContent(file=self.file.name, key=place, why=why)

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of `key`; refused when it is missing (and has no default) or of another kind."""
        if key not in self.row:
            if default is None:
                raise self.bad(key, "is missing.")
            return default
        value = self.row[key]
        # A bool is an int and a datetime is a date, and neither is what was asked for.
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool | datetime)):
            raise self.bad(key, f"should be {kind.__name__}, not {value!r}.")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings."""
        if key not in self.row and default is not None:
            return default
        values: list[Any] = self.get(key, list)
        if not all(isinstance(value, str) for value in values):
            raise self.bad(key, "should hold only text.")
        return tuple(values)

    def tables(self, key: str) -> list[Table]:
        """A list of tables, such as `[[step]]`; none when the key is not there."""
        rows: list[Any] = self.get(key, list, [])
        return [
            Table(row, self.file, f"{self.where}{'.' if self.where else ''}{key} {i + 1}") for i, row in enumerate(rows)
        ]

    def rows(self) -> dict[str, Table]:
        """Every `[key]` as a table of its own; refused when something else stands there."""
        return {key: Table(self.get(key, dict), self.file, key) for key in self.row}

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse keys that mean nothing here: they are nearly always misspelled ones."""
        strange = sorted(set(self.row) - set(allowed))
        if strange:
            raise self.bad(strange[0], f"means nothing here; what may stand here: {', '.join(sorted(allowed))}.")

    def build(self, make: Callable[[], T]) -> T:
        """Make a core type; what it objects to becomes a sentence that names file and key."""
        try:
            return make()
        except BadContent:
            raise
        except (ValueError, TypeError, Refusal) as problem:
            raise self.bad("", f"{str(problem).rstrip('.')}.") from problem


def read_table(file: Path) -> Table:
    """A TOML file as its top table."""
    try:
        return Table(tomllib.loads(file.read_text(encoding="utf-8")), file, "")
    except OSError as problem:
        raise BadContent(file=file.name, key="file", why=f"cannot be read ({problem.strerror}).") from problem
    except RecursionError as problem:
        raise BadContent(file=file.name, key="file", why="is nested too deep.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadContent(file=file.name, key="file", why=f"is not TOML ({problem}).") from problem


def known_picture(table: Table) -> str:
    """The picture a table names, or none; refused when there is no such drawing."""
    picture = table.get("picture", str, "")
    if picture and not (PICTURES / f"{picture}.svg").is_file():
        raise table.bad("picture", f"there is no picture {picture}.")
    return picture
