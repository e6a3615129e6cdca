"""Signing a topic: the packet on paper, the edition, what page and card say afterwards, and what voids it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from outreach.home import Home
from outreach.services.designs.face import design
from outreach.services.program import Program

TOPIC = "overdose-response"
DAY = "2026-11-20"


def edition(outreach: Any, language: str = "en", topic: str = TOPIC) -> str:
    rows = outreach.json("review", "--format", "json")
    return next(row["edition"] for row in rows if (row["topic"], row["language"]) == (topic, language))


def clinician(outreach: Any, given: str | None = None, *more: str) -> Any:
    signed = ("--group", "County health", "--edition", given or edition(outreach), "--day", DAY)
    return outreach("review", TOPIC, "--role", "clinician", *signed, *more)


def speaker(outreach: Any, tag: str = "es") -> Any:
    signed = ("--group", "Casa Norte", "--edition", edition(outreach, tag), "--day", "2026-11-21")
    return outreach("review", tag, "--topic", TOPIC, "--role", "native", *signed)


def back_of_card(home: Path, tag: str) -> dict[str, Any]:
    program = Program(Home(home))
    return design(program, program.cards["response"], program.languages.get(tag)).context


def test_the_packet_holds_all_there_is_to_judge(outreach: Any, home: Path, tmp_path: Path) -> None:
    """Every text, the facts under it with how sure they are, their sources, the disagreements, boxes, the edition."""
    file = tmp_path / "packet.html"
    assert outreach("review", "--packet", TOPIC, "--out", file).code == 0
    said = file.read_text(encoding="utf-8")
    program = Program(Home(home))
    topic = program.topics[TOPIC]  # type: ignore[index]

    from html import escape

    assert [context for context, english, _ in program.packet_strings(TOPIC) if escape(english) not in said] == []
    cited = {fact for step in topic.steps() for fact in step.facts}
    assert [fact for fact in cited if f"<b>{fact}</b>" not in said] == []
    assert "(corroborated)" in said and "(single source)" in said and "doh.wa.gov" in said
    assert {"D-01", "D-02", "D-03", "D-04", "D-07", "D-08"} <= set(re.findall(r"D-\d\d", said))
    assert "D-05. " not in said, "strips are another topic"
    assert edition(outreach) in said and "agreed" in said and "Signature" in said
    assert "<script" not in said and not home.exists()


def test_a_clinicians_signature_is_shown(outreach: Any, home: Path, serve: Any, client: Any) -> None:
    """English: page, card and terminal say reviewed, by which role and when. A translation's words stay a draft."""
    server = serve()
    before = client(server).get(f"/en/{TOPIC}").text
    server.kill()
    assert 'class="draft"' in before and "Reviewed by" not in before
    assert clinician(outreach).code == 0
    page = client(serve())
    paths = (f"/en/{TOPIC}", f"/es/{TOPIC}", "/en/test-strips")
    # A number is set with a space that does not break.
    english, spanish, other = (page.get(path).text.replace("\u00a0", " ") for path in paths)

    assert "Reviewed by a clinician on November 20, 2026." in english and 'class="draft"' not in english
    assert "20 de noviembre de 2026" in spanish and 'class="draft"' in spanish
    assert 'class="draft"' in other, "another topic was not signed"
    assert back_of_card(home, "en")["draft_words"]["text"] == "Reviewed by a clinician, 2026-11-20."
    assert back_of_card(home, "es")["back"]["kind"] == "english"
    assert "[draft" not in outreach("guide", TOPIC).out
    assert "[draft" in outreach("guide", TOPIC, "--language", "es").out


def test_a_translation_needs_both(outreach: Any, home: Path) -> None:
    """A speaker alone leaves it unreviewed and says so; with a clinician for the English it is reviewed."""
    assert speaker(outreach).code == 0
    wording = lambda: Program(Home(home)).wording(  # noqa: E731
        Program(Home(home)).any_language("es"), f"{TOPIC}.leave-naloxone", "Give 1 dose of naloxone."
    )
    assert wording().state.value == "checked"
    assert back_of_card(home, "es")["back"]["kind"] == "english", "not reviewed: its English stays beside it"
    assert clinician(outreach).code == 0
    assert wording().state.value == "reviewed"
    assert wording().speaker.group == "Casa Norte" and wording().clinician.day.isoformat() == DAY
    assert "2026-11-21" in back_of_card(home, "es")["draft_words"]["text"]
    assert back_of_card(home, "es")["back"]["kind"] == "how-to"


def test_a_changed_word_voids_a_signature(outreach: Any, home: Path, tmp_path: Path) -> None:
    """New Spanish words: the speaker's signature no longer counts; the clinician's, for the English, does."""
    assert clinician(outreach).code == 0 and speaker(outreach).code == 0
    file = tmp_path / "back.csv"
    text = "Dé 1 dosis de naloxona enseguida."
    file.write_text(f"context,new\n{TOPIC}.leave-naloxone,{text}\n", encoding="utf-8")
    assert outreach("translate", "es", "--in", file, "--role", "drafter", "--group", "North").code == 0

    rows = {row["language"]: row for row in outreach.json("review", "--format", "json") if row["topic"] == TOPIC}
    assert (rows["en"]["state"], rows["es"]["state"]) == ("reviewed", "draft")
    assert rows["es"]["clinician"] == DAY and rows["es"]["speaker"] == ""


def test_a_programs_own_topic_is_signed_and_voided(outreach: Any, home: Path) -> None:
    """A topic of the program's own, signed; one word of its English changed: a draft again."""
    own = home / "topics" / "our-van.toml"
    own.parent.mkdir(parents=True)
    text = (
        'id = "our-van"\nclass = "S2"\nchecked = 2026-11-22\norder = 90\ntitle = "Our van"\n'
        'summary = "When it comes."\n'
        '[[section]]\nid = "when"\nkind = "notes"\ntitle = "When"\n[[section.step]]\nid = "day"\n'
        'text = "Come and ask for sterile supplies."\nfacts = ["own:standing order 4"]\n'
    )
    own.write_text(text, encoding="utf-8")
    name = edition(outreach, topic="our-van")
    signed = ("--role", "clinician", "--group", "North", "--edition", name, "--day", DAY)
    assert outreach("review", "our-van", *signed).code == 0
    assert "[draft" not in outreach("guide", "our-van").out

    own.write_text(text.replace("Come and ask", "Come or ask"), encoding="utf-8")
    assert "[draft" in outreach("guide", "our-van").out
    again = outreach("review", "our-van", *signed)
    assert again.code == 1 and "has changed since that paper was printed" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("--role", "clinician", "--edition", "0000-0000-0000", "--group", "G"), 1, "has changed since"),
        (("--role", "native", "--edition", "x", "--group", "G"), 1, "reviewed by a clinician"),
        (("--role", "clinician", "--edition", "x"), 1, "Say which group"),
        (("--role", "clinician", "--edition", "x", "--group", "G", "--day", "2999-01-01"), 1, "still to come"),
        (("--role", "clinician", "--group", "G"), 2, "--edition"),
    ],
)
def test_what_cannot_be_entered(outreach: Any, home: Path, arguments: tuple[str, ...], code: int, reason: str) -> None:
    """Another edition, the wrong role, no group, a day to come, no edition: one sentence, and nothing is made."""
    ran = outreach("review", TOPIC, *arguments)

    assert ran.code == code and reason in ran.err
    assert not home.exists()


def test_the_same_hands_do_not_review_their_own_words(outreach: Any, tmp_path: Path) -> None:
    """Who wrote one of a topic's translations cannot sign that topic as its reader."""
    file = tmp_path / "back.csv"
    file.write_text(f"context,new\n{TOPIC}.leave-naloxone,Dé 1 dosis de naloxona enseguida.\n", encoding="utf-8")
    assert outreach("translate", "es", "--in", file, "--role", "drafter", "--group", "Casa Norte").code == 0

    ran = speaker(outreach)
    assert ran.code == 1 and "written by the same hands" in ran.err


def test_a_damaged_record_checks_nothing_and_is_named(outreach: Any, home: Path) -> None:
    """A broken review.toml: everything is a draft again, the guide still opens, the check says which file."""
    assert clinician(outreach).code == 0
    (home / "review.toml").write_text("[[signed]\n", encoding="utf-8")

    assert "[draft" in outreach("guide", TOPIC).out
    check = outreach("check")
    assert check.code == 1 and "review.toml cannot be read" in " ".join(check.out.split())
    assert clinician(outreach, "0000-0000-0000").code == 1
