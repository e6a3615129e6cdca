"""Help with a staff page, at its end: found by the address the page is at, whoever it is drawn for."""

from __future__ import annotations

import re

from flask import request

from outreach.services.help import help_on

_FIELD = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
_STAFF = "/staff/<tag>/"


def page_of(rule: str) -> str:
    """The address of a page under /staff/<tag>/, its fields by their names alone."""
    return _FIELD.sub(r"<\1>", rule.removeprefix(_STAFF))


def page_help() -> str:
    """The English help of the page that is drawn; nothing where it stands at no page's address of the staff's."""
    rule = request.url_rule.rule if request.url_rule else ""
    return help_on(page_of(rule)) if rule.startswith(_STAFF) else ""
