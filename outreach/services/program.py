"""One program on one laptop: its home, what it knows, and which languages may be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from outreach.content.printables import CardFolder, read_card_words, read_cards, read_layouts
from outreach.content.supplies import read_catalog
from outreach.content.tongues import read_languages
from outreach.content.topics import picture_alts, read_topics
from outreach.core.languages import Language, Languages, ReviewState, Wording
from outreach.core.layouts import Layout
from outreach.core.supplies import Catalog
from outreach.core.topics import StepClass, Topic, TopicId
from outreach.home import Home
from outreach.i18n.catalogs import lookup
from outreach.i18n.review import state_of


class Program:
    """What every service is given. Content is read once, when it is first asked for."""

    def __init__(self, home: Home) -> None:
        self.home = home

    @cached_property
    def topics(self) -> dict[TopicId, Topic]:
        return read_topics(self.home)

    @cached_property
    def catalog(self) -> Catalog:
        return read_catalog(self.home)

    @cached_property
    def cards(self) -> dict[str, CardFolder]:
        return read_cards(self.home)

    @cached_property
    def layouts(self) -> dict[str, Layout]:
        return read_layouts(self.home)

    @cached_property
    def known_languages(self) -> tuple[Language, ...]:
        return read_languages()

    @cached_property
    def languages(self) -> Languages:
        """The languages that may be chosen: English, and those with every emergency string."""
        urgent = [(context, english) for context, english, level in self.strings() if level is StepClass.S1]
        return Languages(
            tuple(
                row
                for row in self.known_languages
                if row.is_source or all(lookup(row.catalog, *string) for string in urgent)
            )
        )

    @cached_property
    def source(self) -> Language:
        return next(row for row in self.known_languages if row.is_source)

    def wording(self, language: Language, context: str, english: str) -> Wording:
        """A string of content as it may be shown in `language`; English where it is not translated."""
        said = None if language.is_source else lookup(language.catalog, context, english)
        if said is None:
            return Wording(english, self.source, english, state_of(self.source.catalog, context, english, english))
        return Wording(said, language, english, state_of(language.catalog, context, english, said))

    def strings(self) -> Iterator[tuple[str, str, StepClass]]:
        """Every translatable string of content as (context, English, class), in the order translators meet it."""
        for topic in self.topics.values():
            yield from topic.strings()
        for each in self.cards.values():
            for context, english in each.card.strings():
                yield context, english, StepClass.S1
        for key, english in read_card_words().items():
            yield f"card.{key}", english, StepClass.S1
        for name, english in picture_alts().items():
            yield f"picture.{name}", english, StepClass.S2
        yield from self._supply_strings()

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


def all_reviewed(wordings: list[Wording]) -> bool:
    return all(each.state is ReviewState.REVIEWED for each in wordings)
