"""Recorded steps: a recording is heard exactly as long as it says the words that are shown, and nothing else is."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.core.languages import Direction, Language, LanguageTag, Wording
from outreach.services.sounds import hash_of

STEP = "overdose-response.call"
PAGE = "/en/overdose-response"
SOUND = f"{PAGE}/call.opus"

OWN = """id = "own-words"
class = "S1"
checked = 2026-11-22
order = 90
title = "Own words"
summary = "What our team says."
[[section]]
id = "do"
kind = "steps"
title = "Do"
[[section.step]]
id = "call"
text = "{words}"
facts = ["own:standing order, 2026-11-22"]
class = "S1"
"""


def ogg_sum(page: bytes) -> int:
    """The checksum of an Ogg page: CRC-32 with polynomial 0x04C11DB7, unreflected, from zero."""
    sum_ = 0
    for byte in page:
        sum_ ^= byte << 24
        for _ in range(8):
            sum_ = ((sum_ << 1) ^ 0x04C11DB7 if sum_ & 0x80000000 else sum_ << 1) & 0xFFFFFFFF
    return sum_


def ogg_page(number: int, samples: int, packets: list[bytes], flags: int = 0) -> bytes:
    lengths = b"".join(b"\xff" * (len(each) // 255) + bytes([len(each) % 255]) for each in packets)
    parts = [struct.pack("<4sBBqII", b"OggS", 0, flags, samples, 1, number), b"\0" * 4, bytes([len(lengths)]), lengths]
    page = b"".join([*parts, *packets])
    parts[1] = struct.pack("<I", ogg_sum(page))
    return b"".join([*parts, *packets])


def opus(seconds: float = 2, kind: bytes = b"OpusHead", notes: tuple[str, ...] = ("ENCODER=test",)) -> bytes:
    """Silence as a real Opus file: 20 ms packets, 50 to a page."""
    skip, frames = 312, round(seconds * 50)
    tags = b"OpusTags" + struct.pack("<I4sI", 4, b"test", len(notes))
    tags += b"".join(struct.pack("<I", len(note.encode())) + note.encode() for note in notes)
    pages = [
        ogg_page(0, 0, [kind + struct.pack("<BBHIhB", 1, 1, skip, 48000, 0, 0)], flags=2),
        ogg_page(1, 0, [tags]),
    ]
    for first in range(0, frames, 50):
        last = min(first + 50, frames)
        ends = skip + last * 960 if last == frames else last * 960
        pages.append(ogg_page(len(pages), ends, [b"\xf8\xff\xfe"] * (last - first), flags=4 if last == frames else 0))
    return b"".join(pages)


def recorder(outreach: Any, folder: Path) -> Callable[..., Any]:
    """Take a recording in, as a program does; what the command said."""

    def add(step: str = STEP, tag: str = "en", data: bytes | None = None) -> Any:
        file = folder / "spoken.opus"
        file.write_bytes(opus() if data is None else data)
        return outreach("sounds", "add", tag, step, file)

    return add


@pytest.fixture
def recorded(outreach: Any, tmp_path: Path) -> Callable[..., Any]:
    return recorder(outreach, tmp_path)


@pytest.fixture(scope="module")
def heard(shared: Any, shell: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Callable[..., Any]]:
    """A running server with one recording, and a way to take in more. None of the tests it is for adds one."""
    record = recorder(shell(shared.server.home), tmp_path_factory.mktemp("spoken"))
    assert record().code == 0
    return shared, record


def players(page: str) -> list[str]:
    return re.findall(r'<audio[^>]* src="([^"]+)"', page)


def test_a_page_offers_exactly_what_was_recorded(served: Any, recorded: Any, outreach: Any) -> None:
    """No recording, no player; one taken in shows at its step alone, in its language alone, without a restart."""
    assert players(served.get(PAGE).text) == []
    assert served.get(SOUND).status == 404

    ran = recorded()
    assert (ran.code, ran.err) == (0, "")
    assert players(served.get(PAGE).text) == [SOUND]
    assert players(served.get("/es/overdose-response").text) == []
    assert served.get("/es/overdose-response/call.opus").status == 404
    assert "Recorded steps that can be heard: 1." in outreach("check").out

    again = recorded(tag="es")
    assert again.code == 0
    assert players(served.get("/es/overdose-response").text) == ["/es/overdose-response/call.opus"]


def test_it_is_served_as_sound_whole_or_in_part(served: Any, recorded: Any) -> None:
    """Type, a range, a range that is not there, and no trace in a cache."""
    recorded()
    whole = served.get(SOUND)
    part = served.get(SOUND, Range="bytes=0-3")

    assert whole.body == opus()
    assert whole.headers["Content-Type"] == "audio/ogg; codecs=opus"
    assert whole.headers["Cache-Control"] == "no-store"
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    assert (part.status, part.body) == (206, b"OggS")
    assert part.headers["Content-Range"] == f"bytes 0-3/{len(opus())}"
    assert served.get(SOUND, Range="bytes=9000000-").status == 416


def test_a_changed_word_silences_it(serve: Any, client: Any, home: Path, recorded: Any, outreach: Any) -> None:
    """A step's words change and its recording is neither offered nor played, and check says so; changed back, it is."""
    own = home / "topics" / "own-words.toml"
    own.parent.mkdir(parents=True)
    address = "/en/own-words/call.opus"

    def seen(words: str) -> tuple[list[str], list[str], int, str]:
        own.write_text(OWN.format(words=words), encoding="utf-8")
        server = serve()
        reader = client(server)
        answers = [players(reader.get(f"/{tag}/own-words").text) for tag in ("en", "es")]
        status = reader.get(address).status
        server.stop()
        return *answers, status, " ".join(outreach("check").out.split())

    seen("Call 911. Stay.")
    assert recorded("own-words.call").code == 0
    # The Spanish page shows these words in English, so the English recording says them there, too.
    said = seen("Call 911. Stay.")
    assert said[:3] == ([address], [address], 200)
    assert "is not played" not in said[3]
    changed = seen("Call 911. Do not stay.")
    assert changed[:3] == ([], [], 404)
    assert "to do sounds/en/own-words.call.opus is not played: its words have changed since." in changed[3]
    assert seen("Call 911. Stay.")[0] == [address]


def test_the_hash_holds_both_tongues() -> None:
    """A recording of a translation is void when the translation changes, and when only the English under it does."""
    es = Language(LanguageTag("es"), "Español", "Spanish", Direction.LTR, "Latn", "es", "es")
    one = hash_of(Wording("Llame al 911.", es, "Call 911."))

    assert one == hash_of(Wording("Llame al 911.", es, "Call 911."))
    assert one != hash_of(Wording("Llame al 911", es, "Call 911."))
    assert one != hash_of(Wording("Llame al 911.", es, "Call 911 first."))


def test_a_file_copied_in_by_hand_is_not_played(served: Any, home: Path, recorded: Any, outreach: Any) -> None:
    """Without its hash, under a name that is no step, or no Opus at all: not offered, and check names each file."""
    recorded()
    folder = home / "sounds" / "en"
    (folder / "overdose-response.check.opus").write_bytes(opus())
    (folder / "overdose-response.nothing.opus").write_bytes(opus())
    assert players(served.get(PAGE).text) == [SOUND]
    said = " ".join(outreach("check").out.split())
    assert "sounds/en/overdose-response.check.opus is not played: no one has said which words it speaks." in said
    assert "sounds/en/overdose-response.nothing.opus is not played: there is no emergency step of that name" in said
    assert "overdose-response.call.opus" not in said

    (folder / f"{STEP}.opus").write_bytes(b"RIFF" * 100)
    assert players(served.get(PAGE).text) == []
    assert served.get(SOUND).status == 404
    assert f"sounds/en/{STEP}.opus is not played" in outreach("check").out


def test_a_broken_list_takes_no_page_away(served: Any, home: Path, recorded: Any, outreach: Any) -> None:
    """A `sounds.toml` that is no TOML costs the recordings, never the topic; check names it, and so does adding."""
    recorded()
    (home / "sounds" / "en" / "sounds.toml").write_text("[overdose", encoding="utf-8")
    page = served.get(PAGE)
    assert (page.status, players(page.text)) == (200, [])
    assert "911" in page.text
    assert "sounds.toml, file: is not TOML" in outreach("check").out
    assert recorded().code == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty."),
        (b"ID3" + b"\0" * 500, "it is no Ogg file."),
        (opus(kind=b"NotAHead"), "it holds another kind of sound."),
        (opus()[:-5], "it is cut off."),
        (opus()[:40], "it is cut off."),
        (opus() + b"more", "it holds something else as well."),
        (opus(0), "it holds no sound."),
        (opus(61), "at most 60 seconds"),
        (opus() + b"\0" * 1_000_000, "1 MB"),
        (opus(notes=("ENCODER=x", "ARTIST=Someone", "LOCATION=+40-74")), "the notes ARTIST, LOCATION"),
    ],
)
def test_a_wrong_file_is_refused(heard: tuple[Any, Callable[..., Any]], data: bytes, reason: str) -> None:
    """What is no short, whole, note-free Opus file is refused with its reason, and the recording before stays."""
    served, record = heard
    folder = served.server.home / "sounds" / "en"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    ran = record(data=data)

    assert (ran.code, ran.out) == (1, "")
    assert reason in ran.err
    assert "Nothing was changed." in ran.err
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert players(served.get(PAGE).text) == [SOUND]


def test_sixty_seconds_are_not_too_long(recorded: Any) -> None:
    """The control: just at the limit it is taken in, and its length is told."""
    ran = recorded(data=opus(60))
    assert (ran.code, "60 seconds" in ran.out) == (0, True)


@pytest.mark.parametrize(
    "step",
    ["nothing", "overdose-response", "overdose-response.nothing", "../../x.call", "sterile-supplies.syringe", "/etc.x"],
)
def test_only_emergency_steps_have_a_place(home: Path, recorded: Any, step: str) -> None:
    """A name that is no emergency step is refused and nothing is made."""
    ran = recorded(step)
    assert ran.code == 1
    assert "There is no emergency step" in ran.err
    assert not home.exists()


def test_no_other_language_and_no_missing_file(home: Path, recorded: Any, outreach: Any, tmp_path: Path) -> None:
    """An unknown language and a file that is not there are refused; half a command is a misuse."""
    assert "There is no language xx" in recorded(tag="xx").err
    missing = outreach("sounds", "add", "en", STEP, tmp_path / "not there.opus")
    assert (missing.code, "cannot be read" in missing.err) == (1, True)
    assert outreach("sounds", "add", "en").code == 2
    assert not home.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/en/..%2f..%2fkeys/ledger.opus",
        "/en/overdose-response/..%2f..%2f..%2fsecret.opus",
        "/en/overdose-response/%2e%2e/%2e%2e/secret.opus",
        "/en/overdose-response/..%5c..%5csecret.opus",
        "/..%2fsounds/overdose-response/call.opus",
        "/en/./call.opus",
    ],
)
def test_no_address_leads_out_of_the_folder(heard: tuple[Any, Callable[..., Any]], path: str) -> None:
    """An address that climbs out of the sounds folder finds nothing, even where an Opus file lies."""
    served, _ = heard
    (served.server.home / "secret.opus").write_bytes(opus())
    assert served.get(SOUND).status == 200, "the control"
    answer = served.get(path)
    assert answer.status in (400, 404)
    assert b"OpusHead" not in answer.body


def test_the_list_says_what_is_left_to_record(outreach: Any, recorded: Any, home: Path) -> None:
    """Every usable language with its emergency steps; one language step by step, with the words to speak."""
    rows = outreach.json("sounds", "--format", "json")
    assert {row["language"] for row in rows} >= {"en", "es", "ar"}
    assert all(row["steps"] > 20 and row["recorded"] == 0 for row in rows)
    assert not home.exists(), "reading makes no home"

    recorded()
    (home / "sounds" / "en" / "overdose-response.check.opus").write_bytes(opus())
    row = next(row for row in outreach.json("sounds", "--format", "json") if row["language"] == "en")
    assert (row["recorded"], row["again"]) == (1, 1)
    steps = {row["step"]: row for row in outreach.json("sounds", "--language", "en", "--format", "json")}
    assert steps[STEP]["recorded"] == "yes"
    assert "911" in steps[STEP]["words"]
    assert steps["overdose-response.check"]["recorded"] == "again"
    assert steps["overdose-response.stay"]["recorded"] == ""
    assert max(map(len, outreach("sounds", "--language", "en").out.splitlines())) <= 80


def test_a_browser_plays_it(served: Any, browser: Any, recorded: Any) -> None:
    """Under our policy Chromium loads nothing before it is asked to, then plays the recording to its end."""
    recorded(data=opus(0.4))
    asked: list[str] = []
    wrong: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(served.server.address + PAGE)
    player = page.locator("audio")
    assert player.count() == 1
    assert not any(url.endswith(".opus") for url in asked)
    length = player.evaluate(
        """async player => {
          player.muted = true
          await new Promise((ended, failed) => {
            player.onended = ended
            player.onerror = () => failed(player.error.message)
            player.play().catch(failed)
          })
          return player.duration
        }"""
    )
    context.close()

    assert length == pytest.approx(0.4, abs=0.05)
    assert any(url.endswith(SOUND) for url in asked)
    assert wrong == []
