"""Backups: one onto a stick, one put back after it was looked through, and the counts as a file for other tools."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request

from outreach.core.refusal import N_, NotThere, Refusal
from outreach.services import backing_up, passphrase, plain_export, restoring
from outreach.services import backups as kept
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint, today

backups = staff_blueprint("backups")
LOOKED_AT = 1
OTHER = "other"


class NoPlace(Refusal):
    sentence = N_("Choose a stick, or type a folder. Nothing was written.")


class Forgotten(NotThere):
    sentence = N_("This backup is no longer at hand. Choose it again. Nothing was changed.")


def _opened() -> OrderedDict[str, restoring.Opened]:
    """The backup that was looked through last and waits for a yes, by a name that says nothing."""
    found: OrderedDict[str, restoring.Opened] = current_app.extensions.setdefault("outreach-backups", OrderedDict())
    return found


def _page(refusal: Refusal | None = None, **more: Any) -> str:
    ring = program().keyring
    return render_template(
        "staff/backups.html",
        sentence=refusal_words(refusal) if refusal else "",
        trouble=program().trouble is not None,
        daily=[(each, kept.day_of(each)) for each in kept.daily(program().home)],
        aside=kept.put_aside(program().home),
        sticks=backing_up.sticks(),
        carried=backing_up.carried(),
        by_passphrase=ring.has_passphrase,
        **more,
    )


@backups.get("/backups")
def show() -> str:
    return _page()


@backups.post("/backups")
def make() -> str | tuple[str, int]:
    """Not answered with a redirect: the words are in the answer, and kept nowhere."""
    try:
        file = backing_up.place(_asked("place"), today())
        words = None if program().keyring.has_passphrase else passphrase.propose(page_language().tag)
        held = backing_up.back_up(program(), file, words)
    except Refusal as refusal:
        return _page(refusal), 422
    return render_template("staff/backed_up.html", file=file, held=held, words=words)


def _asked(name: str) -> Path:
    chosen = request.form.get(name, "")
    # What was typed counts, whichever choice was left standing above it.
    typed = request.form.get(f"{name}-typed", "").strip() or (chosen if chosen != OTHER else "")
    if not typed:
        raise NoPlace()
    return Path(typed).expanduser().absolute()


@backups.post("/backups/look")
def look() -> str | tuple[str, int]:
    try:
        file = _asked("backup")
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
    put_aside = restoring.restore(program(), opened, today())
    return render_template("staff/restored.html", opened=opened, put_aside=put_aside)


@backups.get("/backups/plain")
def warn() -> str:
    return render_template("staff/plain_export.html", sticks=backing_up.sticks(), anyone=plain_export.ANYONE)


@backups.post("/backups/plain")
def export() -> str | tuple[str, int]:
    wanted = {"sticks": backing_up.sticks(), "anyone": plain_export.ANYONE}
    try:
        file = _asked("place")
        if file.is_dir():
            file = file / "counts.sqlite"
        sheets = plain_export.export_plain(program(), file)
    except Refusal as refusal:
        return render_template("staff/plain_export.html", sentence=refusal_words(refusal), **wanted), 422
    return render_template("staff/plain_export.html", done=file, sheets=sheets, **wanted)
