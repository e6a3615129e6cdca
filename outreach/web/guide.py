"""Guidance pages: choose a language, choose a topic, read it. They work without JavaScript and need no token."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request, send_file, send_from_directory

from outreach.core.laws import UnknownState
from outreach.i18n.days import as_of_in
from outreach.services import board, guidance, laws, sounds
from outreach.shipped import FONTS
from outreach.web.entrance import proof, run_number, token
from outreach.web.house import files_app, program
from outreach.web.notices import notices
from outreach.web.onefile import file_name, guide_file, topic_file
from outreach.web.speech import page_language, refusal_words, words_of

guide = Blueprint("guide", __name__)
guide.app_context_processor(notices)


@guide.get("/")
def languages() -> str:
    return render_template("guide/languages.html", languages=program().languages.rows)


@guide.get("/<tag>/")
def topics() -> str:
    return render_template("guide/topics.html", groups=guidance.topic_groups(program(), page_language().tag))


@guide.get("/<tag>/<topic>")
def topic(topic: str) -> str:
    tag = page_language().tag
    said = guidance.said_topic(program(), topic, tag)
    asks = laws.asks(program(), tag) if topic == laws.TOPIC else None
    heard = sounds.heard(program(), said)
    return render_template("guide/topic.html", topic=said, heard=heard, languages=program().languages.rows, asks=asks)


@guide.get("/<tag>/law/")
def states() -> str:
    return _states()


@guide.get("/<tag>/law/<state>")
def law(state: str) -> str:
    tag = page_language().tag
    said = laws.said_law(program(), state, tag, as_of_in)
    return render_template(
        "guide/law.html", law=said, asks=laws.asks(program(), tag), languages=program().languages.rows
    )


@guide.errorhandler(UnknownState)
def ask_again(refusal: UnknownState) -> tuple[str, int]:
    """The list to choose from with a sentence: more use than an error page."""
    return _states(refusal_words(refusal)), 404


def _states(sentence: str = "") -> str:
    return render_template(
        "guide/states.html",
        asks=laws.asks(program(), page_language().tag),
        states=laws.states(program()),
        topic=laws.TOPIC,
        title=words_of(f"{laws.TOPIC}.title", program().topics[laws.TOPIC].title),
        languages=program().languages.rows,
        sentence=sentence,
    )


@guide.get("/<tag>/<topic>/<step>.opus")
def sound(topic: str, step: str) -> Response:
    file = sounds.recording(program(), page_language(), topic, step)
    answer = send_file(file, mimetype="audio/ogg; codecs=opus", conditional=True)
    # What was listened to stays in no browser's cache, like the pages themselves.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@guide.get("/<tag>/point")
def point() -> str:
    said = board.board(program(), page_language().tag, request.args.get("with", ""))
    rows = program().languages.rows
    return render_template("guide/point.html", board=said, languages=rows, highest=board.HIGHEST)


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
    """Whether it runs; a second `outreach serve` learns whether it serves its own home, without saying the key."""
    answer = Response("ok\n", mimetype="text/plain")
    if "ask" in request.args and "TOKEN" in current_app.config:
        answer.headers["X-Outreach"] = proof(token(), f"running {request.args['ask']}")
        answer.headers["X-Outreach-Run"] = run_number()
    return answer
