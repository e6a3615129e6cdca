"""The bolt on the staff pages: what works while the program is locked, and the page that all others answer with."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import N_, Refusal
from outreach.services import passphrase
from outreach.services.keyring import Locked
from outreach.services.locking import Watch, chosen, lock
from outreach.web.guard import FILE_MAX
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.speech import refusal_words

WHILE_LOCKED = frozenset(
    {
        # Cards: they say nothing of what was counted.
        "printing.choose",
        "printing.order",
        "printing.sheet",
        "printing.stop",
        "printing.preview",
        "printing.upright",
        "printing.pdf",
        "printing.tagged",
        "by_browser.sheets",
        "by_browser.style",
        "by_browser.face",
        "by_browser.file",
        "gallery.wall",
        "gallery.face",
        # The open sheet, which has a key of its own.
        "tally.sheet",
        "tally.tap",
        "tally.blank",
        "weighing.estimate",
        # What the files show to whoever has them, locked as they are.
        "holds.show",
        "holds.paper",
        # The lock itself.
        "locking.show",
        "locking.unlock",
        "locking.lock_now",
        "locking.state",
        # New words, for who has the recovery key.
        "passphrase.propose",
        "passphrase.type_again",
        "passphrase.save",
    }
)
"""Endpoints of staff pages that answer while the program is locked; every other one does not."""
LEFT_ALONE = frozenset({"tally.sheet", "tally.tap", "weighing.estimate", "locking.state"})
"""Counting goes on while the rest is locked, and does not keep the rest open."""
WORDS, HELD = "words", "held"
KEPT = 8
"""Things that wait; the oldest goes."""


class NothingTyped(Refusal):
    sentence = N_("Type the words first.")


@dataclass
class Latch:
    """The lock of this server, and what waits in its memory for words to be typed: forms, and words shown before."""

    watch: Watch
    _waiting: OrderedDict[str, Any] = field(default_factory=OrderedDict)

    def hold(self, what: Any) -> str:
        """Keep something under a name that says nothing."""
        name = secrets.token_hex(8)
        self._waiting[name] = what
        while len(self._waiting) > KEPT:
            self._waiting.popitem(last=False)
        return name

    def look_at(self, name: str) -> Any:
        """What waits under that name; None when it does not any more."""
        return self._waiting.get(name)

    def give_back(self, name: str) -> Any:
        return self._waiting.pop(name, None)


def latch() -> Latch:
    return cast(Latch, current_app.extensions["outreach-latch"])


def locked_out() -> AnyResponse | None:
    """What a staff page answers instead of itself while the program is locked; None when it may answer."""
    if HELD in request.args and request.method == "POST":
        return _go_on()
    if program().is_locked:
        if request.endpoint not in WHILE_LOCKED:
            raise Locked()
    elif request.endpoint not in LEFT_ALONE:
        latch().watch.used()
    return None


def _go_on() -> AnyResponse | None:
    """The words came for a form that waits: unlock, and let it go its way as it was sent."""
    refused = try_words(request.form.get(WORDS, ""))
    if refused is not None:
        return lock_page(refused, held=request.args[HELD])
    if held := latch().give_back(request.args[HELD]):
        request.form, request.files = held
    elif WORDS in request.form:  # the server was started anew meanwhile
        return redirect(url_for("desk.home"), 303)
    return None


def try_words(words: str) -> Refusal | None:
    """Unlock; why not, when it did not."""
    if program().is_locked:
        if not words.strip():
            return NothingTyped()
        try:
            program().unlock(words)
        except Refusal as refusal:
            return refusal
        opened()
    return None


def opened() -> None:
    """What follows from being unlocked: it is in use, and cards say all there is to say of the program again."""
    latch().watch.used()
    prints().faces.clear()


def lock_page(refusal: Refusal | None = None, held: str = "", then: str = "", closed: bool = False) -> Response:
    """The page that takes the words. `held` names a form that goes on then; `then` is the page to go to."""
    page = render_template(
        "staff/locked.html",
        sentence=refusal_words(refusal) if refusal else "",
        held=held,
        then=then,
        closed=closed,
        open_sheets=program().sheets().all(),
        forgetting=[refusal_words(each) for each in passphrase.forgetting(program())],
        has_recovery=program().keyring.has_recovery,
        action=url_for(cast(str, request.endpoint), **cast(Any, request.view_args), held=held)
        if held
        else url_for("locking.unlock"),
    )
    return Response(page, status=423)


def refused_while_locked() -> Response:
    """What was asked for waits: a form in memory, a page by its address."""
    if request.method != "POST":
        return lock_page(then=request.full_path.rstrip("?"))
    held = ""
    with suppress(HTTPException):  # one that is too long is not kept
        request.max_content_length = FILE_MAX
        # The files of a request are closed when it is answered.
        files = MultiDict(
            (key, FileStorage(BytesIO(each.read()), each.filename, key, each.content_type))
            for key, each in request.files.items(multi=True)
        )
        held = latch().hold((request.form, files))
    return lock_page(held=held)


def after_closing(address: str) -> AnyResponse:
    """Where one goes after closing a sheet; where the program wants it so, by way of the lock."""
    if not (program().keyring.has_passphrase and chosen(program()).lock_on_close):
        return redirect(address, 303)
    lock(program())
    return redirect(url_for("locking.show", then=address, closed=1), 303)
