"""Signing a topic: the edition on paper, the signature that was given for it, and where every topic stands."""

from __future__ import annotations

from outreach.content.topics import find_topic
from outreach.core.languages import Language
from outreach.core.refusal import N_, Refusal
from outreach.core.review import Role, Signature, edition
from outreach.i18n import own_words
from outreach.i18n.review import SignedTopic, read_records, read_signed, signed_text
from outreach.services.files import write_whole
from outreach.services.guidance import said_topic
from outreach.services.program import Program

Row = dict[str, str]


class AnotherEdition(Refusal):
    sentence = N_(
        "{topic} has changed since that paper was printed: its edition is now {current}, not {given}. "
        "Print a new packet and have it signed. Nothing was saved."
    )


class WrongReviewer(Refusal):
    sentence = N_("{why} Nothing was saved.")


def edition_of(program: Program, topic: str, language: Language) -> str:
    """What the words of a topic are called: in English, or in a translation together with its English."""
    find_topic(program.topics, topic)
    strings = [(context, english) for context, english, _ in program.packet_strings(topic)]
    if language.is_source:
        return edition(strings)
    said = [(context, english, program.wording(language, context, english)) for context, english in strings]
    return edition((context, english, each.text if each.is_translation else "") for context, english, each in said)


def sign_topic(program: Program, topic: str, language: Language, given: str, signature: Signature) -> None:
    """Keep a signature for this edition; refuses another edition, and a speaker who wrote some of the words."""
    _check_reviewer(program, topic, language, signature)
    current = edition_of(program, topic, language)
    if given.strip().lower().replace("-", "") != current.replace("-", ""):
        raise AnotherEdition(topic=topic, current=current, given=given)
    signed = read_signed(program.home.review)
    signed.append(SignedTopic(topic, language.tag, current, signature))
    program.home.make()
    write_whole(program.home.review, signed_text(signed).encode("utf-8"))
    own_words.forget()


def _check_reviewer(program: Program, topic: str, language: Language, signature: Signature) -> None:
    find_topic(program.topics, topic)
    if language.is_source and signature.role is not Role.CLINICIAN:
        raise WrongReviewer(why="English is reviewed by a clinician: --role clinician.")
    if language.is_source:
        return
    if signature.role is not Role.NATIVE:
        raise WrongReviewer(
            why="A translation is reviewed by a speaker, --role native; a clinician reviews the English."
        )
    records = read_records(language.catalog, program.home.locales)
    for context, english, _ in program.packet_strings(topic):
        record = records.get(context)
        mine = record and record.writer and record.writer.may_be(signature)
        if mine and program.wording(language, context, english).is_translation:
            raise WrongReviewer(why=f"{context} was written by the same hands ({signature.group}). Ask someone else.")


def standing_rows(program: Program) -> list[Row]:
    """Every topic in every usable language: its edition, and who signed these very words."""
    rows = []
    for topic in program.topics:
        for language in program.languages.rows:
            said = said_topic(program, topic, language.tag)
            speaker, clinician = said.speaker, said.clinician
            rows.append(
                {
                    "topic": topic,
                    "language": language.tag,
                    "edition": edition_of(program, topic, language),
                    "speaker": speaker.day.isoformat() if speaker else "",
                    "clinician": clinician.day.isoformat() if clinician else "",
                    "state": "draft" if said.is_draft else "reviewed",
                }
            )
    return rows
