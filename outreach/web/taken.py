"""What was just taken out of a list: kept in memory, so that one touch puts it back as it was."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Any

from flask import current_app, request

from outreach.core.refusal import N_, NotThere

KEPT = 8


class Gone(NotThere):
    sentence = N_("What was taken away is no longer at hand. Enter it again. Nothing was changed.")


def keep(thing: Any) -> str:
    """Keep it; the name it is found by says nothing."""
    kept, key = _kept(), secrets.token_hex(8)
    kept[key] = thing
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return key


def shown(kind: type) -> tuple[str, Any] | None:
    """What the page says was taken away, by its name; None where it says nothing of that."""
    key = request.args.get("taken", "")
    thing = _kept().get(key)
    return (key, thing) if isinstance(thing, kind) else None


def find(kind: type) -> Any:
    """What the form asks to have back. Raises Gone."""
    thing = _kept().get(request.form.get("taken", ""))
    if not isinstance(thing, kind):
        raise Gone()
    return thing


def forget() -> None:
    """It is back: another touch on the same button puts back nothing."""
    _kept().pop(request.form.get("taken", ""), None)


def _kept() -> OrderedDict[str, Any]:
    found: OrderedDict[str, Any] = current_app.extensions.setdefault("outreach-taken", OrderedDict())
    return found
