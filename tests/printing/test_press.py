"""The drawing process may die in every way it likes: the answer is a sentence, and the next job prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.core.cards import PrintingNotPossible, PrintRefused
from outreach.printing.job import PrintJob
from outreach.printing.press import Press, Progress
from outreach.printing.refusals import (
    DesignMistake,
    PartMissing,
    PressStopped,
    PressTooSlow,
    PrintStopped,
    as_data,
    from_data,
    how_to_install,
)

ENDLESS = "<!DOCTYPE html>{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}<p>Some words."
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals")


def end_while_busy(press: Press, how: int) -> threading.Thread:
    """Send a signal to the worker a moment after it has got a job."""

    def run() -> None:
        while press._worker is None or not press._worker.asked:
            time.sleep(0.01)
        time.sleep(0.2)
        os.kill(press._worker.process.pid, how)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@posix_only
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_killed_worker_is_a_sentence_and_the_next_job_prints(mini: Callable[..., PrintJob], how: int) -> None:
    """Killed or crashed in the middle of a card: refused, nothing lost, and the same press prints the next one."""
    with Press() as press:
        thread = end_while_busy(press, how)
        with pytest.raises(PressStopped, match="Nothing was lost. Try again."):
            press.print(mini(html=ENDLESS))
        thread.join()
        assert press.print(mini()).sheets == 1


@posix_only
def test_a_worker_that_dies_between_jobs_is_not_noticed(mini: Callable[..., PrintJob]) -> None:
    """Ended while nothing was asked of it, it is simply replaced. It is also replaced after so many jobs."""
    with Press(jobs=2) as press:
        press.warm()
        assert press._worker
        first = press._worker.process
        os.kill(first.pid, signal.SIGKILL)
        first.wait()

        assert press.print(mini()).sheets == 1
        assert press._worker
        second = press._worker.process
        assert press.print(mini()).sheets == 1
        assert press._worker is None
        assert (first.poll(), second.poll()) == (-signal.SIGKILL, 0)


def test_an_endless_template_is_ended(mini: Callable[..., PrintJob]) -> None:
    """A design that loops is stopped at the time limit, in a sentence that says how long it was."""
    with Press(limit=1.5) as press:
        began = time.monotonic()
        with pytest.raises(PressTooSlow, match=r"longer than 1.5 seconds"):
            press.print(mini(html=ENDLESS))
        assert time.monotonic() - began < 10


def test_a_job_is_stopped_while_it_is_drawn_or_waits(mini: Callable[..., PrintJob]) -> None:
    """Whoever waits hears how many sides are drawn; said stop, it ends in a sentence, and the next job prints."""
    done = Progress()
    with Press() as press:
        press.print(mini(), done)
        assert (done.drawn, done.faces) == (2, 2)

        class Impatient(Progress):
            def told(self, drawn: int, faces: int) -> None:
                self.stop()

        for stopped in (Impatient(), Progress()):
            if type(stopped) is Progress:
                stopped.stop()  # before its turn came
            with pytest.raises(PrintStopped, match="Nothing was printed"):
                press.print(mini(html=ENDLESS), stopped)
        assert press.print(mini()).sheets == 1


@posix_only
def test_a_worker_does_not_outlive_its_program(mini: Callable[..., PrintJob], tmp_path: Path) -> None:
    """The program is killed while an endless design is drawn: the worker ends by itself, and burns nothing."""
    (tmp_path / "job").write_bytes(mini(html=ENDLESS).to_json())
    script = (
        "import sys, threading; from pathlib import Path; from outreach.printing.press import Press;"
        "from outreach.printing.job import PrintJob; press = Press();"
        "job = PrintJob.from_json(Path(sys.argv[1]).read_bytes());"
        "threading.Thread(target=press.print, args=(job,), daemon=True).start();"
        "exec('while not (press._worker and press._worker.asked): pass');"
        "print(press._worker.process.pid, flush=True); threading.Event().wait()"
    )
    folder = tmp_path / "temporary"
    folder.mkdir()
    env = os.environ | {"TMPDIR": str(folder)}
    program = subprocess.Popen([sys.executable, "-P", "-c", script, tmp_path / "job"], env=env, stdout=subprocess.PIPE)
    assert program.stdout
    os.kill(int(program.stdout.readline()), 0)
    assert list(folder.glob("outreach-*")), "the control: while it works it has a folder"
    program.kill()
    program.communicate()
    while list(folder.glob("outreach-*")):
        time.sleep(0.05)


@posix_only
def test_a_design_that_eats_the_memory_is_refused(press: Press, mini: Callable[..., PrintJob]) -> None:
    """The worker may take no more than a small laptop can spare; the press lives on."""
    hungry = "<!DOCTYPE html>{% set big = 'x' * 4000000000 %}{{ big }}<p>Some words."
    with pytest.raises(PrintRefused):
        press.print(mini(html=hungry))
    assert press.print(mini()).sheets == 1


@pytest.mark.parametrize(
    ("module", "fault", "refusal", "words"),
    [
        ("weasyprint", "raise OSError(\"cannot load library 'libpango-1.0-0'\")", PrintingNotPossible, "pango"),
        ("zxingcpp", "raise ModuleNotFoundError('gone', name='zxingcpp')", PartMissing, "zxingcpp"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(
    mini: Callable[..., PrintJob],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    fault: str,
    refusal: type[Exception],
    words: str,
) -> None:
    """Without Pango, printing says which command installs it; everything else of the program goes on working."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / f"{module}.py").write_text(fault)
    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from outreach.printing.worker import main; main()"
    start = subprocess.Popen

    def popen(command: list[str], **more: object) -> subprocess.Popen[bytes]:
        return start([sys.executable, "-c", script, str(tmp_path / "broken"), *command[-2:]], **more)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", popen)
    with Press() as press:
        assert isinstance(press.refusal(), refusal)
        with pytest.raises(refusal, match=words):
            press.print(mini())
        sides = press.fill(mini())
        assert [side for _, side in sides] == ["front", "back"], "a browser can still be given what it prints"
        assert all("</p>" in page for pages in sides.values() for page in pages)
        with pytest.raises(DesignMistake, match=r"card\.html, line 2"):
            press.fill(mini(html="<!DOCTYPE html>\n{{ nothing }}"))


def test_a_press_that_can_print_says_so(press: Press) -> None:
    """Asked whether cards can be printed here, it has nothing to refuse."""
    assert press.refusal() is None


def test_each_kind_of_computer_is_told_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian, Fedora, a Mac and Windows each read a command that exists there."""
    monkeypatch.setattr("shutil.which", lambda tool: tool == "apt-get")
    monkeypatch.setattr(sys, "platform", "linux")
    assert "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0" in how_to_install()
    monkeypatch.setattr("shutil.which", lambda tool: tool == "dnf")
    assert "sudo dnf install pango" in how_to_install()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "brew install pango" in how_to_install()
    monkeypatch.setattr(sys, "platform", "win32")
    assert "MSYS2" in how_to_install()


def test_a_refusal_crosses_from_the_worker_whole() -> None:
    """Name and values, so that doors can say it in another language."""
    sent = PressTooSlow(card="response", language="es", limit="60")
    with pytest.raises(KeyError):
        from_data(as_data(sent))  # this one is never sent
    refused = from_data(as_data(PartMissing(part="zxingcpp")))
    assert type(refused) is PartMissing
    assert str(refused) == str(PartMissing(part="zxingcpp"))


def test_the_drawing_library_stays_out_of_our_process() -> None:
    """Starting the press costs nothing: WeasyPrint, pdfium and the templates are loaded in the worker only."""
    script = (
        "import sys; import outreach.printing.press, outreach.printing.job\n"
        "print(sorted({'weasyprint', 'pypdfium2', 'zxingcpp', 'jinja2', 'qrcode', 'pydyf'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_nothing_stays_behind(mini: Callable[..., PrintJob], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the worker ends, its temporary folder goes; no core file, no font cache, no log is left."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "home").mkdir()
    with Press() as press:
        press.print(mini())
        assert list(place.iterdir())
        assert press._worker
        if os.name == "posix":
            os.kill(press._worker.process.pid, signal.SIGKILL)

    assert list(place.iterdir()) == []
    if os.name == "posix":  # and when it is the program that is killed, the worker clears up
        ours = (
            "import os, signal, sys; from outreach.printing.press import Press\n"
            "press = Press(); assert press.refusal() is None; os.kill(os.getpid(), signal.SIGKILL)"
        )
        ran = subprocess.run([sys.executable, "-c", ours], env=os.environ | {"TMPDIR": str(place)}, check=False)
        assert ran.returncode == -signal.SIGKILL
        until = time.monotonic() + 10
        while list(place.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert list(place.iterdir()) == []
    assert list((tmp_path / "home").iterdir()) == []
    assert not (tmp_path / "cache").exists()
