"""The press: one warm worker process that draws, is replaced in time, and whose death is only a sentence."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from outreach.core.cards import Printable
from outreach.core.refusal import Refusal
from outreach.printing.calibration import Calibration
from outreach.printing.document import Document
from outreach.printing.fonts import NO_FONTCONFIG
from outreach.printing.job import Printed, PrintJob
from outreach.printing.refusals import PressStopped, PressTooSlow, PrintStopped, from_data
from outreach.printing.worker import PROBE, read_message, write_message

JOBS = 50  # after which a worker is replaced: every job leaves a little memory behind
LIMIT = 60.0  # seconds for one face, or for putting them all on their sheets
_PACKAGES = Path(__file__).parents[2]


class Progress:
    """How far a job is, for whoever waits for it, and the way to stop it; `drawn` of `faces` sides are done."""

    def __init__(self) -> None:
        self.drawn = self.faces = 0
        self.begun = self.stopped = False
        self._end: Callable[[], None] | None = None

    def stop(self) -> None:
        """End the job at once, whether it is being drawn or still waits for another one."""
        self.stopped = True
        if self._end:
            self._end()

    def began(self, end: Callable[[], None]) -> None:
        self.begun, self._end = True, end
        if self.stopped:  # said between waiting and beginning
            end()

    def told(self, drawn: int, faces: int) -> None:
        self.drawn, self.faces = drawn, faces


class Press:
    """Prints one job at a time. Costs nothing until the first one; close it, or use it with `with`."""

    def __init__(self, limit: float = LIMIT, jobs: int = JOBS) -> None:
        self.limit, self.jobs = limit, jobs
        self._one_at_a_time = threading.Lock()
        self._worker: Worker | None = None

    def print(self, job: PrintJob, progress: Progress | None = None) -> Printed:
        """The whole order as one PDF, or a refusal in one sentence."""
        about = {"card": ", ".join(job.cards), "language": ", ".join(job.languages)}
        header, (pdf, *pictures) = self._ask(job.to_json(), about, progress)
        sides = header["sides"]
        previews = dict(zip(sides, pictures, strict=False))
        faces: dict[Printable, dict[str, bytes]] = {}
        sizes: dict[Printable, dict[str, float]] = {}
        for (design, side), size, png in zip(job.faces(), header["sizes"], pictures[len(sides) :], strict=True):
            faces.setdefault(design.printable, {})[side] = png
            sizes.setdefault(design.printable, {})[side] = size
        return Printed(pdf, previews, header["sheets"], faces, sizes)

    def fill(self, job: PrintJob) -> dict[tuple[Printable, str], tuple[str, str]]:
        """Every face as a page of HTML, and the same with the smallest code, for a computer that cannot draw."""
        about = {"card": ", ".join(job.cards), "language": ", ".join(job.languages)}
        _, parts = self._ask(b'{"fill":' + job.to_json() + b"}", about)
        pages = iter(each.decode() for each in parts)
        return {(design.printable, side): (next(pages), next(pages)) for design, side in job.faces()}

    def tagged(self, job: PrintJob) -> bytes:
        """Each card of the order once, its sides on pages of their own, as a PDF that a screen reader can read.

        On sheets a card is one drawing that is placed many times, which tags cannot point into.
        """
        about = {"card": ", ".join(job.cards), "language": ", ".join(job.languages)}
        _, (pdf,) = self._ask(b'{"tagged":' + job.to_json() + b"}", about)
        return pdf

    def calibrate(self, page: Calibration) -> bytes:
        """A page to measure a printer by, as a PDF."""
        _, (pdf,) = self._ask(page.to_json(), {"card": "calibration", "language": page.language})
        return pdf

    def document(self, document: Document) -> bytes:
        """A report, letter or poster as a tagged PDF."""
        _, (pdf,) = self._ask(document.to_json(), {"card": document.title, "language": document.language})
        return pdf

    def refusal(self) -> Refusal | None:
        """Why no card can be printed on this computer, or None when it can."""
        try:
            self._ask(PROBE, {"card": "", "language": ""})
        except Refusal as refusal:
            return refusal
        return None

    def warm(self) -> None:
        """Start the worker now and do not wait: the first card is then a second faster."""
        with self._one_at_a_time:
            self._ready()

    def close(self) -> None:
        with self._one_at_a_time:
            self._stop()

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(
        self, message: bytes, about: dict[str, str], progress: Progress | None = None
    ) -> tuple[dict[str, Any], list[bytes]]:
        progress = progress or Progress()
        with self._one_at_a_time:
            if progress.stopped:
                raise PrintStopped()
            worker = self._ready()
            progress.began(worker.process.kill)
            header, parts = worker.answer(message, self.limit, progress.told)
            if progress.stopped:
                self._stop()
                raise PrintStopped()
            if worker.late:
                self._stop()
                raise PressTooSlow(limit=f"{self.limit:g}", **about)
            if header is None or "fault" in header:
                self._stop()
                raise PressStopped(**about)
            if worker.asked >= self.jobs:
                self._stop()
            if "refusal" in header:
                raise from_data(header["refusal"])
            return header, parts

    def _ready(self) -> Worker:
        if self._worker is None or not self._worker.alive:
            self._stop()
            self._worker = Worker()
        return self._worker

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class Worker:
    """One worker process with a temporary folder of its own, gone with it however it ends."""

    def __init__(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="outreach-")
        no_fonts = Path(folder.name) / "fonts.conf"
        no_fonts.write_text(NO_FONTCONFIG, encoding="utf-8")
        paths = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {"FONTCONFIG_FILE": str(no_fonts), "TMPDIR": folder.name, "TEMP": folder.name, "TMP": folder.name}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "outreach.printing.worker", folder.name, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | own | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONFAULTHANDLER": ""},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.asked, self.late = 0, False
        self.end = weakref.finalize(self, _end, self.process, folder)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def answer(
        self, message: bytes, limit: float, told: Callable[[int, int], None]
    ) -> tuple[dict[str, Any] | None, list[bytes]]:
        """What the worker says; None when it dies or has to be ended. `told` hears how many faces are drawn."""
        self.asked += 1
        try:
            assert self.process.stdin
            assert self.process.stdout
            write_message(self.process.stdin, message)
            header = self._heard(limit)
            while header and "drawn" in header:
                told(header["drawn"], header["faces"])
                header = self._heard(limit)
            parts = [read_message(self.process.stdout) for _ in range(header["parts"] if header else 0)]
            return (header, parts) if all(parts) else (None, [])
        except OSError:
            return None, []

    def _heard(self, limit: float) -> dict[str, Any] | None:
        timer = threading.Timer(limit, self._out_of_time)
        timer.start()
        try:
            assert self.process.stdout
            return cast("dict[str, Any] | None", json.loads(read_message(self.process.stdout) or "null"))
        finally:
            timer.cancel()

    def _out_of_time(self) -> None:
        self.late = True
        self.process.kill()


def _end(process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    """Let the worker finish by itself for a moment, end it if it does not, and clear up behind it."""
    with contextlib.suppress(OSError):
        assert process.stdin
        process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.stdout
    process.stdout.close()
    folder.cleanup()


def printing_refusal() -> Refusal | None:
    """Why no card can be printed on this computer, or None when it can. Takes about a second."""
    with Press() as press:
        return press.refusal()
