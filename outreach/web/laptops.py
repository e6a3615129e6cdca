"""The laptops of a program: which count together, inviting and joining, who asks to be let in, one that was lost."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response as FileResponse
from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services import inviting, lineup, rolls
from outreach.services import laptops as together
from outreach.services.codes import code_on_screen
from outreach.services.inviting import NameThere
from outreach.web.house import program
from outreach.web.speech import refusal_words
from outreach.web.staff import staff_blueprint

laptops = staff_blueprint("laptops")
KEPT = 8
LINE_MAX = 8192
"""Bytes of the longest invitation that is read."""
Answer = Response | str | tuple[str, int]


class Forgotten(NotThere):
    sentence = N_("This invitation is no longer at hand. Make it again.")


class NothingGiven(Refusal):
    sentence = N_("Choose the file, or paste its line. Nothing was changed.")


class NoSuchLaptop(NotThere):
    sentence = N_("No such laptop counts for this program.")


@dataclass(frozen=True, slots=True)
class Invited:
    name: str
    line: str

    @property
    def file(self) -> str:
        return inviting.file_name(self.name)


def _invited() -> OrderedDict[str, Invited]:
    """The last few invitations, in memory: making one again is as good."""
    found: OrderedDict[str, Invited] = current_app.extensions.setdefault("outreach-invited", OrderedDict())
    return found


def _page(refusal: Refusal | None = None, at: str = "") -> str:
    own, alone = program(), lineup.is_alone(program())
    asks = lineup.is_waiting(own)
    members = lineup.members(own)
    return render_template(
        "staff/laptops.html",
        sentence=refusal_words(refusal) if refusal else "",
        wrong={at: refusal_words(refusal)} if refusal and at else {},
        said=_SAID.get(request.args.get("done", ""), str)(),
        alone=alone,
        asks=asks,
        lacking=lineup.lacks_coordinator(own),
        own_digits=together.digits(together.own(own)[0]) if asks else "",
        asking=[(each, together.digits(each.device)) for each in together.asking(own)],
        members=members,
        # Who took the wrong of the two ways first, and invited nobody in, may still join.
        may_join=not asks and all(each.is_this for each in members),
        coordinator=not alone and together.is_coordinator(own),
        own_name=_free_name(rolls.own_name(own), _others(members)),
    )


_SAID = {
    "let-in": lambda: gettext("It is let in. Save for the others, and carry the file to it."),
    "turned-away": lambda: gettext("Turned away. What it counted adds to no total."),
    "lost": lambda: gettext("Done. Save for the others soon: then they know of it, too."),
    "anew": lambda: gettext("This laptop is the coordinator's now. Invite the others: they join again."),
    "coordinator": lambda: gettext("Done. Save for the others, and carry the file to it."),
}


@laptops.get("/laptops")
def show() -> str:
    return _page()


@laptops.post("/laptops/invite")
def invite() -> Answer:
    at = "name"
    try:
        # Before anything is begun: a list is not founded for an invitation that then cannot be made.
        name = rolls.check_name(request.form.get("name", ""))
        if together.roll(program()) is None:
            at = "own"
            own = rolls.check_name(request.form.get("own", ""))
            if own.casefold() == name.casefold():
                raise NameThere(name=name)
            together.found(program(), own)
            at = "name"
        line = together.invite(program(), name)
    except Refusal as refusal:
        return _page(refusal, at), 422
    key, kept = secrets.token_hex(8), _invited()
    kept[key] = Invited(name, line)
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return redirect(url_for("laptops.invited", key=key), 303)


def _others(members: Iterable[lineup.Member]) -> set[str]:
    return {each.name.casefold() for each in members if not each.is_this}


def _free_name(own: str, taken: set[str]) -> str:
    """What a laptop may be called: a backup that was put back brought the name of the one that was lost."""
    return next(name for name in (own, *(f"{own} {n}" for n in range(2, 99))) if name.casefold() not in taken)


@laptops.post("/laptops/anew")
def begin_anew() -> Answer:
    """Where the coordinator's laptop is gone for good, as when this one has its backup."""
    try:
        name = rolls.check_name(request.form.get("own", ""))
        if name.casefold() in _others(lineup.members(program())):
            raise NameThere(name=name)
        together.found(program(), name, anew=True)
    except Refusal as refusal:
        return _page(refusal), 422
    return redirect(url_for("laptops.show", done="anew"), 303)


def _find(key: str) -> Invited:
    if key not in _invited():
        raise Forgotten()
    return _invited()[key]


@laptops.get("/laptops/invited/<key>")
def invited(key: str) -> str:
    found = _find(key)
    return render_template("staff/invited.html", key=key, invited=found, code=code_on_screen(found.line))


@laptops.get("/laptops/invited/<key>/<name>")
def file(key: str, name: str) -> FileResponse:
    answer = FileResponse(_find(key).line + "\n", content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_find(key).file}"'
    return answer


@laptops.post("/laptops/join")
def join() -> Answer:
    sent = request.files.get("file")
    given = sent.read(LINE_MAX + 1) if sent and sent.filename else request.form.get("line", "").encode()
    try:
        if not given.strip():
            raise NothingGiven()
        together.join(program(), given.decode("utf-8", "replace").strip())
    except Refusal as refusal:
        return _page(refusal), 422
    return redirect(url_for("laptops.show"), 303)


@laptops.post("/laptops/<device>/answer")
def answer(device: str) -> Answer:
    yes = request.form.get("answer") == "yes"
    try:
        if yes:
            together.accept(program(), device, " ".join(request.form.get("name", "").split()) or None)
        else:
            together.turn_away(program(), device)
    except Refusal as refusal:
        return _page(refusal), 422
    return redirect(url_for("laptops.show", done="let-in" if yes else "turned-away"), 303)


@laptops.get("/laptops/<device>")
def one(device: str) -> str:
    found = next((each for each in lineup.members(program()) if each.device == device), None)
    if found is None:
        raise NoSuchLaptop()
    return render_template("staff/laptop.html", each=found, coordinator=together.is_coordinator(program()))


@laptops.post("/laptops/<device>/lost")
def lost(device: str) -> Response:
    together.revoke(program(), device)
    return redirect(url_for("laptops.show", done="lost"), 303)


@laptops.post("/laptops/<device>/coordinator")
def coordinate(device: str) -> Response:
    together.make_coordinator(program(), device)
    return redirect(url_for("laptops.show", done="coordinator"), 303)
