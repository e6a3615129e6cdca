"""A made-up year of a program that does not exist, the same on every machine for the same days."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from outreach.core.refusal import N_, Refusal
from outreach.core.returns import WEIGHED, Weighing
from outreach.core.sheets import Movement
from outreach.core.tally import FIRST_PLAUSIBLE_DAY
from outreach.home import Home
from outreach.services import demo_stock, settings, tally
from outreach.services.program import Program

_SITES = (
    ("north", "North lot", "mobile", (0, 3)),
    ("harbor", "Harbor street", "street", (1, 4)),
    ("drop-in", "Drop-in room", "fixed", (0, 2, 4)),
)
# Units given per ten visits, roughly as small programs report them; a demo, not a finding.
_PER_TEN = {
    "kit-naloxone-nasal": 4,
    "kit-safer-smoking": 5,
    "kit-safer-injecting": 3,
    "naloxone-nasal": 2,
    "naloxone-im": 3,
    "fentanyl-strip": 14,
    "xylazine-strip": 6,
    "syringe-1ml": 110,
    "cooker": 40,
    "sterile-water": 45,
    "alcohol-swab": 90,
    "tourniquet": 12,
    "foil-sheet": 25,
    "sharps-container-1qt": 3,
}

_REFERRALS = ("referral-sud", "referral-hiv", "referral-hcv", "referral-wound", "referral-housing")


class RealHome(Refusal):
    sentence = N_("{home} holds a program's own counts. A demo is made only in a home of its own. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Made:
    home: Home
    sheets: int


def make(real: Home, years: int, today: date | None = None) -> Made:
    """Fill the demo home beside `real` up to yesterday; starts over when it was made before."""
    home = Home(real.path.with_name(real.path.name + "-demo"))
    if home.path.exists() and not home.is_demo:
        raise RealHome(home=home.path)
    _clear(home)
    home.make()
    home.demo.write_text("This home is a demo.\n", encoding="utf-8")
    program = Program(home)
    settings.change(program, {"program-name": "Example Outreach", "program-phone": "555-0142"})
    for code, name, model, _ in _SITES:
        settings.add_site(program, code, name, model)
    last = (today or date.today()) - timedelta(days=1)
    sessions = {(site, day): _session(site, day) for site, day in _sessions(last, years)}
    given = {
        at: {item: n for (item, movement), n in whole.counts.items() if movement is Movement.GIVEN and n}
        for at, whole in sessions.items()
    }
    demo_stock.prepare(program, last - timedelta(days=365 * years))
    sheets = demo_stock.before_sessions(program, given, last)
    for whole in sessions.values():
        tally.record(program, whole, today=whole.day, again=True)
    sheets += len(sessions) + demo_stock.after_sessions(program, given, last)
    program.copy_anew()
    return Made(home, sheets)


def _sessions(last: date, years: int) -> list[tuple[str, date]]:
    days = (last - timedelta(days=back) for back in reversed(range(365 * years)))
    days = (day for day in days if day >= FIRST_PLAUSIBLE_DAY)
    return [(code, day) for day in days for code, _, _, weekdays in _SITES if day.weekday() in weekdays]


def _session(site: str, day: date) -> tally.WholeSheet:
    """One believable session, drawn from its own day so that it never changes."""
    draw = random.Random(f"{site} {day.isoformat()}")  # noqa: S311 - a demo, nothing secret
    visits = draw.randint(8, 34)
    counts: dict[tuple[str, Movement], int] = {}
    for item, per_ten in _PER_TEN.items():
        if draw.random() < 0.85:
            counts[item, Movement.GIVEN] = round(visits * per_ten / 10 * draw.uniform(0.6, 1.4))
    counts["syringe-1ml", Movement.RETURNED] = round(visits * draw.uniform(4, 9))
    return tally.WholeSheet(
        site,
        day,
        None,
        counts,
        encounters=visits,
        others=draw.randint(0, visits // 3),
        hours=Fraction(draw.choice((12, 14, 16)), 4),
        events=_events(site, day, visits),
    )


def _events(site: str, day: date, visits: int) -> dict[str, int]:
    """What happened beside supplies, drawn apart so that the counts of supplies stay as they were."""
    draw = random.Random(f"events {site} {day.isoformat()}")  # noqa: S311 - a demo, nothing secret
    events = {"reversal": draw.choice((0, 0, 0, 1, 1, 2))}
    events |= {code: draw.randint(1, 2) for code in _REFERRALS if draw.random() < 0.25}
    if draw.random() < 0.3:
        events["litter"] = draw.randint(1, 25)
    if draw.random() < 0.1:
        events |= {"training": 1, "trained": draw.randint(2, 9)}
    if site == demo_stock.STORE and draw.random() < 0.4:
        container = Weighing(310, (842, 861, 850), day).estimate(310 + visits * draw.randint(20, 60))
        events |= container.events(WEIGHED)
    return events


def _clear(home: Home) -> None:
    """Remove an earlier demo's own files, and nothing else."""
    for file in (
        home.ledger,
        home.token,
        home.running,
        home.ledger_key,
        home.device_key,
        home.funders,
        home.weighing,
    ):
        file.unlink(missing_ok=True)
    for folder in (home.open_sheets, home.keys, home.backups):
        for file in folder.glob("*") if folder.is_dir() else ():
            file.unlink()
