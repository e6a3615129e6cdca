"""The words of the pages are held to the rules that the words of the guide are held to."""

from __future__ import annotations

from pathlib import Path

from outreach.home import Home
from outreach.i18n.catalogs import GUIDANCE, INTERFACE, po_file
from outreach.services.program import Program
from outreach.services.words import complaints

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
SLIPS = {
    "placeholders": ("Saved {count} cards.", "Se guardaron tarjetas."),
    "numbers": ("Give 2 doses.", "Dé 3 dosis."),
    "phones": ("Phone 555-0100.", "Teléfono: 555 0100."),
    "negation": ("Do not leave the person.", "Deje a la persona."),
    "units": ("Wait 5 minutes.", "Espere 5 segundos."),
    "glossary": ("Fentanyl was found.", "Se encontró xilacina."),
    "banned": ("People who use drugs", "Drogadictos"),
}


def test_each_slip_is_found_in_the_words_of_pages_as_in_the_guide(tmp_path: Path) -> None:
    """The same slips in both catalogs of a home bring the same complaints; what ships brings none, the control."""
    home = tmp_path / "home"
    entries = "".join(f'\nmsgid "{english}"\nmsgstr "{said}"\n' for english, said in SLIPS.values())
    for domain in (GUIDANCE, INTERFACE):
        file = po_file("es", domain, home / "locales")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + entries, encoding="utf-8")

    found = complaints(Program(Home(home)))
    for domain in (GUIDANCE, INTERFACE):
        assert {each.rule for each in found if f"{domain}.po" in each.file} >= set(SLIPS)
    shipped = complaints(Program(Home(tmp_path / "empty")))
    assert shipped == []
