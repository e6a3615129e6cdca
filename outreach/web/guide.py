"""Guidance pages: choose a language, choose a topic, read it. They work without JavaScript and need no token."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, send_from_directory

from outreach.services import guidance
from outreach.shipped import FONTS
from outreach.web.entrance import holds_token
from outreach.web.house import files_app, program
from outreach.web.onefile import file_name, guide_file, topic_file
from outreach.web.speech import page_language

guide = Blueprint("guide", __name__)


@guide.get("/")
def languages() -> str:
    return render_template("guide/languages.html", languages=program().languages.rows)


@guide.get("/<tag>/")
def topics() -> str:
    return render_template("guide/topics.html", groups=guidance.topic_groups(program(), page_language().tag))


@guide.get("/<tag>/<topic>")
def topic(topic: str) -> str:
    said = guidance.said_topic(program(), topic, page_language().tag)
    return render_template("guide/topic.html", topic=said, languages=program().languages.rows)


@guide.get("/save/<tag>/<topic>")
def save_topic(topic: str) -> Response:
    tag = page_language().tag
    number = guidance.place_of(program(), topic)
    return _attachment(topic_file(files_app("file"), tag, topic), file_name(tag, number))


@guide.get("/save/<tag>")
def save_guide() -> Response:
    tag = page_language().tag
    return _attachment(guide_file(files_app("book"), tag), file_name(tag))


def _attachment(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/html")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@guide.get("/fonts/<name>.woff2")
def font(name: str) -> Response:
    return send_from_directory(FONTS, f"{name}.woff2", mimetype="font/woff2", max_age=86400)


@guide.get("/healthz")
def healthz() -> Response:
    answer = Response("ok\n", mimetype="text/plain")
    if holds_token():
        # How a second `outreach serve` knows that the server on this port serves its own home.
        answer.headers["X-Outreach"] = "yours"
    return answer
