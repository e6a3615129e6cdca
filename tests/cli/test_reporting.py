"""Reports and past totals from a terminal: packs, typed numbers, workbooks, and a table brought in and undone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl


def test_a_pack_in_a_terminal(outreach: Any, tmp_path: Path) -> None:
    """A pack is listed, worked out with typed numbers, and written as a workbook and as pages."""
    outreach("tally", "--site", "outreach", "--day", "2025-07-02", "syringe-1ml=300", "--encounters", "9")
    assert "utah-quarterly" in outreach("packs").out

    rows = outreach.json("report", "--pack", "utah-quarterly", "--period", "2025-Q3", "--format", "json")["rows"]
    assert 300 in [row["value"] for row in rows]
    told = ("report", "--pack", "unaids-needles-and-syringes", "--period", "2025", "--typed", "pwid=100")
    assert "3" in outreach(*told).out
    assert outreach("report", "--pack", "nothing", "--period", "2025").code == 1
    assert outreach(*told[:-1], "people=1").code == 2

    book = tmp_path / "report.xlsx"
    assert (
        outreach("report", "--pack", "utah-quarterly", "--period", "2025-Q3", "--format", "xlsx", "-o", book).code == 0
    )
    values = [cell.value for row in openpyxl.load_workbook(io.BytesIO(book.read_bytes())).active for cell in row]
    assert 300 in values
    page = tmp_path / "report.pdf"
    assert outreach("report", "totals", "--period", "2025-Q3", "--format", "pdf", "-o", page).code == 0
    assert page.read_bytes().startswith(b"%PDF")
    assert outreach("report", "totals", "--period", "2025-Q3", "--format", "pdf").code == 2


def test_a_report_of_sites_and_months_fits_a_terminal(outreach: Any) -> None:
    """One table for each site where all in one would be wider than 80 columns; what fits, and files, stay one."""
    outreach("sites", "add", "north-side-van")
    for site, day in (("outreach", "2025-07-02"), ("north-side-van", "2025-07-03"), ("north-side-van", "2025-08-01")):
        assert outreach("tally", "--site", site, "--day", day, "naloxone-nasal=1204", "cooker=5").code == 0
    asked = ("report", "totals", "--period", "2025")
    lines = outreach(*asked, "--by", "site", "--by", "month").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.startswith("site")] == ["site: north-side-van", "site: outreach"]
    assert sum(line.startswith("month ") for line in lines) == 2, "each block has its heads"
    one = outreach(*asked, "--by", "month").out.splitlines()
    assert sum(line.startswith("month ") for line in one) == 1 and max(map(len, one)) <= 80, "the control"
    days = outreach(*asked, "--by", "site", "--by", "month", "--by", "day").out.splitlines()
    assert max(map(len, days)) <= 80 and "site: outreach" in days
    assert len(outreach.json(*asked, "--by", "site", "--by", "month", "--format", "json")["rows"]) == 6


def test_past_totals_in_a_terminal(outreach: Any, tmp_path: Path) -> None:
    """A map says what columns mean; a dry run saves nothing; all rows or none; undone by one command."""
    table, mapped = tmp_path / "old.csv", tmp_path / "map.toml"
    table.write_text("When,Place,Kits out\n2025-01,outreach,4\n2025-02,outreach,5\n", encoding="utf-8")
    mapped.write_text('"When" = "day"\n"Place" = "site"\n"Kits out" = "given:kit-naloxone-nasal"\n', encoding="utf-8")
    outreach("sites")

    dry = outreach("import", table, "--map", mapped, "--dry-run")
    assert "2 sheets. Nothing was saved." in dry.out
    totals = ("report", "totals", "--period", "2025", "--format", "json")
    assert outreach.json(*totals)["rows"] == []

    saved = outreach("import", table, "--map", mapped)
    assert saved.code == 0, saved.err
    kits = [row["quantity"] for row in outreach.json(*totals)["rows"] if row["item"] == "kit-naloxone-nasal"]
    assert kits == [9]
    assert outreach("stock").out.count("kit-naloxone-nasal") == 0, "totals of the past never lay on a shelf"
    name = saved.out.split()[-1]
    assert outreach("import", "--undo", name).code == 0
    assert all(row["quantity"] == 0 for row in outreach.json(*totals)["rows"])

    table.write_text("When,Place,Kits out\n2025-01,outreach,4\n2025-02,nowhere,5\n", encoding="utf-8")
    refused = outreach("import", table, "--map", mapped)
    assert refused.code == 1
    assert "cannot be read: 1 of 2" in refused.err
