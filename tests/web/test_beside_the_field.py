"""Forms that are sent with something missing: it is said beside its field, and what else was typed comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest

COPY = "reports/packs/utah-quarterly/copy"


@pytest.mark.parametrize(
    ("page", "form", "field", "said"),
    [
        ("sites", {"code": "", "name": "Harbor street"}, "code", "Type a short code for the site"),
        ("sites", {"code": "a b", "name": "Harbor street"}, "code", "a b cannot be a site"),
        (COPY, {"name": "", "title": "County report"}, "name", "Type a short name for your copy"),
        ("laptops/invite", {"name": "", "own": "Office"}, "name", "A laptop is called by one line"),
        ("laptops/invite", {"name": "Van 2", "own": ""}, "own", "A laptop is called by one line"),
        ("stock/count", {"site": "outreach", "day": "", "n:cooker": "77"}, "day", "Choose a day"),
    ],
)
def test_what_is_missing_is_said_there(served: Any, page: str, form: dict[str, str], field: str, said: str) -> None:
    """The field names its trouble for whoever hears the page, too; nothing that was typed is typed twice."""
    back = served.post(f"/staff/en/{page}", form)
    assert back.status == 422
    assert f'<span class="bad" id="bad-{field}">{said}' in back.text
    assert re.search(rf'<input[^>]* name="{field}"[^>]*aria-describedby="bad-{field}', back.text)
    for kept in filter(None, form.values()):
        assert f'value="{kept}"' in back.text
