"""The page's language: which one its address asks for, and its interface words from our own catalogs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, Domain, get_translations
from markupsafe import Markup

from outreach.core.languages import LRI, PDI, Direction, Language, Wording, isolate
from outreach.core.refusal import Refusal
from outreach.i18n.catalogs import INTERFACE, translations
from outreach.web.house import program

NUMBERS = Locale("en", "US")


class CatalogDomain(Domain):  # type: ignore[misc]
    """Flask-Babel's domain over catalogs compiled in memory; nothing is looked up on disk by locale."""

    def get_translations(self) -> NullTranslations:
        return translations(page_language().catalog, INTERFACE)


def page_language() -> Language:
    """The language of this page; English outside a page and where the address names none."""
    return cast(Language, g.get("language") or program().source)


def speak(app: Flask) -> None:
    """Give the app its tongues: gettext, `lang` and `dir`, wordings and numbers in templates."""
    babel = Babel(app, locale_selector=lambda: page_language().babel)
    babel.domain_instance = CatalogDomain(domain=INTERFACE)
    # Not the newstyle callables: they mark a translation as safe markup, and a translator is not trusted with that.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda s: _in_order(get_translations().ugettext(s), s),
        ngettext=lambda s, p, n: _in_order(get_translations().ungettext(s, p, n), s, p),
        newstyle=False,
    )
    app.jinja_env.globals.update(
        say=say,
        number=number,
        day=day_in_words,
        month=month_in_words,
        page_language=page_language,
        words_of=words_of,
        item_words=item_words,
    )
    app.jinja_env.filters.update(isolate=isolated)

    @app.url_value_preprocessor
    def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "tag" in values:
            g.language = program().languages.get(values.pop("tag"))

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "tag" not in values and app.url_map.is_endpoint_expecting(endpoint, "tag"):
            values["tag"] = page_language().tag


_FIRST_SENTENCE = re.compile(r"(.+?[.?!\u061f\u06d4\u3002\u104b\u17d4](?=\s)|.+)(.*)", re.DOTALL)


def say(wording: Wording, lead: bool = False) -> Markup:
    """A wording as markup that names its own language wherever that is not the page's.

    With `lead` the first sentence, the thing to do, is bold: it is read first, at arm's length.
    """
    text = wording.shown
    shown = Markup("{}").format(text)
    if lead and (parts := _FIRST_SENTENCE.fullmatch(text)):
        shown = Markup("<b>{}</b>{}").format(*parts.groups())
    if wording.language == page_language():
        return shown
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        wording.language.tag, wording.language.direction.value, shown
    )


def words_of(context: str, english: str) -> Wording:
    """Any string of content in the page's language, such as ("unit.strips", "strips")."""
    return program().wording(page_language(), context, english)


def item_words(code: str) -> Wording:
    """What an item is called; the code itself when this catalog does not know it."""
    if code in program().catalog:
        return words_of(f"item.{code}", program().catalog.get(code).name)
    return Wording(code, program().source, code)


def _in_order(said: str, *english: str) -> str:
    """Interface words as a right-to-left page can hold them.

    What is still English becomes one isolated piece ("1 breath every 5 seconds" would otherwise begin
    with its verb); in the rest the numbers are.
    """
    if page_language().direction is Direction.RTL and said in english:
        return f"{LRI}{said}{PDI}"
    return isolated(said)


def isolated(text: str) -> str:
    """Interface text with its phones, ranges and amounts kept in order on a right-to-left page."""
    return isolate(text) if page_language().direction is Direction.RTL else text


def number(value: int | float) -> str:
    """A number, written as American labels and forms write it on a page in any language.

    "1.234" on a Vietnamese page would be a thousand things, beside a text that says "0.4 mg".
    """
    return format_decimal(value, locale=NUMBERS)


def day_in_words(value: date) -> str:
    """A day written out, such as "22 November 2026" in the page's language; 2026-11-22 where Babel has no months."""
    tongue = page_language()
    return format_date(value, format="long", locale=tongue.babel) if tongue.months else value.isoformat()


def month_in_words(value: date) -> str:
    """A month written out, such as "November 2026" in the page's language; 2026-11 where Babel has no months."""
    tongue = page_language()
    if not tongue.months:
        return f"{value:%Y-%m}"
    # Not the pattern "LLLL y": it puts the month before the year in every language, and where a language has no
    # month names of that form Babel takes them from whichever language was asked for before.
    return format_skeleton("yMMMM", value, locale=Locale.parse(tongue.babel))


def refusal_words(refusal: Refusal) -> str:
    """A refusal's sentence in the page's language, then filled in."""
    sentence = get_translations().ugettext(refusal.sentence)
    values = refusal.values
    if page_language().direction is Direction.RTL:
        # A value may be a path, a code or a day: it keeps its own direction inside the sentence.
        values = {key: f"\u2068{value}\u2069" for key, value in values.items()}
    try:
        return isolated(str(sentence).format(**values))
    except (KeyError, IndexError, ValueError):
        # A translation with a broken placeholder must not take the refusal's reason away.
        return str(refusal)
