"""What can go wrong with a database on another computer, as sentences for who sits at this one."""

from __future__ import annotations

from outreach.core.refusal import N_, Refusal
from outreach.store.refusals import CannotWrite, Damaged, DiskFull, LedgerBusy


class HubAway(Refusal):
    sentence = N_(
        "The hub's database {file} cannot be reached. What was saved before is safe. "
        "Try again later: what was sent twice counts once."
    )


class NotLetIn(Refusal):
    sentence = N_(
        "The hub's database {file} does not let {role} in. Check the name, the password and the address with "
        "who runs it. Nothing was saved."
    )


class NotForThisRole(Refusal):
    sentence = N_(
        "The hub's database {file} does not allow this to {role}. A program's role keeps sheets; a department's reads "
        "month returns. Nothing was saved."
    )


class NoHubYet(Refusal):
    sentence = N_(
        "The database {file} is not set up as a hub. Who runs it types: outreach hub init. Nothing was saved."
    )


class HubBehind(Refusal):
    sentence = N_(
        "The hub's database {file} was set up by an older version of outreach. "
        "Who runs it types: outreach hub init. Nothing was saved."
    )


class NotAHubAddress(Refusal):
    sentence = N_("That is no address of a database. One looks like postgresql://night-van@hub.example/outreach.")


class NoPostgres(Refusal):
    sentence = N_("A hub needs more than outreach itself. Install it with: pip install 'outreach[hub]'.")


_AWAY = ("08", "57P")
_BUSY = ("40001", "40P01", "55P03")


def refusal_for(code: str | None, file: str, role: str) -> Refusal | None:
    """The sentence for what the server said, by its code; without one it said nothing, because it is not there."""
    if code is None or code.startswith(_AWAY) or code == "53300":
        return HubAway(file=file)
    if code in _BUSY:
        return LedgerBusy()
    if code.startswith("53"):
        return DiskFull()
    if code.startswith("28") or code == "3D000":
        return NotLetIn(file=file, role=role)
    if code == "42501":
        return NotForThisRole(file=file, role=role)
    if code in ("3F000", "42P01", "42703"):
        return NoHubYet(file=file)
    if code == "25006":
        return CannotWrite(file=file)
    if code.startswith("XX"):
        return Damaged(file=file)
    return None
