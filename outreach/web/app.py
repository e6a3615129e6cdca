"""The whole app of a laptop, guide and staff, and the department's: which blueprints, and what only they need."""

from __future__ import annotations

from flask import Flask, Response, request

from outreach.services.cards import new_press
from outreach.services.keyring import Locked
from outreach.services.locking import Watch
from outreach.services.program import Program
from outreach.web.alerts import alerts
from outreach.web.backups import backups
from outreach.web.bolt import Latch, refused_while_locked
from outreach.web.by_browser import by_browser
from outreach.web.charts import charts
from outreach.web.codes import codes
from outreach.web.desk import desk
from outreach.web.entrance import entrance
from outreach.web.exchange import exchange
from outreach.web.frame import Way, framed, refused
from outreach.web.funders import funders
from outreach.web.gallery import gallery
from outreach.web.guide import font, guide
from outreach.web.help import page_help
from outreach.web.holds import holds
from outreach.web.house import program as served
from outreach.web.keeping import keeping
from outreach.web.laptops import laptops
from outreach.web.law import law
from outreach.web.layouts import layouts
from outreach.web.loading import loading
from outreach.web.locking import bolt, locking
from outreach.web.monthly import monthly
from outreach.web.packs import packs
from outreach.web.paper import typing_in
from outreach.web.passphrase import passphrase
from outreach.web.past import past
from outreach.web.phones import phones
from outreach.web.printers import printers
from outreach.web.printing import printing
from outreach.web.prints import Prints, prints
from outreach.web.reports import reports
from outreach.web.sent import sent
from outreach.web.setup import setting_up
from outreach.web.stock import stock
from outreach.web.tally import tally
from outreach.web.tallying import tallying
from outreach.web.thanks import thanks
from outreach.web.weighing import weighing
from outreach.web.writing import part_words

STAFF = (
    entrance,
    bolt,
    locking,
    desk,
    setting_up,
    backups,
    exchange,
    laptops,
    tally,
    typing_in,
    tallying,
    monthly,
    loading,
    stock,
    funders,
    weighing,
    reports,
    charts,
    packs,
    sent,
    thanks,
    past,
    printing,
    by_browser,
    layouts,
    printers,
    phones,
    holds,
    keeping,
    passphrase,
    codes,
    alerts,
    gallery,
    law,
)
"""Every address of theirs begins with /staff/."""


def make_app(program: Program, token: str, watch: Watch | None = None) -> Flask:
    """The app for one home. `token` opens the staff pages; `watch` locks them when they are left alone.

    Without one they are put into files, where nothing can be locked.
    """
    app = framed(program, Way.SERVED, (guide, *STAFF))
    app.config.update(TOKEN=token, LOCKS=watch is not None)
    app.extensions["outreach-prints"] = Prints(new_press())
    app.extensions["outreach-latch"] = Latch(watch or Watch(program))
    app.jinja_env.globals.update(part_words=part_words, page_help=page_help)
    app.before_request(_redraw)
    app.register_error_handler(Locked, _locked)
    return app


def make_hub_app(program: Program, token: str, database: str) -> Flask:
    """A department's page and nothing else; `token` opens it, `database` is the hub as the department's role."""
    # Late: a laptop that starts has nothing to do with a hub.
    from outreach.web.hub import DATABASE, hub
    from outreach.web.hub_door import hub_door

    app = framed(program, Way.SERVED, (hub_door, hub))
    app.config.update(TOKEN=token, FRAME="hub/base.html", AWAY="hub.show")
    app.config[DATABASE] = database
    app.jinja_env.globals["part_words"] = part_words
    app.add_url_rule("/fonts/<name>.woff2", view_func=font)
    return app


def _redraw() -> None:
    prints().keep_faces_of(served().edition)


def _locked(refusal: Locked) -> Response:
    return refused(refusal) if request.is_json else refused_while_locked()
