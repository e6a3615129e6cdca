"""The guide as a static site for any host: every language whole after the first visit, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from posixpath import relpath
from urllib.parse import urlsplit

from flask import Flask

from outreach.core.languages import Language
from outreach.core.refusal import N_, Refusal
from outreach.services.program import Program
from outreach.web.frame import Way, make_guide_app
from outreach.web.markup import Attributes, inside, rewrite
from outreach.web.onefile import refused_file, scripts_of, styles
from outreach.web.stylesheet import LATIN, faces, letters, rules
from outreach.web.walking import fetch, page, pages_of

LISTING = "publication.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'"
)
ICONS = ("icon.svg", "icon-192.png", "icon-512.png")
GROUND, THEME = "#FBF8F3", "#0A5F5B"


class NotAnAddress(Refusal):
    sentence = N_(
        "{address} is no address to publish at. Give the one people will type, such as https://example.org/guide/. "
        "Phones keep pages only from https. Nothing was written."
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What the worker keeps of one language: its pages in one packed file (plain for old browsers) and the rest.

    Each language's is a file of its own: a phone need not fetch what belongs to the others.
    """

    pack: str
    plain: str
    files: list[str]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a first visit in one language fetches: how many pages it keeps, and bytes as they lie there and gzipped."""

    language: Language
    pages: int
    raw: int
    packed: int


@dataclass
class Site:
    """A published site in the making: `files` by path below its folder, pages last."""

    files: dict[str, bytes] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def add(self, folder: str, name: str, content: bytes) -> str:
        """Keep a file under a name that changes with its content; its path."""
        stem, dot, ending = name.rpartition(".")
        path = str(PurePosixPath(folder, f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}{dot}{ending}"))
        self.files[path] = content
        return path


def make_site(
    program: Program, address: str, tags: Iterable[str] = (), index: bool = True, said: Callable[[str], None] = print
) -> Site:
    """The whole site.

    `tags` chooses languages, all usable ones by default; without `index` search engines are asked to leave
    it out; `said` hears how far it is. Refuses an unknown language, and an address that phones could not
    keep pages from.
    """
    base = _base_path(address)
    chosen = program.only(tags) if tags else program
    app = make_guide_app(chosen, Way.SITE)
    site, parts = Site(), {"": {"/": page(app, "/")}}
    parts |= {row.tag: pages_of(app, row.tag) for row in chosen.languages.rows}
    for icon in ICONS:
        site.files[icon] = fetch(app, f"/static/{icon}")[0]
    writer = _Writer(app, site, parts, index)
    front = writer.write(program.source)
    kept: dict[Language, Kept] = {}
    for language in chosen.languages.rows:
        said(f"Writing {language.english}.")
        kept[language] = _language(writer, base, language, front)
    lists = {row.tag: site.add(row.tag, "kept.json", _as_json(asdict(each))) for row, each in kept.items()}
    site.files["worker.js"] = b"const KEPT = " + _as_json(lists) + b"\n" + fetch(app, "/static/worker.js")[0]
    for language, each in kept.items():
        needs = {"index.html", f"{language.tag}/index.html", "worker.js", lists[language.tag], each.pack, *each.files}
        site.visits.append(_visit(site, language, len(parts[language.tag]), needs))
    site.files["404.html"] = refused_file(app, base)
    # Pages after what they need, and the worker, which sends everyone to the new pages, last of all.
    order = sorted(site.files, key=lambda path: (path == "worker.js", path.endswith(".html")))
    site.files = {path: site.files[path] for path in order}
    return site


def _as_json(what: object) -> bytes:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _base_path(address: str) -> str:
    """The path part, ending in a slash; refuses what is no address of a site."""
    try:
        parts = urlsplit(address)
        known = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
        if not known or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(address)
    except ValueError:
        raise NotAnAddress(address=address) from None
    return parts.path.rstrip("/") + "/"


def file_of(path: str) -> str:
    """Where a page lies in the site: "/" is index.html, "/en/" en/index.html, "/en/x" en/x.html."""
    return path[1:] + "index.html" if path.endswith("/") else path[1:] + ".html"


def _language(writer: _Writer, base: str, language: Language, front: set[str]) -> Kept:
    """Write one language; what the worker keeps of it."""
    site, tag = writer.site, language.tag
    pages = writer.parts[tag]
    name = inside(pages[f"/{tag}/"], "title")
    manifest = {
        "id": f"{base}{tag}/",
        "name": name,
        "short_name": name,
        "lang": tag,
        "dir": language.direction.value,
        "start_url": "index.html",
        "scope": "../",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": THEME,
        "icons": [
            {"src": "../icon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "../icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "../icon-512.png", "sizes": "512x512", "type": "image/png"},
        ],
    }
    site.files[f"{tag}/guide.webmanifest"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8")
    written = writer.write(language, keep=tag)
    paths = [file_of(each) for each in ("/", *pages)]
    bundle = _as_json(packed({path: site.files[path].decode("utf-8") for path in paths}))
    plain = site.add(tag, "pages.json", bundle)
    pack = site.add(tag, "pages.pack", gzip.compress(bundle, 9, mtime=0))
    return Kept(pack, plain, sorted({*front, *written, f"{tag}/guide.webmanifest"}))


def packed(pages: Mapping[str, str]) -> dict[str, list[str | int]]:
    """Pages as their lines; one that stood on an earlier page is its number among all different lines so far.

    The pages of a language share most of their lines, but lie further apart than gzip looks back.
    """
    known: dict[str, int] = {}

    def line(text: str) -> str | int:
        if text in known:
            return known[text]
        known[text] = len(known)
        return text

    return {path: [line(text) for text in html.split("\n")] for path, html in pages.items()}


def _visit(site: Site, language: Language, pages: int, needs: Iterable[str]) -> Visit:
    """The language page, the language's list, the worker and all it fetches; icons are the phone's own wish."""
    contents = [site.files[path] for path in needs]
    return Visit(language, pages, sum(map(len, contents)), sum(len(gzip.compress(each)) for each in contents))


class _Writer:
    """Puts pages into the site with everything they point to; `parts` is each folder's pages, the front's under ""."""

    def __init__(self, app: Flask, site: Site, parts: Mapping[str, Mapping[str, str]], index: bool) -> None:
        self.app, self.site, self.parts, self.index = app, site, parts, index
        self.known = {path for pages in parts.values() for path in pages}
        self.assets: dict[str, str] = {}
        # What every language needs is there once, and so comes with the language page: rules, and Latin letters.
        scripts = [fetch(app, f"/static/{name}.js")[0].decode() for name in ("leave", "pacer")]
        self.css = styles(app)
        everything = [html for pages in parts.values() for html in pages.values()]
        self.style = site.add("", "guide.css", rules(self.css, [*everything, *scripts]).encode("utf-8"))
        self.shown = {keep: letters(pages.values(), scripts_of(app)) for keep, pages in parts.items()}
        self.latin = set().union(*(each[LATIN] for each in self.shown.values()))

    def asset(self, address: str) -> str:
        """A file that a page points to, such as a script or a recording; its path in the site."""
        path = urlsplit(address).path
        if path not in self.assets:
            self.assets[path] = self.site.add("", PurePosixPath(path).name, fetch(self.app, path)[0])
        return self.assets[path]

    def write(self, language: Language, keep: str = "") -> set[str]:
        """Write the pages of one folder and the fonts that they need; which files that makes besides."""
        fonts: list[str] = []

        def place(name: str, font: bytes) -> str:
            # One folder for all languages: what two of them cut alike is there once.
            fonts.append(self.site.add("fonts", f"{name}.woff2", font))
            return relpath(fonts[-1], keep or ".")

        css = faces(self.css, self.shown[keep] | {LATIN: self.latin}, language.script, place)
        sheet = self.site.add(keep, "fonts.css", css.encode("utf-8"))
        needs = {self.style, sheet, *fonts}
        for path, html in self.parts[keep].items():
            self.site.files[file_of(path)] = self._page(path, html, sheet, keep, needs).encode("utf-8")
        return needs

    def _page(self, path: str, html: str, sheet: str, keep: str, needs: set[str]) -> str:
        here = str(PurePosixPath(file_of(path)).parent)

        def to(file: str) -> str:
            return relpath(file, here)

        def change(tag: str, has: Attributes) -> Attributes | None:
            for name in ("href", "src"):
                address = has.get(name) or ""
                if not address.startswith("/"):
                    continue
                target = urlsplit(address)
                if tag == "link" and has.get("rel") == "stylesheet":
                    has[name] = to(self.style)
                elif tag == "a":
                    if target.path in self.known:
                        has[name] = to(file_of(target.path)) + (f"#{target.fragment}" if target.fragment else "")
                    else:
                        has.pop(name)
                else:
                    needs.add(self.asset(address))
                    has[name] = to(self.asset(address))
            return has

        html = rewrite(html, change)
        head = [
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f'<link rel="stylesheet" href="{to(sheet)}">',
        ]
        if not self.index:
            head.append('<meta name="robots" content="noindex">')
        if keep:
            keeper = self.asset("/static/keep.js")
            needs.add(keeper)
            head += [
                f'<meta name="theme-color" content="{THEME}">',
                f'<link rel="manifest" href="{to(f"{keep}/guide.webmanifest")}">',
                f'<link rel="apple-touch-icon" href="{to("icon-192.png")}">',
                f'<script src="{to(keeper)}" data-keep="{keep}" defer></script>',
            ]
        lines = (line.strip() for line in html.splitlines())
        html = "\n".join(line for line in lines if line)
        return html.replace('<meta charset="utf-8">', "\n".join(['<meta charset="utf-8">', *head]), 1) + "\n"
