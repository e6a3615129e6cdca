"""The published site in a real browser: one visit, then no network, and every page of that language still opens."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BUDGET = 300_000
"""Bytes that a first visit may cost, fonts and all, by way of the language page on a host that packs nothing."""


class Host:
    """A plain static host on this computer that counts what it sends and can be switched off."""

    def __init__(self, folder: Path) -> None:
        self.sent: dict[str, int] = {}
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def copyfile(self, source: Any, outputfile: Any) -> None:
                content = source.read()
                host.sent[self.path] = host.sent.get(self.path, 0) + len(content)
                outputfile.write(content)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder.parent))
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/{folder.name}/"
        self.on = True

    def off(self) -> None:
        if self.on:
            self.server.shutdown()
            self.server.server_close()
            self.on = False


@pytest.fixture
def host() -> Iterator[Callable[[Path], Host]]:
    started: list[Host] = []

    def start(folder: Path) -> Host:
        started.append(Host(folder))
        return started[-1]

    yield start
    for each in started:
        each.off()


# Three of the languages: what holds for them is not made sixteen times over.
THREE = ("--language", "en", "--language", "es", "--language", "ar")


def publish(root: Path, *chosen: str) -> Path:
    """A publication as the command makes it."""
    command = [sys.executable, "-m", "outreach", "--home", root / "home", "publish", root / "guide"]
    subprocess.run([*command, "--address", "https://example.org/guide/", *chosen], check=True, capture_output=True)
    return root / "guide"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of three languages, made once for all tests here."""
    return publish(tmp_path_factory.mktemp("published"), *THREE)


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    """A copy of it, below a path as on a host that holds other things too."""
    return Path(shutil.copytree(published, tmp_path / "guide"))


def kept(page: Any, tag: str) -> bool:
    """Whether the browser has all of a language."""
    script = """async tag => {
      for (const name of await caches.keys())
        if (name.startsWith(`guide:/guide/ ${tag} `) &&
            await caches.match(new URL('../kept', location), {cacheName: name}))
          return true
      return false
    }"""
    return bool(page.evaluate(script, tag))


def pages(site: Path, tag: str) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in (site / tag).rglob("*.html"))


def lists(site: Path) -> dict[str, str]:
    """Where the worker finds what belongs to each language."""
    said = (site / "worker.js").read_text("utf-8").partition("\n")[0]
    return dict(json.loads(said.removeprefix("const KEPT = ")))


def fetched(site: Path, tag: str, first: str = "") -> set[str]:
    """The files that a visit in this language fetches: its first pages, the worker and all that the worker keeps."""
    listed = lists(site)[tag]
    kept = json.loads((site / listed).read_bytes())
    begun = {first} if first else {"index.html", f"{tag}/index.html"}
    return begun | {"worker.js", listed, kept["pack"], *kept["files"]}


def weight(site: Path, paths: set[str]) -> int:
    return sum((site / path).stat().st_size for path in paths)


def gzipped(site: Path, paths: set[str]) -> int:
    return sum(len(gzip.compress((site / path).read_bytes())) for path in paths)


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def one_visit(served: Host, browser: Any, site: Path, tag: str, opened: list[str]) -> None:
    """Visit one language, cut the network, and open these of its pages.

    The control: a language that was not visited does not open.
    """
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(served.address)
    page.click(f"a[hreflang={tag}]")
    wait_until(lambda: kept(page, tag))
    assert wrong == [], "the visit itself breaks no rule of the page"
    first_visit = sum(served.sent.values())
    served.off()
    context.set_offline(True)

    for path in ["", f"{tag}/", *opened]:
        page.goto(served.address + path)
        assert page.locator("h1").count() == 1, path
        if path:
            assert page.evaluate("document.documentElement.lang") == tag
            fonts = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(each => each.status))")
            assert "loaded" in fonts and "error" not in fonts, (path, fonts)
    page.goto(served.address + f"{tag}/index.html")
    page.locator("ul.topics a").first.click()
    page.wait_for_url("**/overdose-response.html")
    assert page.locator("#pace").is_visible(), "the scripts are kept too"
    other = "es"
    with pytest.raises(Exception, match="ERR_"):
        page.goto(served.address + f"{other}/index.html")
    context.close()
    assert first_visit == weight(site, fetched(site, tag)), "the files that the next test counts are what is sent"


def test_one_visit_then_no_network(site: Path, host: Callable[[Path], Host], browser: Any) -> None:
    """After one visit in Arabic and without a network its pages open, drawn with their fonts and pictures.

    Every sixth here; `./start prove` opens all of them, and in English.
    """
    one_visit(host(site), browser, site, "ar", pages(site, "ar")[::6])


def costs_of(site: Path) -> dict[str, int]:
    """What a first visit fetches, by language; held to the budget where it begins with the longest page, too.

    That one on a host that packs what it sends, as nearly all do.
    """
    costs = {tag: weight(site, fetched(site, tag)) for tag in lists(site)}
    assert max(costs.values()) < BUDGET, costs
    for tag in costs:
        longest = max(pages(site, tag), key=lambda path: (site / path).stat().st_size)
        assert gzipped(site, fetched(site, tag, longest)) < BUDGET, tag
    return costs


def test_a_first_visit_costs_little(published: Path) -> None:
    """All that a first visit fetches is under the budget, in three languages; `./start prove` weighs every one.

    The control: all that lies there would be over it.
    """
    assert set(costs_of(published)) == {"en", "es", "ar"}
    assert weight(published, {str(path) for path in published.rglob("*") if path.is_file()}) > BUDGET


def test_a_new_publication_reaches_those_who_come_back(
    site: Path, host: Callable[[Path], Host], browser: Any, outreach: Any, home: Path
) -> None:
    """Words that changed are shown to a phone that had kept the old ones, once it has a network again."""
    served = host(site)
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.address + "en/index.html")
    wait_until(lambda: kept(page, "en"))
    assert "Our own room" not in (page.text_content("main") or "")
    (home / "topics").mkdir(parents=True)
    (home / "topics" / "own-room.toml").write_text(OWN_TOPIC, encoding="utf-8")
    ran = outreach("publish", site, "--address", "https://example.org/guide/", *THREE)
    assert ran.code == 0, ran.err

    def shown() -> bool:
        page.goto(served.address + "en/index.html")
        return "Our own room" in (page.text_content("main") or "")

    wait_until(shown)
    served.off()
    context.set_offline(True)
    page.goto(served.address + "en/own-room.html")
    assert "Our own room" in (page.text_content("h1") or "")
    assert len(page.evaluate("caches.keys()")) == 1, "the old pages are gone"
    context.close()


OWN_TOPIC = """id = "own-room"
class = "S2"
checked = 2026-11-01
order = 900
title = "Our own room"
summary = "When it is open."
[[section]]
id = "hours"
kind = "notes"
title = "Hours"
[[section.step]]
id = "open"
text = "The room is open on weekdays."
facts = ["own: our notice board, 2026-11-01"]
"""


def test_the_site_asks_for_nothing_elsewhere(site: Path) -> None:
    """No page, style or script names an address that is fetched from another host, or from the host's own root."""
    asks = re.compile(r"""(?:src|href|action)="(https?:|//|/)|url\(["']?(https?:|//|/)|@import|<form""")
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css") and path.name != "404.html":
            assert not asks.search(path.read_text("utf-8")), path
    assert asks.search('<script src="https://example.org/x.js">'), "the control: one that did would be found"
    assert 'href="/guide/"' in (site / "404.html").read_text("utf-8"), "shown at any depth, so it names the whole path"


def test_every_page_says_what_it_is(site: Path) -> None:
    """Draft marks, language and direction are those of the pages served; titles and the app's name are neutral."""
    for tag, direction in (("en", "ltr"), ("ar", "rtl")):
        topic = (site / tag / "overdose-response.html").read_text("utf-8")
        assert f'lang="{tag}" dir="{direction}"' in topic and 'class="draft"' in topic
        assert "Content-Security-Policy" in topic and "data-leave" in topic
        manifest = json.loads((site / tag / "guide.webmanifest").read_text("utf-8"))
        assert manifest["lang"] == tag and manifest["dir"] == direction
        assert (site / tag / manifest["start_url"]).is_file()
        assert all((site / tag / icon["src"]).resolve().is_file() for icon in manifest["icons"])
        assert re.search(r"<title>([^<]*)", topic)[1] == manifest["name"]  # type: ignore[index]
    assert json.loads((site / "en" / "guide.webmanifest").read_text("utf-8"))["name"] == "Guide"


def test_the_pack_holds_the_pages_as_they_lie_there(site: Path, host: Callable[[Path], Host], browser: Any) -> None:
    """What the browser keeps is byte for byte what the host shows; the two packings of a language hold the same."""
    served = host(site)
    page = browser.new_page()
    for tag in ("en", "es", "ar"):
        packed = json.loads(gzip.decompress(next((site / tag).glob("pages.*.pack")).read_bytes()))
        assert packed == json.loads(next((site / tag).glob("pages.*.json")).read_bytes())
        assert sorted(packed) == sorted(["index.html", *pages(site, tag)])
        page.goto(served.address + f"{tag}/index.html")
        wait_until(functools.partial(kept, page, tag))
        texts = page.evaluate(
            """async paths => Promise.all(paths.map(async path =>
              (await caches.match(new URL('../' + path, location))).text()))""",
            list(packed),
        )
        assert dict(zip(packed, texts, strict=True)) == {path: (site / path).read_text("utf-8") for path in packed}
    page.close()


def test_the_same_words_make_the_same_site(site: Path, outreach: Any, tmp_path: Path) -> None:
    """Published again, nothing changes, so no phone fetches anything twice; the home stays unmade."""
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (site / "CNAME").write_text("example.org")
    assert outreach("publish", site, "--address", "https://example.org/guide/", *THREE).code == 0
    after = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert after == before | {site / "CNAME": b"example.org"}
    assert not outreach.home.exists()


def test_chosen_languages_only(outreach: Any, tmp_path: Path) -> None:
    """With --language the others are not there and nothing links to them; --noindex asks to be left out."""
    ran = outreach("publish", tmp_path / "x", "--address", "https://a.org", "--language", "es", "--noindex")
    assert ran.code == 0, ran.err
    assert (tmp_path / "x" / "es").is_dir() and not (tmp_path / "x" / "en").exists()
    page = (tmp_path / "x" / "es" / "overdose-response.html").read_text("utf-8")
    assert 'hreflang="ar"' not in page and 'content="noindex"' in page


@pytest.mark.parametrize(
    ("address", "more", "word"),
    [
        ("http://example.org/", [], "https"),
        ("example.org", [], "https"),
        ("https://", [], "https"),
        ("https://example.org/?x=1", [], "https"),
        ("https://example.org/", ["--language", "tlh"], "There is no language tlh"),
    ],
)
def test_what_cannot_be_published(outreach: Any, tmp_path: Path, address: str, more: list[str], word: str) -> None:
    """A wrong address or language: one sentence, and no folder."""
    ran = outreach("publish", tmp_path / "x", "--address", address, *more)
    assert ran.code == 1 and word in ran.err and "Traceback" not in ran.err
    assert not (tmp_path / "x").exists()


def test_a_folder_of_someone_else_is_left_alone(outreach: Any, tmp_path: Path) -> None:
    """A folder that holds anything else is refused, and so is a file."""
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    ran = outreach("publish", folder, "--address", "https://example.org/", *THREE)
    assert ran.code == 1 and "index.html" in ran.err
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"index.html": "mine"}
    ran = outreach("publish", folder / "index.html", "--address", "https://example.org/", *THREE)
    assert ran.code == 1 and (folder / "index.html").read_text() == "mine"


def test_a_place_that_is_not_there_is_refused_at_once(outreach: Any, tmp_path: Path) -> None:
    """A folder below one that does not exist is refused before anything is made, not after a minute's work."""
    ran = outreach("publish", tmp_path / "none" / "guide", "--address", "https://example.org/", *THREE)
    assert ran.code == 1 and "there is no folder" in ran.err and "Writing" not in ran.err
