"""The sentence that says no: what happened, what is safe, what to do."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """Mark a sentence for the translators without translating it here."""
    return sentence


class Words(tuple[str, ...]):
    """A value of a refusal that is words of ours, each marked with N_, so that a door can translate them too."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


class Refusal(Exception):
    """A refusal written for the person at the table, never for a log.

    `sentence` is English with `{names}`; `values` fill them. Doors may translate the
    sentence first and fill it after, so the two are kept apart.
    """

    sentence = N_("This could not be done. Nothing was changed.")
    on_pages = ""
    """What a page says instead, where the sentence names a command: whoever reads it there has no terminal open."""

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        if sentence is not None:
            self.sentence = sentence
        self.values = values
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)

    def again(self) -> Refusal:
        """The same refusal, to be raised once more: one that was raised keeps what it met on its way."""
        return type(self)(self.sentence, **self.values)


class Implausible(Refusal):
    """Possible but unlikely: a page asks, a command with no one to ask refuses."""


class NotThere(Refusal):
    """What was asked for by name is not there, or no longer."""


class OutOfStep(Refusal):
    """Something else happened first; loading the page again shows it."""


class NoRoom(Refusal):
    """The disk has no room; what was saved before is safe."""


class Misuse(Refusal):
    """The request itself is malformed; commands exit with 2."""
