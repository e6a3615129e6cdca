"""Every script prints: with our own fonts, inside its frame, in lines that end between words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from outreach.content.tongues import read_languages
from outreach.core.cards import CardDoesNotFit, Copies
from outreach.core.languages import isolate, keep_words
from outreach.printing.job import PrintJob
from outreach.printing.press import Press
from outreach.printing.refusals import LetterMissing
from outreach.printing.render import Renderer
from tests.conftest import proofs_but

LANGUAGES = {row.tag: row for row in read_languages()}

# The first words of the Universal Declaration of Human Rights, in the translations of the United Nations: real text
# of each script, and nothing about health that a speaker would have to check. Burmese and Khmer carry U+200B where a
# line may end, as .ci/break_words.py puts it.
SAID = {
    "zh-Hans": "人人生而自由，在尊严和权利上一律平等。",
    "zh-Hant": "人人生而自由，在尊嚴和權利上一律平等。",
    "vi": "Tất cả mọi người sinh ra đều được tự do và bình đẳng.",
    "ht": "Tout moun fèt lib, egal ego pou diyite kou wè dwa.",
    "pt-BR": "Todos os seres humanos nascem livres e iguais em dignidade.",
    "ru": "Все люди рождаются свободными и равными в правах.",
    "ko": "모든 인간은 태어날 때부터 자유로우며 동등하다.",
    "fil": "Ang lahat ng tao'y isinilang na malaya at pantay-pantay.",
    "fr": "Tous les êtres humains naissent libres et égaux en droits.",
    "so": "Aadanaha dhammaantiis wuxuu dhashaa isagoo xor ah.",
    "fa": "تمام افراد بشر آزاد به دنیا می‌آیند و با هم برابرند.",
    "am": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩል ነው።",
    "uk": "Всі люди народжуються вільними і рівними у правах.",
    "hmn": "Txhua tus neeg yug los muaj kev ywj pheej thiab sib npaug zos.",
    "km": "មនុស្ស\u200bទាំងអស់\u200bកើតមក\u200bមាន\u200bសេរីភាព និង\u200bសមភាព។",
    "my": "လူ\u200bတိုင်း\u200bသည် တူညီ လွတ်လပ်\u200bသော ဂုဏ်သိက္ခာ\u200bဖြင့်",
    "pa": "ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ।",
    "hi": "सभी मनुष्यों को अधिकारों के मामले में स्वतन्त्रता प्राप्त है।",
}


@pytest.fixture
def card(response: Callable[..., PrintJob], printable: Any) -> Callable[..., PrintJob]:
    """The shipped card with these words for each step in one language; how-to instead of English on its back."""

    def job(tag: str, words: str, copies: int = 2, layout: str = "avery-5371") -> PrintJob:
        english = response({"en": copies}, layout)
        row, old = LANGUAGES[tag], next(iter(english.designs.values()))
        shown = isolate(words) if row.direction.value == "rtl" else keep_words(words)

        def said(text: str) -> dict[str, str]:
            return {"text": text, "lang": tag, "dir": row.direction.value}

        title = said(" ".join(re.split(r"[ ，\u200b]", SAID[tag])[:2]))
        steps = [step | said(shown) for step in old.context["steps"]]
        context: dict[str, Any] = dict(old.context) | {
            "title": title,
            "steps": steps,
            "qr_says": title,
            "draft_words": said(shown),
            "back": {"kind": "how-to", "title": title, "steps": steps[:4]},
        }
        scripts = tuple(dict.fromkeys(("latin", row.script)))
        what = printable(tag)
        design = replace(old, printable=what, direction=row.direction.value, scripts=scripts, context=context)
        order = replace(english.order, copies=(Copies(what, copies),))
        return replace(english, order=order, designs={what: design})

    return job


def test_every_language_of_the_registry_is_tried() -> None:
    """No row is left out below, but those whose own catalogs are printed elsewhere."""
    assert set(SAID) == set(LANGUAGES) - {"en", "es", "ar"}


@pytest.mark.parametrize("tag", proofs_but(["zh-Hans", "my", "so"], SAID))
def test_a_card_in_this_language_is_proved(press: Press, card: Callable[..., PrintJob], tag: str) -> None:
    """Both sides without a word from WeasyPrint, every letter drawn, inside its frame, no smaller than the floor."""
    printed = press.print(card(tag, SAID[tag]))

    floor = 6.5 if LANGUAGES[tag].script == "latin" else 7
    (sizes,) = printed.text_sizes.values()
    assert set(sizes) == {"front", "back"}
    assert min(sizes.values()) >= floor


@pytest.mark.parametrize("tag", ["am", "km", "zh-Hans", "hi"])
def test_a_letter_of_another_script_is_named(press: Press, card: Callable[..., PrintJob], tag: str) -> None:
    """Nothing is drawn by a font of this computer: a Cherokee letter in any card is refused by name."""
    with pytest.raises(LetterMissing, match=r"U\+13E3"):
        press.print(card(tag, "Ꮳ " + SAID[tag]))


@pytest.mark.parametrize("tag", ["km", "my"])
def test_words_without_spaces_need_their_marks(press: Press, card: Callable[..., PrintJob], tag: str) -> None:
    """Without U+200B the sentence is one long word and is refused; it is never cut where no word ends."""
    with pytest.raises(CardDoesNotFit, match=tag):
        press.print(card(tag, SAID[tag].replace("\u200b", "").replace(" ", "")))


def lines(box: Any) -> Iterator[str]:
    """The words of each line of a laid-out page, as they were set."""
    if type(getattr(box, "_box", box)).__name__ == "TextBox":
        yield box.text.replace("\u2060", "").strip()
    for child in getattr(box, "children", ()):
        yield from lines(child)


@pytest.fixture
def set_lines(card: Callable[..., PrintJob]) -> Callable[[str], list[str]]:
    """Lay out the front of the card in one language; its lines that hold letters of that language."""

    def lay(tag: str) -> list[str]:
        job = card(tag, SAID[tag])
        face = Renderer().face(job, next(iter(job.designs.values())), "front")
        return [line for line in lines(face.document.pages[0]._page_box) if re.search("[\u4e00-\ud7a3]", line)]

    return lay


def test_chinese_wraps_without_spaces(set_lines: Callable[[str], list[str]]) -> None:
    """A sentence of 19 characters and no space stands on several lines, none of which begins with a comma or stop."""
    found = set_lines("zh-Hans")

    assert len(found) >= 12
    assert "".join(found).count(SAID["zh-Hans"]) == 6
    assert [line for line in found if line[0] in "，。"] == []


def test_korean_words_stay_whole(set_lines: Callable[[str], list[str]]) -> None:
    """No line ends inside a word, which Korean rules would allow and readers dislike."""
    found = set_lines("ko")

    assert len(found) >= 12
    assert {word for line in found for word in line.split()} == set(SAID["ko"].split())


def test_a_word_longer_than_its_line_goes_on_below(press: Press, card: Callable[..., PrintJob], printable: Any) -> None:
    """Filipino and Somali build long words: one that no size fits on a line is cut in the end, others never are."""
    long = "pinakamakapangyarihan"
    sizes = [press.print(card("fil", f"Ang {word}.")).text_sizes[printable("fil")] for word in (long, long + long)]
    assert sizes[0]["front"] > sizes[1]["front"] == 6.5
