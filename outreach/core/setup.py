"""How a laptop was set up: languages that stand first, the paper it prints on, whether it is still offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setup:
    """A laptop's own choices. Tags and layouts that are not there (any more) do nothing.

    `languages` stand first, in this order, wherever one is chosen; the others after them, as they ship. `layout` is
    the paper or label stock that stands chosen for a card that fits it.
    """

    languages: tuple[str, ...] = ()
    layout: str = ""
    done: bool = False
    """Whether the setup was gone through or put off. It is then not offered again."""

    def carrying(self, ticked: Iterable[str], up: str = "") -> tuple[str, ...]:
        """Those `ticked` as they stood in order, new ones after them; `up` is then one place further up."""
        wanted = tuple(dict.fromkeys(ticked))
        tags = [each for each in self.languages if each in wanted]
        tags += [each for each in wanted if each not in tags]
        if up in tags[1:]:
            at = tags.index(up)
            tags[at - 1 : at + 1] = up, tags[at - 1]
        return tuple(tags)
