"""Days and months written out in a language, and in figures where nobody has named the language's months."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton

from outreach.core.languages import Language


def day_in(value: date, language: Language) -> str:
    """A day such as "22 November 2026" in `language`; 2026-11-22 where its months have no names."""
    if language.month_names:
        return f"{value.day} {month_in(value, language)}"
    return str(format_date(value, format="long", locale=language.babel)) if language.months else value.isoformat()


def month_in(value: date, language: Language) -> str:
    """A month such as "November 2026" in `language`; 2026-11 where its months have no names."""
    if language.month_names:
        return f"{language.month_names[value.month - 1]} {value.year}"
    if not language.months:
        return f"{value:%Y-%m}"
    # Not the pattern "LLLL y": it puts the month before the year in every language, and where a language has no
    # month names of that form Babel takes them from whichever language was asked for before.
    return str(format_skeleton("yMMMM", value, locale=Locale.parse(language.babel)))


def months_in(first: date, last: date, language: Language) -> str:
    """The months from one to another, such as "July – September 2026", as the language writes a span."""
    if (first.year, first.month) == (last.year, last.month):
        return month_in(first, language)
    if language.months and not language.month_names:
        return str(format_interval(first, last, "yMMMM", locale=Locale.parse(language.babel)))
    begins = language.month_names[first.month - 1] if language.month_names and first.year == last.year else ""
    return f"{begins or month_in(first, language)} – {month_in(last, language)}"


def short_month_in(value: date, language: Language) -> str:
    """A month without its year where there is little room, such as "Nov"; its number where months have no names."""
    if language.month_names:
        return language.month_names[value.month - 1]
    return str(format_date(value, format="LLL", locale=language.babel)) if language.months else f"{value.month}"


def as_of_in(day: str, language: Language) -> str:
    """A day, month or year in ISO form written out in `language`; a year stays as it is."""
    if len(day) == 4:
        return day
    if len(day) == 7:
        return month_in(date.fromisoformat(f"{day}-01"), language)
    return day_in(date.fromisoformat(day), language)
