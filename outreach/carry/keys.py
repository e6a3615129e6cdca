"""Keys in files: the laptop's own signing key, and random keys for what is encrypted."""

from __future__ import annotations

import errno
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.core.refusal import N_, NoRoom, Refusal
from outreach.core.roll import device_of
from outreach.home import Home, make_folder, sync_folder

# Cryptography is imported where something is signed, sealed or opened, here and beside here: no page waits for it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32


class KeyFileDamaged(Refusal):
    sentence = N_("The key file {file} is damaged. Nothing was changed or deleted. Put a copy of it back.")


class NoRoomForAKey(NoRoom):
    sentence = N_("The disk is full. No key was made and nothing was saved. Free some space, then try again.")


class KeyNotWritten(Refusal):
    sentence = N_(
        "The key file {file} could not be read or written: {why}. Nothing was changed. "
        "Check that its folder is there and may be written to, then try again."
    )


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """This laptop's Ed25519 key. `device` is its id, 32 hex digits; `public` the 32 bytes to check it with."""

    device: str
    public: bytes
    _private: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes that show this laptop said `message`."""
        return self._private.sign(message)


def device_key(home: Home) -> DeviceKey:
    """The home's signing key, made if there is none. Raises what `key_file` raises."""
    return signing_key(key_file(home.device_key))


def signing_key(secret: bytes) -> DeviceKey:
    """The signing key made of 32 secret bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(secret)
    public = private.public_key().public_bytes_raw()
    return DeviceKey(device_of(public), public, private)


def turned(secret: bytes, turn: str) -> bytes:
    """The secret of the device that this laptop is since a backup was restored on it; `turn` is drawn then."""
    return (
        hmac.digest(secret, b"outreach: device after a restore " + turn.encode("ascii"), "sha256") if turn else secret
    )


def coordinator_key(secret: bytes) -> DeviceKey:
    """The key with which the laptop of this secret speaks as a coordinator; no restore changes it."""
    return signing_key(hmac.digest(secret, b"outreach: coordinator", "sha256"))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the 32-byte public key signed `message`; False, too, for what is no key or signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_file(path: Path) -> bytes:
    """The 32 random bytes in `path`, drawn and written if there is no such file.

    Of several processes that come at once one writes, and all get the same bytes. A file that is
    there is never written over. Raises KeyFileDamaged, NoRoomForAKey or KeyNotWritten.
    """
    try:
        if not path.exists():
            make_folder(path.parent)
            _write_once(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoomForAKey() from problem
        raise KeyNotWritten(file=str(path), why=problem.strerror or "unknown") from problem
    if len(key) != KEY_BYTES:
        raise KeyFileDamaged(file=str(path))
    return key


def _write_once(path: Path, key: bytes) -> None:
    """Give `path` this content, for its owner only, whole or not at all, unless someone was faster."""
    rough = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(
            os.open(rough, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600), "wb"
        ) as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(rough, path)  # unlike a rename, never takes the place of a file that is there
        except FileExistsError:
            return
        except OSError:  # a stick's file system has no links
            if not path.exists():
                rough.rename(path)
        sync_folder(path.parent)
    finally:
        rough.unlink(missing_ok=True)
