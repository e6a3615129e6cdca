"""One tap after the other on an open sheet, beside a bare Flask app that counts one up: `python benchmarks/tap.py`.

Both answer once the count is on disk, under waitress, over a connection each. The bare app has one route and one row in
SQLite, with the ledger's own settings for what is on disk when (a journal cut to nothing, EXTRA, what was overwritten
is zeroed) and none of its encryption. It asks nobody who they are and would count a tap twice that was sent twice.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from counting import open_sheet, turns
from guide_page import a_port, wait_for


def serve_bare(port: int, file: str) -> None:
    import waitress
    from flask import Flask, request

    app = Flask(__name__)
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE counter (name TEXT PRIMARY KEY, quantity INTEGER NOT NULL) STRICT")
    connection.execute("INSERT INTO counter VALUES ('cooker', 0)")

    @app.post("/taps")
    def tap() -> dict[str, int]:
        change = request.get_json()["change"]
        connection.execute("BEGIN IMMEDIATE")
        ((now,),) = connection.execute("UPDATE counter SET quantity = quantity + ? RETURNING quantity", (change,))
        connection.execute("COMMIT")
        return {"quantity": now}

    # One thread: the one who asks waits for each answer before the next tap.
    waitress.serve(app, host="127.0.0.1", port=port, threads=1, ident=None, _quiet=True)


def tapped(folder: Path, rounds: int) -> list[list[float]]:
    """Seconds of each tap, ours and the bare one in turns."""
    port, n = a_port(), 0
    folder.mkdir()
    bare = subprocess.Popen([sys.executable, __file__, "--bare", str(port), str(folder / "bare.db")])
    ask = urllib.request.Request(  # noqa: S310
        f"http://127.0.0.1:{port}/taps", b'{"change": 1}', {"Content-Type": "application/json"}
    )
    try:
        wait_for(port)
        with open_sheet(folder / "home") as sheet:
            tab = sheet.tab()

            def ours() -> None:
                nonlocal n
                n += 1
                sheet.tap(tab, n)

            def theirs() -> None:
                with urllib.request.urlopen(ask) as answer:  # noqa: S310
                    answer.read()

            return turns(rounds, ours, theirs)
    finally:
        bare.terminate()
        bare.wait()


def main() -> None:
    asked = argparse.ArgumentParser(description="Time a tap beside a bare count.")
    asked.add_argument("--rounds", type=int, default=300)
    asked.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.bare:
        serve_bare(int(given.bare[0]), given.bare[1])
        return
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as folder:
        ours, bare = map(statistics.median, tapped(Path(folder) / "tap", given.rounds))
    print(f"tap  {ours * 1000:.1f} ms, bare {bare * 1000:.1f} ms: {ours / bare:.2f} times")


if __name__ == "__main__":
    main()
