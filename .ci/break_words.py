"""Mark where a line may end in scripts that leave no space between words: Khmer and Burmese.

The drawing library behind the cards knows no dictionary for them: a sentence without marks is one long word, and runs
out of its card. This writes U+200B, a space of no width, into the catalogs at the borders that ICU's dictionary
finds, never inside a term of the glossary ("naloxone" in Burmese would become three words). Marks that a translator
set stay. Running it again changes nothing.

    python -m pip install icu4py
    python .ci/break_words.py            # every Khmer and Burmese catalog in locales/
    python .ci/break_words.py --check    # only say which would change; ends with 1 if any
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from icu4py.breakers import LineBreaker

from outreach.content.tongues import read_languages
from outreach.i18n.extracting import po_text
from outreach.i18n.po_files import read_whole_po_file

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "outreach" / "shipped" / "glossary.csv"
BREAK = "\u200b"
LETTERS = {"khmer": "\u1780-\u17d3\u17dd", "myanmar": "\u1000-\u1049\u1050-\u109f\uaa60-\uaa7f"}
"""Letters and marks of each script without its full stops: a line ends after those anyway."""


def terms(language: str, letters: str, glossary: Path = GLOSSARY) -> tuple[str, ...]:
    """What no line may end inside of: each run of the script's letters in the glossary's cells for the language."""
    if not glossary.is_file():
        return ()
    with glossary.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if language in (row.get("language"), row.get("locale"))]
    said = " ".join(row.get("forms") or row.get("translation") or "" for row in rows)
    return tuple(sorted({run for run in re.findall(f"[{letters}]+", said) if len(run) > 1}, key=len, reverse=True))


def broken(text: str, language: str, letters: str, kept: Iterable[str] = ()) -> str:
    """`text` with a mark at each border between two words of the script; those it has already stay."""
    plain = text.replace(BREAK, "")
    borders = {end for _, end in LineBreaker(plain, language).segments()}
    position = 0
    for char in text:
        if char == BREAK:
            borders.add(position)
        else:
            position += 1
    for term in kept:
        for found in re.finditer(re.escape(term), plain):
            borders -= set(range(found.start() + 1, found.end()))
    between = re.compile(f"[{letters}][{letters}]")
    return "".join(
        BREAK + char if at in borders and at and between.match(plain, at - 1) else char for at, char in enumerate(plain)
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say which catalogs would change")
    parser.add_argument("--locales", type=Path, default=ROOT / "locales", help="where the catalogs are")
    parser.add_argument("--glossary", type=Path, default=GLOSSARY, help="terms that stay whole")
    given = parser.parse_args(arguments)
    changed = []
    for row in read_languages():
        if row.script not in LETTERS:
            continue
        letters = LETTERS[row.script]
        kept = terms(row.tag, letters, given.glossary)
        for file in sorted((given.locales / row.catalog).rglob("*.po")):
            catalog = read_whole_po_file(file)
            before = po_text(catalog)
            for message in catalog:
                if message.id and isinstance(message.string, str):
                    message.string = broken(message.string, row.tag, letters, kept)
                elif message.id:
                    message.string = tuple(broken(form, row.tag, letters, kept) for form in message.string)
            if (after := po_text(catalog)) != before:
                changed.append(file)
                if not given.check:
                    file.write_text(after, encoding="utf-8")
    print("\n".join(f"{'would change' if given.check else 'changed'} {file}" for file in changed) or "Nothing to mark.")
    return 1 if given.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
