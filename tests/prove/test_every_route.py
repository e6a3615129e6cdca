"""Whatever is asked of the pages, at every address and in every field: a sentence, never a crash, and every header."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from outreach.home import Home
from outreach.services.program import Program
from outreach.web.app import make_app
from outreach.web.guard import HEADERS

REQUESTS, BY_SCHEMA = 3000, 2000
"""How many requests our own mixture and how many schemathesis makes; 5,000 in all."""
DRAWN = re.compile(r"\.png$|\.pdf$|<any\(csv, json, xlsx, pdf, txt\):form>$|/print$|/print/<number>/stock$|^/save/")
"""Addresses behind which something is drawn or packed, a hundred times as long as any other: asked less often."""
CRASHED = re.compile(r"Traceback|File &#34;|File \"|Error:|Exception|werkzeug|jinja2|site-packages|Something broke")

JUNK = (
    *("", " ", "0", "-1", "1", "99999999999999999999", "1e999", "NaN", "0x10", "١٢", "1_000", "+5", "1.5", "½", "²"),
    *("2026-02-30", "2000-00-00", "9999-12-31", "0001-01-01", "2026-W47-7", "20261122", "2026-13", "2026-Q9", "today"),
    *(
        "..",
        "../../etc/passwd",
        "a/b",
        "x" * 300,
        "x" * 20000,
        "\u202eabc",
        "مرحبا",
        "日本",
        "😀",
        "a\nb",
        "a\rb",
        "a\tb",
    ),
    *("<b>", "\"'`", "{0}", "{}", "{nothing}", "%s", "{{ 7*7 }}", "'; DROP TABLE line; --", "None", "true", "[]", "{"),
    *(
        "naloxone-nasal",
        "given:naloxone-nasal",
        "encounters",
        "en",
        "response",
        "avery-5371",
        "=1+1",
        "\ufeff",
        "I" * 70,
    ),
)
RAW = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\x80", b"a\x00b", b"%zz", b"\x1b[0m", b"\xf4\x90\x80\x80")
junk: st.SearchStrategy[str | bytes] = st.one_of(
    st.sampled_from(JUNK), st.sampled_from(RAW), st.text(max_size=30), st.binary(max_size=12)
)


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields may hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, list[str]]]] = []
        self.links: list[str] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(has.get("href", ""))
        if tag == "form":
            self.found.append((has.get("method", "get").lower(), has.get("action", ""), {}))
        if not self.found:
            return
        if tag == "option" and self._select:
            self.found[-1][2][self._select].append(has.get("value", ""))
        name = has.get("name", "")
        if tag in ("input", "select", "textarea", "button") and name:
            self._select = name if tag == "select" else self._select
            self.found[-1][2].setdefault(name, []).append(has.get("value", ""))


class Pages:
    """A served home with something of everything in it, and what its pages ask for."""

    def __init__(self, own: Any, home: Path) -> None:
        self.own, self.port = own, own.server.port
        self.app = make_app(Program(Home(home)), "key")
        self.routes = self.app.url_map.bind(f"127.0.0.1:{self.port}")
        self.known = self._fill()
        self.fields: dict[str, dict[str, list[str]]] = {}
        self.asked: dict[str, dict[str, list[str]]] = {}
        self._read_forms()
        self.cookie = f"outreach={own.server.door.partition('?key=')[2]}"
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.answers: Counter[int] = Counter()
        self.slowest = (0.0, "")

    def _fill(self) -> dict[str, list[str]]:
        own, program = self.own, Program(Home(Path("/nonexistent")))
        first, second = own.open_sheet(), own.open_sheet()
        own.tap(first, own.tab(first), 1, "given:naloxone-nasal")
        closed = own.post(f"/staff/en/tally/{first}/close", {"as-it-is": "1"}).url.rpartition("/")[2]
        own.post("/staff/en/funders", {"code": "county", "name": "County health", "kind": "samhsa"})
        own.post("/staff/en/reports/packs/utah-quarterly/copy", {"name": "ours", "title": "Ours"})
        sent = own.post("/staff/en/reports/packs/utah-quarterly/sent", {"period": "2026-Q3"})
        printed = own.post("/staff/en/print", {"card": "response", "layout": "avery-5371", "copies-ar": "3"})
        own.finished(urlsplit(printed.url).path)
        table = own.ask(*upload("/staff/en/reports/past", b"day,item,quantity\n2026-01-02,naloxone,3\n", "past.csv"))
        return {
            "tag": [*(row.tag for row in program.languages.rows)] * 2 + ["en"] * 40,
            "topic": list(program.topics),
            "step": [step.id for topic in program.topics.values() for step in topic.steps()],
            "state": ["TX", "CA", "NC", "DC"],
            "sheet": [first, second, closed],
            "code": ["county"],
            "indicator": ["naloxone-given", "syringes-given"],
            "pack": ["utah-quarterly", "ours", "national-ssp-survey"],
            "release": [last(sent.url)],
            "table": [last(table.url)],
            "number": [last(printed.url)],
            "card": list(program.cards),
            "name": ["NotoSans-Bold", "card.css"],
            "filename": ["outreach.css", "tally.js"],
        }

    def _read_forms(self) -> None:
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or DRAWN.search(rule.rule):
                continue
            path = re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda hit: quote(self.value(hit[1], hit[0])), rule.rule)
            forms = Forms()
            forms.feed(self.own.get(path).text)
            for link in forms.links:
                if link.startswith("/") and (found := self._rule(link, "GET")):
                    for name, value in parse_qsl(urlsplit(link).query):
                        self.asked.setdefault(found.rule, {}).setdefault(name, []).append(value)
            for method, action, fields in forms.found:
                if found := self._rule(action or path, method.upper()):
                    (self.fields if method == "post" else self.asked).setdefault(found.rule, {}).update(fields)

    def value(self, name: str, shown: str = "") -> str:
        if name in self.known:
            return self.known[name][-1]
        return shown.partition("(")[2].partition(",")[0].rstrip(")>:") or "1"

    def _rule(self, address: str, method: str) -> Rule | None:
        try:
            return self.routes.match(urlsplit(address).path, method, return_rule=True)[0]
        except HTTPException:
            return None

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        """One request; it must be answered, with every header, without a crash and without the words of one."""
        sent = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"} | headers
        began = time.monotonic()
        try:
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        self.slowest = max(self.slowest, (time.monotonic() - began, f"{method} {path[:200]}"))
        self.judge(answer.status, dict(answer.headers), text, f"{method} {path[:300]} {(body or b'')[:300]!r}")

    def judge(self, status: int, given: Mapping[str, str], text: str, about: str) -> None:
        headers = {name.lower(): value for name, value in given.items()}
        self.answers[status] += 1
        assert status < 500, f"{status}: {about}"
        assert [name for name, _ in HEADERS if name.lower() not in headers] == [], about
        assert headers["cache-control"] and "waitress" not in headers.get("server", ""), about
        if "html" in headers.get("content-type", ""):
            assert not (said := CRASHED.search(text)), f"{said}: {about}"


def last(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


def upload(path: str, data: bytes, name: str) -> tuple[str, str, bytes, dict[str, str]]:
    """A file as a form sends it."""
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "Sec-Fetch-Site": "same-origin"}
    return "POST", path, head + data + b"\r\n--edge--\r\n", kind


def escaped(value: str | bytes) -> str:
    return quote(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value, safe="")


@pytest.fixture(scope="module")
def pages(
    serve_all: Callable[..., Any], client: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pages]:
    with contextlib.chdir(tmp_path_factory.mktemp("here")):  # where a page is told to save a file called "x"
        server = serve_all()
    yield Pages(client(server).enter(), server.home)


@pytest.fixture(scope="module")
def asking(pages: Pages) -> st.SearchStrategy[tuple[str, str, bytes | None, dict[str, str]]]:
    """Requests: a route, its parts mostly from what there is, its fields mostly as a page sends them, the rest junk."""
    rules = list(pages.app.url_map.iter_rules())
    weighed = [rule for rule in rules for _ in range(1 if DRAWN.search(rule.rule) else 12)]
    headers = st.dictionaries(
        st.sampled_from(["Accept-Language", "Accept", "Range", "If-None-Match", "If-Modified-Since", "Referer", "X-Y"]),
        st.sampled_from(["", "*", "bytes=9-1", "bytes=0-", "x" * 3000, "Wed, 99 Foo", '"', "zh;q=1e9", "\xff", "-"]),
        max_size=2,
    )
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=12,
    )

    @st.composite
    def asked_so(draw: st.DrawFn) -> tuple[str, str, bytes | None, dict[str, str]]:
        rule = draw(st.sampled_from(weighed))
        usual = "POST" if "POST" in (rule.methods or ()) else "GET"
        method = draw(st.sampled_from([usual] * 70 + ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "ZZ"]))

        def part(hit: re.Match[str]) -> str:
            name = hit[1]
            if draw(st.integers(0, 7)) == 7:
                return escaped(draw(junk)) or "x"
            return quote(draw(st.sampled_from(pages.known.get(name, [pages.value(name, hit[0])]))))

        path = re.sub(r"<(?:[^<>:]*:)?(\w+)>", part, rule.rule)
        known = pages.asked.get(rule.rule, {}) | {"day": [], "site": ["outreach"], "period": ["2026-Q3", "2026"]}
        path += asked if (asked := "?" + filled(draw, known, 3)) != "?" else ""
        more = draw(headers)
        if method in ("GET", "HEAD"):
            return method, path, None, more
        shape = draw(st.sampled_from(["form"] * 6 + ["json", "file", "raw"]))
        if shape == "json" or rule.rule.endswith("/taps"):
            touch: Any = {"tab": "0" * 32, "n": 1, "nonce": "1" * 32, "counter": "given:naloxone-nasal", "change": 1}
            touch |= draw(st.dictionaries(st.sampled_from(sorted([*touch, "exactly", "sure"])), anything, max_size=3))
            told = draw(st.sampled_from([touch, touch, draw(anything)]))
            return method, path, json.dumps(told).encode(), more | {"Content-Type": "application/json"}
        if shape == "file":
            _, _, body, kind = upload(
                path, draw(st.binary(max_size=200)), draw(st.sampled_from(["a.csv", "a.xlsx", ""]))
            )
            return method, path, body, more | kind
        if shape == "raw":
            kinds = st.sampled_from(
                ["", "text/plain", "multipart/form-data", "application/json", "x", "a/b; charset=zz"]
            )
            return method, path, draw(st.binary(max_size=200)), more | {"Content-Type": draw(kinds)}
        body = filled(draw, pages.fields.get(rule.rule, {}), 60).encode()
        return method, path, body, more | {"Content-Type": "application/x-www-form-urlencoded"}

    return asked_so()


def filled(draw: st.DrawFn, fields: dict[str, list[str]], most: int) -> str:
    """A form or a question: mostly what its page offers, with some fields gone, doubled or full of junk."""
    names = list(fields)[:most]
    spoiled = set(draw(st.lists(st.sampled_from(names), max_size=4))) if names else set()
    parts = []
    for name in names:
        if name in spoiled:
            parts += [f"{escaped(name)}={escaped(each)}" for each in draw(st.lists(junk, max_size=2))]
        elif fields[name]:
            parts.append(urlencode({name: fields[name][0] or draw(st.sampled_from(["", "1", "2026-11-01", "x"]))}))
    if draw(st.integers(0, 5)) == 5:
        parts.append(f"{escaped(draw(junk))}={escaped(draw(junk))}")
    return "&".join(parts)


FUZZED = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def test_no_request_makes_the_pages_crash(pages: Pages, asking: Any) -> None:
    """Valid tokens, ids and tags mixed with junk bytes, every script, the huge and the missing."""

    @settings(FUZZED, max_examples=REQUESTS)
    @given(asking)
    def ask(request: tuple[str, str, bytes | None, dict[str, str]]) -> None:
        pages.ask(*request)

    ask()
    asked = sum(pages.answers.values())
    print(f"{asked} requests: {dict(sorted(pages.answers.items()))}; the slowest {pages.slowest}")
    assert asked >= REQUESTS
    assert pages.answers[200] > asked / 5 and pages.answers[422] and pages.answers[303], "the fuzz hardly got in"


def test_schemathesis_finds_no_crash(pages: Pages) -> None:
    """The same pages by another hand: an OpenAPI description made from the routes and their forms."""
    schema = schemathesis.openapi.from_dict(described(pages))
    before, session = sum(pages.answers.values()), schemathesis_session(pages)

    @settings(FUZZED, max_examples=BY_SCHEMA)
    @given(schema.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call(
            base_url=f"http://127.0.0.1:{pages.port}",
            session=session,
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=60,
        )
        pages.judge(answer.status_code, answer.headers, answer.text, f"{case.method} {answer.request.url[:300]}")

    ask()
    assert sum(pages.answers.values()) - before >= BY_SCHEMA


def schemathesis_session(pages: Pages) -> requests.Session:
    session = requests.Session()
    session.headers["Cookie"] = pages.cookie
    session.max_redirects = 5
    return session


def described(pages: Pages) -> dict[str, Any]:
    """What the routes take, as OpenAPI says it: parts of an address, fields of a form with what the page offers."""
    paths: dict[str, Any] = {}
    for rule in pages.app.url_map.iter_rules():
        if DRAWN.search(rule.rule):
            continue
        path = re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", rule.rule)
        names = re.findall(r"<(?:[^<>:]*:)?(\w+)>", rule.rule)
        parts = [taken(name, "path", pages.known.get(name, [pages.value(name)])) for name in names]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            asked = [taken(name, "query", offered) for name, offered in pages.asked.get(rule.rule, {}).items()]
            operation: dict[str, Any] = {
                "parameters": parts + asked,
                "responses": {"default": {"description": "a page"}},
            }
            if method == "POST":
                form = {name: kind(offered) for name, offered in list(pages.fields.get(rule.rule, {}).items())[:25]}
                content = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": form}}}
                operation["requestBody"] = {"content": content}
            paths.setdefault(path, {})[method.lower()] = operation
    return {"openapi": "3.0.3", "info": {"title": "pages", "version": "1"}, "paths": paths}


def taken(name: str, where: str, offered: list[str]) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": kind(offered)}


def kind(offered: list[str]) -> dict[str, Any]:
    some = sorted({each for each in offered if each})[:20]
    return {"anyOf": [{"type": "string", "enum": some}, {"type": "string"}]} if some else {"type": "string"}


def test_afterwards_all_is_as_sound_as_before(pages: Pages, shell: Callable[..., Any]) -> None:
    """After all that the counts add up, nothing is wrong in the home, and the server has not said a word."""
    said = pages.own.server.stop()
    assert [each.replace("Stop it with Ctrl+C.\n", "") for each in said] == ["", ""]
    outreach = shell(pages.own.server.home)
    totals = outreach("report", "totals", "--period", time.strftime("%Y"), "--format", "json")
    assert totals.code == 0, totals.err
    checked = outreach("check")
    assert checked.code == 0, checked.out
