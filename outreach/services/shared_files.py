"""The public files of a home that travel to the other laptops: found, and read through as every laptop reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from outreach.content.alerts import read_alerts
from outreach.content.events import read_events
from outreach.content.funders import read_funders
from outreach.content.indicators import read_indicators
from outreach.content.law_checks import read_law_checks
from outreach.content.layouts import read_layouts
from outreach.content.own_topics import read_topics
from outreach.content.packs import read_packs
from outreach.content.participation import read_participation
from outreach.content.phones import read_own_phones
from outreach.content.printables import read_cards
from outreach.content.returns import read_returning
from outreach.content.stocking import read_levels, read_scales
from outreach.content.supplies import read_catalog
from outreach.content.tallying import read_tallying
from outreach.core.refusal import N_, Refusal
from outreach.core.shared import FILES_MAX, may_travel
from outreach.home import Home
from outreach.i18n.po_files import read_po_file
from outreach.i18n.review import read_records, read_signed

_FOLDERS = ("topics", "packs", "printables", "locales")


class CannotShare(Refusal):
    sentence = N_("A file of what is shared cannot be used: {why} Nothing of it was changed.")


def found(home: Home) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The files that are shared, by path; and the paths of those that stay behind, too large or oddly called."""
    files = [each for each in home.path.glob("*.toml") if each.is_file()]
    files += [each for name in _FOLDERS for each in (home.path / name).rglob("*") if each.is_file()]
    paths = sorted(each.relative_to(home.path).as_posix() for each in files)
    going = [path for path in paths if may_travel(path)]
    behind = [path for path in paths if path not in going and path.partition("/")[0] in _FOLDERS]
    sizes = {path: (home.path / path).stat().st_size for path in going}
    # Pictures on cards are what is large. Texts come first.
    by_weight = sorted(going, key=lambda path: (path.startswith("printables/"), sizes[path]))
    left, kept = FILES_MAX, []
    for path in by_weight:
        if sizes[path] <= left:
            left -= sizes[path]
            kept.append(path)
        else:
            behind.append(path)
    return {path: (home.path / path).read_bytes() for path in sorted(kept)}, tuple(sorted(behind))


def check(home: Home) -> None:
    """Read every shared file of a home as any page or print will. Raises CannotShare, which names the first bad one."""
    catalogs = sorted(home.locales.glob("*/LC_MESSAGES/*.po"))
    folders = sorted({*(each.parent.parent for each in catalogs), *home.locales.glob("*")})
    looks: list[Callable[[], object]] = [
        lambda: read_topics(home),
        lambda: read_catalog(home),
        lambda: read_events(home),
        lambda: read_cards(home),
        lambda: read_layouts(home),
        lambda: read_packs(home, read_indicators(), read_catalog(home), read_events(home)),
        lambda: read_own_phones(home.phones),
        lambda: read_alerts(home.alerts),
        lambda: read_funders(home.funders),
        lambda: read_levels(home.stock),
        lambda: read_scales(home.weighing),
        lambda: read_returning(home.returns),
        lambda: read_law_checks(home.law_checks),
        lambda: read_participation(home.participation),
        lambda: read_tallying(home.tallying),
        lambda: read_signed(home.review),
        *(lambda file=file: read_po_file(file) for file in catalogs),
        *(lambda folder=folder: _records(folder) for folder in folders),
    ]
    for look in looks:
        try:
            look()
        except Refusal as refusal:
            raise CannotShare(why=str(refusal)) from refusal
        except (ValueError, TypeError, KeyError, AttributeError, LookupError, RecursionError, OSError) as problem:
            raise CannotShare(why=f"{type(problem).__name__}.") from problem


def _records(folder: Path) -> object:
    return read_records(folder.name, folder.parent)
