"""The finder of everything that ships as data; it reads no content and knows no format."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).parent
PACKAGE = SHIPPED.parent


def _beside(name: str) -> Path:
    """A top-level data folder: inside the package once installed, beside it in a checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


LOCALES = _beside("locales")
PRINTABLES = _beside("printables")
TOPICS = SHIPPED / "topics"
PICTURES = SHIPPED / "pictures"
FONTS = SHIPPED / "fonts"
# Not there as long as nobody has spoken anything in: no sound is made by a machine.
SOUNDS = SHIPPED / "sounds"
WORDING = SHIPPED / "wording"
# Lists of plain words, to draw a passphrase from.
WORDS = SHIPPED / "words"
GLOSSARY = SHIPPED / "glossary.csv"
DISAGREEMENTS = SHIPPED / "disagreements.toml"
PACKETS = SHIPPED / "packets"
PACKS = SHIPPED / "packs"
# All that was tested together: the program's own packages, and with them what only a hub has.
LOCK = SHIPPED / "requirements-hub.lock"
