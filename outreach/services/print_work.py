"""An order while it is being made: how far it is, how it ended, and the way to stop it."""

from __future__ import annotations

from threading import Lock, Thread

from outreach.core.refusal import Refusal
from outreach.core.sheets import ClosedSheet
from outreach.printing.job import Printed, PrintJob
from outreach.printing.press import Press, Progress
from outreach.printing.refusals import PrintStopped


class PrintWork:
    """Begins at once, in a thread of its own. One of `printed` and `refusal` is there once it is `done`."""

    def __init__(self, press: Press, job: PrintJob) -> None:
        self.job, self.order = job, job.order
        self.progress = Progress()
        self.progress.faces = len(list(job.faces()))
        self.printed: Printed | None = None
        self.refusal: Refusal | None = None
        self.once = Lock()
        self.stocked: ClosedSheet | None = None
        """What was saved when someone said that the cards had printed; held under `once`."""
        self._thread = Thread(target=self._run, args=(press, job), daemon=True)
        self._thread.start()

    def _run(self, press: Press, job: PrintJob) -> None:
        try:
            self.printed = press.print(job, self.progress)
        except Refusal as refusal:
            self.refusal = refusal
        except Exception:
            self.refusal = Refusal()  # no traceback reaches a person, and none is written down

    @property
    def done(self) -> bool:
        return bool(self.printed or self.refusal)

    def wait(self, seconds: float) -> bool:
        """Whether it was done within that time."""
        self._thread.join(seconds)
        return self.done

    def stop(self) -> None:
        """End it now, also while it waits for another one; it is refused then. One that is done stays done."""
        if not self.done:
            self.refusal = PrintStopped()
            self.progress.stop()
