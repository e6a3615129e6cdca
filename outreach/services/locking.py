"""When the program locks by itself: nobody used it for a while, or the computer slept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, RLock, Thread

from outreach.core.refusal import Refusal
from outreach.core.safety import Safety
from outreach.services.program import Program
from outreach.services.safety import safety

SLEPT = 2.0
"""Seconds of sleep that count as a closed lid; less is what two clocks differ by when they are read."""
LOOKS = 5.0
"""Seconds from one look to the next when no page is asked for."""
CAREFUL = Safety(lock_on_close=True, lock_on_lid=True)
"""What holds while the program's own choices cannot be read."""


def _clock(*names: str) -> Callable[[], float]:
    """The first of these clocks that the system has."""
    for name in names:
        if (number := getattr(time, name, None)) is not None:
            return lambda: time.clock_gettime(number)
    return time.monotonic


def _awake() -> Callable[[], float]:
    if sys.platform != "win32":
        return _clock("CLOCK_UPTIME_RAW")
    import ctypes

    ticks = ctypes.c_ulonglong()

    def awake() -> float:
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 1e7

    return awake


@dataclass(frozen=True, slots=True)
class Clocks:
    """Seconds since some moment: `whole` goes on while the computer sleeps, `awake` does not. Nobody can set them."""

    whole: Callable[[], float] = field(default_factory=lambda: _clock("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"))
    awake: Callable[[], float] = field(default_factory=_awake)


def chosen(program: Program) -> Safety:
    """When the program locks by itself; the careful way while its file is damaged."""
    try:
        return safety(program)
    except Refusal:
        return CAREFUL


def lock(program: Program) -> None:
    """Lock at once. What cards say of the program stays known, so that they can be printed as before."""
    from outreach.services import settings  # whoever locks counts; who reads the guide needs none of it

    with suppress(Refusal):
        settings.on_cards(program)
    program.lock()


class Watch:
    """Locks a program that is left alone. Threads may share it."""

    def __init__(self, program: Program, clocks: Clocks | None = None) -> None:
        self._program = program
        self._clocks = clocks or Clocks()
        self._lock = RLock()
        self._slept = self._asleep()
        self._used = self._clocks.whole()

    def used(self) -> None:
        """Somebody is at the pages now."""
        self._used = self._clocks.whole()

    def look(self) -> None:
        """Lock when it is time to; comes before anything is answered. Never refuses."""
        with self._lock:
            slept, before = self._asleep(), self._slept
            self._slept = slept
            if not self._program.keyring.has_passphrase or self._program.is_locked:
                return
            choice = chosen(self._program)
            alone = self._clocks.whole() - self._used
            if (
                choice.lock_on_lid
                and slept - before > SLEPT
                or choice.lock_after_minutes
                and alone >= choice.lock_after_minutes * 60
            ):
                lock(self._program)

    def _asleep(self) -> float:
        return self._clocks.whole() - self._clocks.awake()

    @contextmanager
    def kept_up(self) -> Iterator[None]:
        """Look now and then inside, also when no page is asked for."""
        done = Event()

        def look_again() -> None:
            while not done.wait(LOOKS):
                self.look()

        Thread(target=look_again, daemon=True).start()
        try:
            yield
        finally:
            done.set()
