"""The places a program serves, under the names it gave them itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from outreach.core.refusal import N_, Refusal
from outreach.core.sheets import ServiceModel
from outreach.core.tally import UnknownSite
from outreach.store.engine import Connection, reading, writing

NAME_MAX = 60
_ADD = "INSERT INTO site (code, name, model) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_RENAME = "UPDATE site SET name = ? WHERE code = ?"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class NotASiteCode(Refusal):
    sentence = N_(
        "{code} cannot be a site's code. Use small letters, digits and hyphens, such as van-2. Nothing was saved."
    )


class NoSiteCode(NotASiteCode):
    sentence = N_("Type a short code for the site, such as van-2. Nothing was saved.")


class NotASiteName(Refusal):
    sentence = N_("A site's name is one line of at most {most} letters. Nothing was saved.")


class SiteIsThere(Refusal):
    sentence = N_("There is already a site called {code}. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Site:
    """A place the program names itself, never an address of a person. `name` may be empty."""

    code: str
    name: str
    model: ServiceModel

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code) or len(self.code) > NAME_MAX:
            raise NotASiteCode(code=self.code) if self.code else NoSiteCode()
        if len(self.name) > NAME_MAX or (self.name and not self.name.isprintable()):
            raise NotASiteName(most=NAME_MAX)


class Sites:
    """The ledger's own sites. A sheet merged from elsewhere may name one that is not among them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Site, ...]:
        """Every site, by code."""
        with reading(self._connection):
            rows = self._connection.execute("SELECT code, name, model FROM site ORDER BY code").fetchall()
        return tuple(Site(code, name, ServiceModel(model)) for code, name, model in rows)

    def get(self, code: str) -> Site:
        """The site of that code; raises UnknownSite with the codes there are."""
        sites = self.all()
        for site in sites:
            if site.code == code:
                return site
        raise UnknownSite(code=code, known=", ".join(site.code for site in sites))

    def add(self, site: Site) -> None:
        """Add a site; raises SiteIsThere when its code is taken."""
        with writing(self._connection):
            row = (site.code, site.name, site.model.value)
            if not self._connection.execute(_ADD, row).rowcount:
                raise SiteIsThere(code=site.code)

    def rename(self, code: str, name: str) -> Site:
        """Call a site otherwise; its code, under which its sheets stand, stays. Raises UnknownSite or NotASiteName."""
        renamed = replace(self.get(code), name=name)
        with writing(self._connection):
            self._connection.execute(_RENAME, (renamed.name, renamed.code))
        return renamed
