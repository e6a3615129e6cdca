"""The passphrase's pages: words are proposed, shown once and typed again; changed, recovered, removed."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.core.refusal import N_, Refusal
from outreach.core.tally import parse_quantity
from outreach.services import passphrase as words
from outreach.services.locking import chosen
from outreach.services.safety import set_safety
from outreach.web.bolt import WORDS, latch, opened
from outreach.web.guard import BODY_MAX
from outreach.web.house import program
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint

passphrase = staff_blueprint("passphrase")
PROPOSAL, NOW, RECOVERY = "proposal", "now", "recovery"


class TypedOtherwise(Refusal):
    sentence = N_("These are not the words that were shown. Type them again from your card. Nothing was changed.")


class ShownTooLongAgo(Refusal):
    sentence = N_("The words were shown too long ago. Begin again with other words. Nothing was changed.")


@passphrase.get("/passphrase")
def show() -> str:
    return _page()


def _page(sentence: str = "", recovery_text: str = "") -> str:
    keyring = program().keyring
    return render_template(
        "staff/passphrase.html",
        sentence=sentence,
        recovery_text=recovery_text,
        is_set=keyring.has_passphrase,
        has_recovery=keyring.has_recovery,
        forgetting=[refusal_words(each) for each in words.forgetting(program())],
        choice=chosen(program()),
    )


@passphrase.get("/passphrase/new")
def propose() -> str:
    """Six words, shown this once: the next page only asks for them."""
    proposed = words.propose(page_language().tag)
    return render_template("staff/passphrase_new.html", words=proposed, proposal=latch().hold(proposed))


@passphrase.post("/passphrase/new")
def type_again() -> str | tuple[str, int]:
    """Where they are typed: the proposed ones, or words of one's own."""
    own = request.form.get("own", "")
    try:
        if own:
            words.check_words(own)
        return _typing(latch().hold(own) if own else request.form.get(PROPOSAL, ""))
    except Refusal as refusal:
        proposed = words.propose(page_language().tag)
        sentence, kept = refusal_words(refusal), latch().hold(proposed)
        return render_template("staff/passphrase_new.html", words=proposed, proposal=kept, sentence=sentence), 422


def _typing(proposal: str, sentence: str = "") -> str:
    return render_template(
        "staff/passphrase_again.html",
        proposal=proposal,
        sentence=sentence,
        is_set=program().keyring.has_passphrase,
        forgetting=[refusal_words(each) for each in words.forgetting(program())],
    )


@passphrase.post("/passphrase")
def save() -> AnyResponse | str | tuple[str, int]:
    """Set, change or recover, whichever it is the time for."""
    kept = request.form.get(PROPOSAL, "")
    proposed = latch().look_at(kept)
    typed = request.form.get(WORDS, "")
    text, recipient = words.recovery_key() if RECOVERY in request.form else ("", None)
    try:
        if proposed is None:
            raise ShownTooLongAgo()
        if not words.same(typed, proposed):
            raise TypedOtherwise()
        if program().is_locked:
            words.recover(program(), _uploaded(), typed)
        elif program().keyring.has_passphrase:
            words.change_passphrase(program(), request.form.get(NOW, ""), typed, recipient)
        else:
            words.set_passphrase(program(), typed, recipient)
    except Refusal as refusal:
        return _typing(kept, refusal_words(refusal)), 422
    latch().give_back(kept)
    opened()
    # A recovery key is on this one page and nowhere else: no address leads to it again.
    return _page(recovery_text=text) if text else redirect(url_for("passphrase.show", saved=1), 303)


def _uploaded() -> str:
    file = request.files.get("key")
    return file.read(BODY_MAX).decode("utf-8", "replace") if file else ""


@passphrase.post("/passphrase/remove")
def remove() -> AnyResponse | tuple[str, int]:
    try:
        words.remove_passphrase(program(), request.form.get(WORDS, ""))
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return redirect(url_for("passphrase.show", saved=1), 303)


@passphrase.post("/passphrase/lock")
def when_it_locks() -> Response | AnyResponse | tuple[str, int]:
    form = request.form
    try:
        minutes = form.get("minutes", "").strip()
        set_safety(
            program(),
            lock_on_close="close" in form,
            lock_on_lid="lid" in form,
            lock_after_minutes=parse_quantity(minutes) if minutes else None,
        )
    except Refusal as refusal:
        return _page(refusal_words(refusal)), 422
    return redirect(url_for("passphrase.show", saved=1), 303)
