"""A card's closed world: it reads its own files and nothing else, and whatever WeasyPrint says about it is heard."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint.urls import FatalURLFetchingError, URLFetcher

from outreach.printing.refusals import CardReachesOut, DesignMistake, LetterMissing

NO_GLYPH = ".notdef glyph"
ONLY_SLOW = "Using fontTools instead of HarfBuzz-Subset"  # says how a font was cut, not that the card is wrong
NO_ALTERNATIVE = "has no required alt description"  # said of a picture whose words stand beside it


class Reached(FatalURLFetchingError):
    """The address of something that is not the card's own. Ends the rendering at once."""


class OwnFilesOnly(URLFetcher):
    """Reads `data:` addresses, the files of one folder, and the files named. A function will not do: WeasyPrint wants
    this class."""

    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        super().__init__(allowed_protocols=("data", "file"), allow_redirects=False, fail_on_errors=True)
        self.folder, self.files = folder.resolve(), {file.resolve() for file in files}

    def fetch(self, url: str, headers: Any = None) -> Any:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            file = Path(url2pathname(parts.path)).resolve()  # a link that leads out of the folder is followed first
            if file in self.files or self.folder in file.parents:
                return super().fetch(file.as_uri(), headers)
        raise Reached(url)


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if not said.startswith(ONLY_SLOW) and not said.endswith(NO_ALTERNATIVE):
            self.records.append(record)


@contextmanager
def heard(card: str, language: str) -> Iterator[None]:
    """Refuse when a card reaches out while this lasts, or WeasyPrint says anything: each line means a fault."""
    listener, log = _Heard(), logging.getLogger("weasyprint")
    log.addHandler(listener)
    try:
        yield
    except Reached as address:
        raise CardReachesOut(card=card, language=language, address=address) from None
    finally:
        log.removeHandler(listener)
    for record in listener.records:
        if record.getMessage().startswith(NO_GLYPH) and isinstance(record.args, tuple):
            letter = str(record.args[0])
            raise LetterMissing(card=card, language=language, letter=letter, code=f"U+{ord(letter):04X}")
        raise DesignMistake(card=card, language=language, why=record.getMessage())
