"""How each text stands: which speaker checked these very words, and which clinician their English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from outreach.core.languages import Language, ReviewState, Wording
from outreach.core.review import Role, Signature, edition
from outreach.i18n.review import SignedTopic, record_of

Strings = list[tuple[str, str]]


@dataclass
class Standing:
    """Signatures by the very words they were given for; built when a program is opened, then only looked up."""

    locales: Path
    clinicians: dict[tuple[str, str], Signature] = field(default_factory=dict)
    speakers: dict[tuple[str, str, str, str], Signature] = field(default_factory=dict)

    def original(self, source: Language, context: str, text: str) -> Wording:
        """A text as it was written: English, or the language that a program wrote its own in."""
        signed = self.clinicians.get((context, text))
        record = record_of(source.catalog, context, text, text)
        state = ReviewState.REVIEWED if signed else record.state if record else ReviewState.DRAFT
        return Wording(text, source, text, state, source=source, clinician=signed)

    def translation(self, language: Language, context: str, english: str, said: str, source: Language) -> Wording:
        """Reviewed takes both: a speaker for these words, a clinician for those they were made from."""
        clinician = self.clinicians.get((context, english))
        shipped = record_of(language.catalog, context, english, said)
        own = record_of(language.catalog, context, english, said, self.locales)
        speaker = self.speakers.get((language.tag, context, english, said))
        for record in (own, shipped):
            speaker = speaker or (record.speaker if record else None)
        if shipped and shipped.state is ReviewState.REVIEWED or speaker and clinician:
            state = ReviewState.REVIEWED
        else:
            state = ReviewState.CHECKED if speaker else ReviewState.DRAFT
        return Wording(said, language, english, state, source=source, speaker=speaker, clinician=clinician)


def built(
    locales: Path,
    signed: Iterable[SignedTopic],
    source: Language,
    strings_of: Callable[[str], Strings],
    say: Callable[[str, str, str], str | None],
) -> Standing:
    """What the signed topics are worth today: one whose edition is no longer the current one is worth nothing.

    `strings_of` gives a topic's (context, English), none for one that is gone; `say` a translation by tag.
    """
    standing = Standing(locales)
    for row in sorted(signed, key=lambda each: each.by.day):
        strings = strings_of(row.topic)
        if row.language == source.tag:
            if strings and row.by.role is Role.CLINICIAN and row.edition == edition(strings):
                standing.clinicians |= dict.fromkeys(strings, row.by)
            continue
        words = [(context, english, say(row.language, context, english) or "") for context, english in strings]
        if words and row.by.role is not Role.CLINICIAN and row.edition == edition(words):
            standing.speakers |= {(row.language, *each): row.by for each in words}
    return standing
