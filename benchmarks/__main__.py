"""Every benchmark that README quotes, each beside its peer or floor, in one run: `python benchmarks`.

The two of a row take turns, so that what else the machine does slows both. A row says the middle of what each took, and
how many times as long ours took, round by round: the least, the middle and the most. Under fifteen minutes.

    pip install .[bench,hub]              what is not there is left out, and said
    python benchmarks                     all of it, as a table
    python benchmarks --write             and into README, between its two marks
    python benchmarks --quick --only tap print

What the rows are made of, and what they leave out, stands in the files beside this one, which can do more than this.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import counting
import first_page
import guide_page
import merging
import print_cards
import rivals
import tap
from rows import Row, parts, table

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- benchmarks: python benchmarks --write -->", "<!-- end of benchmarks -->"
Rows = Iterator[Row]


def start_up(folder: Path, quick: bool) -> Rows:
    floor, found = first_page.measured(first_page.PAGES, 5 if quick else 15)
    for page, taken in found.items():
        whole, bare = ([each[0] for each in taken] for taken in (taken, floor))
        yield Row("start-up", f"first page, `{page}`, cold", "bare Flask, cold", whole, bare)


def page(folder: Path, quick: bool) -> Rows:
    pages = guide_page.PAGES[:2]
    ours, bare = guide_page.asked(pages, 200 if quick else 1000)
    for n, each in enumerate(pages):
        floor = bare.times["/"][n :: len(pages)]
        yield Row("page", f"`{each}`, warm", "bare Flask and Jinja", parts(ours.times[each], 10), parts(floor, 10))


def tapping(folder: Path, quick: bool) -> Rows:
    ours, bare = tap.tapped(folder, 60 if quick else 300)
    yield Row("tap", "+1 on an open sheet, on disk", "bare Flask and SQLite, on disk", parts(ours, 10), parts(bare, 10))


def sheet(folder: Path, quick: bool) -> Rows:
    ours, bare = counting.saved(folder, 40 if quick else 200)
    yield Row("sheet", "a whole one saved and signed", "a transaction of its rows", parts(ours, 10), parts(bare, 10))


def report(folder: Path, quick: bool) -> Rows:
    years = "totals of ten years, 150,000 lines"
    ours, bare, by_site, bare_by_site = counting.added_up(folder, 3 if quick else 7)
    yield Row("report", years, "a sum in SQL", ours, bare)
    yield Row("report", "the same by site and month", "a sum in SQL", by_site, bare_by_site)


def printing(folder: Path, quick: bool) -> Rows:
    folder.mkdir()
    no_fonts = folder / "fonts.conf"
    no_fonts.write_text("<fontconfig></fontconfig>", encoding="utf-8")
    env = os.environ | {"FONTCONFIG_FILE": str(no_fonts)}
    beside = Path(__file__).parent
    print_cards.ran([sys.executable, beside / "print_cards.py", "--lay-out", folder], env)
    for way, copies in (("document", 100), ("reportlab", 1000), ("reportlab-anew", 1000), ("typst", 1000)):
        if lacks := rivals.missing(way):
            print(f"{way} left out: {lacks} is not installed", file=sys.stderr)
            continue
        asked = (f"--language={print_cards.SOURCE}:{copies}", "--layout", print_cards.LAYOUT, "-o", folder / "ours.pdf")
        outreach = Path(sys.executable).with_name("outreach")
        ours = [outreach, "--home", folder / "home", "print", print_cards.CARD, *asked]
        theirs = [sys.executable, beside / "rivals.py", way, folder, str(copies // 10), folder / "theirs.pdf"]
        turns = [[print_cards.ran(each, env)[1] for each in (ours, theirs)] for _ in range(2 if quick else 5)]
        mine, other = zip(*turns, strict=True)
        yield Row("print", f"{copies:,} cards, command to file", rivals.WAYS[way][0], mine, other)


def merge(folder: Path, quick: bool) -> Rows:
    many = 600 if quick else 3600
    ours, bare = zip(*merging.taken_in(folder, many, 2 if quick else 5), strict=True)
    yield Row("merge", f"{many:,} sheets, each signature checked", "a transaction of their rows", ours, bare)


def hub(folder: Path, quick: bool) -> Rows:
    if not (importlib.util.find_spec("psycopg") and (shutil.which("pg_ctl") or Path("/usr/lib/postgresql").is_dir())):
        print("hub left out: it needs PostgreSQL and psycopg", file=sys.stderr)
        return
    import hub as at_hub  # it names psycopg, which not everybody has

    programs = 20 if quick else 100
    with (
        tempfile.TemporaryDirectory(prefix="outreach-bench-", ignore_cleanup_errors=True) as place,
        at_hub.server(Path(place)) as server,
    ):
        ours, bare = zip(*at_hub.returned(server, folder, programs, 2 if quick else 3), strict=True)
    yield Row("hub", f"{programs * 12:,} sealed month returns taken in", "a bare `COPY` of their rows", ours, bare)


WAYS: dict[str, Callable[[Path, bool], Rows]] = {
    "start-up": start_up,
    "page": page,
    "tap": tapping,
    "sheet": sheet,
    "report": report,
    "print": printing,
    "merge": merge,
    "hub": hub,
}


def machine() -> str:
    """The computer in words that name nobody's."""
    said = f"{os.cpu_count()} cores"
    if hasattr(os, "sysconf"):
        said += f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / (1 << 30):.0f} GB"
    return f"{said}, Python {sys.version_info.major}.{sys.version_info.minor}"


def write(said: str) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not after:
        sys.exit(f"README.md has no place between {BEGIN} and {END}; nothing was written")
    README.write_text(f"{before}{BEGIN}\n{said}\n{END}{after}", encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS), help="some of them")
    asked.add_argument("--quick", action="store_true", help="few rounds: to see that it runs, not to quote")
    asked.add_argument("--write", action="store_true", help="put the table into README")
    given = asked.parse_args()
    if given.write and (given.quick or len(given.only) < len(WAYS)):
        asked.error("README quotes a whole run: --write goes with neither --quick nor --only")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        for name in given.only:
            print(f"{name} ...", file=sys.stderr, flush=True)
            rows += WAYS[name](Path(folder) / name, given.quick)
    said = f"`python benchmarks`, {date.today()}, {machine()}:\n\n{table(rows)}"
    print(said)
    if hasattr(os, "getloadavg") and os.getloadavg()[2] > 1.5 * (os.cpu_count() or 1):
        print("Other programs wanted the processors too. Run it again alone before you quote it.", file=sys.stderr)
    if given.write:
        write(said)


if __name__ == "__main__":
    main()
