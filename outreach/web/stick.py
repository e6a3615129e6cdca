"""A stick for a place without this program: cards to print, the guide, a blank tally sheet, and what is where."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Flask, render_template

from outreach.core.refusal import Refusal
from outreach.services import cards
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.entrance import COOKIE
from outreach.web.frame import Way, make_guide_app
from outreach.web.onefile import guide_file, one_file
from outreach.web.walking import page

CARDS, GUIDE, BLANK = "Cards to print", "Guide", "Blank tally sheet"
README = "Read me first.html"
LISTING = f"{GUIDE}/contents.json"
Named = list[tuple[str, str]]


def stick_files(program: Program, said: Callable[[str], None], tags: Iterable[str] = ()) -> dict[str, bytes]:
    """Every file of the stick by path; `said` hears what is being made, and which card is left out and why.

    `tags` chooses languages, all usable ones by default. Blank sheets are for staff, so they are there in
    the languages that staff pages are complete in, and in English.
    """
    program = program.only(tags) if tags else program
    refused = cards.printing_refusal()
    if refused:
        raise refused
    files: dict[str, bytes] = {}
    printed = _cards(program, files, said)
    guide = make_guide_app(program, Way.BOOK)
    rows = program.languages.rows
    for row in rows:
        said(f"Guide: {row.english}")
        files[f"{GUIDE}/{_plain(row.english)}.html"] = guide_file(guide, row.tag)
    names = {f"/{row.tag}/": quote(f"{_plain(row.english)}.html") for row in rows}
    files[f"{GUIDE}/index.html"] = one_file(guide, "en", page(guide, "/"), names)
    key = secrets.token_urlsafe(16)
    desk = make_app(program, key)
    blanks: Named = []
    for row in program.staff_languages.rows:
        path = f"{BLANK}/{_plain(row.english)}.html"
        files[path] = one_file(desk, row.tag, page(desk, f"/staff/{row.tag}/blank", {COOKIE: key}), {})
        blanks.append((row.english, path))
    files[README] = _readme(desk, printed, blanks)
    return files


def _cards(program: Program, files: dict[str, bytes], said: Callable[[str], None]) -> Named:
    """Every card in every usable language, one sheet each: on plain Letter paper and on its first label stock."""
    named: Named = []
    with cards.new_press() as press:
        for card, _ in cards.card_list(program, program.source):
            stocks = [program.layouts[each] for each in card.layouts]
            plain = [each for each in stocks if each.paper == "letter" and not each.die_cut]
            for layout in dict.fromkeys([*plain[:1], *stocks[:1]]):
                for row in program.languages.rows:
                    stock = layout.id if layout.die_cut else "plain paper"
                    name = _plain(f"{card.id}, {row.english}, {stock}")
                    try:
                        order = cards.order(program, {(card.id, row.tag): layout.slots}, layout.id)
                        files[f"{CARDS}/{name}.pdf"] = cards.print_order(program, press, order).pdf
                    except Refusal as refusal:
                        said(f"Left out: {refusal}")
                    else:
                        said(f"Card: {name}")
                        named.append((name, f"{CARDS}/{name}.pdf"))
    return named


def _plain(name: str) -> str:
    """A file name that every computer takes."""
    return re.sub(r'[<>:"/\\|?*]', " ", name).strip(" .")


def _readme(app: Flask, printed: Named, blanks: Named) -> bytes:
    links = {f"/{path}": quote(path) for _, path in (*printed, *blanks)} | {"/guide": f"{GUIDE}/index.html"}
    with app.test_request_context("/"):
        html = render_template("staff/stick.html", cards=printed, blanks=blanks)
    return one_file(app, "en", html, links)
