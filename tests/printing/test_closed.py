"""A card's design can reach nothing but its own folder, whoever wrote it, and cannot stay silent about a fault."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from weasyprint import HTML

from outreach.core.cards import PrintRefused
from outreach.printing.job import PrintJob
from outreach.printing.press import Press
from outreach.printing.refusals import CardReachesOut, DesignMistake, LetterMissing

SECRET = "body { counter-reset: secret 4711 } body::after { content: counter(secret) }"

SAFE = "<style>body { margin: 9mm }</style>"
WAYS_OUT = {
    "style sheet": '<link rel="stylesheet" href="{address}">',
    "import": "<style>@import url({address});</style>",
    "font": "<style>@font-face {{ font-family: x; src: url({address}) }}</style>",
    "image": '<img src="{address}">',
    "background": "<style>body {{ background: url({address}) }}</style>",
    "object": '<object data="{address}"></object>',
    "embed": '<embed src="{address}">',
    "list mark": "<style>p {{ display: list-item; list-style-image: url({address}) }}</style>",
    "content": "<style>p::before {{ content: url({address}) }}</style>",
    "svg image": '<svg width="9" height="9"><image width="9" height="9" href="{address}"/></svg>',
    "attachment": '<link rel="attachment" href="{address}">',
    "base": '<base href="{address}"><img src="x.png">',
}


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this computer, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}/", asked
        serving.shutdown()


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_out_to_the_network(
    press: Press, mini: Callable[..., PrintJob], server: tuple[str, list[str]], way: str
) -> None:
    """Twelve ways to ask for an address are refused, and the server hears of none."""
    address, asked = server
    job = mini(html=f"<!DOCTYPE html>{SAFE}{WAYS_OUT[way].format(address=address)}<p>Some words.", qr_text="")
    with pytest.raises(PrintRefused) as refused:
        press.print(job)

    assert asked == []
    if way != "svg image":  # WeasyPrint swallows what happens inside a drawing, and says only that it failed
        assert isinstance(refused.value, CardReachesOut), str(refused.value)
        assert address in str(refused.value)


def test_the_control_the_usual_fetcher_does_go_out(server: tuple[str, list[str]], tmp_path: Path) -> None:
    """Without our fetcher the same lines reach the server and a file: the refusals above refuse something."""
    address, asked = server
    secret = tmp_path / "secret.css"
    secret.write_text("@page { size: 123mm 45mm }")
    page = HTML(
        string=f'{WAYS_OUT["style sheet"].format(address=address)}<link rel="stylesheet" href="{secret.as_uri()}">x'
    )
    document = page.render()

    assert asked == ["/"]
    assert round(document.pages[0].width * 25.4 / 96) == 123


@pytest.mark.parametrize("address", ["file:///etc/passwd", "../secret.css", "card.css/../../secret.css", "link.css"])
def test_no_file_of_this_computer_is_read(
    press: Press, mini: Callable[..., PrintJob], tmp_path: Path, address: str
) -> None:
    """Not by its address, not from the folder above, not through a link that leads out; the folder's own file is."""
    (tmp_path / "secret.css").write_text(SECRET)
    html = '<!DOCTYPE html><link rel="stylesheet" href="{}"><p>Some words.'
    css = "p { margin: 9mm }"
    job = mini(html=html.format("card.css"), css=css, qr_text="")
    (next(iter(job.designs.values())).folder / "link.css").symlink_to(tmp_path / "secret.css")
    assert press.print(job).sheets == 1

    with pytest.raises(CardReachesOut):
        press.print(mini(html=html.format(address), css=css, qr_text=""))


LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("template", "line"),
    [("{{ nothing }}", 3), ("{% for", 4), (f"\n{LOOPS}", 4), ("{{ 'x' * 4000000000 }}", 3), ("{{ code(5) }}", 3)],
)
def test_a_mistake_is_said_with_its_line(press: Press, mini: Callable[..., PrintJob], template: str, line: int) -> None:
    """Unknown words, a broken tag, an endless loop, hunger for memory: said with its line in under 10 s."""
    began = time.monotonic()
    with pytest.raises(DesignMistake, match=rf"card\.html, line {line}: "):
        press.print(mini(html=f"<!DOCTYPE html>\n<p>Some words.\n{template}\n<p>More.", qr_text="code"))
    assert time.monotonic() - began < 10
    assert press.print(mini()).sheets == 1


@pytest.mark.parametrize(
    "template",
    [
        "{% include '/etc/passwd' %}",
        "{% import 'card.css' as other %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ words.__init__.__globals__ }}",
        "{{ code.__globals__ }}",
        "{{ nothing_of_that_name }}",
        "{% for",
        "{{ range(10**9) | list }}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_cannot_leave_its_words(press: Press, mini: Callable[..., PrintJob], template: str) -> None:
    """Includes, Python's insides, unknown names and endless lists are a mistake in the design, said in a sentence."""
    with pytest.raises(DesignMistake, match="its design has a mistake"):
        press.print(mini(html=f"<!DOCTYPE html>{template}<p>Some words."))


def test_words_are_never_markup(press: Press, mini: Callable[..., PrintJob]) -> None:
    """A translator's angle brackets are printed as brackets; they make no element."""
    words = '<img src="http://127.0.0.1:9/x.png"> & <b>bold</b>'
    assert press.print(mini(words=words)).sheets == 1


def test_a_letter_without_a_font_is_refused(press: Press, mini: Callable[..., PrintJob]) -> None:
    """A box on paper instead of a letter is found before it is printed; the same card without it is printed."""
    with pytest.raises(LetterMissing) as refused:
        press.print(mini(words="Some Ꮳ words."))
    assert '"Ꮳ" (U+13E3)' in str(refused.value)

    with pytest.raises(LetterMissing):
        press.print(mini(words="كلمات"))
    assert press.print(mini(words="كلمات", scripts=("latin", "arabic"))).sheets == 1


def test_whatever_the_drawing_library_says_refuses_the_print(press: Press, mini: Callable[..., PrintJob]) -> None:
    """A misspelled property would be left out without a word on paper; its warning is enough to refuse."""
    with pytest.raises(DesignMistake, match="colour"):
        press.print(mini(css="p { margin: 20mm; colour: red }", qr_text="", html=(
            '<!DOCTYPE html><link rel="stylesheet" href="card.css"><p>Some words.'
        )))  # fmt: skip
