"""How long an order of cards takes, how large its file is and how much memory it needs, beside other ways to make it.

Every row is a cold process. The press is `outreach print` as installed beside this Python; "whole" is all of it, from
the command to the file: reading words and catalogs, starting the worker, finding the largest words that fit, reading
the code back. "work" leaves out what a process does before it begins: for the press it is one job in a worker that
stands ready, as it does behind the pages; for the others it is what comes after their imports. "CPU" is what all its
processes used together: on a shared computer it says more than "whole". Figures are medians; what takes over
5 seconds runs once. "peak" is the largest process of a row. Chromium has several of that size, and its own
bookkeeping hides some of them: for it, "CPU" and "peak" are less than what it took.

    pip install .[bench]                        ReportLab and Typst beside it; what is not there is left out
    python benchmarks/print_cards.py            all, ten minutes; the last row of Typst needs 4 GB of memory
    python benchmarks/print_cards.py --ways document reportlab --rounds 1 --into FOLDER

What the other ways leave out stands in `rivals.py`. Goals that are not met, and why:

    ahead of a ReportLab form and of a Typst image at 10,000: both place one drawing many times, as we do, in a file 25
    to 30 times as large, but their card was arranged beforehand, for English at one size. Three quarters of our work
    is the search for the largest words that fit, which lays the card out seven times; a quarter of the command is
    WeasyPrint's import. Only a second way to draw cards would be faster. Drawn each time, both are left far behind.
    a 100th of one document at 1,000: just about for the whole command, a 200th of its work. The same two reasons.
    150 MiB: met by the largest process. The command beside its worker holds some more: 97 MiB together for one
    language, 167 for sixteen, whose faces are all kept until the file is written. Writing it in parts would be a
    second path.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rivals

CARD, LAYOUT, SOURCE = "response", "avery-5371", "en"
COUNTS = (10, 100, 1_000, 10_000)
LONG = 5.0  # seconds: more rounds of what takes longer would tell nothing new
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One measured order: seconds, bytes, MiB."""

    whole: float
    cpu: float
    work: float
    size: int
    peak: float
    pages: int


def ran(command: Sequence[str | Path], env: dict[str, str]) -> tuple[str, float, float, float]:
    """What a cold process says, its seconds, those of the CPU, and the MiB of its largest process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout
    with process.stdout as said:
        answer = said.read()
    _, status, used = os.wait4(process.pid, 0)
    whole = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}")
    peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return answer, whole, used.ru_utime + used.ru_stime, peak


def measured(command: Sequence[str | Path], target: Path, rounds: int, env: dict[str, str]) -> Row:
    """Medians; `work` is what the process answers, when that is a number."""
    found: list[tuple[str, float, float, float]] = []
    while len(found) < rounds and not (found and found[0][1] > LONG):
        found.append(ran(command, env))
    said, *numbers = zip(*found, strict=True)
    whole, cpu, peak = map(statistics.median, numbers)
    work = statistics.median(map(float, said)) if command[0] == sys.executable else 0.0
    count = "import pypdfium2, sys; print(len(pypdfium2.PdfDocument(sys.argv[1])))"
    pages = int(ran([sys.executable, "-c", count, target], env)[0])
    return Row(whole, cpu, work, target.stat().st_size, peak, pages)


def shares(copies: int, tags: list[str]) -> dict[str, int]:
    """Copies over languages, as evenly as they go."""
    each, rest = divmod(copies, len(tags))
    return {tag: each + (n < rest) for n, tag in enumerate(tags)}


def by_the_press(copies: int, tags: list[str], target: Path, rounds: int, env: dict[str, str]) -> Row:
    asked = [f"--language={tag}:{count}" for tag, count in shares(copies, tags).items()]
    outreach = Path(sys.executable).with_name("outreach")
    home = f"--home={target.parent / 'home'}"
    command = [outreach, home, "print", CARD, *asked, "--layout", LAYOUT, "-o", target]
    whole = measured(command, target, rounds, env)
    ready = measured([sys.executable, __file__, "--ready", str(copies), *tags], target, rounds, env)
    return replace(whole, work=ready.work)


def in_a_ready_press(copies: int, tags: list[str]) -> float:
    """Seconds of one job in a worker that has drawn nothing yet."""
    from outreach.home import Home
    from outreach.services import cards
    from outreach.services.program import Program

    program = Program(Home(Path("/nonexistent")))
    wanted = {(CARD, tag): count for tag, count in shares(copies, tags).items()}
    job = cards.print_job(program, cards.order(program, wanted, LAYOUT))
    with cards.new_press() as press:
        assert press.refusal() is None
        began = time.perf_counter()
        press.print(job)
        return time.perf_counter() - began


def lay_out(folder: Path) -> None:
    """What the others need of the card, as files: everything that the press was given or has found out."""
    from outreach.core.layouts import length
    from outreach.home import Home
    from outreach.printing import qr
    from outreach.printing.filling import Filler
    from outreach.printing.fonts import font_files
    from outreach.services import cards
    from outreach.services.program import Program

    program = Program(Home(Path("/nonexistent")))
    job = cards.print_job(program, cards.order(program, {(CARD, SOURCE): 10}, LAYOUT))
    (design,) = job.designs.values()
    with cards.new_press() as press:
        (sizes,) = press.print(job).text_sizes.values()
    for side in job.sides:
        (folder / f"{side}.html").write_text(Filler().html(job.layout, design, side), encoding="utf-8")
    (folder / "card.css").write_bytes((design.folder / "card.css").read_bytes())
    (folder / "fonts").mkdir()
    for name, file in zip(("regular", "bold"), font_files(design.scripts).values(), strict=True):
        (folder / f"fonts/{name}.ttf").write_bytes(file.read_bytes())
    told, layout, (high, wide) = design.context, job.layout, map(float, job.layout.label)
    code = qr.code_for(design.qr_text, length("14.1mm"))  # the room that the card's template gives it
    assert code
    # Where the steps begin and how much is left below them, in millimetres, is what the card's style sheet says.
    sides: dict[str, Any] = {
        "front": {"title": told["title"]["text"], "says": told["qr_says"]["text"], "foot": "", "top": 18.7, "end": 3},
        "back": {"title": told["back"]["title"]["text"], "says": "", "foot": told["draft_words"]["text"]},
    }
    sides["back"] |= {"top": 14.5, "end": 13}
    for side, steps in (("front", told["steps"]), ("back", told["back"]["steps"])):
        sides[side]["steps"] = [{"text": step["text"], "picture": step["picture"] or ""} for step in steps]
        sides[side]["row"] = (high - sides[side]["top"] - sides[side].pop("end")) / len(steps)
    slots = {"front": range(layout.slots), "back": map(layout.back_of, range(layout.slots))}
    card = {
        "languages": [row.tag for row in cards.whole_languages(program, CARD).rows],
        "size": min(sizes.values()),
        "wide": wide,
        "high": high,
        "safe": float(layout.safe_edge),
        "sides": sides,
        "slots": {side: [[*map(float, layout.corner(slot))] for slot in each] for side, each in slots.items()},
        "code": {"modules": code.modules, "module": float(code.dots * qr.DOT), "svg": code.svg, "runs": [*code.runs()]},
    }
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def show(name: str, copies: int, row: Row) -> None:
    seconds = "".join(f"{each:8.2f}s" for each in (row.whole, row.cpu, row.work))
    print(f"{name:28}{copies:>7,}{seconds}{row.size / 1000:11,.1f}{row.peak:9.0f}{row.pages / 2:8,.0f}", flush=True)


def goals(rows: dict[tuple[str, int], Row], languages: int) -> None:
    """Each goal with what was measured; one whose rival is left out is left out too.

    A comparison counts when "whole" and "CPU" agree: other work on the computer slows one row and not the next.
    """
    ten, thousand, many, mixed = rows["press", 10], rows["press", 1_000], rows["press", 10_000], rows["all", 10_000]
    print(f"\n{'Goals, kept when whole and CPU both say so':66}{'whole':>8}{'CPU':>9}{'work':>9}")

    def say(goal: str, most: float, *found: float) -> None:
        kept = "yes" if max(found[:2]) <= most else "no"
        print(f"  {kept:5}{goal:58}{''.join(f'{each:9.3g}' for each in found)}")

    def compare(goal: str, ours: Row, theirs: Row, most: float) -> None:
        say(goal, most, ours.whole / theirs.whole, ours.cpu / theirs.cpu, ours.work / theirs.work)

    compare("10,000 of one language: at most 1.3 times ten", many, ten, 1.3)
    compare(f"10,000 over {languages} languages: at most 20 times ten of one", mixed, ten, 20)
    say("a language: less than 60 kB", 60, max(mixed.size / languages, many.size) / 1000)
    say("peak memory: less than 150 MiB", 150, max(each.peak for each in (ten, thousand, many, mixed)))
    if ("document", 1_000) in rows:
        compare("1,000: at most a 100th of one WeasyPrint document", thousand, rows["document", 1_000], 0.01)
    for way, (name, *_) in rivals.WAYS.items():
        if (way, 10_000) in rows:
            compare(f"10,000: in less time than {name}", many, rows[way, 10_000], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the printing of cards.")
    parser.add_argument("--rounds", type=int, default=3, help="cold processes for each figure")
    parser.add_argument("--ways", nargs="*", default=list(rivals.WAYS), choices=list(rivals.WAYS), help="beside ours")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="keep the files there, to look at")
    parser.add_argument("--ready", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--lay-out", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ready:
        print(in_a_ready_press(int(asked.ready[0]), asked.ready[1:]))
    elif asked.lay_out:
        lay_out(asked.lay_out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            everything(Path(folder), asked)


def everything(folder: Path, asked: argparse.Namespace) -> None:
    no_fonts = folder / "fonts.conf"
    no_fonts.write_text("<fontconfig></fontconfig>", encoding="utf-8")
    env = os.environ | {"FONTCONFIG_FILE": str(no_fonts)}
    into = asked.into or folder
    into.mkdir(parents=True, exist_ok=True)
    ran([sys.executable, __file__, "--lay-out", folder], env)
    tags = json.loads((folder / "card.json").read_text(encoding="utf-8"))["languages"]
    print(f"{'':28}{'cards':>7}{'whole':>9}{'CPU':>9}{'work':>9}{'file kB':>11}{'peak MiB':>9}{'sheets':>8}")
    rows: dict[tuple[str, int], Row] = {}
    for copies in COUNTS:
        rows["press", copies] = by_the_press(copies, [SOURCE], into / f"press-{copies}.pdf", asked.rounds, env)
        show("outreach print", copies, rows["press", copies])
    rows["all", COUNTS[-1]] = by_the_press(COUNTS[-1], tags, into / "press-all.pdf", asked.rounds, env)
    show(f"outreach print, {len(tags)} languages", COUNTS[-1], rows["all", COUNTS[-1]])
    for way in asked.ways:
        name, _, most, _ = rivals.WAYS[way]
        if lacks := rivals.missing(way):
            print(f"{name:28}{lacks} not installed, left out")
            continue
        for copies in (each for each in COUNTS if each <= most):
            target = into / f"{way}-{copies}.pdf"
            command = [sys.executable, HERE / "rivals.py", way, folder, str(copies // 10), target]
            rows[way, copies] = measured(command, target, asked.rounds, env)
            show(name, copies, rows[way, copies])
    goals(rows, len(tags))


if __name__ == "__main__":
    main()
