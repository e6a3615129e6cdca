"""Reading grades: syllables of known words, scores that rank texts as a reader would, and the shipped topics' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.core.plainness import english, english_syllables, spanish, spanish_syllables
from outreach.home import Home
from outreach.services.plainness import grades
from outreach.services.program import Program

ENGLISH = {
    "the": 1, "used": 1, "stops": 1, "boxes": 2, "needed": 2, "changes": 2, "dose": 1, "minutes": 2, "breathe": 1,
    "breathing": 2, "person": 2, "people": 2, "little": 2, "table": 2, "knuckles": 2, "container": 3, "sterile": 2,
    "syringes": 3, "injection": 3, "reaction": 3, "serious": 3, "period": 3, "medication": 4, "liquid": 2,
    "usually": 4, "carefully": 3, "safely": 2, "seizure": 2, "methamphetamine": 5, "drying": 2, "doing": 2, "911": 3,
}  # fmt: skip
SPANISH = {
    "persona": 3, "respiración": 4, "aire": 2, "agua": 2, "jeringa": 3, "aguja": 3, "línea": 3, "oír": 2, "día": 2,
    "ruido": 2, "seis": 1, "guía": 2, "pague": 2, "quieto": 2, "agüero": 3, "ahora": 3, "cuidado": 3, "país": 2,
    "hoy": 1, "leer": 2, "poeta": 3, "minutos": 3, "cohete": 3, "rey": 1, "yeso": 2,
}  # fmt: skip


def test_syllables_of_known_words() -> None:
    """Both counters give what a dictionary gives."""
    assert {word: english_syllables(word) for word in ENGLISH} == ENGLISH
    assert {word: spanish_syllables(word) for word in SPANISH} == SPANISH


def test_the_grades_rank_texts() -> None:
    """A short card is plain, a leaflet's sentence is not; words that every reader must know do not count."""
    plain = ["Call 911. Give 1 dose. Watch the chest rise."]
    label = ["Administration of additional medication may be necessitated by insufficient respiratory recovery."]

    assert english(plain).score < 2 < 15 < english(label).score
    assert english(["Give naloxone to the person."]).score < english(["Give medication to the person."]).score
    assert spanish(["Llame al 911. Dé 1 dosis. Mire el pecho."]).score > 80 > 50
    assert spanish(["La administración de medicación adicional puede resultar necesaria."]).score < 30
    assert english(["Short one. This is the longest sentence here."]).longest(1) == [
        "This is the longest sentence here"
    ]


@pytest.mark.parametrize("topic", sorted(Program(Home(Path("nothing"))).topics))
def test_shipped_topics_are_plain(topic: str) -> None:
    """English: grade 5 at most where lives depend on it, else 6. Spanish: an ease of 80 at least."""
    found = {each.language: each for each in grades(Program(Home(Path("nothing")))) if each.topic == topic}

    assert found["en"].holds, found["en"].advice()
    if "es" in found:
        assert found["es"].holds, found["es"].advice()
