"""The guide's pages as they would be served, without a server: one by address, or all of a language by its links."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask

from outreach.core.refusal import N_, Refusal
from outreach.web.markup import Attributes, rewrite


class PageMissing(Refusal):
    sentence = N_("The page {page} could not be made. Nothing was written.")


def fetch(app: Flask, path: str, cookies: Mapping[str, str] | None = None) -> tuple[bytes, str]:
    """What the app answers at `path`, and its type; refuses when it has nothing there."""
    client = app.test_client()
    for name, value in (cookies or {}).items():
        client.set_cookie(name, value)
    answer = client.get(path)
    if answer.status_code != 200:
        raise PageMissing(page=path)
    return answer.data, answer.mimetype


def page(app: Flask, path: str, cookies: Mapping[str, str] | None = None) -> str:
    return fetch(app, path, cookies)[0].decode("utf-8")


def pages_of(app: Flask, tag: str) -> dict[str, str]:
    """Every page of one language that links lead to from its list, by path, the list first."""
    found: dict[str, str] = {}
    waiting = [f"/{tag}/"]
    while waiting:
        path = waiting.pop(0)
        if path not in found:
            found[path] = page(app, path)
            waiting += [link for link in _links(found[path]) if link.startswith(f"/{tag}/")]
    return found


def _links(html: str) -> list[str]:
    """Paths that the page links to, as they stand; files to save are no pages."""
    links: list[str] = []

    def look(tag: str, attributes: Attributes) -> Attributes:
        href = attributes.get("href") or ""
        if tag == "a" and "download" not in attributes and href.startswith("/"):
            links.append(urlsplit(href).path)
        return attributes

    rewrite(html, look)
    return links
