"""A report written in the form that its address asks for: text, CSV, JSON, a workbook, or pages to print."""

from __future__ import annotations

from outreach.core.reports import Report
from outreach.services import presenting
from outreach.services import reports as reporting
from outreach.web.house import program
from outreach.web.prints import prints
from outreach.web.speech import page_language
from outreach.web.staff import today


def reader() -> presenting.Reader:
    """Whoever reads this page, in its language."""
    return presenting.Reader(program(), page_language())


def part_words(code: str) -> str:
    """A part of a number in words: an item, an event, a month, or sites by their names."""
    return reader().part(code)


def written(report: Report, form: str, title: str, notes: tuple[str, ...] = ()) -> bytes | str:
    """A report in the form asked for, in the page's language where it has words of ours; `notes` are at its foot."""
    if form in ("csv", "json"):
        return reporting.as_text(report, form)
    shown = presenting.presented(reader(), report, title, notes)
    if form == "xlsx":
        return presenting.as_workbook(reader(), shown)
    if form == "txt":
        return presenting.as_lines(shown)
    return prints().press.document(presenting.as_document(reader(), shown, today()))
