"""The program's own sites and few words about itself."""

from __future__ import annotations

import threading

import pytest

from outreach.core.sheets import ServiceModel
from outreach.core.tally import UnknownSite
from outreach.store.ledger import Ledger
from outreach.store.settings import SETTINGS, NotASetting, UnknownSetting
from outreach.store.sites import NotASiteCode, NotASiteName, Site, SiteIsThere

ENGINES = ("file", "postgres")

VAN = Site("van-2", "Second van", ServiceModel.MOBILE)


def test_a_site_is_added_and_found(ledger: Ledger) -> None:
    """A new site stands beside the first one, by code."""
    ledger.sites.add(VAN)

    assert [site.code for site in ledger.sites.all()] == ["outreach", "van-2"]
    assert ledger.sites.get("van-2") == VAN


def test_an_unknown_site_is_refused_with_the_known_ones(ledger: Ledger) -> None:
    """The refusal names the sites there are and the command that adds one."""
    ledger.sites.add(VAN)

    with pytest.raises(UnknownSite, match=r"Sites: outreach, van-2\..*outreach sites add van-3"):
        ledger.sites.get("van-3")


def test_a_site_is_added_once(ledger: Ledger) -> None:
    """A code that is taken is refused and the site under it stays as it is."""
    ledger.sites.add(VAN)

    with pytest.raises(SiteIsThere):
        ledger.sites.add(Site("van-2", "Other", ServiceModel.FIXED))
    assert ledger.sites.get("van-2") == VAN


def test_a_site_is_called_otherwise(ledger: Ledger) -> None:
    """Also the one that is there from the start; its code and how it is served stay, and an unknown one is refused."""
    renamed = ledger.sites.rename("outreach", "Main lot")

    assert renamed == ledger.sites.get("outreach") == Site("outreach", "Main lot", ServiceModel.STREET)
    with pytest.raises(NotASiteName):
        ledger.sites.rename("outreach", "two\nlines")
    with pytest.raises(UnknownSite):
        ledger.sites.rename("nowhere", "Main lot")
    assert ledger.sites.all() == (renamed,)


@pytest.mark.parametrize("code", ["", "Van", "van 2", "van--2", "-van", "v\u00e4n", "van\n", "v" * 61])
def test_a_code_that_a_sheet_cannot_carry_is_refused(code: str) -> None:
    """A site's code is what sheets are filed under, so it has their form."""
    with pytest.raises(NotASiteCode):
        Site(code, "", ServiceModel.FIXED)


@pytest.mark.parametrize("name", ["two\nlines", "n" * 61, "bell\a"])
def test_a_name_is_one_short_line(name: str) -> None:
    """A site's name fits on a button."""
    with pytest.raises(NotASiteName):
        Site("van-2", name, ServiceModel.FIXED)


def test_a_setting_is_kept(ledger: Ledger) -> None:
    """A setting is empty, then what it was last set to, without the spaces around it."""
    assert ledger.settings.get("program-name") == ""
    ledger.settings.set("program-name", " River Outreach ")
    ledger.settings.set("program-name", " River Street Outreach ")

    assert ledger.settings.get("program-name") == "River Street Outreach"
    assert list(ledger.settings.all()) == list(SETTINGS)


def test_only_known_settings_are_kept(ledger: Ledger) -> None:
    """There is no place for a note: an unknown key is refused when it is read and when it is written."""
    with pytest.raises(UnknownSetting, match="program-name, program-phone"):
        ledger.settings.set("note", "anything")
    with pytest.raises(UnknownSetting):
        ledger.settings.get("note")


@pytest.mark.parametrize("value", ["x" * 81, "two\nlines"])
def test_a_setting_is_one_short_line(ledger: Ledger, value: str) -> None:
    """What does not fit on a card's line is refused, and the old value stays."""
    ledger.settings.set("program-name", "River")

    with pytest.raises(NotASetting):
        ledger.settings.set("program-name", value)
    assert ledger.settings.get("program-name") == "River"


def test_what_is_drawn_at_random_is_drawn_once(ledger: Ledger) -> None:
    """Of several that want to make the program's id at once, one does and all get the same."""
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: got.append(ledger.settings.once("program-id", lambda: f"{n:032x}")))
        for n in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8 and len(set(got)) == 1
