"""Our own pages taken apart and put together again: attributes changed, elements left out, nothing else touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

Attributes = dict[str, str | None]
Change = Callable[[str, Attributes], Attributes | None]
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


def rewrite(page: str, change: Change) -> str:
    """The page with every start tag as `change` wants it; None leaves the whole element out. Comments go."""
    rewriter = _Rewriter(change)
    rewriter.feed(page)
    rewriter.close()
    return "".join(rewriter.out)


def characters(page: str) -> dict[str, set[str]]:
    """Every character that the page may show, in text or in an attribute, by the `lang` it stands under.

    What `aria-label` and its kin say is heard and never drawn.
    """
    listener = _Listener()
    listener.feed(page)
    listener.close()
    return dict(listener.heard)


def inside(page: str, element: str) -> str:
    """What stands inside the only element of that name."""
    start = page.index(">", page.index(f"<{element}")) + 1
    return page[start : page.rindex(f"</{element}>")]


class _Rewriter(HTMLParser):
    def __init__(self, change: Change) -> None:
        super().__init__(convert_charrefs=False)
        self.change = change
        self.out: list[str] = []
        self._left_out = ""
        self._depth = 0

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool) -> None:
        if self._depth:
            self._depth += tag == self._left_out and not closed
            return
        given = dict(attrs)
        wanted = self.change(tag, dict(given))
        if wanted is None:
            if tag not in VOID and not closed:
                self._left_out, self._depth = tag, 1
        elif wanted == given:
            self.out.append(self.get_starttag_text() or "")
        else:
            said = "".join(f" {k}" if v is None else f' {k}="{escape(v)}"' for k, v in wanted.items())
            self.out.append(f"<{tag}{said}{'/' if closed else ''}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= tag == self._left_out
        else:
            self.out.append(f"</{tag}>")

    def _keep(self, text: str) -> None:
        if not self._depth:
            self.out.append(text)

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")


class _Listener(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard: defaultdict[str, set[str]] = defaultdict(set)
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tongue = dict(attrs).get("lang") or (self._open[-1][1] if self._open else "")
        for name, value in attrs:
            if not name.startswith("aria-"):
                self.heard[tongue] |= set(unescape(value or ""))
        if tag not in VOID:
            self._open.append((tag, tongue))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An empty element shows nothing."""

    def handle_endtag(self, tag: str) -> None:
        if any(tag == each for each, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.heard[self._open[-1][1] if self._open else ""] |= set(data)
