"""What once did worse than be refused: kept in files, and refused from then on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.carry import bundles, sealing
from outreach.carry.bundles import Bundle, BundleDamaged, Signed
from outreach.carry.keys import signing_key
from outreach.core.sheets import BadSheet, from_canonical

CRASHERS = sorted((Path(__file__).parents[1] / "prove" / "crashers").iterdir())
SECRET = b"\x01" * 32
KEY = signing_key(SECRET)


def words_and_content(file: Path) -> tuple[bytes, bytes]:
    """What it did, on the first line, and what did it."""
    words, _, content = file.read_bytes().partition(b"\n")
    return words, content.removesuffix(b"\n")


def carried(body: bytes) -> Bundle:
    """A sheet brought by the laptop that made and signed it."""
    bundle = Bundle("a1" * 16, KEY.device, KEY.public, (Signed(body, KEY.sign(body)),), {KEY.device: KEY.public})
    return bundles.read(bundles.write(bundle, KEY.sign, [sealing.recipient(SECRET)]), SECRET, "van.tally")


@pytest.mark.parametrize("file", CRASHERS, ids=lambda file: file.stem)
def test_what_once_fell_over_is_refused(file: Path) -> None:
    """Signed by a genuine laptop, alone and in a bundle: a sentence each time."""
    words, body = words_and_content(file)
    assert words.endswith(b".")
    body = body.replace(b"b2" * 16, KEY.device.encode())

    with pytest.raises(BadSheet):
        from_canonical(body)
    with pytest.raises(BundleDamaged, match="van.tally"):
        carried(body)


def test_what_is_made_good_again_is_taken() -> None:
    """The control: the sheet that all of these were bent from is carried and read."""
    words, body = words_and_content(next(file for file in CRASHERS if file.stem == "a-fraction"))
    assert words
    row = json.loads(body)
    row |= {"device": KEY.device, "x": {}}
    good = json.dumps(row, sort_keys=True, separators=(",", ":")).encode()

    assert carried(good).sheets[0].body == good
