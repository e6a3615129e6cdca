"""Backups: one onto a stick, one put back after it was looked through, and the counts as a file for other tools."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response as FileResponse
from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services import backing_up, lineup, passphrase, plain_export, restoring
from outreach.services import backups as kept
from outreach.services.restoring import Holdings
from outreach.services.sticks import EXAMPLE, NoPlace, is_on_stick, sticks, typed_place
from outreach.web.guard import FILE_MAX
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint, today

backups = staff_blueprint("backups")
LOOKED_AT = 1
OTHER = "other"
Answer = Response | str | tuple[str, int]


class Forgotten(NotThere):
    sentence = N_("This backup is no longer at hand. Choose it again. Nothing was changed.")


def _opened() -> OrderedDict[str, restoring.Opened]:
    """The backup that was looked through last and waits for a yes, by a name that says nothing."""
    found: OrderedDict[str, restoring.Opened] = current_app.extensions.setdefault("outreach-backups", OrderedDict())
    return found


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made last; its words are kept in no file."""

    file: Path
    held: Holdings
    words: str | None = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    """All of it, where the browser is to save it."""

    @property
    def are_numbers(self) -> bool:
        return bool(self.words) and "".join((self.words or "").split()).isdigit()


def _made() -> dict[str, Made]:
    found: dict[str, Made] = current_app.extensions.setdefault("outreach-backup-made", {})
    return found


def _page(refusal: Refusal | None = None, **more: Any) -> str:
    ring = program().keyring
    return render_template(
        "staff/backups.html",
        sentence=refusal_words(refusal) if refusal else "",
        trouble=program().trouble is not None,
        daily=[(each, kept.day_of(each)) for each in kept.daily(program().home)],
        aside=kept.put_aside(program().home),
        sticks=sticks(),
        example=EXAMPLE,
        carried=backing_up.carried(),
        together=program().trouble is None and not lineup.is_alone(program()),
        by_passphrase=ring.has_passphrase,
        by_numbers=passphrase.proposes_numbers(page_language().tag),
        **more,
    )


@backups.get("/backups")
def show() -> str:
    return _page()


@backups.post("/backups")
def make() -> Answer:
    """Answered with another address: the page of the words loaded again makes no backup with others."""
    try:
        file = backing_up.place(_asked("place"), today())
        words = _words()
        held = backing_up.back_up(program(), file, words)
    except Refusal as refusal:
        return _page(refusal), 422
    return _show(Made(file, held, words))


@backups.post("/backups/file")
def send() -> Answer:
    """One for the browser to save, from the page that shows its words: who has no stick here knows no folder either."""
    try:
        words = _words()
        made = backing_up.sealed(program(), words)
    except Refusal as refusal:
        return _page(refusal), 422
    return _show(Made(Path(backing_up.file_name(today())), made.held, words, made.content))


def _words() -> str | None:
    return None if program().keyring.has_passphrase else passphrase.propose(page_language().tag)


def _show(made: Made) -> Response:
    key, kept = secrets.token_hex(8), _made()
    kept.clear()
    kept[key] = made
    return redirect(url_for("backups.made", key=key), 303)


@backups.get("/backups/made/<key>")
def made(key: str) -> str:
    """The words, until Done is pressed."""
    made = _find(key)
    on_stick = made.content is None and is_on_stick(made.file, sticks())
    return render_template("staff/backed_up.html", key=key, made=made, on_stick=on_stick)


@backups.get("/backups/made/<key>/<name>")
def file(key: str, name: str) -> FileResponse:
    made = _find(key)
    if made.content is None or made.file.name != name:
        raise Forgotten()
    answer = FileResponse(made.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.file.name}"'
    return answer


def _find(key: str) -> Made:
    if key not in _made():
        raise Forgotten()
    return _made()[key]


@backups.post("/backups/done")
def done() -> Response:
    _made().clear()
    return redirect(url_for("desk.home"), 303)


def _asked(name: str) -> Path:
    chosen = request.form.get(name, "")
    # What was typed counts, whichever choice was left standing above it.
    typed = request.form.get(f"{name}-typed", "").strip() or (chosen if chosen != OTHER else "")
    if not typed:
        raise NoPlace()
    return typed_place(typed)


@backups.post("/backups/look")
def look() -> str | tuple[str, int]:
    request.max_content_length = FILE_MAX  # a larger backup is chosen by its folder: nothing of it need be sent
    sent = request.files.get("sent")
    with TemporaryDirectory() as folder:
        # A browser sends what the file holds, not where it is. It is sealed wherever it lies.
        if sent and sent.filename:
            file = Path(folder) / (Path(sent.filename).name or "backup")
            sent.save(file)
            return _look(file)
        try:
            return _look(backing_up.newest_in(_asked("backup")))
        except Refusal as refusal:
            return _page(refusal, open_restore=True), 422


def _look(file: Path) -> str | tuple[str, int]:
    try:
        words = request.form.get("words", "") if restoring.needs_words(program(), file) else None
        opened = restoring.open_backup(program(), file, words)
    except Refusal as refusal:
        return _page(refusal, open_restore=True), 422
    key, waiting = secrets.token_hex(8), _opened()
    waiting[key] = opened
    while len(waiting) > LOOKED_AT:
        restoring.drop(waiting.popitem(last=False)[1].rough)
    return render_template("staff/restore.html", key=key, opened=opened)


@backups.post("/backups/restore")
def restore() -> str:
    opened = _opened().pop(request.form.get("key", ""), None)
    if opened is None or not opened.rough.exists():
        raise Forgotten()
    if "yes" not in request.form:
        restoring.drop(opened.rough)
        return _page()
    done = restoring.restore_all(program(), opened, today())
    why = refusal_words(done.along.why) if done.along.why else ""
    return render_template(
        "staff/restored.html", opened=opened, done=done, why=why, has_passphrase=program().keyring.has_passphrase
    )


@backups.get("/backups/plain")
def warn() -> str:
    return render_template("staff/plain_export.html", **_plain_words())


def _plain_words() -> dict[str, Any]:
    return {"sticks": sticks(), "example": EXAMPLE, "anyone": plain_export.ANYONE}


@backups.post("/backups/plain")
def export() -> str | tuple[str, int]:
    try:
        file = _asked("place")
        if file.is_dir():
            file = file / "counts.sqlite"
        sheets = plain_export.export_plain(program(), file)
    except Refusal as refusal:
        return render_template("staff/plain_export.html", sentence=refusal_words(refusal), **_plain_words()), 422
    return render_template("staff/plain_export.html", done=file, sheets=sheets, **_plain_words())
