"""The rows of languages.toml: each can be written, dated, counted in and reached, and a row alone makes a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from flask import Flask, g

from outreach.content.tongues import read_languages
from outreach.core.languages import Language, Languages, UnknownLanguage
from outreach.home import Home
from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.i18n.days import day_in, month_in, months_in
from outreach.i18n.po_files import read_whole_po_file
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.speech import number

ROWS = read_languages()
EVERY = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.tag)
BY_TAG = {row.tag: row for row in ROWS}
OFFERED = {"en", "es", "zh-Hans", "zh-Hant", "vi", "ht", "pt-BR", "ru", "ar", "ko", "fil", "fr", "so", "fa", "am", "uk"}
PREPARED = {"hmn", "km", "my", "pa", "hi"}
DAY = date(2026, 11, 22)


def test_the_languages_are_those_that_were_chosen() -> None:
    """Sixteen for the guide, five prepared, and no Navajo: its words are its speakers' to write. New rows may come."""
    assert {row.tag for row in ROWS if not row.prepared} >= OFFERED
    assert {row.tag for row in ROWS if row.prepared} >= PREPARED
    assert "nv" not in BY_TAG


@EVERY
def test_babel_knows_every_id(row: Language) -> None:
    """Babel reads the id, and agrees about the direction where it is the same language."""
    locale = Locale.parse(row.babel)
    assert locale.text_direction == row.direction.value
    if row.tag != "hmn":
        assert row.tag.split("-")[0] == locale.language


@EVERY
def test_the_direction_is_that_of_the_script(row: Language) -> None:
    """Arabic letters run from the right, all others from the left."""
    assert (row.script == "arabic") == (row.direction.value == "rtl")


def test_no_two_rows_share_a_name() -> None:
    """Tags, aliases, catalogs and own names each lead to one language."""
    for names in (
        [name.lower() for row in ROWS for name in (row.tag, *row.aliases)],
        [row.catalog for row in ROWS],
        [row.name for row in ROWS],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("tl", "fil"),
        ("prs", "fa"),
        ("PT", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("mww", "hmn"),
        ("ES-mx", "es"),
    ],
)
def test_aliases_lead_to_their_language(asked: str, found: str) -> None:
    """What browsers, forms and people call a language, in any case."""
    assert Languages(ROWS).get(asked).tag == found


def test_what_is_no_language_is_refused() -> None:
    """An unknown tag names the languages there are."""
    with pytest.raises(UnknownLanguage, match="zh-Hant"):
        Languages(ROWS).get("nv")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(Program(Home(tmp_path_factory.mktemp("nothing") / "home")), "token")


@pytest.fixture
def page(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


DAYS = {
    "en": ("November 22, 2026", "November 2026"),
    "es": ("22 de noviembre de 2026", "noviembre de 2026"),
    "zh-Hans": ("2026年11月22日", "2026年11月"),
    "zh-Hant": ("2026年11月22日", "2026年11月"),
    "vi": ("22 tháng 11, 2026", "tháng 11 năm 2026"),
    "ht": ("22 novanm 2026", "novanm 2026"),
    "pt-BR": ("22 de novembro de 2026", "novembro de 2026"),
    "ru": ("22 ноября 2026\u202fг.", "ноябрь 2026\u202fг."),
    "ar": ("22 نوفمبر 2026", "نوفمبر 2026"),
    "ko": ("2026년 11월 22일", "2026년 11월"),
    "fil": ("Nobyembre 22, 2026", "Nobyembre 2026"),
    "fr": ("22 novembre 2026", "novembre 2026"),
    "so": ("Noofeembar 22, 2026", "Noofeembar 2026"),
    "fa": ("22 نومبر 2026", "نومبر 2026"),
    "am": ("22 ኖቬምበር 2026", "ኖቬምበር 2026"),
    "uk": ("22 листопада 2026\u202fр.", "листопад 2026\u202fр."),
    "hmn": ("2026-11-22", "2026-11"),
    "km": ("22 វិច្ឆិកា 2026", "វិច្ឆិកា 2026"),
    "my": ("2026 နိုဝင်ဘာ 22", "2026 နိုဝင်ဘာ"),
    "pa": ("22 ਨਵੰਬਰ 2026", "ਨਵੰਬਰ 2026"),
    "hi": ("22 नवंबर 2026", "नवंबर 2026"),
}


@pytest.mark.parametrize("order", [ROWS, ROWS[::-1]], ids=["forwards", "backwards"])
def test_days_and_months_are_the_languages_own(order: tuple[Language, ...]) -> None:
    """Written out in each, whichever was shown before; where the months have no names, in numbers."""
    said = {}
    for row in order:
        said[row.tag] = (day_in(DAY, row), month_in(DAY, row))

    assert {tag: said[tag] for tag in DAYS} == DAYS


def test_a_span_of_months_is_the_languages_own() -> None:
    """Named from one month to another as each language writes a span, its year said once; by itself where it is one."""
    rows = {row.tag: row for row in ROWS}
    said = {tag: months_in(date(2026, 7, 1), date(2026, 9, 30), row) for tag, row in rows.items()}
    named = {"es": "julio–septiembre de 2026", "ko": "2026년 7월~9월", "ht": "jiyè – septanm 2026"}
    assert {tag: said[tag] for tag in named} == named
    assert said["hmn"] == "2026-07 – 2026-09"
    assert [tag for tag, words in said.items() if words.count("2026") != 1 + (tag == "hmn")] == []
    assert months_in(date(2025, 7, 1), date(2026, 6, 30), rows["ht"]) == "jiyè 2025 – jen 2026"
    assert months_in(DAY, DAY, rows["es"]) == "noviembre de 2026"


def test_every_month_has_a_name() -> None:
    """Twelve months, twelve names, none of them "M11" (a gap in Babel's data shows so)."""
    for row in ROWS:
        names = [month_in(date(2026, month, 1), row) for month in range(1, 13)]
        assert len(set(names)) == 12, row.tag
        assert [name for name in names if re.search(r"M\d", name)] == [], row.tag


@EVERY
def test_counts_are_written_one_way(page: None, row: Language) -> None:
    """1,234 in every language, with ASCII digits: "1.234" beside "0.4 mg" would be read a thousandfold."""
    g.language = row
    assert (number(1234), number(3.25)) == ("1,234", "3.25")


# GNU gettext's count of plural forms. Unicode's counts es, fr and pt by three: its third is for round millions.
FORMS = dict.fromkeys(("en", "es", "ht", "pt-BR", "fil", "fr", "so", "fa", "am", "pa", "hi"), 2) | {
    **dict.fromkeys(("zh-Hans", "zh-Hant", "vi", "ko", "km", "my", "hmn"), 1),
    **dict.fromkeys(("ru", "uk"), 3),
    "ar": 6,
}


@EVERY
def test_every_catalog_has_its_plural_forms(row: Language) -> None:
    """The rule a new catalog gets has the right number of forms, and the catalogs that are there say the same."""
    forms = FORMS.get(row.tag, row.plural_forms)
    assert row.is_source or row.plural_forms == forms
    for domain in (GUIDANCE, INTERFACE):
        file = po_file(row.catalog, domain)
        if file.exists():
            assert read_whole_po_file(file).num_plurals == forms, file


def test_an_unknown_or_prepared_language_gets_the_chooser(app: Flask) -> None:
    """A tag that is none and one that is only prepared: the list to choose from, with a sentence, no error page."""
    client = app.test_client()
    for tag in ("xx", "nv", "hmn", "km", "favicon"):
        answer = client.get(f"/{tag}/overdose-response")
        assert answer.status_code == 404
        page = answer.get_data(as_text=True)
        assert f"There is no language {tag} here" in page
        assert 'hreflang="es"' in page
    assert client.get("/es-MX/overdose-response").status_code == 200


def test_the_row_of_navajo_is_explained() -> None:
    """Who looks for Navajo in the file finds why it is not there."""
    from outreach.shipped import LOCALES

    assert "Navajo (nv) is not here" in (Path(LOCALES) / "languages.toml").read_text(encoding="utf-8")
