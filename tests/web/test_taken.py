"""What was taken out of a list of one's own is shown once more, and one touch puts it back."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Browserless
from tests.web.test_printer_pages import STOCK

PRINTERS, LABELS, WEIGHING = "/staff/en/print/printers", "/staff/en/print/stock", "/staff/en/weighing"
PRINTER = {"name": "office", "turn": "short", "paper": "a4", "left": "20.5", "top": "19.8"}
CONTAINER = {"container": "2 gallons", "fewest": "150", "most": "250"}


@pytest.mark.parametrize(
    ("page", "typed", "gone", "file", "otherwise"),
    [
        (PRINTERS, PRINTER, {"printer": "office"}, "printers.toml", {"left": "19.5"}),
        (LABELS, STOCK | {"save": "1"}, {"layout": "wide-cards"}, "printables/layouts.toml", {"rows": "4"}),
        (WEIGHING, CONTAINER, {"container": "2 gallons"}, "weighing.toml", {"most": "260"}),
    ],
)
def test_it_is_put_back_as_it_was(
    served: Browserless, page: str, typed: dict[str, str], gone: dict[str, str], file: str, otherwise: dict[str, str]
) -> None:
    """The same file to the letter; once more it is too late, and what was entered anew meanwhile is kept."""
    (name,) = gone.values()
    assert served.post(page, typed).status == 200
    kept = (served.server.home / file).read_bytes()
    taken = served.post(f"{page}/remove", gone)
    key = re.search(r'name="taken" value="([0-9a-f]+)"', taken.text)
    assert taken.status == 200 and key and "Taken away: " in taken.text
    assert (served.server.home / file).read_bytes() != kept
    back = served.post(f"{page}/back", {"taken": key[1]})
    assert back.status == 200 and "Saved." in back.text and (served.server.home / file).read_bytes() == kept
    assert "Taken away" not in served.get(taken.url.removeprefix(served.server.address)).text
    assert served.post(f"{page}/back", {"taken": key[1]}).status == 404

    key = re.search(r'name="taken" value="([0-9a-f]+)"', served.post(f"{page}/remove", gone).text)
    assert key and served.post(page, typed | otherwise).status == 200
    other = (served.server.home / file).read_bytes()
    refused = served.post(f"{page}/back", {"taken": key[1]})
    assert refused.status == 422 and "Nothing was" in refused.text, name
    assert (served.server.home / file).read_bytes() == other != kept
