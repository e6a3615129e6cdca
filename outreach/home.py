"""Where this laptop keeps its own things; made when something is written, never before."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The one writable folder. Every path below it is named here and nowhere else."""

    path: Path

    @property
    def ledger(self) -> Path:
        return self.path / "outreach.db"

    @property
    def open_sheets(self) -> Path:
        return self.path / "open"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def ledger_key(self) -> Path:
        return self.keys / "ledger.key"

    @property
    def device_key(self) -> Path:
        return self.keys / "device.key"

    @property
    def wrapped_keys(self) -> Path:
        """The two keys above under the words of a passphrase; there when one is set, and only then."""
        return self.keys / "wrapped.json"

    @property
    def backups(self) -> Path:
        """The last three copies of the ledger, and what was here before a backup was restored; under the same key."""
        return self.path / "backups"

    @property
    def ballast(self) -> Path:
        """A megabyte of nothing, given up when the disk is full."""
        return self.path / "ballast"

    @property
    def token(self) -> Path:
        return self.path / "token"

    @property
    def sounds(self) -> Path:
        """The program's own recordings, one folder a language."""
        return self.path / "sounds"

    @property
    def running(self) -> Path:
        """The port of the `outreach serve` that uses this home now."""
        return self.path / "running"

    @property
    def safety(self) -> Path:
        """When this laptop locks, how long days are kept, and what stops all of that. Readable when locked."""
        return self.path / "safety.toml"

    @property
    def clearing(self) -> Path:
        """There from when a clearing of this laptop begins until it is done."""
        return self.path / "clearing"

    # The program's own public data: readable when locked, and never in the ledger.

    @property
    def topics(self) -> Path:
        return self.path / "topics"

    @property
    def phones(self) -> Path:
        return self.path / "phones.toml"

    @property
    def events(self) -> Path:
        """Events of the program's own, in the shape of the shipped ones."""
        return self.path / "events.toml"

    @property
    def tallying(self) -> Path:
        """What the program counts, and in which order."""
        return self.path / "tally.toml"

    @property
    def packs(self) -> Path:
        """Funders' sets of questions that the program added, one file each, in the shape of the shipped ones."""
        return self.path / "packs"

    @property
    def stock(self) -> Path:
        """The least of each item that should be on hand."""
        return self.path / "stock.toml"

    @property
    def funders(self) -> Path:
        """Who pays for supplies, and what each may not pay for."""
        return self.path / "funders.toml"

    @property
    def weighing(self) -> Path:
        """What the program's own containers of returned syringes weigh and hold."""
        return self.path / "weighing.toml"

    @property
    def returns(self) -> Path:
        """Which county each site lies in, and the key of the department that gets month totals."""
        return self.path / "returns.toml"

    @property
    def alerts(self) -> Path:
        return self.path / "alerts.toml"

    @property
    def cards(self) -> Path:
        """The program's own cards, one folder each."""
        return self.path / "printables"

    @property
    def layouts(self) -> Path:
        """Label stock of the program's own, in the shape of the shipped rows."""
        return self.cards / "layouts.toml"

    @property
    def printers(self) -> Path:
        """What makes up for each printer, found with the calibration page."""
        return self.path / "printers.toml"

    @property
    def setup(self) -> Path:
        """Which languages stand first on this laptop, which paper it prints on. Its own: not shared with others."""
        return self.path / "setup.toml"

    @property
    def law_checks(self) -> Path:
        """Who looked over which state's law, and when; without it that law is not printed."""
        return self.path / "law-checks.toml"

    @property
    def participation(self) -> Path:
        """Counsel's wording for the participation card, which is off until this is there."""
        return self.path / "participation.toml"

    @property
    def demo(self) -> Path:
        """Its presence makes every page and card say DEMO."""
        return self.path / "DEMO"

    @property
    def locales(self) -> Path:
        """The program's own translations, in the shape of the shipped ones."""
        return self.path / "locales"

    @property
    def review(self) -> Path:
        """Which topics were signed as a whole. Public, like the words it is about."""
        return self.path / "review.toml"

    @property
    def replaced(self) -> Path:
        """What this laptop had changed by itself and a coordinator's version took the place of, by that edition."""
        return self.path / "replaced"

    @property
    def edition(self) -> Path:
        """Which edition of what the program shares was taken last; another one tells a running server to look."""
        return self.path / "edition"

    @property
    def taking(self) -> Path:
        """A coordinator's files on their way in, until all of them are in place."""
        return self.path / "taking"

    @property
    def taking_plan(self) -> Path:
        """There from when they begin to be put in place until that is done."""
        return self.taking / "plan.json"

    @property
    def is_demo(self) -> bool:
        return self.demo.exists()

    def make(self) -> None:
        """Create the folder for its owner only. Safe to call again."""
        make_folder(self.path)


def make_folder(path: Path) -> None:
    """Create a folder, and those above it that are missing, for its owner only, with their names on disk.

    Syncing what is in a new folder does not promise that the folder itself is there after a power cut.
    """
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names of new and removed files on disk, too, not only what is in them."""
    if os.name == "nt":  # Windows gives out no handle of a folder that could be synced
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def find_home(option: str | None = None) -> Home:
    """The home asked for, else OUTREACH_HOME, else the platform's user data folder. Creates nothing."""
    chosen = option or os.environ.get("OUTREACH_HOME")
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    user = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", user / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = user / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", user / ".local" / "share"))
    return Home(base / "outreach")
