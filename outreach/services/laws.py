"""The law where a reader is: what one state's dated row may say, in their language, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from outreach.content.laws import find_law, read_law_lines, read_laws
from outreach.content.topics import find_topic, read_facts
from outreach.core.languages import Language, ReviewState, Wording
from outreach.core.law_checks import not_known
from outreach.core.laws import (
    AS_OF,
    CHECK_LOCALLY,
    CHOOSE,
    FIRST,
    STATE,
    STATUTE,
    Dated,
    LineId,
    StateCode,
    StateLaw,
    may_cover,
    may_not_cover,
    strip_lines,
)
from outreach.core.topics import Fact, FactId, Source, TopicId
from outreach.services.program import Program

TOPIC = TopicId("the-law")
"""The topic on what holds in every state; its words for that are the ones said here."""
EVERYWHERE = ("not-sharing", "not-amount", "not-warrant", "not-death")
"""Steps of that topic that every state's page repeats: what no row is sure to cover."""
_LEAD = LineId("help-title")

DayWords = Callable[[str, Language], str]


@dataclass(frozen=True, slots=True)
class SaidLine:
    id: str
    text: Wording


@dataclass(frozen=True, slots=True)
class SaidPart:
    """One heading and its lines. `as_of` is the oldest day that a line of it rests on; None when none is dated."""

    id: str
    title: Wording
    lead: Wording | None
    lines: tuple[SaidLine, ...]
    as_of: Wording | None
    statute: str


@dataclass(frozen=True, slots=True)
class SaidLaw:
    """One state's law in one language. The state's name, statutes and sources stay English."""

    state: StateCode
    name: Wording
    language: Language
    first: Wording
    state_label: Wording
    statute_label: Wording
    parts: tuple[SaidPart, ...]
    sources: tuple[Source, ...]

    def wordings(self) -> Iterable[Wording]:
        yield self.first
        for part in self.parts:
            yield part.title
            yield from (line.text for line in part.lines)

    @property
    def is_draft(self) -> bool:
        return any(each.state is not ReviewState.REVIEWED for each in self.wordings())


@dataclass(frozen=True, slots=True)
class StateChoice:
    code: StateCode
    name: Wording


def states(program: Program) -> tuple[StateChoice, ...]:
    """Every state by name."""
    rows = sorted(read_laws().values(), key=lambda law: law.name)
    return tuple(StateChoice(row.state, _english(program, row.name)) for row in rows)


def not_looked_up(code: str) -> tuple[str, ...]:
    """What nobody has looked up about a state's law, in words: with any of it the law stays off paper."""
    return not_known(find_law(code))


def asks(program: Program, tag: str) -> Wording:
    """The words that ask for a state. Refuses an unknown language."""
    return _line(program, program.languages.get(tag), CHOOSE)


def said_law(program: Program, code: str, tag: str, day_words: DayWords = lambda day, language: day) -> SaidLaw:
    """One state's law in one language. Refuses an unknown state or language.

    `day_words` writes a day, month or year given in ISO form as the door wants it.
    """
    return law_in(program, find_law(code), program.languages.get(tag), day_words)


def law_in(
    program: Program, law: StateLaw, language: Language, day_words: DayWords = lambda day, language: day
) -> SaidLaw:
    """A row in a language that may be one for cards only."""
    topic = find_topic(program.topics, TOPIC)

    def part(key: str, title: tuple[str, str], ids: tuple[LineId, ...], *origins: Dated) -> SaidPart:
        days = sorted(origin.as_of for origin in origins)
        known = [*ids, *([] if all(days) else [CHECK_LOCALLY])]
        lines = [SaidLine(each, _line(program, language, each)) for each in known if each not in (_LEAD, CHECK_LOCALLY)]
        if key == "not":
            lines += [SaidLine(each, _step(each)) for each in EVERYWHERE]
        if CHECK_LOCALLY in known:
            lines.append(SaidLine(CHECK_LOCALLY, _line(program, language, CHECK_LOCALLY)))
        oldest = next(filter(None, days), "")
        as_of = _on(_line(program, language, AS_OF), oldest, day_words) if oldest else None
        lead = _line(program, language, _LEAD) if _LEAD in known else None
        statute = origins[0].statute if len(origins) == 1 else ""
        return SaidPart(key, program.wording(language, *title), lead, tuple(lines), as_of, statute)

    def _step(step: str) -> Wording:
        return program.wording(language, f"{TOPIC}.{step}", topic.step(step).text)

    titles = {each.id: (f"{TOPIC}.section.{each.id}", each.title) for each in topic.sections}
    strips = find_topic(program.topics, "test-strips").title
    parts = (
        part("may", titles["may"], may_cover(law), law.law_source),
        part("not", titles["not"], may_not_cover(law), law.law_source, law.selling_source),
        part("strips", ("test-strips.title", strips), strip_lines(law), law.strips_source),
    )
    return SaidLaw(
        state=law.state,
        name=_english(program, law.name),
        language=language,
        first=_line(program, language, FIRST),
        state_label=_line(program, language, STATE),
        statute_label=_line(program, language, STATUTE),
        parts=parts,
        sources=_sources(law, parts),
    )


def _line(program: Program, language: Language, line: LineId) -> Wording:
    return program.wording(language, f"law.{line}", read_law_lines()[line].text)


def _english(program: Program, text: str) -> Wording:
    return Wording(text, program.source, text)


def _on(wording: Wording, day: str, day_words: DayWords) -> Wording:
    """The words with their day filled in; the English beside a translation carries it in ISO form."""
    said = wording.text.replace("{day}", day_words(day, wording.language))
    return replace(wording, text=said, english=wording.english.replace("{day}", day))


def _sources(law: StateLaw, parts: tuple[SaidPart, ...]) -> tuple[Source, ...]:
    """The row's own sources with their days, then those of the facts that the lines rest on, each once."""
    own = (law.law_source, law.selling_source, law.strips_source)
    found = {each.source: Source(each.source, "", each.as_of or "undated") for each in own}
    lines, facts = read_law_lines(), read_facts()
    cited: set[FactId] = {
        fact
        for part in parts
        for line in part.lines
        if LineId(line.id) in lines
        for fact in lines[LineId(line.id)].facts
    }
    rest = sorted(_each_source(facts[fact] for fact in cited), key=lambda source: (source.publisher, source.title))
    return tuple({**found, **{source.title: source for source in rest if source.title not in found}}.values())


def _each_source(facts: Iterable[Fact]) -> Iterable[Source]:
    return (source for fact in facts for source in fact.sources)
