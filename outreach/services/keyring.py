"""The keys of a home: beside the database, or wrapped in a passphrase, which locks and unlocks the ledger."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from outreach.carry.keys import KEY_BYTES, key_file
from outreach.carry.wrapping import (
    NotAWrap,
    WrongWords,
    recipient_in,
    unwrap,
    unwrap_by_recovery,
    wrap,
)
from outreach.core.refusal import N_, Refusal
from outreach.home import Home, sync_folder
from outreach.store.engine import ENCRYPTED, lock_of
from outreach.store.files import destroy, write_key
from outreach.store.refusals import LedgerBusy, WrongKey
from outreach.store.rekeying import fits, rekey

LEDGER, DEVICE = "ledger", "device"

NEXT, OLD = ".next", ".old"
"""End the names of a key file that is about to count, and of one that no longer does."""


class Locked(Refusal):
    sentence = N_("This is locked. Unlock it with the passphrase to see it.")


class OtherWords(WrongWords):
    sentence = N_(
        "The passphrase was being changed when this computer stopped. Use the other one: the one from before, or the "
        "new one."
    )


class WaitToTryAgain(Refusal):
    sentence = N_("Wait {seconds} seconds, then try again. Nothing was changed.")


class PassphraseThere(Refusal):
    sentence = N_("There is a passphrase already. Change it, or remove it.")


class NoPassphrase(Refusal):
    sentence = N_("There is no passphrase here. Nothing was changed.")


class NothingToEncrypt(Refusal):
    sentence = N_("Nothing is encrypted on this computer, so a passphrase would protect nothing. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the ledger, and what signs this laptop's sheets."""

    ledger: bytes = field(repr=False)
    device: bytes = field(repr=False)

    def named(self) -> dict[str, bytes]:
        return {LEDGER: self.ledger, DEVICE: self.device}


class Keyring:
    """The keys of one home, as this process has them. Threads may share it.

    Other processes may set, change or remove the passphrase meanwhile: what is held counts only while
    the wrapped file is the one it came from.
    """

    def __init__(self, home: Home, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._clock = home, clock
        self._wrapped, self._plain = home.wrapped_keys, (home.ledger_key, home.device_key)
        # The ledger's own: whoever changes keys needs both, and two would be taken in two orders.
        self._lock = lock_of(home.ledger)
        self._held: tuple[Stamp, Keys] | None = None
        self._wrong, self._not_before = 0, 0.0

    # --- what there is ---

    @property
    def has_passphrase(self) -> bool:
        if not self._wrapped.exists() and any(_beside(self._wrapped, end).exists() for end in (NEXT, OLD)):
            with suppress(LedgerBusy):  # then it is being set or removed just now
                self._settle()
        return self._wrapped.exists()

    @property
    def has_recovery(self) -> bool:
        """Whether a coordinator's recovery key opens this home too. Raises NotAWrap."""
        return self.has_passphrase and recipient_in(self._wrapped.read_bytes()) is not None

    @property
    def is_locked(self) -> bool:
        """Whether there is a passphrase and this process has not got the keys."""
        held = self._held
        return self.has_passphrase and (held is None or held[0] != _stamp(self._wrapped))

    def seen(self) -> tuple[object, ...]:
        """Differs when the keys, or the ledger's file, are others than before."""
        try:
            file = self._home.ledger.stat().st_ino
        except OSError:
            file = None
        return file, _stamp(self._wrapped), _stamp(self._home.ledger_key)

    def ledger_key(self) -> bytes:
        """The key of the ledger; drawn when there is neither. Raises Locked, WrongKey and what `key_file` raises."""
        held = self._unlocked()
        if held is None and self._home.ledger.exists() and not self._home.ledger_key.exists():
            # Drawing a new key here would hide that the right one is missing.
            raise WrongKey(file=str(self._home.ledger))
        return held.ledger if held else key_file(self._home.ledger_key)

    def device_key(self) -> bytes:
        """The secret that signs this laptop's sheets; drawn with the first. Raises Locked."""
        held = self._unlocked()
        return held.device if held else key_file(self._home.device_key)

    def _unlocked(self) -> Keys | None:
        """The wrapped keys; None where there is no passphrase."""
        if not self.has_passphrase:
            return None
        for left in self._plain:  # a cut left them; nothing opens with them any more
            if left.exists():
                destroy(left)
        held = self._held
        if held is None or held[0] != _stamp(self._wrapped):
            self._held = None
            raise Locked()
        return held[1]

    # --- opening and forgetting ---

    def unlock(self, words: str) -> None:
        """Hold the keys from now on. Raises WrongWords, WaitToTryAgain, NoPassphrase, NotAWrap or LedgerBusy."""
        with self._lock:
            keys = self.by_words(words)
            self._held = _stamp(self._wrapped), keys

    def lock(self) -> None:
        """Let the keys go. Python may leave copies in memory until that is used again."""
        self._held = None

    def by_words(self, words: str) -> Keys:
        """The keys, for who has the words; as `unlock`, and holds nothing."""
        with self._lock:
            left = self._not_before - self._clock()
            if left > 0:
                raise WaitToTryAgain(seconds=math.ceil(left))
            try:
                keys = self._opened(lambda blob: unwrap(blob, words))
            except WrongWords:
                self._wrong += 1
                # Mistyping costs nothing; a machine that guesses gets a try every few seconds.
                self._not_before = self._clock() + (min(2 ** (self._wrong - 3), 4) if self._wrong > 2 else 0)
                raise
            self._wrong = 0
            return keys

    def by_recovery(self, identity: str) -> Keys:
        """The keys, for who has the recovery key. Raises WrongRecoveryKey, NoPassphrase, NotAWrap or LedgerBusy."""
        with self._lock:
            return self._opened(lambda blob: unwrap_by_recovery(blob, identity))

    def _opened(self, open_: Callable[[bytes], dict[str, bytes]]) -> Keys:
        """The keys that open the ledger, from the wrapped file or one that a cut-off change left beside it."""
        if not self.has_passphrase:
            raise NoPassphrase()
        refused: list[Refusal] = []
        next_ = _beside(self._wrapped, NEXT)
        for file in [each for each in (self._wrapped, next_) if each.exists()]:
            try:
                keys = Keys(**open_(file.read_bytes()))
            except Refusal as refusal:
                refused.append(refusal)
                continue
            if fits(self._home.ledger, keys.ledger, lambda file=file: self._adopt(file)):  # type: ignore[misc]
                return keys
            refused.insert(0, OtherWords() if next_.exists() else WrongKey(file=str(self._home.ledger)))
        raise refused[0]

    def _adopt(self, file: Path) -> None:
        """Make `file` the wrapped one and sweep what a cut left; called while nobody changes keys."""
        if file != self._wrapped:
            file.replace(self._wrapped)
            sync_folder(self._wrapped.parent)
        self._sweep()

    def _sweep(self) -> None:
        for left in (_beside(self._wrapped, NEXT), *self._plain, *(_beside(key, NEXT) for key in self._plain)):
            destroy(left)
        sync_folder(self._wrapped.parent)

    def _settle(self) -> None:
        """Finish or take back a setting or removing that was cut off."""
        with self._lock:
            if _beside(self._wrapped, OLD).exists():
                self._finish_removing()
            elif not self._wrapped.exists() and self._home.ledger_key.exists():
                next_ = _beside(self._wrapped, NEXT)
                if not fits(self._home.ledger, key_file(self._home.ledger_key), lambda: destroy(next_)):
                    with suppress(FileNotFoundError):  # another process was at it, too
                        self._adopt(next_)

    # --- setting, changing, removing: what rekeys the ledger, and nothing else does ---

    def set(self, words: str, recovery: str | None = None) -> None:
        """Wrap the keys in these words from now on. The ledger must be there, and open nowhere in this process.

        Raises PassphraseThere, NothingToEncrypt, WrongRecoveryKey and what `rekey` raises.
        """
        with self._lock:
            if not ENCRYPTED:
                raise NothingToEncrypt()
            if self.has_passphrase:
                raise PassphraseThere()
            secret = self._home.device_key
            device = key_file(secret) if secret.exists() else secrets.token_bytes(KEY_BYTES)
            self.rewrap(Keys(self.ledger_key(), device), words, recovery)

    def rewrap(self, keys: Keys, words: str, recovery: str | None) -> None:
        """Draw a new key for the ledger and wrap it, and the device's, in `words`; the old one is then of no use.

        As `set`. `recovery` is the recipient of the recovery key; None keeps the one there is.
        """
        from outreach.services import backups  # with the ledger's own modules; see `strongbox`

        with self._lock:
            next_ = _beside(self._wrapped, NEXT)
            if recovery is None and self._wrapped.exists():
                recovery = recipient_in(self._wrapped.read_bytes())
            new = Keys(secrets.token_bytes(KEY_BYTES), keys.device)
            blob = wrap(new.named(), words, recovery)
            if unwrap(blob, words) != new.named():
                raise NotAWrap()

            def keep() -> None:
                destroy(next_)
                write_key(next_, blob)
                backups.before_rekey(self._home)

            try:
                rekey(self._home.ledger, keys.ledger, new.ledger, keep, lambda: self._adopt(next_))
            except Refusal:
                with suppress(Refusal):
                    fits(self._home.ledger, keys.ledger, lambda: destroy(next_))
                raise
            self._held = _stamp(self._wrapped), new
            backups.after_rekey(self._home, keys.ledger, new.ledger)

    def remove(self, words: str) -> None:
        """Put the keys beside the database again. As `set`; raises what `unlock` raises, too."""
        with self._lock:
            # A new key first: whoever copied the file while it was locked shall not find its key here later.
            self.rewrap(self.by_words(words), words, None)
            keys = self.by_words(words)
            for path, key in zip(self._plain, (keys.ledger, keys.device), strict=True):
                destroy(_beside(path, NEXT))
                write_key(_beside(path, NEXT), key)
            # From this rename on there is none, whatever is cut off: `_settle` does the rest.
            self._wrapped.replace(_beside(self._wrapped, OLD))
            sync_folder(self._wrapped.parent)
            self._finish_removing()
            self._held = None

    def _finish_removing(self) -> None:
        for path in self._plain:
            with suppress(FileNotFoundError):
                _beside(path, NEXT).replace(path)
        sync_folder(self._wrapped.parent)
        destroy(_beside(self._wrapped, OLD))


Stamp = tuple[int, int] | None


def _stamp(file: Path) -> Stamp:
    """Differs when a key file was written anew; None when it is not there."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
