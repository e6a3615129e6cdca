"""Fonts for paper: our own files, one a family and weight, looked at before anything is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from outreach.printing.fonts import NoFont, floor, font_css, font_files
from outreach.shipped import FONTS


def test_every_script_has_its_files() -> None:
    """Regular and bold for each script, in the order asked for."""
    files = font_files(("arabic", "latin"))
    assert list(files) == [("NotoSansArabic", 400), ("NotoSansArabic", 700), ("NotoSans", 400), ("NotoSans", 700)]


def test_one_face_a_file_and_english_in_latin_letters() -> None:
    """Two files for one family and weight would print wrong letters; English never falls back to another script."""
    css = font_css(font_files(("arabic", "latin")))
    assert css.count("@font-face") == 4
    assert 'html{font-family:"NotoSansArabic","NotoSans"}' in css
    assert ':lang(en){font-family:"NotoSans","NotoSansArabic"}' in css
    assert "woff" not in css


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FONTS, tmp_path / "fonts"))


def test_a_missing_or_broken_font_is_found_before_drawing(folder: Path) -> None:
    """Without a font the drawing library ends the whole process, so each file is opened first."""
    assert font_files(("latin",), folder)

    (folder / "NotoSans-Bold.ttf").write_bytes(b"no font at all")
    with pytest.raises(NoFont, match=r"NotoSans-Bold\.ttf"):
        font_files(("latin",), folder)

    (folder / "NotoSans-Bold.ttf").unlink()
    with pytest.raises(NoFont, match=r"NotoSans-Bold\.ttf"):
        font_files(("latin",), folder)
    with pytest.raises(NoFont, match="klingon"):
        font_files(("klingon",), folder)
    with pytest.raises(NoFont, match=r"fonts\.toml"):
        font_files(("latin",), folder / "nowhere")


def test_scripts_with_finer_marks_stay_larger() -> None:
    """6.5 points is the floor for Latin letters, 7 for every other script."""
    assert floor(("latin",)) == 6.5
    assert floor(("latin", "arabic")) == 7
