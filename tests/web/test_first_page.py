"""The first page after a start waits for nothing that only the staff's pages, a card or the ledger need."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from outreach.home import Home
from outreach.services.locking import Watch
from outreach.services.program import Program
from outreach.web.app import STAFF, make_app
from outreach.web.front import STAFF as UNDER
from outreach.web.front import Front

HEAVY = {"weasyprint", "openpyxl", "psycopg", "cryptography", "qrcode", "PIL", "fontTools", "pypdfium2", "zxingcpp"}
OURS = {
    "outreach.web.app",
    "outreach.services.cards",
    "outreach.services.presenting",
    "outreach.printing.press",
    "outreach.store.ledger",
}


def imported(serve: Callable[..., Any], client: Callable[..., Any], home: Path, *pages: str) -> set[str]:
    """Every module that a server of its own has imported once it answered these pages, by Python's own account."""
    server = serve(home, {"PYTHONPROFILEIMPORTTIME": "1"})
    reader = client(server)
    for page in pages:
        if page.startswith("/staff/"):
            reader.enter()
        assert reader.get(page).status == 200, page
    _, said = server.stop()
    names = set(re.findall(r"^import time: .*\| +(\S+)$", said, re.MULTILINE))
    assert {"flask", "waitress", "outreach.web.guide"} <= names, "the control: what a page does need is seen"
    return names


def test_the_first_pages_import_no_press_no_workbook_and_no_key(serve: Any, client: Any, tmp_path: Path) -> None:
    """The language page, a list of topics and a topic are there before any of it; the staff's page brings its own."""
    read = imported(serve, client, tmp_path / "read", "/", "/en/", "/es/overdose-response")
    assert {name for name in read if name.partition(".")[0] in HEAVY or name in OURS} == set()

    staffed = imported(serve, client, tmp_path / "staffed", "/", "/staff/en/")
    assert {"outreach.web.app", "outreach.services.cards", "qrcode"} <= staffed, "the control: late, and then there"


def test_what_the_front_sends_on_is_all_that_is_the_staffs(tmp_path: Path) -> None:
    """Every address of the staff's blueprints begins with /staff/, none of the guide's does, and both know the desk."""
    program = Program(Home(tmp_path))
    front, whole = Front(program, "token", Watch(program)), make_app(program, "token")
    names = {blueprint.name for blueprint in STAFF}
    for rule in whole.url_map.iter_rules():
        assert str(rule).startswith(UNDER) is (rule.endpoint.partition(".")[0] in names), rule

    with whole.test_request_context():
        desk = whole.url_for("desk.home", tag="ar")
    assert f'href="{desk}"' in Client(front).get("/ar/").text
