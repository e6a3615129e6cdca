"""A program's own topics: in its own language, with values that hide when their source changed, and forks of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from outreach.core.own import digest

DOCS = (Path(__file__).parents[2] / "docs" / "topics.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n# (\S+)\n(.*?)```", DOCS, re.DOTALL)

TOPIC = """
id = "cold-nights"
class = "S2"
checked = 2026-11-22
order = 200
title = "Cold nights"
summary = "Where to sleep."
[[section]]
id = "before"
kind = "steps"
title = "Before"
[[section.step]]
id = "ask"
text = "Ask the team for a bed."
"""
SHIPPED = "Not found is not safe."


def put(home: Path, name: str, text: str) -> None:
    (home / "topics").mkdir(parents=True, exist_ok=True)
    (home / "topics" / name).write_text(text, encoding="utf-8")


def step(outreach: Any, topic: str, step_id: str, language: str = "en") -> dict[str, Any]:
    said = outreach.json("guide", topic, "--language", language, "--format", "json")
    return next(each for section in said["sections"] for each in section["steps"] if each["id"] == step_id)


def test_the_examples_in_the_docs_work(outreach: Any, home: Path, serve: Any, client: Any) -> None:
    """What docs/topics.md shows can be copied as it is: nothing is wrong, words and pictures are on the page."""
    shown = [name for name, _ in EXAMPLES]
    assert shown == ["topics/cold-nights.toml", "topics/our-strips.toml", "outreach/shipped/alert-phrases.toml"]
    for name, text in EXAMPLES[:2]:
        put(home, name.removeprefix("topics/"), text)
    checked = outreach("check")
    assert checked.code == 0, checked.out

    assert step(outreach, "cold-nights", "ask")["text"].startswith("Ask the team")
    assert step(outreach, "cold-nights", "ask", "es")["text"].startswith("Pregunte")
    assert step(outreach, "cold-nights", "strip", "ar")["language"] == "es", "unsaid: the first words, marked"
    assert step(outreach, "test-strips", "our-lab")["own"] is True
    visitor = client(serve())
    page = visitor.get("/en/cold-nights").text
    assert "Winter plan of our shelter board, 2026-10-01" in page
    assert '<span lang="es" dir="ltr"><b>No deje' in page
    assert "Cold nights" in visitor.get("/en/").text


def test_a_phrase_is_added_with_data_only(tmp_path: Path) -> None:
    """The alert phrase of the docs, put under the shipped ones, is a phrase."""
    from outreach.content.alerts import read_phrasebook
    from outreach.shipped import SHIPPED as FOLDER

    file = tmp_path / "alert-phrases.toml"
    file.write_text((FOLDER / "alert-phrases.toml").read_text(encoding="utf-8") + EXAMPLES[2][1], encoding="utf-8")
    assert read_phrasebook(file).effects["new-sedative"].text == "A new sedative found."
    assert ("alert.effect.new-sedative", "A new sedative found.") in [
        each[:2] for each in read_phrasebook(file).strings()
    ]


def test_a_translation_hides_when_its_source_changed(outreach: Any, home: Path) -> None:
    """The value shows while its mark fits; one word changed in the source and it is gone, and check says so."""
    said = 'facts = ["own: Plan, 2026-10-01"]\n[section.step.words.es]\ntext = "Pida una cama."\nof = "%s"\n'
    mark = digest("Ask the team for a bed.")
    put(home, "cold-nights.toml", TOPIC + said % mark)
    assert step(outreach, "cold-nights", "ask", "es")["text"] == "Pida una cama.", "the control"

    put(home, "cold-nights.toml", (TOPIC + said % mark).replace("for a bed", "for a warm bed"))
    hidden = step(outreach, "cold-nights", "ask", "es")
    assert (hidden["text"], hidden["language"]) == ("Ask the team for a warm bed.", "en")
    checked = outreach("check")
    assert checked.code == 0
    assert "cold-nights.ask: the es words were made from others" in checked.out


REFUSED = [
    ("", "section 1.step 1.facts", "is missing"),
    ("facts = []", "section 1.step 1", "names no fact"),
    ('facts = ["own: "]', "section 1.step 1.facts", "there is no fact"),
    ('facts = ["OD-999"]', "section 1.step 1.facts", "there is no fact OD-999"),
    ('facts = ["OD-06"]\npicture = "sock"', "section 1.step 1.picture", "there is no picture sock"),
    ('facts = ["OD-06"]\n[section.step.words.xx]\ntext = "x"\nof = "x"', "words", "there is no language xx"),
    ('facts = ["OD-06"]\n[section.step.words.es]\ntext = "x"', "words.es.of", "write of ="),
]


def test_a_topic_without_a_source_is_refused_and_takes_nothing_along(outreach: Any, home: Path) -> None:
    """The sentence names file, key and reason; every other topic is still there; mended, it is there too."""
    for more, place, why in REFUSED:
        put(home, "cold-nights.toml", TOPIC + more)
        asked = outreach("guide", "cold-nights")
        assert asked.code == 1
        assert "cold-nights.toml" in asked.err and place in asked.err and why in asked.err, asked.err
    checked = outreach("check")
    assert checked.code == 1 and "wrong  topics/cold-nights.toml" in checked.out
    listed = outreach("guide").out
    assert "overdose-response" in listed and "cold-nights" not in listed

    put(home, "cold-nights.toml", TOPIC + 'facts = ["OD-06"]')
    assert outreach("guide", "cold-nights").code == 0


def test_a_fork_says_so_and_says_when_ours_changed(outreach: Any, home: Path, serve: Any, client: Any) -> None:
    """The program's words stand in every language under a notice; a mark that no longer fits shows everywhere."""
    ours = step(outreach, "test-strips", "not-safe")["text"]
    assert ours.startswith(SHIPPED)
    fork = 'forks = "test-strips"\n[[step]]\nid = "not-safe"\nfacts = ["own: Letter"]\n'
    fork += 'text = "Come to us at 9."\nof = "%s"\n'
    put(home, "ours.toml", fork % digest(ours))
    server = serve()
    visitor = client(server)
    page = visitor.get("/es/test-strips").text

    assert "Come to us at 9." in page and ours not in page
    assert page.count('class="own"') == 1
    assert "changed since" not in page
    assert "es" in [
        row["language"] for row in outreach.json("languages", "--format", "json") if row["usable"] == "guide and cards"
    ]
    server.kill()
    put(home, "ours.toml", fork % digest("What we shipped last year."))
    server.start()
    assert "The words they stand for have changed since." in visitor.get("/en/test-strips").text
    assert "test-strips, not-safe: the shipped words changed" in outreach("check").out


def test_a_fork_that_fits_nothing_is_refused(outreach: Any, home: Path) -> None:
    """An unknown topic, a step without its mark (which is told), a section that is not there: named, ours shown."""
    step_text = '[[step]]\nid = "%s"\ntext = "x"\nfacts = ["own: Letter"]\n%s\n'
    ours = step(outreach, "test-strips", "not-safe")["text"]
    for text, why in (
        ('forks = "nothing"\n' + step_text % ("a", ""), "there is no shipped topic nothing"),
        ('forks = "test-strips"\n' + step_text % ("not-safe", ""), digest(ours)),
        ('forks = "test-strips"\n' + step_text % ("new", 'section = "nowhere"'), "there is no section nowhere"),
        ('forks = "test-strips"\n', "step: is missing"),
    ):
        put(home, "ours.toml", text)
        asked = outreach("guide", "ours")
        assert asked.code == 1 and "ours.toml" in asked.err and why in asked.err, asked.err
    assert step(outreach, "test-strips", "not-safe")["text"] == ours
