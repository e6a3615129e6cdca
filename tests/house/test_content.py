"""What ships as content: every step rests on a fact, every word is one the house uses, every number stays a number."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from outreach.content.topics import read_facts
from outreach.core.topics import SectionKind, StepClass, TopicId
from outreach.home import Home
from outreach.i18n.catalogs import GUIDANCE, INTERFACE, pairs, po_file
from outreach.i18n.po_files import read_po_file
from outreach.services.program import Program
from outreach.services.translations import outdated
from outreach.services.words import complaints
from outreach.shipped import LOCALES, SHIPPED

# People first, and never these (house wording). Source titles are exempt: only our own words are searched.
BANNED = re.compile(
    r"\b(?:dealers?|pushers?|traffickers?|addicts?|junkies?|abusers?|drug abuse|dirty|clean needles?|"
    r"iv drug users?|clients?|drug users?)\b",
    re.IGNORECASE,
)
EXEMPT = {"facts.toml", "laws.csv"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(Home(tmp_path_factory.mktemp("nothing") / "home"))


def facts_in(table: dict[str, Any]) -> Iterator[str]:
    """Every fact id that a table or one below it names."""
    yield from table.get("facts", ())
    for value in table.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from facts_in(each)


def test_every_fact_is_cited_and_every_citation_exists(program: Program) -> None:
    """facts.toml holds exactly what the topics and the lines on the law rest on, and none of it is from memory."""
    facts = read_facts()
    cited: set[str] = set()
    for file in (
        *SHIPPED.glob("topics/*.toml"),
        *(SHIPPED / f"{n}.toml" for n in ("law-lines", "alert-phrases", "phones")),
    ):
        cited |= set(facts_in(tomllib.loads(file.read_text(encoding="utf-8"))))

    assert set(facts) == cited == set(program.cited())
    assert {fact.id for fact in facts.values() if fact.confidence in ("from memory", "not found")} == set()
    assert {fact.id for fact in facts.values() if not fact.sources and fact.confidence != "derived"} == set()


def test_the_emergency_topic_is_whole(program: Program) -> None:
    """Recognise, six steps with pictures and short words, leaving, after, what not to do, spray and injection."""
    topic = program.topics["overdose-response"]  # type: ignore[index]
    steps = next(section for section in topic.sections if section.id == "steps").steps

    assert [step.id for step in steps] == ["check", "call", "naloxone", "breathe", "side", "stay"]
    assert all(step.picture and step.short and step.level is StepClass.S1 for step in steps)
    assert {"recognise", "nasal", "injectable", "leave", "after", "avoid"} <= {each.id for each in topic.sections}


def test_topics_are_short(program: Program) -> None:
    """A topic that is not the emergency itself fits a short reading: at most 18 steps in at most 4 sections."""
    for topic in program.topics.values():
        if topic.id != "overdose-response":
            assert 6 <= len(list(topic.steps())) <= 18, topic.id
            assert len(topic.sections) <= 4, topic.id


def test_a_short_training_ends_in_five_questions(program: Program) -> None:
    """Each of the five has an answer, folded until it is asked for."""
    last = program.topics[TopicId("naloxone-training")].sections[-1]

    assert last.kind is SectionKind.QUESTIONS
    assert len(last.steps) == 5
    assert all(step.answer for step in last.steps)


def test_where_a_topic_leads_there_is_a_section(program: Program) -> None:
    """The page on kinds of naloxone leads to how a spray is used; no topic leads nowhere."""
    sections = {f"{topic.id}#{section.id}" for topic in program.topics.values() for section in topic.sections}
    leading = {topic.id: topic.onward for topic in program.topics.values() if topic.onward}
    assert leading["naloxone"] == "overdose-response#nasal"
    assert set(leading.values()) <= sections


def test_house_words(program: Program) -> None:
    """No shipped word names a person by a substance or a trade, or calls a person or a test dirty."""
    assert BANNED.search("tell your dealer"), "the search must be able to find one"
    found = [(context, said) for context, said, _ in program.strings() if BANNED.search(said)]
    for file in sorted((SHIPPED.parent / "web" / "templates").rglob("*.html")):
        found += [(file.name, hit.group()) for hit in BANNED.finditer(file.read_text(encoding="utf-8"))]

    assert found == []


def test_catalogs_are_up_to_date(program: Program) -> None:
    """No string was added or changed without its catalogs (`outreach translate --refresh` brings them along)."""
    assert [file.name for file in outdated(program)] == []


def test_no_catalog_breaks_a_rule(program: Program) -> None:
    """Every string of every language passes every rule: numbers, 911, negation, units, house words, the glossary."""
    assert [str(each) for each in complaints(program)] == []


@pytest.mark.parametrize("folder", ["es", "ar"])
def test_a_whole_language_has_no_empty_entry(program: Program, folder: str) -> None:
    """In a language that claims to be complete nothing is left empty, and it can be chosen."""
    row = next(each for each in program.known_languages if each.catalog == folder)
    empty = [
        message.context or message.id
        for domain in (GUIDANCE, INTERFACE)
        for message in read_po_file(po_file(folder, domain)).messages()
        if not all(said.strip() for _, said in pairs(message))
    ]

    assert empty == []
    assert row.tag in program.languages


def test_layouts_and_words_are_toml() -> None:
    """Every TOML file that ships can be read."""
    for file in (*SHIPPED.rglob("*.toml"), *LOCALES.rglob("*.toml")):
        tomllib.loads(file.read_text(encoding="utf-8"))


def test_no_arabic_sentence_ends_on_a_latin_amount() -> None:
    """A full stop after "1 mL" stands left of the digit in Arabic and reads as ".1 mL": a tenth of the dose."""
    misread = re.compile(r"\d\s?[A-Za-z]+\.(?:\s|$)")
    assert misread.search("اسحب 1 mL."), "the search must be able to find one"
    files = [po_file("ar", domain) for domain in (GUIDANCE, INTERFACE)]
    said = [message.string for file in files for message in read_po_file(file).messages()]

    assert [each for each in said if isinstance(each, str) and misread.search(each)] == []
