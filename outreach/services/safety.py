"""What a program sets about safety: read at every act that it bears on, and changed one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any

from outreach.content.safety import read_safety, safety_row
from outreach.content.writing import toml_table
from outreach.core.safety import Safety
from outreach.services.files import read_if_changed, write_own
from outreach.services.program import Program

_writing = Lock()


def safety(program: Program) -> Safety:
    """What was set. Refused when its file is damaged: a hold that cannot be read may stand."""
    return read_if_changed(program.home.safety, read_safety)


def set_safety(program: Program, **changes: Any) -> Safety:
    """Change these and keep the others."""
    with _writing:
        changed = replace(safety(program), **changes)
        row = toml_table("# Set on the pages and by commands.", safety_row(changed))
        write_own(program.home, program.home.safety, "How this laptop is kept safe.", [row])
    return changed
