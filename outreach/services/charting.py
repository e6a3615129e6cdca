"""Charts in a reader's words: what was counted by month, naloxone against its expiry, sites side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from outreach.core.answers import Question, broken_down, figures
from outreach.core.charts import Chart, Series, across, bars
from outreach.core.drawing import NARROW, SHEET, WIDE, Look
from outreach.core.indicators import Indicator
from outreach.core.languages import FSI, PDI, Direction, as_set
from outreach.core.periods import Period, PeriodKind, latest_of, months_of
from outreach.core.refusal import N_
from outreach.i18n.catalogs import INTERFACE, translations
from outreach.printing.document import Block, Document
from outreach.services import expiring, settings
from outreach.services.expiring import first_number
from outreach.services.packs import question
from outreach.services.presenting import HEADS, Reader, document

BY_MONTH = ("N1", "S1", "S4", "A1")
"""Indicators that are drawn by month, by id, each in a chart of its own: doses and visits share no axis."""
AT_SITES = ("N1", "A1")

TITLE = N_("Charts")
MONTHS = N_("By month")
EXPIRING = N_("Naloxone: handed out, and expiring")
SITES = N_("Sites side by side")
NOT_REPORTED = N_("not reported")
EXPIRES = N_("Doses that expire that month")
AVERAGE = N_("Doses handed out in an average month")
LOST = N_("Of those that expire, not handed out in time at this pace")
IN_TIME = N_("At this pace, everything that expires in these months is handed out in time.")
TOO_LATE = N_(
    "Naloxone doses that expire before they are handed out at this pace: {count}. Move them to a site that needs them."
)
NO_PACE = N_("No month of the last six was counted, so there is no pace to hold this against.")
NO_EXPIRY = N_("By the book, no naloxone on hand expires in these months. A box is in the book once it is received.")
HOW_AVERAGE = N_(
    "The average is of the last six whole months, without months that nobody counted. What expires first is taken "
    "to go out first. Doses that have expired already are not in the chart; the stock page has them."
)
HANDED_OUT = (
    "From {first} to {last} you handed out {count} naloxone dose.",
    "From {first} to {last} you handed out {count} naloxone doses.",
)
"""One and more, as the page of totals says them, which marks them for the translators."""
NO_NALOXONE = N_("From {first} to {last} you handed out no naloxone.")
VISITED = N_("Visits: {count}.")
NOTHING = N_("Nothing was counted from {first} to {last}. Close a sheet, and its counts will be here.")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a reader's language writes a day, a month, and a month where there is little room."""

    day: Callable[[date], str]
    month: Callable[[date], str]
    short: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with the names of its labels as its table says them, and how it is drawn."""

    name: str
    chart: Chart
    names: tuple[str, ...]
    draw: Callable[[Chart, Look], str]
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Charts that stand together; `first` heads the column of what they have in common."""

    heading: str
    said: str
    first: str
    charts: tuple[Drawn, ...]
    period: Period
    note: str = ""
    site: str = ""

    def table(self, only: Drawn | None = None) -> tuple[tuple[str, ...], tuple[tuple[str | int | None, ...], ...]]:
        """Heads and rows with every number that is drawn, of all charts or of one."""
        charts = self.charts if only is None else (only,)
        series = [each for one in charts for each in one.chart.series]
        rows = zip(charts[0].names, *(each.values for each in series), strict=True)
        return (self.first, *(each.name for each in series)), tuple(rows)


@dataclass(frozen=True, slots=True)
class Looks:
    """All there is to look at. `year` are the months drawn, `lead` is the sentence that is read first."""

    lead: str
    year: Period
    groups: tuple[Group, ...]


def year_up_to(period: Period, today: date) -> Period:
    """The twelve months that end with the period, and with today where it is not over yet."""
    last = min(period.last, today)
    return Period(latest_of(PeriodKind.MONTH, last, 12)[-1].first, last)


def looks(reader: Reader, period: Period, today: date, calendar: Calendar, site: str | None = None) -> Looks:
    """The charts for a period: its months and those before it, what expires from today on, and its sites."""
    year = year_up_to(period, today)
    asked = question(reader.program, year, site, stock=False)
    lead, counted = _lead(reader, asked, calendar)
    if not counted:
        return Looks(lead, year, ())
    groups = [_by_month(reader, asked, calendar, site or ""), _expiring(reader, today, calendar)]
    sites = _sites(reader, period, calendar)
    return Looks(lead, year, (*groups, *([sites] if sites else [])))


def _lead(reader: Reader, asked: Question, calendar: Calendar) -> tuple[str, bool]:
    days = {"first": calendar.day(asked.counted.period.first), "last": calendar.day(asked.counted.period.last)}
    doses, visits = (figures(asked.indicators.get(each), asked)[0].value for each in ("N1", "A1"))
    if not asked.counted.lines and not asked.counted.visits:
        return _said(reader, NOTHING, **days), False
    handed_out = translations(reader.language.catalog, INTERFACE).ungettext(*HANDED_OUT, int(doses)) if doses else ""
    said = _filled(reader, handed_out, **days, count=_figure(doses)) if doses else _said(reader, NO_NALOXONE, **days)
    return f"{said} {_said(reader, VISITED, count=_figure(visits))}" if visits else said, True


def _said(reader: Reader, words: str, **values: str) -> str:
    return _filled(reader, reader.say(words), **values)


def _filled(reader: Reader, said: str, **values: str) -> str:
    """Words filled in. Right to left, a number is kept apart from the year or the colon before it."""
    if reader.language.direction is Direction.RTL:
        values = {key: f"{FSI}{value}{PDI}" for key, value in values.items()}
    return said.format(**values)


def _by_month(reader: Reader, asked: Question, calendar: Calendar, site: str) -> Group:
    months = [date.fromisoformat(f"{each}-01") for each in months_of(asked.counted.period)]
    labels, names = _labels(months, calendar), tuple(map(calendar.month, months))
    charts = []
    for indicator in map(asked.indicators.get, BY_MONTH):
        parts = broken_down(indicator, asked, "month")
        values = tuple(first_number(parts, f"{month:%Y-%m}") for month in months)
        chart = _chart(reader, indicator, MONTHS, labels, values)
        charts.append(Drawn(chart.series[0].name, chart, names, bars, indicator.id))
    return Group(
        reader.say(MONTHS), "", reader.say(HEADS["month"]), tuple(charts), asked.counted.period, site=site or ""
    )


def _sites(reader: Reader, period: Period, calendar: Calendar) -> Group | None:
    """Every site where something was counted; one site alone has nothing to stand beside."""
    asked = question(reader.program, period, grain="all", stock=False)
    indicators = [asked.indicators.get(each) for each in AT_SITES]
    parts = [broken_down(each, asked, "site") for each in indicators]
    known = [each.code for each in settings.sites(reader.program)]
    sites = list(dict.fromkeys([*known, *(code for each in parts for code in each)]))
    sites = [code for code in sites if any(first_number(each, code) is not None for each in parts)]
    if len(sites) < 2:
        return None
    names = tuple(settings.site_name(reader.program, code) for code in sites)
    charts = []
    for indicator, found in zip(indicators, parts, strict=True):
        chart = _chart(reader, indicator, SITES, names, tuple(first_number(found, code) for code in sites))
        charts.append(Drawn(chart.series[0].name, chart, names, across, indicator.id))
    said = _said(reader, N_("From {first} to {last}"), first=calendar.day(period.first), last=calendar.day(period.last))
    return Group(reader.say(SITES), said, reader.say(HEADS["site"]), tuple(charts), period)


def _chart(
    reader: Reader, indicator: Indicator, heading: str, labels: tuple[str, ...], values: tuple[int | None, ...]
) -> Chart:
    name = reader.say(indicator.name)  # says the unit as well
    return Chart(f"{name}: {reader.say(heading)}", labels, (Series(name, values),), blank=reader.say(NOT_REPORTED))


# --- naloxone that expires ---


def _expiring(reader: Reader, today: date, calendar: Calendar) -> Group:
    """What expires in this month and those after it, by the book of the whole program, against what goes out."""
    months = expiring.months_ahead(today)
    doses = expiring.doses_expiring(reader.program, months, today)
    average = expiring.doses_in_a_month(reader.program, today)
    ahead = Period(months[0].first, months[-1].last)
    heading, first = reader.say(EXPIRING), reader.say(HEADS["month"])
    if not any(doses):
        return Group(heading, reader.say(NO_EXPIRY), first, (), ahead)
    series = [Series(reader.say(EXPIRES), doses)]
    told = reader.say(NO_PACE)
    if average is not None:
        lost = expiring.lost_doses(doses, average, months[0], today)
        told = _said(reader, TOO_LATE if any(lost) else IN_TIME, count=_figure(sum(lost)))
        series.append(Series(reader.say(AVERAGE), (average,) * len(months)))
        series += [Series(reader.say(LOST), lost)] if any(lost) else []
    starts = [each.first for each in months]
    chart = Chart(heading, _labels(starts, calendar), tuple(series), reader.say("doses"))
    drawn = Drawn(heading, chart, tuple(map(calendar.month, starts)), bars)
    return Group(heading, told, first, (drawn,), ahead, reader.say(HOW_AVERAGE))


# --- the same on page and paper ---


def on_page(drawn: Drawn, reader: Reader) -> tuple[str, str]:
    """The chart for a phone and for a laptop; a page holds both and shows one."""
    narrow, wide = (
        drawn.draw(drawn.chart, Look(_figure, reader.language.direction, width, face="inherit"))
        for width in (NARROW, WIDE)
    )
    return narrow, wide


def on_paper(reader: Reader, shown: Looks) -> Document:
    """Every chart as on the page, and after each group its table."""
    direction = reader.language.direction
    look = Look(_figure, direction, SHEET, paper=True)

    def text(kind: str, words: str) -> list[Block]:
        return [Block(kind, as_set(words, direction))] if words else []

    title = reader.say(TITLE)
    blocks = [*text("title", title), *text("lead", shown.lead)]
    for group in shown.groups:
        blocks += [*text("heading", group.heading), *text("text", group.said)]
        for each in group.charts:
            blocks += text("caption", each.name) if len(group.charts) > 1 else []
            blocks.append(Block("chart", each.chart.title, svg=each.draw(each.chart, look)))
        if group.charts:
            heads, rows = group.table()
            cells = tuple(tuple(_cell(reader, value) for value in row) for row in rows)
            blocks.append(Block("table", heads=heads, rows=cells, numbers=tuple(range(1, len(heads)))))
        blocks += text("note", group.note)
    return document(reader, title, tuple(blocks))


def _cell(reader: Reader, value: str | int | None) -> str:
    if value is None:
        return reader.say(NOT_REPORTED)
    return as_set(value, reader.language.direction) if isinstance(value, str) else _figure(value)


def _labels(months: list[date], calendar: Calendar) -> tuple[str, ...]:
    """Short months; the year under January, and under the first month where January's is not close by."""
    close = any(month.month == 1 for month in months[1:3])
    with_year = [month.month == 1 or (at == 0 and not close) for at, month in enumerate(months)]
    shorts = map(calendar.short, months)
    return tuple(
        f"{short}\n{month.year}" if year else short
        for short, month, year in zip(shorts, months, with_year, strict=True)
    )


def _figure(value: int | Fraction) -> str:
    return f"{value:,}"
