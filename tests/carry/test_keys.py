"""Keys in files: drawn once, for their owner only, never half written and never written over."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from outreach.carry.keys import KeyFileDamaged, KeyNotWritten, device_key, key_file, verify
from outreach.core.roll import device_of
from outreach.home import Home

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_key_is_drawn_once(tmp_path: Path) -> None:
    """The first call draws 32 bytes, every later one reads the same; another file has other bytes."""
    first = key_file(tmp_path / "keys" / "a.key")

    assert len(first) == 32
    assert key_file(tmp_path / "keys" / "a.key") == first
    assert key_file(tmp_path / "keys" / "b.key") != first


def test_a_key_is_for_its_owner(tmp_path: Path) -> None:
    """The file is 0600 in a folder 0700, and nothing is left of writing it."""
    key_file(tmp_path / "keys" / "a.key")

    assert stat.S_IMODE((tmp_path / "keys" / "a.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["a.key"]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    """A key file of another length is never replaced: what it opened would be lost for good."""
    path = tmp_path / "a.key"
    path.write_bytes(content)

    with pytest.raises(KeyFileDamaged, match="a.key is damaged"):
        key_file(path)
    assert path.read_bytes() == content


def test_no_place_for_a_key_is_a_sentence(tmp_path: Path) -> None:
    """Where no file can be made, the refusal says so in words."""
    (tmp_path / "file").touch()

    with pytest.raises(KeyNotWritten):
        key_file(tmp_path / "file" / "a.key")


def test_a_full_disk_leaves_no_half_key(tmp_path: Path) -> None:
    """With room for some bytes of a key only, there is no key file, and there is one when there is room."""
    code = """
import resource, sys
from pathlib import Path
from outreach.carry.keys import NoRoomForAKey, key_file
path = Path(sys.argv[1]) / "a.key"
resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
try: key_file(path)
except NoRoomForAKey: print(list(path.parent.iterdir()))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(len(key_file(path)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["[]", "32"]


def test_processes_that_come_at_once_get_one_key(tmp_path: Path) -> None:
    """Of several processes that need a key at the same moment one draws it, and all go on with that one."""
    code = """
import sys
from pathlib import Path
from outreach.carry.keys import key_file
print("ready", flush=True)
sys.stdin.readline()
for n in range(30): print(key_file(Path(sys.argv[1]) / f"{n}.key").hex())
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate()[0] for process in processes}

    assert len(said) == 1
    assert len(set(said.pop().split())) == 30


def test_the_device_is_named_by_its_key(home: Home) -> None:
    """A device's id is the first 128 bits of its public key's hash; it says nothing about the laptop."""
    key = device_key(home)

    assert key.device == device_of(key.public) == hashlib.sha256(key.public).hexdigest()[:32]
    assert device_key(home) == key
    assert home.device_key.read_bytes() != key.public


def test_the_private_key_is_not_shown(home: Home) -> None:
    """Printing a key for someone to look at shows the public part only."""
    key = device_key(home)

    assert key.device in repr(key)
    assert "private" not in repr(key).lower() and home.device_key.read_bytes().hex() not in repr(key)


def test_what_was_signed_can_be_checked(home: Home, tmp_path: Path) -> None:
    """The signature holds for this message and this key, and for no other."""
    key, other = device_key(home), device_key(Home(tmp_path / "other"))
    signature = key.sign(b"a sheet")

    assert len(signature) == 64
    assert verify(key.public, b"a sheet", signature)
    assert not verify(key.public, b"another", signature)
    assert not verify(other.public, b"a sheet", signature)
    assert not verify(key.public, b"a sheet", bytes(64))


@pytest.mark.parametrize(("public", "signature"), [(b"", bytes(64)), (bytes(31), bytes(64)), (bytes(32), b"")])
def test_what_is_no_key_or_signature_does_not_hold(public: bytes, signature: bytes) -> None:
    """Bytes from anywhere are answered with no, not with an error."""
    assert not verify(public, b"a sheet", signature)


def test_the_signature_has_its_form_for_good(tmp_path: Path) -> None:
    """Ed25519 as everyone knows it (RFC 8032, test 2), so that any tool can check a sheet."""
    home = Home(tmp_path)
    home.keys.mkdir()
    home.device_key.write_bytes(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    key = device_key(home)

    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
