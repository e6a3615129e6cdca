"""What a code may say beside plain words: a phone to call, an address of the program's own, the way into a hotspot."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from outreach.core.cards import QR_BYTES_MAX
from outreach.core.refusal import N_, Refusal

SCHEMES = ("https", "http", "mailto", "tel")
"""A phone asks before it follows these. Others start programs, or hold a page of their own."""
NAME_MAX = 32
PASSWORD = range(8, 64)


class NotAnOwnAddress(Refusal):
    sentence = N_(
        "{given} cannot stand in a code. Type an address that begins with https://, http://, mailto: or tel:, "
        "without spaces, and of at most {most} letters. Nothing was saved."
    )


class NotAPhone(Refusal):
    sentence = N_(
        "{given} cannot stand in a code: a phone needs digits, and no words. Put the phone in Settings as people dial "
        "it. Nothing was printed."
    )


class NotAHotspot(Refusal):
    sentence = N_(
        "A hotspot's name has 1 to 32 letters and its password 8 to 63, or none. Type them again. Nothing was kept."
    )


def parse_address(given: str) -> str:
    """An address of the program's own as it was typed, of a kind that a phone opens without harm; empty for none."""
    address = given.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        webbed = parts.scheme in ("https", "http")
        # A name before an @ makes one site look like another.
        stands = bool(parts.hostname) and parts.username is None if webbed else bool(parts.path)
    except ValueError:
        parts, stands = urlsplit(""), False
    written = address.isascii() and address.isprintable() and not re.search(r'[\s<>"\\]', address)
    if parts.scheme not in SCHEMES or not stands or not written or len(address) > QR_BYTES_MAX:
        raise NotAnOwnAddress(given=address, most=QR_BYTES_MAX)
    return address


def in_words(address: str) -> str:
    """An address as it is printed for people to type or dial: without what browsers and phones add by themselves."""
    return re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/")


def phone_text(number: str) -> str:
    """What a code says so that a phone offers to dial; raises NotAPhone."""
    digits = re.sub(r"[\s().\u2011-]", "", number)
    if not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        raise NotAPhone(given=number)
    return f"tel:{digits}"


def wifi_text(name: str, password: str) -> str:
    """What a code says so that a phone joins the hotspot. Refuses a name or password that no hotspot can have."""
    fits = 0 < len(name.encode()) <= NAME_MAX and (not password or len(password.encode()) in PASSWORD)
    if not fits or not (name + password).isprintable():
        raise NotAHotspot()
    if not password:
        return f"WIFI:T:nopass;S:{_escaped(name)};;"
    return f"WIFI:T:WPA;S:{_escaped(name)};P:{_escaped(password)};;"


def _escaped(text: str) -> str:
    return re.sub(r'([\\;,:"])', r"\\\1", text)
