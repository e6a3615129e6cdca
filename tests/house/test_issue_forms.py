"""The forms under Issues: they can be read, say what to leave out, and ask nobody who they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

GITHUB = Path(__file__).parents[2] / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
PULL_REQUEST = GITHUB / "pull_request_template.md"
FIELDS = {"input", "textarea", "dropdown", "checkboxes"}
WHO = re.compile(
    r"\b(?:(?:sur)?names?|e-?mail|phones?|telephone|mobile|contact|handle|signed|who (?:are|is)|"
    r"your (?:role|program|organi[sz]ation|team|age|city|county|address))\b",
    re.IGNORECASE,
)


def words_of(value: Any) -> list[str]:
    """Every text in a field, wherever in it."""
    if isinstance(value, dict):
        return [each for one in value.values() for each in words_of(one)]
    if isinstance(value, list):
        return [each for one in value for each in words_of(one)]
    return [value] if isinstance(value, str) else []


def asks_who(form: dict[str, Any]) -> list[str]:
    """The texts of fields that ask for a name, an e-mail, a phone or the like; what only tells is no field."""
    fields = [item for item in form["body"] if item["type"] != "markdown"]
    return [text for field in fields for text in words_of(field) if WHO.search(text)]


def faults(form: Any) -> list[str]:
    """What would keep GitHub from showing a form, and what its first words fail to say."""
    if not isinstance(form, dict) or not {"name", "description", "body"} <= form.keys():
        return ["not a form"]
    first, *fields = form["body"]
    found = []
    if first["type"] != "markdown" or "No one's name belongs in it" not in first["attributes"]["value"]:
        found.append("does not begin with what to leave out")
    found += [f"no kind of field: {field['type']}" for field in fields if field["type"] not in FIELDS]
    found += [f"no label: {field}" for field in fields if not field.get("attributes", {}).get("label")]
    if len({field.get("id") for field in fields}) < len(fields):
        found.append("two fields of one id, or one without")
    for field in fields:
        options = field.get("attributes", {}).get("options", ["one"])
        # A bare Yes is true in YAML, and the form is then not shown.
        if not options or not all(isinstance(each, str) for each in options) or len(set(options)) < len(options):
            found.append(f"options that are no different texts: {field['id']}")
    return found


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_a_form_asks_nobody_who_they_are(file: Path) -> None:
    """Each form is one that GitHub shows, says first what to leave out, and has no field for a name or a way back."""
    form = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert faults(form) == []
    assert asks_who(form) == []


def test_a_dangerous_word_comes_first() -> None:
    """There is a form for words, for what does not work and for something new, in this order; none is blank."""
    assert [file.stem for file in FORMS] == ["1-words", "2-bug", "3-new"]
    config = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "config.yml").read_text(encoding="utf-8"))
    assert config["blank_issues_enabled"] is False
    assert all(
        "SECURITY.md" in path.read_text(encoding="utf-8") for path in (FORMS[1], FORMS[1].with_name("config.yml"))
    )


def test_a_form_that_asks_is_found() -> None:
    """The control: fields that ask, in a label, a placeholder or an option; a bare Yes; a file that is no YAML."""
    begin = {"type": "markdown", "attributes": {"value": "No one's name belongs in it, and no e-mail."}}
    good = {"name": "A form", "description": "Of a form.", "body": [begin]}

    def with_field(**attributes: Any) -> dict[str, Any]:
        return good | {"body": [begin, {"type": "input", "id": "one", "attributes": attributes}]}

    assert faults(good) == asks_who(good) == []
    for attributes in (
        {"label": "Your name"},
        {"label": "How can we reach you?", "placeholder": "E-mail or phone"},
        {"label": "Contact Details", "placeholder": "ex. email@example.com"},
        {"label": "What may be done?", "options": ["Call my mobile"]},
    ):
        assert faults(with_field(**attributes)) == []
        assert asks_who(with_field(**attributes)) != [], attributes
    assert faults(with_field(label="Again?", options=yaml.safe_load("[Yes, No]"))) != []
    assert faults(good | {"body": [with_field(label="Words")["body"][1]]}) == ["does not begin with what to leave out"]
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load("name: Words: one\n\tbody: []\n")


def test_a_change_is_described_without_a_person() -> None:
    """The page that a change starts with asks for nothing about anyone, and its first line, for the writer, says so."""
    text = PULL_REQUEST.read_text(encoding="utf-8")
    warning, asked = re.findall(r"<!--.*?-->", text, re.DOTALL), re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)

    assert warning and "name" in warning[0]
    assert WHO.findall(asked) == []
    assert len(text.splitlines()) <= 20
