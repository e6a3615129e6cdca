"""Take the pictures of README and docs/gallery.md again: `python .ci/take_pictures.py`, set up by `./start test`."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import APIResponse, Page, sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures"
TONGUES = ("en", "es", "ar", "zh-Hans")
GIVEN = {"law": {"given-state": "CA"}, "kit-label": {"given-kit": "kit-naloxone-nasal"}}
"""What an order has to say for some cards."""
NOT_SHOWN = ("participation-card",)
"""Off until counsel's wording is entered, and then it prints nothing else."""
TALL = 460
"""Pixels that a row of a card's pictures may be high: enough to read, small enough to load."""
COMMAND = Path(sys.executable).with_name("outreach")
PORT = "8765"


def phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 720})
    page.goto(address)


def last_quarter(today: list[int]) -> tuple[int, int]:
    """The last quarter that is over, as its year and number."""
    year, month = today
    return (year, (month - 1) // 3) if month > 3 else (year - 1, 4)


def take(page: Page, base: str) -> None:
    """The language page, the six steps in Arabic, the tally in use, totals, stock, a report, a month."""
    phone(page, f"{base}/")
    page.screenshot(path=PICTURES / "languages.png")
    phone(page, f"{base}/ar/overdose-response")
    page.locator("#steps").screenshot(path=PICTURES / "steps-ar.png")
    phone(page, f"{base}/staff/en/tally")
    page.locator("form.form button.do").click()
    for counter, touches in (("encounters", 9), ("given:kit-naloxone-nasal", 4), ("given:kit-safer-smoking", 3)):
        for _ in range(touches):
            page.locator(f"[data-counter='{counter}'] .add").click()
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / "tally.png")
    page.set_viewport_size({"width": 1100, "height": 820})
    page.goto(f"{base}/staff/en/reports/totals?period={page.evaluate('new Date().getFullYear()')}")
    page.screenshot(path=PICTURES / "totals.png")
    year, quarter = last_quarter(page.evaluate("[new Date().getFullYear(), new Date().getMonth() + 1]"))
    for name, path in (
        ("stock", "stock"),
        ("report", f"reports/packs/utah-quarterly?period={year}-Q{quarter}"),
        ("month", f"reports/month?period={year}-{quarter * 3:02}"),
        ("charts", f"reports/charts?period={year}-{quarter * 3:02}"),
    ):
        page.goto(f"{base}/staff/en/{path}")
        page.screenshot(path=PICTURES / f"{name}.png")


def sheet(page: Page, base: str) -> None:
    """A printed sheet as the program shows it before it is saved."""
    page.goto(f"{base}/staff/en/print?card=response&layout=avery-5371")
    page.locator("[name=copies-es]").fill("6")
    page.locator("[name=copies-ar]").fill("4")
    page.locator("form.form button.do, form button.do").first.click()
    page.wait_for_url("**/print/*")
    source = page.locator("img").first.get_attribute("src")
    (PICTURES / "sheet.png").write_bytes(page.request.get(f"{base.rstrip('/')}{source}").body())


def gallery(page: Page, base: str) -> None:
    """Every card, front and back, in four languages: one picture a card, and the page that shows them all."""
    (PICTURES / "cards").mkdir(exist_ok=True)
    titles = page.goto(f"{base}/staff/en/print").text()  # type: ignore[union-attr]
    found = re.findall(
        r'<option value="([a-z-]+)" data-layouts="([^" ]+)[^>]*data-tongues="([^"]*)"[^>]*>([^<]+)', titles
    )
    lines = [
        "# Every card",
        "",
        "In English, Spanish, Arabic and Chinese, each front and back, as they print. The same hangs in the",
        "program under Print, Look at every card, in your own language and with your program's name.",
        "",
    ]
    for card, layout, tongues, title in found:
        if card in NOT_SHOWN:
            continue
        own = [tag for tag in TONGUES if tag in tongues.split()]
        form = {"card": card, "layout": layout, **{f"copies-{tag}": "1" for tag in own}, **GIVEN.get(card, {})}
        told = page.request.post(f"{base}/staff/en/print", form=form, headers={"Sec-Fetch-Site": "same-origin"})
        while "refresh" in told.headers:
            told = page.request.get(told.url)
        faces = re.findall(r'src="([^"]+/\d+-(?:front|back)\.png)"', told.text())
        assert faces, f"{card}: {told.status} {told.text()[:3000]}"
        row = [_shrunk(page.request.get(f"{base}{face}")) for face in faces]
        whole = Image.new("L", (sum(each.width + 12 for each in row) - 12, max(each.height for each in row)), 200)
        across = 0
        for each in row:
            whole.paste(each, (across, 0))
            across += each.width + 12
        whole.quantize(8).save(PICTURES / "cards" / f"{card}.png", optimize=True)
        lines += [f"## {title}", "", f'<img src="pictures/cards/{card}.png" alt="{title}: {", ".join(own)}">', ""]
    (DOCS / "gallery.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _shrunk(answer: APIResponse) -> Image.Image:
    face = Image.open(io.BytesIO(answer.body())).convert("L")
    return (
        face.resize((face.width * TALL // face.height, TALL), Image.Resampling.LANCZOS) if face.height > TALL else face
    )


def main() -> None:
    """Make a demo, serve it, take every picture, clean up."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        subprocess.run([COMMAND, "--home", home, "demo"], check=True, stdout=subprocess.DEVNULL)
        demo = home.with_name("home-demo")
        checked = ("law", "check", "CA", "--by", "Lawyer, Legal Aid", "--day", time.strftime("%Y-%m-%d"))
        subprocess.run([COMMAND, "--home", demo, *checked], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [COMMAND, "--home", demo, "serve", "--port", PORT, "--no-browser"], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout
        door = next(line.split()[-1] for line in server.stdout if "For staff" in line)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium") or os.environ.get("CHROMIUM", ""), args=["--no-sandbox"]
                )
                page = browser.new_page()
                page.goto(door)
                take(page, f"http://127.0.0.1:{PORT}")
                sheet(page, f"http://127.0.0.1:{PORT}")
                gallery(page, f"http://127.0.0.1:{PORT}")
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
