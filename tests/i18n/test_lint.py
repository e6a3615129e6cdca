"""Each rule finds the slip it is there for, in the language it was made for, and leaves a right translation alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.core.languages import Language
from outreach.home import Home
from outreach.i18n.lint.checking import RULES, check_file, complaints
from outreach.i18n.lint.lists import glossary, word_list
from outreach.services.program import Program
from outreach.shipped import WORDING

# English, a right translation, a wrong one, the language, the rule that finds it.
PLANTED = [
    ("Saved {count} cards.", "Se guardaron {count} tarjetas.", "Se guardaron tarjetas.", "es", "placeholders"),
    ("Saved {count} cards.", "Se guardaron {count} tarjetas.", "Se guardaron {cuenta} tarjetas.", "es", "placeholders"),
    ("Give 2 doses.", "Dé 2 dosis.", "Dé 3 dosis.", "es", "numbers"),
    ("Use 2.5 mL.", "Use 2.5 mL.", "Use 2,5 mL.", "es", "numbers"),
    ("Wait 5 minutes.", "انتظر 5 دقائق.", "انتظر ٦ دقائق.", "ar", "numbers"),
    ("Call 911.", "اتصل بالرقم 911.", "اتصل بالرقم ٩١١.", "ar", "911"),
    ("Phone 555-0100.", "Teléfono: 555-0100.", "Teléfono: 555 0100.", "es", "phones"),
    ("Give naloxone.", "Dé naloxona.", "Dé <b>naloxona</b>.", "es", "markup"),
    ("Give naloxone.", "Dé naloxona.", "Dé naloxona<script>", "es", "markup"),
    ("Give naloxone.", "Dé naloxona.", "Dé nalox\u202eona.", "es", "controls"),
    ("Give naloxone.", "أعطِ نالوكسون.", "\u2067أعطِ نالوكسون.\u2069", "ar", "controls"),
    ("Naloxone", "Naloxona", '=HYPERLINK("x")Naloxona', "es", "formula"),
    ("Naloxone", "Naloxona", "Naltrexona", "es", "drugs"),
    ("Naloxone", "Налоксон", "Налтрексон", "ru", "drugs"),
    ("Naloxone", "纳洛酮", "纳曲酮", "zh-Hans", "drugs"),
    ("Naloxone", "納洛酮", "納曲酮", "zh-Hant", "drugs"),
    ("Naloxone", "날록손", "날트렉손", "ko", "drugs"),
    ("Naloxone", "نالوكسون", "نالتريكسون", "ar", "drugs"),
    ("Naloxone", "نالوکسان", "نالترکسان", "fa", "drugs"),
    ("Naloxone", "ናሎክሶን", "ናልትሬክሶን", "am", "drugs"),
    ("Give naloxone.", "Dé naloxona.", "De\u0301 naloxona.", "es", "composed"),
    ("Naloxone", "Naloxona", "Naloxona ", "es", "spaces"),
    ("Breathing", "ដង្ហើម\u200bរបស់\u200bមនុស្ស", "ដង្ហើម" * 6, "km", "runs"),
    ("Breathing", "အသက်ရှူခြင်း", "ေနာက္တစ္ႀကိမ္", "my", "zawgyi"),
    ("Do not leave the person.", "No deje a la persona.", "Deje a la persona.", "es", "negation"),
    ("Do not hit the person hard.", "لا تضرب الشخص بقوة.", "اضرب الشخص بقوة.", "ar", "negation"),
    ("Do not use ice.", "不要用冰块。", "用冰块。", "zh-Hans", "negation"),
    ("Do not use ice.", "Не используйте лёд.", "Используйте лёд.", "ru", "negation"),
    ("Do not use ice.", "Không dùng đá lạnh.", "Dùng đá lạnh.", "vi", "negation"),
    ("Do not use ice.", "N'utilisez pas de glace.", "Utilisez de la glace.", "fr", "negation"),
    ("Do not use ice.", "Não use gelo.", "Use gelo.", "pt-BR", "negation"),
    ("Do not use ice.", "Pa sèvi ak glas.", "Sèvi ak glas.", "ht", "negation"),
    ("Do not use ice.", "Huwag gumamit ng yelo.", "Gumamit ng yelo.", "fil", "negation"),
    ("Call 911. Wait.", "Llame al 911. Espere.", "Llame al 911. No espere.", "es", "negation"),
    (
        "Wait 5 minutes. Dip for 15 seconds.",
        "Espere 5 minutos. Moje 15 segundos.",
        "Espere 15 minutos. Moje 5 segundos.",
        "es",
        "places",
    ),
    ("Every 2 to 3 minutes.", "Cada 2 a 3 minutos.", "Cada 3 a 2 minutos.", "es", "ranges"),
    ("Wait 5 minutes.", "Espere 5 minutos.", "Espere 5 segundos.", "es", "units"),
    ("Wait 5 minutes.", "انتظر 5 دقائق.", "انتظر 5 ثوانٍ.", "ar", "units"),
    ("0.4 mg in 1 mL", "0.4 ملغ في 1 مل", "1 ملغ في 0.4 مل", "ar", "units"),
    ("1 teaspoon (5 mL)", "ملعقة شاي واحدة (1)، وهي 5 مل", "ملعقة طعام واحدة (1)، وهي 5 مل", "ar", "units"),
    ("Keep below 104 F (40 C).", "Menos de 104 °F (40 °C).", "Menos de 104 °C (40 °F).", "es", "units"),
    ("Give 1 dose of naloxone.", "Dé 1 dosis de naloxona.", "Tome 1 dosis de naloxona.", "es", "only-if"),
    ("Give 1 dose of naloxone.", "أعطِ جرعة (1) من النالوكسون.", "خذ جرعة (1) من النالوكسون.", "ar", "only-if"),
    (
        "Read the strip after 5 minutes.",
        "Lea la tira después de 5 minutos.",
        "Lea la tira antes de 5 minutos.",
        "es",
        "only-if",
    ),
    ("People who use drugs", "Personas que consumen drogas", "Drogadictos", "es", "banned"),
    ("People who use drugs", "Люди, употребляющие наркотики", "Наркоманы", "ru", "banned"),
    ("People who use drugs", "使用药物的人", "瘾君子", "zh-Hans", "banned"),
    ("Fentanyl was found.", "Se encontró fentanilo.", "Se encontró xilacina.", "es", "glossary"),
    ("Clear the mouth before the breath.", "先清理嘴里，再吹气。", "吹气之后，再清理嘴里。", "zh-Hans", "glossary"),
    ("Rub the breastbone.", "Трите грудину.", "Трите спину.", "ru", "glossary"),
    ("If breathing is normal, stay.", "如果呼吸正常，留下。", "如果呼吸不正常，留下。", "zh-Hans", "negation"),
    ("A sterile syringe", "Una jeringa estéril", "Una jeringa limpia", "es", "glossary"),
    ("Leave naloxone there.", "Deje naloxona allí.", "Saque la naloxona de allí.", "es", "glossary"),
]


@pytest.mark.parametrize(("english", "right", "wrong", "tag", "rule"), PLANTED, ids=lambda each: str(each)[:24])
def test_a_planted_slip_is_found(english: str, right: str, wrong: str, tag: str, rule: str) -> None:
    """The rule names the slip; the right translation beside it passes every rule."""
    assert complaints(english, right, tag) == []
    assert rule in [name for name, _ in complaints(english, wrong, tag)]


def test_every_rule_has_a_planted_slip_and_a_reason() -> None:
    """No rule is there untried, and each says why it is there."""
    assert {rule.name for rule in RULES} == {rule for *_, rule in PLANTED}
    assert [rule.name for rule in RULES if len(rule.reason) < 15] == []


def test_what_a_machine_cannot_find_is_known() -> None:
    """Two steps that changed places inside one text pass: order is for people to check, and is not claimed."""
    assert complaints("Tilt the head back. Lift the chin.", "Levante el mentón. Incline la cabeza.", "es") == []


def test_words_of_a_label_bring_their_own_not() -> None:
    """English that stands on a thing as it is needs no "not" of the language around it."""
    assert complaints("Write on the box: DO NOT RECYCLE.", "Escriba en la caja: DO NOT RECYCLE.", "es") == []


def test_a_drug_may_be_named_where_the_english_names_it() -> None:
    """Naltrexone is wrong for naloxone, and right for naltrexone."""
    assert complaints("Naltrexone is another drug.", "La naltrexona es otra droga.", "es") == []


def test_only_rows_that_someone_stands_behind_are_held_against_a_translation() -> None:
    """A term that only a machine attests is in the glossary for people to see, and enforced on no one."""
    assert "fentanyl" in {term.name for term in glossary("es")}
    assert "fentanyl" not in {term.name for term in glossary("zh-Hans")}


def test_every_known_language_may_have_lists() -> None:
    """Each list file can be read, and what holds in every language is in each of them."""
    tags = {file.stem for file in WORDING.glob("*.toml")} - {"all"}

    assert {"es", "ar", "ru", "zh-Hans"} <= tags
    assert all("junkie*" in word_list(tag).banned and word_list(tag).units["mg"] for tag in tags)


PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

msgctxt "a.title"
msgid "Call 911."
msgstr "Llame al 911."

msgid "{{count}} card"
msgid_plural "{{count}} cards"
msgstr[0] "{{count}} tarjeta"
msgstr[1] "{{count}} tarjetas"
{more}"""
GOOD = "nplurals=2; plural=(n != 1);"


@pytest.fixture
def spanish(tmp_path: Path) -> Language:
    return Program(Home(tmp_path / "home")).any_language("es")


def written(folder: Path, plurals: str = GOOD, more: str = "", encoding: str = "utf-8") -> Path:
    file = folder / "es" / "LC_MESSAGES" / "guidance.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(PO.format(plurals=plurals, more=more).encode(encoding))
    return file


@pytest.mark.parametrize(
    ("plurals", "says"),
    [
        ("nplurals=1; plural=0;", "Spanish has 2"),
        ("nplurals=2; plural=0;", "names 2 forms but counts with 1"),
        ("nplurals=2; plural=(n !=", "computes nothing"),
        ("nplurals=two; plural=(n != 1);", "cannot be read"),
    ],
)
def test_a_dead_plural_header_is_named(tmp_path: Path, spanish: Language, plurals: str, says: str) -> None:
    """A header that counts wrong, or not at all, is a complaint with its file and line; a good one is none."""
    assert check_file(written(tmp_path), spanish) == []
    found = check_file(written(tmp_path, plurals), spanish)

    assert any(says in str(each) for each in found)
    assert all(str(each).startswith("es/guidance.po") for each in found)


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ('\nmsgctxt "a.title"\nmsgid "Call 911."\nmsgstr "Llame ya al 911."\n', 16, "already an entry"),
        ('\n#, fuzzy\nmsgid "Stay."\nmsgstr "Quédese."\n', 16, "fuzzy"),
        ('\nmsgid "Stay."\nmsgstr "Quédese.\n', 16, "not a line of a .po file"),
        ('\nmsgid "Stay."\n', 15, "missing msgstr"),
        ('\n<<<<<<< HEAD\nmsgid "Stay."\nmsgstr "Quédese."\n', 15, "not a line of a .po file"),
        ('\nmsgid "{n} x"\nmsgid_plural "{n} xs"\nmsgstr[0] "{n} x"\nmsgstr[1] ""\n', 15, "1 of 2 plural forms"),
        ('\nmsgid "Give 2 doses."\nmsgstr "Dé 3 dosis."\n', 15, "numbers differ"),
    ],
)
def test_a_bad_entry_is_named_with_its_line(tmp_path: Path, spanish: Language, more: str, line: int, says: str) -> None:
    """File, line and reason, so that the one who mends it need not search."""
    found = [str(each) for each in check_file(written(tmp_path, more=more), spanish)]

    assert len(found) == 1
    assert found[0].startswith(f"es/guidance.po:{line}") and says in found[0]


def test_a_file_in_another_encoding_is_named(tmp_path: Path, spanish: Language) -> None:
    """A catalog saved in Latin-1 is unreadable as a whole, and says in which line."""
    file = written(tmp_path, more='\nmsgid "Stay."\nmsgstr "Quédese."\n', encoding="latin-1")

    assert "line 16 is not UTF-8" in str(check_file(file, spanish)[0])
