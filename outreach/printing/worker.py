"""The process that draws: jobs come in on standard input, PDFs and pictures go out on standard output.

Started by `press.py` as `python -m outreach.printing.worker FOLDER PID`: a folder of its own, and whose worker it is.
A drawing library that crashes, hangs or eats the memory takes this process with it, and nothing else.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import json
import os
import shutil
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from outreach.core.cards import Printable, PrintingNotPossible, sheets_of
from outreach.core.refusal import Refusal
from outreach.printing.calibration import Calibration
from outreach.printing.document import Document
from outreach.printing.job import PrintJob
from outreach.printing.refusals import LetterMissing, PartMissing, as_data, how_to_install

MEMORY = 2 << 30  # bytes of address space; a usual job takes a tenth
LENGTH = struct.Struct(">I")
Faces = dict[tuple[Printable, str], Any]
PROBE = b"null"
"""Sent instead of a job: say whether cards can be printed here."""
Tell = Callable[[int, int], None]


def main() -> None:
    """Answer jobs one by one until standard input ends or nobody listens any more, and clear up behind."""
    with contextlib.suppress(BrokenPipeError):
        _answer_jobs()
    _clear_up()
    os._exit(0)  # taking every library apart would take a fifth of a second, for nothing


def _answer_jobs() -> None:
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a library that prints must not end up in an answer
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    _limit()
    if os.name == "posix":  # elsewhere the parent's number does not change when it ends
        threading.Thread(target=_end_with, args=(int(sys.argv[2]),), daemon=True).start()
    workshop: _Workshop | Refusal
    try:
        workshop = _Workshop()
    except Refusal as missing:
        workshop = missing
    while message := read_message(jobs):
        try:
            asked, tell = json.loads(message), partial(_tell, answers)
            if asked and "fill" in asked:
                header, parts = _filled(PrintJob.from_data(asked["fill"]), tell)
            elif isinstance(workshop, Refusal):
                raise workshop
            else:
                header, parts = workshop.answer(asked, tell)
        except Refusal as refusal:
            header, parts = {"refusal": as_data(refusal)}, []
        except Exception as fault:
            header, parts = {"fault": type(fault).__name__}, []
        write_message(answers, json.dumps(header | {"parts": len(parts)}).encode(), *parts)


class _Workshop:
    """The drawing libraries, loaded here and not above, so that what is missing can be said."""

    def __init__(self) -> None:
        try:
            with _known_names(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "no fonts": there are none on purpose, ours come with the card
                from outreach.printing import calibration_page, closed, document_page, proof, render, sheet
        except OSError:
            raise PrintingNotPossible(install=how_to_install()) from None
        except ImportError as missing:
            raise PartMissing(part=missing.name) from None
        self.calibration_page, self.closed, self.proof, self.sheet = calibration_page, closed, proof, sheet
        self.document_page = document_page
        self.renderer = render.Renderer()

    def answer(self, asked: Any, tell: Tell) -> tuple[dict[str, Any], list[bytes]]:
        if asked is None:
            return {"ready": True}, []
        if "calibration" in asked:
            page = Calibration.from_data(asked["calibration"])
            return {}, [self.calibration_page.draw(page, self.renderer.font_config)]
        if "document" in asked:
            document = Document.from_data(asked["document"])
            return {}, [self.document_page.draw(document, self.renderer.font_config)]
        if "tagged" in asked:
            job = PrintJob.from_data(asked["tagged"])
            return {}, [self._written(job, self._faces(job, tell), self.sheet.alone(job), pdf_tags=True)]
        return self.print(PrintJob.from_data(asked), tell)

    def print(self, job: PrintJob, tell: Tell) -> tuple[dict[str, Any], list[bytes]]:
        plan, faces = list(sheets_of(job.order, job.layout)), self._faces(job, tell)
        pdf = self._written(job, faces, self.sheet.finisher(job, faces, plan))
        proofs = self.proof.prove(job, faces, pdf, plan)
        previews = self.proof.previews(job, pdf)
        header = {"sheets": len(plan), "sides": list(previews), "sizes": [face.size for face in faces.values()]}
        return header, [pdf, *previews.values(), *(proofs[key] for key in faces)]

    def _faces(self, job: PrintJob, tell: Tell) -> Faces:
        faces: Faces = {}
        wanted = list(job.faces())
        for design, side in wanted:
            tell(len(faces), len(wanted))
            faces[design.printable, side] = self.renderer.face(job, design, side)
        tell(len(faces), len(wanted))
        return faces

    def _written(self, job: PrintJob, faces: Faces, finisher: Any, *, pdf_tags: bool = False) -> bytes:
        documents = [face.document for face in faces.values()]
        whole = documents[0].copy([document.pages[0] for document in documents])
        try:
            with self.closed.heard(", ".join(job.cards), ", ".join(job.languages)):
                return bytes(whole.write_pdf(finisher=finisher, pdf_tags=pdf_tags))
        except LetterMissing:
            # Letters are looked for only now. Ask each face alone, so that the refusal names one language.
            for (printable, _side), face in faces.items():
                with self.closed.heard(printable.card, printable.language):
                    face.document.write_pdf()
            raise


def _filled(job: PrintJob, tell: Tell) -> tuple[dict[str, Any], list[bytes]]:
    """Each face as a page of HTML and once more with the smallest code; it needs none of the drawing libraries."""
    try:
        from outreach.printing.filling import Filler
    except ImportError as missing:
        raise PartMissing(part=missing.name) from None
    filler, pages = Filler(), list[bytes]()
    wanted = list(job.faces())
    for n, (design, side) in enumerate(wanted):
        tell(n, len(wanted))
        pages += [filler.html(job.layout, design, side, tight=tight).encode() for tight in (False, True)]
    return {}, pages


def _tell(answers: IO[bytes], drawn: int, faces: int) -> None:
    write_message(answers, json.dumps({"drawn": drawn, "faces": faces}).encode())


@contextlib.contextmanager
def _known_names() -> Iterator[None]:
    """Spare 54 runs of gcc and ld: on Linux, WeasyPrint's last name for each library is the right one."""
    look_up = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = look_up


def _end_with(parent: int) -> None:
    """A design that never ends would outlive a server whose plug was pulled: nobody would be left to stop it."""
    while os.getppid() == parent:
        time.sleep(1)
    _clear_up()
    os._exit(1)


def _clear_up() -> None:
    """Take away the folder that was made for this process: the press does it too, unless it was killed."""
    shutil.rmtree(sys.argv[1], ignore_errors=True)


def _limit() -> None:
    """No more memory than a job can need, and no core file: it would hold the words of a card."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read_message(stream: IO[bytes]) -> bytes:
    """One length and as many bytes; nothing when the stream has ended, even in the middle."""
    size = stream.read(LENGTH.size)
    if len(size) < LENGTH.size:
        return b""
    body = stream.read(LENGTH.unpack(size)[0])
    return body if len(body) == LENGTH.unpack(size)[0] else b""


def write_message(stream: IO[bytes], *bodies: bytes) -> None:
    for body in bodies:
        stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


if __name__ == "__main__":
    main()
