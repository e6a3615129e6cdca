"""docs/hub.md, typed as it stands: every console in it, in its order, says what the page says it does."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.typed import DIGITS, DOCS, plain, steps
from tests.conftest import Cluster, Ran, Shell

PAGE = (DOCS / "hub.md").read_text(encoding="utf-8")


@pytest.fixture
def server() -> Iterator[Cluster]:
    """One without anybody's roles: the page says that they are made."""
    with tempfile.TemporaryDirectory(prefix="hub-", ignore_cleanup_errors=True) as folder:
        started = Cluster(Path(folder)).start()
        yield started
        started.crash()


@pytest.mark.proof
def test_the_page_is_true(server: Cluster, tmp_path: Path, shell: Callable[[Path], Shell]) -> None:
    """The department, a van and a program's own hub, each on a home of its own, on one PostgreSQL.

    The control: with one number of the page changed the comparison says so.
    """
    admin = server.database("hub")
    homes = {who: shell(tmp_path / who) for who in ("health", "van", "big")}
    homes["health"].env["OUTREACH_HUB"] = server.address("health")
    homes["big"].env["OUTREACH_HUB"] = server.address("big-program")
    van = homes["van"]
    for words in (
        ("sites", "add", "north", "--name", "North lot", "--model", "mobile"),
        ("settings", "program-name", "Night van"),
        ("tally", "--site", "north", "--day", "2026-10-07", "naloxone-nasal=12", "kit-naloxone-nasal=4")
        + ("returned:syringe-1ml=40", "syringe-1ml=60", "--encounters", "9"),
    ):
        assert van(*words).code == 0
    (tmp_path / "returns").mkdir()
    shown: dict[str, str] = {}
    told = 0
    for who, typed, said in steps(PAGE):
        if who == "file":
            (tmp_path / typed).write_text(said, encoding="utf-8")
            continue
        words = shlex.split(DIGITS.sub(lambda found, known=shown: known[found[0]], typed))
        if words[-1] == "returns/":
            (tmp_path / "night-van-2026-10.return").rename(tmp_path / "returns" / "october.return")
        words = [admin if each == "postgresql:///outreach" else each for each in words]
        ran: Ran = homes[who](*words, cwd=tmp_path)
        assert ran.code == 0, (typed, ran.err)
        shown |= dict(zip(DIGITS.findall(said), DIGITS.findall(ran.out), strict=False))
        if words[:2] == ["hub", "key"]:
            (van.home / "returns.toml").write_text(ran.out, encoding="utf-8")
        if said.strip() != "...":
            assert plain(ran.out) == plain(said), typed
            told += 1
    assert told > 12 and " 20 " in said
    assert plain(ran.out) != plain(said.replace(" 20 ", " 21 ")), "the control"
    assert van("report", "totals", "--period", "2026-10").out == ran.out, "the laptop says the same"
