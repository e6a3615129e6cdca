"""What a return needs to know of a program: which county each site lies in, and the department's key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from outreach.content.reading import Table, read_table
from outreach.core.month_return import PLACE_MAX, is_line

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


@dataclass(frozen=True, slots=True)
class Returning:
    """`counties` by site code; `recipient` is what to seal for, empty where the department gave no key."""

    counties: Mapping[str, str] = field(default_factory=dict)
    recipient: str = ""


def read_returning(file: Path) -> Returning:
    """Both; neither when the file is not there."""
    if not file.exists():
        return Returning()
    top = read_table(file)
    top.only(("counties", "department"))
    recipient = top.get("department", str, "")
    if recipient and not _RECIPIENT.fullmatch(recipient):
        raise top.bad("department", "is not a key: it begins with age1 and has 62 letters.")
    counties = Table(top.get("counties", dict, {}), file, "counties")
    return Returning({site: _county(counties, site) for site in counties.row}, recipient)


def _county(table: Table, site: str) -> str:
    county = table.get(site, str)
    if not is_line(county, PLACE_MAX):
        raise table.bad(site, f"is one line of at most {PLACE_MAX} letters.")
    return county
