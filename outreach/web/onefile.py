"""A topic, or the whole guide in one language, as one file that asks for nothing: it opens from a stick."""

from __future__ import annotations

import re
from base64 import b64encode

from flask import Flask

from outreach.web.house import program_of
from outreach.web.markup import Attributes, inside, rewrite
from outreach.web.stylesheet import faces, letters, rules
from outreach.web.walking import fetch, page, pages_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:"
_NAMED = ("id", "for", "aria-labelledby", "aria-describedby", "aria-controls")
STYLES = "/static/outreach.css"


def topic_file(app: Flask, tag: str, topic: str) -> bytes:
    """One topic as HTML. `app` is the guide app made for files."""
    return one_file(app, tag, page(app, f"/{tag}/{topic}"), {})


def guide_file(app: Flask, tag: str) -> bytes:
    """Every page of the guide in one language, the list of topics first, with links inside the file."""
    pages = pages_of(app, tag)
    names = {path: path.split("/", 2)[2].replace("/", "-") or "main" for path in pages}
    links = {path: f"#{name}" for path, name in names.items()}
    shell, *rest = pages
    whole = _alone(app, pages[shell], links)
    articles = "".join(
        f'<article id="{names[path]}" tabindex="-1">{_alone(app, inside(pages[path], "main"), links, names[path])}'
        "</article>\n"
        for path in rest
    )
    whole = whole.replace("</main>", f"{articles}</main>")
    aid = next(
        (found[0] for each in pages.values() if (found := re.search(r"<aside class=\"aid\".*?</aside>", each, re.S))),
        "",
    )
    whole = whole.replace("</body>", f"{_alone(app, aid, links)}</body>")
    kind = "guide book urgent" if aid else "guide book"
    return _finished(app, tag, re.sub(r'<body class="[^"]*"', f'<body class="{kind}"', whole))


def one_file(app: Flask, tag: str, html: str, links: dict[str, str]) -> bytes:
    """Any page of the app as one file; links go where `links` says, or nowhere."""
    return _finished(app, tag, _alone(app, html, links))


def refused_file(app: Flask, home: str) -> bytes:
    """What a host shows where there is no page, in English; it links to `home`."""
    answer = app.test_client().get("/static/-")
    return one_file(app, "en", answer.data.decode("utf-8"), {"/": home})


def file_name(tag: str, number: int | None = None) -> str:
    """A name that says nothing of what it is about: "guide-en-3.html" for the third topic, "guide-en.html" for all."""
    return f"guide-{tag}.html" if number is None else f"guide-{tag}-{number}.html"


def _alone(app: Flask, html: str, links: dict[str, str], prefix: str = "") -> str:
    """The page without what it would have to ask for, and without what only a script would show."""

    def change(tag: str, has: Attributes) -> Attributes | None:
        if tag in ("script", "form", "template") or "hidden" in has:
            return None
        if tag == "nav" and prefix:
            return None  # one list of contents is enough, and two landmarks of one name are none
        if tag == "link" and has.get("rel") != "icon":
            return None
        if tag == "a":
            href = has.get("href") or ""
            if href.startswith("/"):
                has.pop("href")
                if href in links:
                    has["href"] = links[href]
            elif href.startswith("#") and prefix:
                has["href"] = f"#{prefix}--{href[1:]}"
        for name in _NAMED if prefix else ():
            if has.get(name):
                has[name] = " ".join(f"{prefix}--{each}" for each in (has[name] or "").split())
        source = has.get("src") or ""
        if source.startswith("/"):
            has["src"] = data_address(*fetch(app, source))
        return has

    return rewrite(html, change)


def data_address(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"


def _finished(app: Flask, tag: str, html: str) -> bytes:
    css, scripts = styles(app), scripts_of(app)
    shown = letters([html], scripts)
    css = faces(css, shown, scripts[tag], lambda _, font: data_address(font, "font/woff2")) + rules(css, [html])
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    html = html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{policy}', 1)
    return html.replace("</head>", f"<style>\n{css}</style>\n</head>", 1).encode("utf-8")


def styles(app: Flask) -> str:
    """The stylesheet as it is served, uncut."""
    return fetch(app, STYLES)[0].decode("utf-8")


def scripts_of(app: Flask) -> dict[str, str]:
    """Which script each language is written in."""
    return {row.tag: row.script for row in program_of(app).known_languages}
