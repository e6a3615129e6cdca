"""The page's language: which one its address asks for, and its interface words from our own catalogs."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any, cast

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import Babel, Domain
from markupsafe import Markup, escape

from outreach.core.languages import LRI, PDI, Direction, Language, ReviewState, Wording, as_set, isolate, keep_together
from outreach.core.refusal import N_, Refusal, Words
from outreach.i18n.catalogs import INTERFACE, translations
from outreach.i18n.days import day_in, month_in, months_in
from outreach.services.guidance import SaidStep
from outreach.web.house import program

NUMBERS = Locale("en", "US")


class CatalogDomain(Domain):  # type: ignore[misc]
    """Flask-Babel's domain over catalogs compiled in memory; nothing is looked up on disk by locale."""

    def get_translations(self) -> NullTranslations:
        return _interface()


def _interface() -> NullTranslations:
    """The page's catalog, asked for directly: Flask-Babel's way there costs more than the lookup."""
    return translations(page_language().catalog, INTERFACE)


def page_language() -> Language:
    """The language of this page; English outside a page and where the address names none."""
    try:
        return cast(Language, g.language)
    except AttributeError:
        return program().source


def browser_language() -> Language:
    """The first language that this browser asks for and that pages are there in; English where it asks for none."""
    languages = program().languages
    asked = request.accept_languages.best_match([row.tag for row in languages.rows])
    return languages.get(asked) if asked else program().source


def speak(app: Flask) -> None:
    """Give the app its tongues: gettext, `lang` and `dir`, wordings and numbers in templates."""
    babel = Babel(app, locale_selector=lambda: page_language().babel)
    babel.domain_instance = CatalogDomain(domain=INTERFACE)
    # Not the newstyle callables: they mark a translation as safe markup, and a translator is not trusted with that.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda s: _in_order(_interface().ugettext(s), s),
        ngettext=lambda s, p, n: _in_order(_interface().ungettext(s, p, n), s, p),
        newstyle=False,
    )
    app.jinja_env.globals.update(
        N_=N_,
        told=told,
        tongue_under=tongue_under,
        say=say,
        english_under=english_under,
        drawing=drawing,
        number=number,
        day=day_in_words,
        month=month_in_words,
        months=months_in_words,
        page_language=page_language,
        words_of=words_of,
        item_words=item_words,
        day_of=lambda text: day_in_words(date.fromisoformat(text)),
        month_of=lambda text: month_in_words(date.fromisoformat(f"{text}-01")),
    )
    app.jinja_env.filters.update(isolate=isolated, together=keep_together, unbroken=unbroken)

    @app.url_value_preprocessor
    def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "tag" in values:
            g.language = program().languages.get(values.pop("tag"))

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "tag" not in values and app.url_map.is_endpoint_expecting(endpoint, "tag"):
            values["tag"] = page_language().tag


# Chinese puts no space after its full stop; the other scripts do, so that "0.4 mg" is not one.
_FIRST_SENTENCE = re.compile(
    r"(.+?(?:[.?!\u061f\u06d4\u0964\u104b\u1362\u17d4](?=\s)|[\u3002\uff01\uff1f])|.+)(.*)", re.DOTALL
)


def say(wording: Wording, lead: bool = False) -> Markup:
    """A wording as markup that names its own language wherever that is not the page's.

    With `lead` the first sentence, the thing to do, is bold: it is read first, at arm's length.
    """
    language = wording.language
    foreign = language.tag if language.tag != page_language().tag else ""
    return _marked(wording.text, language.direction, foreign, lead)


# A page says some seventy wordings, each through four patterns. The same words always give the same markup,
# so this function's answers are kept; no page is, nor anything of a request.
@lru_cache(maxsize=32768)
def _marked(text: str, direction: Direction, foreign: str, lead: bool) -> Markup:
    text = as_set(text, direction)
    shown = Markup("{}").format(text)
    if lead and (parts := _FIRST_SENTENCE.fullmatch(text)):
        shown = Markup("<b>{}</b>{}").format(*parts.groups())
    if not foreign:
        return shown
    return Markup('<span lang="{}" dir="{}">{}</span>').format(foreign, direction.value, shown)


def told(english: str) -> str:
    """Interface words of a page that any language of the guide may see: what is still English names its language."""
    said = _interface().ugettext(english)
    source = program().source
    if said == english and page_language() is not source:
        return _marked(english, source.direction, source.tag, False)
    return _in_order(said, english)


def english_under(wording: Wording, more: Wording | None = None) -> Markup:
    """The English under the words of a draft, muted; `more` is a second line of the same. Nothing under English."""
    if not wording.is_translation or wording.state is ReviewState.REVIEWED:
        return Markup()
    source = wording.source or program().source
    return _under(wording.english, more.english if more else "", source.tag, source.direction)


@lru_cache(maxsize=32768)
def _under(text: str, more: str, tag: str, direction: Direction) -> Markup:
    text, more = keep_together(text), keep_together(more)
    lines = Markup("<b>{}</b><br>{}").format(text, more) if more else escape(text)
    return Markup('<span class="english" lang="{}" dir="{}">{}</span>').format(tag, direction.value, lines)


def tongue_under(row: Language) -> Markup:
    """What a language is called on this page, under the name it gives itself; nothing where that is the same."""
    here, source = page_language(), program().source
    known = "" if here.is_source else Locale.parse(here.babel).languages.get(row.tag.replace("-", "_"), "")
    called = known or row.english
    if called.casefold() == row.name.casefold():
        return Markup()
    if known or here.is_source:
        return escape(called)
    return _marked(called, source.direction, source.tag, False)


def drawing(step: SaidStep) -> Markup:
    """A step's picture with its words for those who do not see it; nothing when the step has none."""
    if not step.svg:
        return Markup()
    return _drawn(step.svg, step.alt.text if step.alt else "", step.alt.language.tag if step.alt else "")


@lru_cache(maxsize=4096)
def _drawn(svg: str, alt: str, tag: str) -> Markup:
    named = Markup('role="img" lang="{}" aria-label="{}"').format(tag, alt) if alt else Markup('aria-hidden="true"')
    # The drawing is our own file, so it stands in the page as it is.
    return Markup('<span class="picture" {}>{}</span>').format(named, Markup(svg))  # noqa: S704


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
    if page_language().direction is not Direction.RTL:
        return said
    return f"{LRI}{said}{PDI}" if said in english else _isolate(said)


_isolate = lru_cache(maxsize=8192)(isolate)


def isolated(text: str) -> str:
    """Interface text with its phones, ranges and amounts kept in order on a right-to-left page."""
    return isolate(text) if page_language().direction is Direction.RTL else text


def number(value: int | float) -> str:
    """A number, written as American labels and forms write it on a page in any language.

    "1.234" on a Vietnamese page would be a thousand things, beside a text that says "0.4 mg".
    """
    written = format_decimal(value, locale=NUMBERS)
    # A minus would stand behind its number on a page that runs the other way.
    rtl = value < 0 and page_language().direction is Direction.RTL
    return f"{LRI}{written}{PDI}" if rtl else str(written)


def day_in_words(value: date) -> str:
    """A day written out in the page's language."""
    return day_in(value, page_language())


def month_in_words(value: date) -> str:
    """A month written out in the page's language."""
    return month_in(value, page_language())


def months_in_words(first: date, last: date) -> str:
    """Months from one to another, written out in the page's language."""
    return months_in(first, last, page_language())


def unbroken(text: str) -> str:
    """A few words, such as a day, that stand on one line."""
    return text.replace(" ", "\u00a0")


_COMMAND = re.compile(r"`[^`]+`")


def refusal_words(refusal: Refusal) -> str:
    """A refusal's sentence in the page's language, then filled in."""
    sentence = _interface().ugettext(refusal.on_pages or refusal.sentence)
    values = {key: _value_words(value) for key, value in refusal.values.items()}
    if page_language().direction is Direction.RTL:
        # A value may be a path, a code or a day: it keeps its own direction inside the sentence.
        values = {key: f"\u2068{value}\u2069" for key, value in values.items()}
        sentence = _COMMAND.sub(rf"{LRI}\g<0>{PDI}", sentence)
    try:
        return isolated(str(sentence).format(**values))
    except (KeyError, IndexError, ValueError):
        # A translation with a broken placeholder must not take the refusal's reason away.
        return str(refusal)


def _value_words(value: object) -> object:
    """A value of a refusal as the page says it: a day and our own words in the page's language."""
    if isinstance(value, Words):
        return ", ".join(map(_interface().ugettext, value))
    return day_in_words(value) if isinstance(value, date) else value
