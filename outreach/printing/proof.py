"""The printed file looked at as a picture: every code read back, every edge white, and the sheet to show."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import floor

import pypdfium2
import zxingcpp
from PIL import Image
from PIL.ImageFilter import GaussianBlur

from outreach.core.cards import Placed, Printable
from outreach.core.layouts import MM_PER_INCH, Turn
from outreach.printing.job import PrintJob
from outreach.printing.placing import Rectangle, slot_area
from outreach.printing.refusals import CodeNotRead, InkOutside
from outreach.printing.sheet import Faces

PROOF_DPI, PREVIEW_DPI = 150, 110
MIDDLE, BLUR = 128, 0.8
"""The grey that becomes black; and how far a dot runs out, in dots of PROOF_DPI (0.14 mm). The finest module is two."""
WHITE = b"\xff"


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey pixels, row after row without padding."""

    width: int
    height: int
    pixels: bytes

    def rows(self) -> Iterator[bytes]:
        return (self.pixels[n : n + self.width] for n in range(0, len(self.pixels), self.width))

    def edge_is_white(self, edge: int) -> bool:
        """Whether nothing is drawn within `edge` pixels of any side."""
        rows = list(self.rows())
        border = [*rows[:edge], *rows[-edge:], *(row[:edge] + row[-edge:] for row in rows)]
        return not b"".join(border).strip(WHITE)

    def turned(self, right: bool) -> Picture:
        """The picture a quarter turn to the right, or to the left."""
        columns = [self.pixels[n :: self.width] for n in range(self.width)]
        rows = [column[::-1] for column in columns] if right else columns[::-1]
        return Picture(self.height, self.width, b"".join(rows))

    def upside_down(self) -> Picture:
        return Picture(self.width, self.height, self.pixels[::-1])

    def as_printed(self) -> Picture:
        """Black or white dot by dot, then slightly out of focus: a worn print before an old phone's camera."""
        grey = Image.frombytes("L", (self.width, self.height), self.pixels)
        blurred = grey.point([0] * MIDDLE + [255] * (256 - MIDDLE)).filter(GaussianBlur(BLUR))
        return Picture(self.width, self.height, blurred.tobytes())

    def codes(self) -> set[bytes]:
        """What every QR code in the picture says."""
        view = memoryview(self.pixels).cast("B", (self.height, self.width))
        return {code.bytes for code in zxingcpp.read_barcodes(view, formats=zxingcpp.BarcodeFormat.QRCode)}

    def png(self) -> bytes:
        lines = b"".join(b"\0" + row for row in self.rows())
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 0, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )


def picture(page: pypdfium2.PdfPage, dpi: int, area: Rectangle | None = None) -> Picture:
    """A page, or a part of it given in points, as grey pixels."""
    crop = (0.0, 0.0, 0.0, 0.0)
    if area:
        width, height = page.get_size()
        left, bottom, right, top = map(float, area)
        crop = (left, bottom, width - right, height - top)
    bitmap = page.render(scale=dpi / 72, crop=crop, grayscale=True)
    raw, stride = bytes(bitmap.buffer), bitmap.stride
    rows = (raw[n * stride : n * stride + bitmap.width] for n in range(bitmap.height))
    seen = Picture(bitmap.width, bitmap.height, b"".join(rows))
    bitmap.close()
    return seen


def prove(
    job: PrintJob, faces: Faces, pdf: bytes, plan: Sequence[tuple[Placed, ...]]
) -> dict[tuple[Printable, str], bytes]:
    """Look at the first copy of each card and language; every other is the same drawing. Each side as an upright PNG.

    Refuses when a code does not say its words, or something is drawn where a cut runs.
    """
    edge = floor(float(job.layout.safe_edge / MM_PER_INCH) * PROOF_DPI) - 1
    found: dict[tuple[Printable, str], bytes] = {}
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        for printable in job.order.printables:
            about = {"card": printable.card, "language": printable.language}
            sheet, slot = next((n, p.slot) for n, placed in enumerate(plan) for p in placed if p.printable == printable)
            codes: set[bytes] = set()
            for n, side in enumerate(job.sides):
                if (printable, side) not in faces:
                    continue
                page = document[sheet * len(job.sides) + n]
                seen = picture(page, PROOF_DPI, slot_area(job, side, slot))
                if not seen.edge_is_white(edge):
                    raise InkOutside(side=side, safe=job.layout.safe_edge, **about)
                codes |= seen.as_printed().codes()
                if side == "back" and job.order.turn is Turn.SHORT:
                    seen = seen.upside_down()
                upright = seen.turned(right=side != "back") if faces[printable, side].turned else seen
                found[printable, side] = upright.png()
            wanted = job.designs[printable].qr_text
            if codes != ({wanted.encode()} if wanted else set()):
                raise CodeNotRead(**about)
    return found


def previews(job: PrintJob, pdf: bytes) -> dict[str, bytes]:
    """The first sheet as PNG, one for each side."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return {side: picture(document[n], PREVIEW_DPI).png() for n, side in enumerate(job.sides)}
