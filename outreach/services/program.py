"""One program on one laptop: its home, what it knows, and which languages may be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from outreach.content.alerts import read_phrasebook
from outreach.content.events import read_events
from outreach.content.laws import read_law_lines
from outreach.content.layouts import read_own_layouts, shipped_layouts
from outreach.content.own_topics import read_topics
from outreach.content.phones import read_phones
from outreach.content.printables import CardFolder, read_card_words, read_cards
from outreach.content.reading import BadContent
from outreach.content.setup import read_setup
from outreach.content.supplies import read_board, read_catalog
from outreach.content.tongues import read_languages
from outreach.content.topics import picture_alts, read_groups
from outreach.core.events import Events
from outreach.core.languages import Language, Languages, LanguageTag, ReviewState, Wording
from outreach.core.layouts import Layout
from outreach.core.own import OwnText
from outreach.core.setup import Setup
from outreach.core.supplies import Catalog
from outreach.core.topics import FactId, StepClass, Topic, TopicId
from outreach.home import Home
from outreach.i18n import catalogs, review
from outreach.i18n.catalogs import INTERFACE, is_complete, lookup
from outreach.i18n.review import BadReview, SignedTopic, read_signed
from outreach.services import standing
from outreach.services.files import read_if_changed
from outreach.services.strongbox import Strongbox

ENOUGH = 0.9
"""The share of emergency strings below which a language is no longer offered."""


class Program(Strongbox):
    """What every service is given. Content is read once, when it is first asked for."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._own_words = home.locales  # kept: a path made anew for every text costs more than its lookup
        self.said_on_cards: dict[str, str] | None = None
        """What cards say of the program, kept so that they can be printed while the ledger is locked."""
        self.refused_topics: dict[str, BadContent] = {}
        """The home's topic files that could not be used, by name; known once `topics` was asked for."""
        self.refused_cards: dict[str, BadContent] = {}
        """The home's card folders that could not be used, by name; known once `cards` was asked for."""
        self.edition = _stamp(home.edition)
        """Differs once a coordinator's content took the place of this one, and `freshen` saw it."""

    def freshen(self) -> None:
        """Read content anew when a coordinator's took its place, also in another process."""
        seen = _stamp(self.home.edition)
        if seen == self.edition:
            return
        self.edition = seen
        for name in _READ_ONCE:
            self.__dict__.pop(name, None)
        self.refused_topics.clear()
        self.refused_cards.clear()
        catalogs.forget()
        review.forget()

    @cached_property
    def topics(self) -> dict[TopicId, Topic]:
        return read_topics(self.home, self.refused_topics)

    @cached_property
    def _own_texts(self) -> dict[str, OwnText]:
        return {context: own for topic in self.topics.values() for context, own in topic.own.items()}

    @cached_property
    def catalog(self) -> Catalog:
        return read_catalog(self.home)

    @cached_property
    def events(self) -> Events:
        return read_events(self.home)

    @cached_property
    def cards(self) -> dict[str, CardFolder]:
        return read_cards(self.home, self.refused_cards)

    @property
    def layouts(self) -> dict[str, Layout]:
        """Shipped ones first; the program's own are read again when they change, and left out while damaged."""
        try:
            return shipped_layouts() | read_if_changed(self.home.layouts, read_own_layouts)
        except BadContent:
            return shipped_layouts()

    @cached_property
    def known_languages(self) -> tuple[Language, ...]:
        return read_languages()

    @property
    def setup(self) -> Setup:
        """How this laptop was set up; read again when that changes, and as it ships while its file is damaged."""
        try:
            return read_if_changed(self.home.setup, read_setup)
        except BadContent:
            return Setup()

    @property
    def languages(self) -> Languages:
        """The languages that may be chosen, those that this laptop carries first."""
        return self._usable.with_first(self.setup.languages)

    @cached_property
    def _usable(self) -> Languages:
        """The languages that may be chosen: English, and those with the emergency strings of the needed topics.

        What ships has every one of them, which is a test's to say. Here nine in ten are enough: when one
        English sentence changes, its translation goes and the language stays. What is missing is shown in
        English and says so; a card with a missing word refuses for itself. A language that is only
        prepared is not among them.
        """
        told = (string for topic in self.topics.values() if topic.needed for string in topic.strings())
        urgent = [(context, english) for context, english, level in told if level is StepClass.S1]
        return Languages(
            tuple(
                row
                for row in self.known_languages
                if row.is_source or (not row.prepared and self._share(row, urgent) >= ENOUGH)
            )
        )

    def _share(self, language: Language, strings: list[tuple[str, str]]) -> float:
        return sum(bool(self._said(language, *string)) for string in strings) / max(len(strings), 1)

    def says_all(self, language: Language, strings: Iterable[tuple[str, str]]) -> bool:
        """Whether each (context, English) is translated, or needs no translation."""
        return language.is_source or all(self._said(language, *string) for string in strings)

    def any_language(self, tag: str) -> Language:
        """A known language, usable yet or not; refuses with the list."""
        return Languages(self.known_languages).get(tag)

    @property
    def staff_languages(self) -> Languages:
        """The languages that the staff's pages are complete in; half a page of each is worse than English."""
        return self._staffed.with_first(self.setup.languages)

    @cached_property
    def _staffed(self) -> Languages:
        return Languages(
            tuple(row for row in self._usable.rows if row.is_source or is_complete(row.catalog, INTERFACE))
        )

    @cached_property
    def source(self) -> Language:
        return next(row for row in self.known_languages if row.is_source)

    def only(self, tags: Iterable[str]) -> Program:
        """The same program offering these languages only. Refuses one that may not be chosen."""
        chosen = {self.languages.get(tag).tag for tag in tags}
        other = Program(self.home)
        other.keyring, other.ask = self.keyring, self.ask
        other._usable = Languages(tuple(row for row in self.languages.rows if row.tag in chosen))
        return other

    # --- words: the program's own come before the shipped ones ---

    def _said(self, language: Language, context: str, english: str) -> str | None:
        written = self._own_text(context, english)
        if written:
            return written.said.get(language.tag)
        own = lookup(language.catalog, context, english, self._own_words)
        return own or lookup(language.catalog, context, english)

    def _own_text(self, context: str, text: str) -> OwnText | None:
        own = self._own_texts.get(context)
        return own if own is not None and own.text == text else None

    def wording(self, language: Language, context: str, english: str) -> Wording:
        """A string of content as it may be shown in `language`; as it was written where it is not translated."""
        own = self._own_text(context, english)
        source = self._tongue(own.language) if own else self.source
        said = None if language == source else self._said(language, context, english)
        if said is None:
            return self.standing.original(source, context, english)
        return self.standing.translation(language, context, english, said, source)

    @cached_property
    def standing(self) -> standing.Standing:
        """Who has checked what. Records that cannot be read check nothing; `outreach check` names them."""
        signed: list[SignedTopic] = []
        with suppress(BadReview):
            signed = read_signed(self.home.review)
        tags = {row.tag: row for row in self.known_languages}
        return standing.built(
            self.home.locales,
            [row for row in signed if row.language in tags],
            self.source,
            lambda topic: [(context, english) for context, english, _ in self.packet_strings(topic)],
            lambda tag, context, english: self._said(tags[LanguageTag(tag)], context, english),
        )

    def packet_strings(self, topic: str) -> list[tuple[str, str, StepClass]]:
        """What one signature for a topic covers: its words, those of the cards it is on, and its pictures."""
        if topic not in self.topics:
            return []
        found = self.topics[TopicId(topic)]
        strings = list(found.texts())
        cards = [each.card for each in self.cards.values() if each.card.topic == topic]
        strings += [(context, english, card.level) for card in cards for context, english in card.strings()]
        pictures = dict.fromkeys(step.picture for step in found.steps() if step.picture)
        alts = picture_alts()
        return strings + [(f"picture.{name}", alts[name], StepClass.S2) for name in pictures if name in alts]

    def own_wording(self, language: Language, own: OwnText) -> Wording:
        """A program's own note as it may be shown in `language`; in its own language where that says nothing."""
        source = self._tongue(own.language)
        said = own.text if language == source else own.said.get(language.tag)
        return Wording(said or own.text, language if said else source, own.text, source=source)

    def _tongue(self, tag: str) -> Language:
        return next((row for row in self.known_languages if row.tag == tag), self.source)

    def strings(self) -> Iterator[tuple[str, str, StepClass]]:
        """Every translatable string of content as (context, English, class), in the order translators meet it."""
        for topic in self.topics.values():
            yield from topic.strings()
        for line in read_law_lines().values():
            yield f"law.{line.id}", line.text, line.level
        yield from read_phrasebook().strings()
        for phone in read_phones().values():
            yield f"phone.{phone.id}", phone.use, StepClass.S1
        for key, english in read_board().items():
            yield f"board.{key}", english, StepClass.S2
        for key, title in read_groups().items():
            yield f"topics.{key}", title, StepClass.S3
        for each in self.cards.values():
            for context, english in each.card.strings():
                yield context, english, each.card.level
        for key, english in read_card_words().items():
            yield f"card.{key}", english, StepClass.S1
        for name, english in picture_alts().items():
            yield f"picture.{name}", english, StepClass.S2
        yield from self._supply_strings()

    def cited(self) -> Iterator[FactId]:
        """Every fact that a step, a line on the law, an alert's phrase or a phone line rests on."""
        book = read_phrasebook()
        phrases = (*book.effects.values(), *book.todos.values(), *book.frames.values())
        resting: list[tuple[str, ...]] = [each.facts for each in phrases]
        resting += [step.facts for topic in self.topics.values() for step in topic.steps()]
        resting += [line.facts for line in read_law_lines().values()]
        resting += [phone.facts for phone in read_phones().values()]
        for facts in resting:
            yield from map(FactId, facts)

    def _supply_strings(self) -> Iterator[tuple[str, str, StepClass]]:
        for group in self.catalog.groups:
            yield f"group.{group.code}", group.name, StepClass.S3
        for thing in self.catalog.handed_out():
            yield f"item.{thing.code}", thing.name, StepClass.S3
        units = {thing.units for thing in self.catalog.handed_out()}
        for unit in sorted(units):
            yield f"unit.{unit}", unit, StepClass.S3

    def item_name(self, language: Language, code: str) -> str:
        """What `code` is called in `language`; the code itself when the catalog does not know it."""
        if code not in self.catalog:
            return code
        return self.wording(language, f"item.{code}", self.catalog.get(code).name).shown


_READ_ONCE = tuple(name for name, each in vars(Program).items() if isinstance(each, cached_property))


def _stamp(file: Path) -> tuple[int, int] | None:
    """Differs when a file was written anew."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ino


def all_reviewed(wordings: list[Wording]) -> bool:
    return all(each.state is ReviewState.REVIEWED for each in wordings)
