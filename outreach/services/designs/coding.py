"""What a card's code says, and the same in words beside it: whoever cannot scan reads or dials it."""

from __future__ import annotations

from outreach.core.codes import in_words, phone_text, wifi_text
from outreach.core.languages import LINE_MAY_END
from outreach.core.refusal import N_, Refusal
from outreach.services import settings
from outreach.services.designs.asking import Asked, Context, said

KINDS = ("words", "page", "phone", "address", "wifi")
"""What an order may ask a code to say; "words" are the card's own, and what it says unless asked."""
TAKES = frozenset({"code"})
"""The option of every card with a code, or with room for one."""
HOTSPOT = frozenset({"wifi-name", "wifi-password"})
"""What goes with "wifi", and is asked for where no history keeps it."""


class NotAKind(Refusal):
    sentence = N_("A code cannot say {given}. It says one of {known}. Nothing was printed.")


class NothingToSay(Refusal):
    sentence = N_(
        "The code of the card {card} was asked to say {kind}, and that is not in Settings yet. Type it there, or "
        "`{command}`. Nothing was printed."
    )
    on_pages = N_(
        "The code of the card {card} was asked to say {kind}, and that is not in Settings yet. Type it there. Nothing "
        "was printed."
    )


class NoWordsToSay(Refusal):
    sentence = N_("The code of the card {card} has no words of its own. Ask for one of {known}. Nothing was printed.")


COMMANDS = {
    "phone": "outreach settings program-phone 555-0100",
    "address": "outreach settings program-address https://example.org/",
    "page": "outreach settings guide-address https://example.org/guide/",
}


def parse_kind(given: str) -> str:
    """One of KINDS; refuses with the list."""
    if given not in KINDS:
        raise NotAKind(given=given, known=", ".join(KINDS))
    return given


def code(asked: Asked) -> tuple[str, Context | None]:
    """What the code says, empty for no code, and the words beside it in any language."""
    card = asked.card
    kind = asked.given.get("code", "words" if card.qr else "")
    if not kind:
        return "", None
    if kind == "words":
        if not card.qr:
            raise NoWordsToSay(card=card.id, known=", ".join(KINDS[1:]))
        text = asked.wording(f"card.{card.id}.qr", card.qr).text.replace(LINE_MAY_END, "")
        return text, said(asked.wording(f"card.{card.id}.qr-says", card.qr_says))
    if kind == "wifi":
        name = asked.given.get("wifi-name", "")
        return wifi_text(name, asked.given.get("wifi-password", "")), _typed(name)
    settled = settings.needed_on_cards(asked.program)
    key = {"phone": "program-phone", "address": "program-address", "page": "guide-address"}[kind]
    if not settled[key]:
        raise NothingToSay(card=card.id, kind=kind, command=COMMANDS[kind])
    if kind == "phone":
        return phone_text(settled[key]), _typed(settled[key])
    address = settled[key]
    if kind == "page":
        row = asked.program.languages.get(asked.language.tag)  # a page is there in the guide's languages only
        address = f"{address.rstrip('/')}/{row.tag}/{f'{card.topic}.html' if card.topic else ''}"
    return address, _typed(in_words(address).replace("/", f"/{LINE_MAY_END}"))


def _typed(text: str) -> Context:
    """Letters that are typed or dialed: left to right wherever they stand."""
    return {"text": text, "lang": "en", "dir": "ltr"}
