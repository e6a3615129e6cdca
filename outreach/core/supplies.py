"""What is handed out: items, units, kits, and what a kit holds from a day on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from outreach.core.refusal import N_, Refusal

ItemCode = NewType("ItemCode", str)
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


NOTHING_LIKE_IT = N_("There is no item called {code}. `outreach items` lists them all. Nothing was saved.")


class UnknownItem(Refusal):
    sentence = N_(
        "There is no item called {code}. Did you mean {like}? `outreach items` lists them all. Nothing was saved."
    )


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """A thing handed out and how it is counted.

    `doses` is the naloxone doses in one unit (0: not naloxone). `counts_as` is "syringe" for a
    barrel or a syringe with its needle and "needle" for a loose needle: the two are never added
    together, because a needle and a barrel make one set.
    """

    code: ItemCode
    name: str
    unit: str
    units: str
    group: str
    doses: int = 0
    counts_as: str = ""
    picture: str = ""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"item code {self.code!r} is not lower-case words joined by hyphens")
        if self.counts_as not in ("", "syringe", "needle"):
            raise ValueError(f"item {self.code}: counts_as is 'syringe', 'needle' or left out")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one kit holds from a day on, until the next recipe starts."""

    start: date
    parts: Mapping[ItemCode, int]

    def __post_init__(self) -> None:
        if not self.parts or any(n <= 0 for n in self.parts.values()):
            raise ValueError("a recipe holds at least one part, and at least 1 of each")


@dataclass(frozen=True, slots=True)
class Kit:
    """A fixed bundle. A kit of last year keeps last year's recipe."""

    code: ItemCode
    name: str
    group: str
    recipes: tuple[Recipe, ...]
    picture: str = ""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"kit code {self.code!r} is not lower-case words joined by hyphens")
        starts = [recipe.start for recipe in self.recipes]
        if not starts or starts != sorted(set(starts)):
            raise ValueError(f"kit {self.code} needs recipes in order, each with its own start day")

    @property
    def unit(self) -> str:
        return "kit"

    @property
    def units(self) -> str:
        return "kits"

    def recipe_on(self, day: date) -> Recipe:
        """The recipe in force on `day`. Before the first one starts it is the first: one mistaken day in a ledger
        must not keep every report from being made."""
        return next((each for each in reversed(self.recipes) if each.start <= day), self.recipes[0])


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every group, item and kit a program knows, in the order it wants them shown."""

    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    kits: tuple[Kit, ...]
    _by_code: Mapping[str, Item | Kit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes: dict[str, Item | Kit] = {}
        for thing in self.handed_out():
            if thing.code in codes:
                raise ValueError(f"the code {thing.code} is used twice; codes are never reused")
            codes[thing.code] = thing
        known = {group.code for group in self.groups}
        for thing in self.handed_out():
            if thing.group not in known:
                raise ValueError(f"{thing.code} names the group {thing.group!r}, which is not there")
        items = {item.code for item in self.items}
        for kit in self.kits:
            for recipe in kit.recipes:
                for part in recipe.parts:
                    # Only plain items: a kit inside a kit could hold itself.
                    if part not in items:
                        raise ValueError(f"kit {kit.code} holds {part!r}, which is not an item")
        object.__setattr__(self, "_by_code", codes)

    def handed_out(self) -> Iterator[Item | Kit]:
        yield from self.kits
        yield from self.items

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Item | Kit:
        """The item or kit of that code; refuses and names the nearest ones."""
        try:
            return self._by_code[code]
        except KeyError:
            from difflib import get_close_matches

            like = get_close_matches(code, self._by_code, n=3, cutoff=0.4)
            raise UnknownItem(None if like else NOTHING_LIKE_IT, code=code, like=", ".join(like)) from None

    def parts(self, code: str, quantity: int, day: date) -> dict[ItemCode, int]:
        """The plain items in `quantity` of `code` on `day`; an unknown code stands for itself.

        A ledger may hold codes from another laptop's catalog: they are counted, never dropped.
        """
        thing = self._by_code.get(code)
        if isinstance(thing, Kit):
            return {part: n * quantity for part, n in thing.recipe_on(day).parts.items()}
        return {ItemCode(code): quantity}
