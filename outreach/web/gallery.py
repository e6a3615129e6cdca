"""Every card to look at, as it will print: in the page's language where all its words are there, else in English."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from flask import Response, abort, render_template, url_for
from flask_babel import gettext
from markupsafe import escape

from outreach.core.cards import FORM_NAMES, Card, CardDoesNotFit, Form, Order
from outreach.core.languages import Language, Wording
from outreach.core.refusal import Refusal
from outreach.services import cards
from outreach.web.house import program
from outreach.web.mending import mended_at
from outreach.web.prints import prints
from outreach.web.speech import page_language, refusal_words
from outreach.web.staff import staff_blueprint

gallery = staff_blueprint("gallery")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card on the wall; `sentence` says why it cannot be shown yet: the order has to say more, or something else is
    missing, and `mend` is the page where that is put right.
    """

    card: str
    title: Wording
    form: Form
    size: str
    sides: tuple[str, ...]
    sentence: str
    asks: bool
    mend: tuple[str, str] | None


@gallery.get("/cards")
def wall() -> str:
    every = cards.card_list(program(), page_language())
    takes = cards.card_options(program())
    shown = [_shown(card, title, takes[card.id]) for card, title in every]
    return render_template("staff/gallery.html", shown=shown, form_names=FORM_NAMES)


@gallery.get("/cards/<card>/<any(front, back):side>.png")
def face(card: str, side: str) -> Response:
    try:
        faces = _faces(card)
    except CardDoesNotFit as refusal:
        return Response(_in_words(refusal_words(refusal)), mimetype="image/svg+xml")
    return Response(faces[side], mimetype="image/png") if side in faces else abort(404)


def _faces(card: str) -> dict[str, bytes]:
    """A card's sides in the page's language; drawn once, though a browser asks for front and back at the same time."""
    key, kept = (card, page_language().tag), prints().faces
    with prints().drawing:
        if key not in kept:
            printed = cards.print_order(program(), prints().press, _one(card))
            kept[key] = dict(next(iter(printed.faces_png.values())))
        return kept[key]


def _in_words(sentence: str) -> str:
    """Where a card cannot be drawn in this language, the place of its picture says why."""
    lines = enumerate(wrap(sentence, 30), 1)
    said = "".join(f'<text x="8" y="{20 * n + 8}" font-size="14">{escape(line)}</text>' for n, line in lines)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 420" width="240" height="420">{said}</svg>'


def _shown(card: Card, title: Wording, takes: frozenset[str]) -> Shown:
    sentence, mend = "", None
    try:
        cards.print_job(program(), _one(card.id))
    except Refusal as refusal:
        sentence, mend = refusal_words(refusal), mended_at(refusal)
    if sentence and "state" in takes:
        mend = url_for("law.states"), gettext("Who checked the law")
    width, height = map(float, program().layouts[cards.card_layouts(program(), card.id)[0]].label)
    size = f"{width:.0f} × {height:.0f} mm"
    asks = bool(sentence and takes & {"state", "kit"})
    return Shown(card.id, title, card.form, size, card.sides, sentence, asks, mend)


def _one(card: str) -> Order:
    return cards.order(program(), {(card, _language(card).tag): 1})


def _language(card: str) -> Language:
    here = page_language()
    return here if here.tag in cards.whole_languages(program(), card) else program().source
