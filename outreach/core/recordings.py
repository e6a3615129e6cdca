"""What a recording has to be before it is played: Ogg Opus, short, whole, and with nothing said in its tags."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.core.refusal import N_, Refusal

BYTES_MAX = 1_000_000
SECONDS_MAX = 60
RATE = 48_000
"""Opus counts samples at this rate, whatever it was recorded at."""

# Written by the program that made the file; every other tag may name a person, a place or a day.
_MAKERS = ("ENCODER", "ENCODER_OPTIONS")


class NotOpus(Refusal):
    sentence = N_(
        "{file} is not a whole Opus recording: {why} Nothing was changed. "
        "Save it again as Opus (a file that ends in .opus)."
    )


class TooLong(Refusal):
    sentence = N_(
        "{file} is too long: a recording has at most 60 seconds and 1 MB. Nothing was changed. Record one step only."
    )


class Tagged(Refusal):
    sentence = N_(
        "{file} says more than its sound: it carries the notes {notes}, which may name a person or a place. "
        "Nothing was changed. Save it again without notes (tags)."
    )


def check_recording(data: bytes, file: str) -> float:
    """Seconds that an Ogg Opus file plays. Refuses what is not one, is too long, or carries notes; `file` names it."""
    if len(data) > BYTES_MAX:
        raise TooLong(file=file)
    pages = list(_pages(data, file))
    packets = _packets(pages)
    head, tags = next(packets, b""), next(packets, b"")
    if len(head) < 19 or not head.startswith(b"OpusHead") or not tags.startswith(b"OpusTags"):
        raise NotOpus(file=file, why="it holds another kind of sound.")
    notes = sorted(set(_notes(tags, file)) - set(_MAKERS))
    if notes:
        raise Tagged(file=file, notes=", ".join(notes))
    seconds = (pages[-1][0] - int.from_bytes(head[10:12], "little")) / RATE
    if seconds > SECONDS_MAX:
        raise TooLong(file=file)
    if seconds <= 0:
        raise NotOpus(file=file, why="it holds no sound.")
    return seconds


def _pages(data: bytes, file: str) -> Iterator[tuple[int, bytes, bytes]]:
    """Each Ogg page as (samples played at its end, its table of lengths, its body)."""
    at = 0
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise NotOpus(file=file, why="it is no Ogg file." if at == 0 else "it holds something else as well.")
        lengths = data[at + 27 : at + 27 + (data[at + 26] if at + 26 < len(data) else 0)]
        start = at + 27 + len(lengths)
        end = start + sum(lengths)
        if not lengths or end > len(data):
            raise NotOpus(file=file, why="it is cut off.")
        yield int.from_bytes(data[at + 6 : at + 14], "little", signed=True), lengths, data[start:end]
        at = end
    if at == 0:
        raise NotOpus(file=file, why="it is empty.")


def _packets(pages: list[tuple[int, bytes, bytes]]) -> Iterator[bytes]:
    """The packets that pages carry; one ends where a length is under 255, and may run over several pages."""
    packet = b""
    for _, lengths, body in pages:
        at = 0
        for length in lengths:
            packet += body[at : at + length]
            at += length
            if length < 255:
                yield packet
                packet = b""


def _notes(tags: bytes, file: str) -> Iterator[str]:
    """The names of the notes in an OpusTags packet."""
    at = 12 + int.from_bytes(tags[8:12], "little")
    many = int.from_bytes(tags[at : at + 4], "little")
    at += 4
    for _ in range(many):
        length = int.from_bytes(tags[at : at + 4], "little")
        note = tags[at + 4 : at + 4 + length]
        if not length or len(note) < length:
            raise NotOpus(file=file, why="its notes are garbled.")
        yield note.partition(b"=")[0].decode("ascii", "replace").upper()
        at += 4 + length
