"""Take the README's pictures again: `python .ci/take_pictures.py`, in a checkout set up by `./start test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
COMMAND = Path(sys.executable).with_name("outreach")
PORT = "8765"


def phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 720})
    page.goto(address)


def take(page: Page, base: str) -> None:
    """The language page, the six steps in Arabic, the tally in use, totals."""
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


def sheet(page: Page, base: str) -> None:
    """A printed sheet as the program shows it before it is saved."""
    page.goto(f"{base}/staff/en/print")
    page.locator("[name=copies-es]").fill("6")
    page.locator("[name=copies-ar]").fill("4")
    page.locator("form.form button.do, form button.do").first.click()
    page.wait_for_url("**/print/*")
    source = page.locator("img").first.get_attribute("src")
    (PICTURES / "sheet.png").write_bytes(page.request.get(f"{base.rstrip('/')}{source}").body())


def main() -> None:
    """Make a demo, serve it, take every picture, clean up."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        subprocess.run([COMMAND, "--home", home, "demo"], check=True, stdout=subprocess.DEVNULL)
        demo = home.with_name("home-demo")
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
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
