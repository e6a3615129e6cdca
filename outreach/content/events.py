"""The events that are counted, from `shipped/events.toml` and the home's own additions."""

from __future__ import annotations

from outreach.content.reading import Table, read_table
from outreach.core.events import Event, EventGroup, Events
from outreach.home import Home
from outreach.shipped import SHIPPED


def read_events(home: Home) -> Events:
    """Shipped groups and events, then the program's own from `events.toml` in its home."""
    files = [SHIPPED / "events.toml", *([home.events] if home.events.exists() else [])]
    groups: list[EventGroup] = []
    events: list[Event] = []
    for file in files:
        top = read_table(file)
        top.only(("group", "event"))
        for each in top.tables("group"):
            each.only(("code", "name", "monthly"))
            groups.append(EventGroup(each.get("code", str), each.get("name", str), each.get("monthly", bool, False)))
        events += [_event(each) for each in top.tables("event")]
    return Table({}, files[-1], "").build(lambda: Events(tuple(groups), tuple(events)))


def _event(table: Table) -> Event:
    table.only(("code", "name", "group", "on"))
    return table.build(
        lambda: Event(
            table.get("code", str), table.get("name", str), table.get("group", str), table.get("on", bool, False)
        )
    )
