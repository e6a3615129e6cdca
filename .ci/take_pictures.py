"""Take the pictures of README and docs again: `python .ci/take_pictures.py`, set up by `./start test`."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import APIResponse, Page, sync_playwright

from outreach.core.hub_reports import months_before

sys.path.append(str(Path(__file__).parents[1]))
from tests.conftest import Cluster  # noqa: E402 - the tests are no package that is installed

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures"
TONGUES = ("en", "es", "ar", "zh-Hans")
GIVEN = {"law": {"given-state": "CA"}, "kit-label": {"given-kit": "kit-naloxone-nasal"}}
"""What an order has to say for some cards."""
SAID_UNDER = {
    "participation-card": "The words on this one are an example. The card is off until a program enters those that its "
    "own counsel wrote for its own state, and then it prints nothing else.",
}
"""What has to be known beside the picture of a card."""
EXAMPLE = "EXAMPLE\n\nHere stand the words that counsel of a program gave for its state, as they were given."
TALL = 460
"""Pixels that a row of a card's pictures may be high: enough to read, small enough to load."""
COMMAND = Path(sys.executable).with_name("outreach")
PORT, OTHER_PORT = "8765", "8766"
TODAY = time.strftime("%Y-%m-%d")


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
    phone(page, f"{base}/staff/en/")
    page.screenshot(path=PICTURES / "staff.png")
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
    # A group of the choice, or a card in it.
    found = re.findall(
        r'<optgroup label="([^"]+)|'
        r'<option value="([a-z-]+)" data-layouts="([^" ]+)[^>]*data-tongues="([^"]*)"[^>]*>([^<\u00b7]+[^<\u00b7 ])',
        titles,
    )
    lines = [
        "# Every card",
        "",
        "In English, Spanish, Arabic and Chinese, each front and back, as they print. The same hangs in the",
        "program under Print, Look at every card, in your own language and with your program's name.",
        "",
    ]
    for form, card, layout, tongues, title in found:
        if form:
            lines += [f"## {form}", ""]
            continue
        own = [tag for tag in TONGUES if tag in tongues.split()] if card not in SAID_UNDER else ["en"]
        # One language at a time, as a busy computer may take long for four.
        row = [face for tag in own for face in faces(page, base, card, layout, tag)]
        whole = Image.new("L", (sum(each.width + 12 for each in row) - 12, max(each.height for each in row)), 200)
        across = 0
        for each in row:
            whole.paste(each, (across, 0))
            across += each.width + 12
        whole.quantize(8).save(PICTURES / "cards" / f"{card}.png", optimize=True)
        lines += [f"### {title}", "", f'<img src="pictures/cards/{card}.png" alt="{title}: {", ".join(own)}">', ""]
        lines += [SAID_UNDER[card], ""] if card in SAID_UNDER else []
    (DOCS / "gallery.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def faces(page: Page, base: str, card: str, layout: str, tag: str) -> list[Image.Image]:
    """The sides of a card in one language, as the program shows them once it is ready to print."""
    form = {"card": card, "layout": layout, f"copies-{tag}": "1", **GIVEN.get(card, {})}
    told = page.request.post(f"{base}/staff/en/print", form=form, headers={"Sec-Fetch-Site": "same-origin"})  # type: ignore[arg-type]
    while 'http-equiv="refresh"' in told.text():
        time.sleep(0.5)
        told = page.request.get(told.url)
    found = re.findall(r'src="([^"]+/\d+-(?:front|back)\.png)"', told.text())
    assert found, f"{card}: {told.status} {told.text()[:3000]}"
    return [_shrunk(page.request.get(f"{base}{face}")) for face in found]


def together(page: Page, base: str, demo: Path, folder: Path) -> None:
    """Two vans join the demo: one let in, its files copied once, and one that asks; what the pages show."""
    line = invited(page, base, "Van 2")
    van, copy = folder / "van-2", folder / "van-2-copy"
    told(van, "tally", "--site", "outreach", "--day", TODAY, "kit-naloxone-nasal=6", "--encounters", "9")
    joined(page, van, line)
    carried(van, demo, folder)
    asked = page.request.get(f"{base}/staff/en/laptops").text()
    (device,) = re.findall(r"/laptops/([0-9a-f]{32})/answer", asked)
    post(page, f"{base}/staff/en/laptops/{device}/answer", {"answer": "yes", "name": "Van 2"})
    shutil.copytree(van, copy)
    for each, many in ((van, 4), (copy, 5)):
        told(each, "tally", "--site", "outreach", "--day", TODAY, f"fentanyl-strip={many}", "--encounters", "7")
        carried(each, demo, folder)
    other = folder / "van-3"
    told(other, "sites", "add", "lot", "--name", "North")
    told(demo, "sites", "add", "north-lot", "--name", "North")
    told(other, "tally", "--site", "lot", "--day", TODAY, "cooker=8", "--encounters", "6")
    joined(page, other, invited(page, base, "Van 3"))
    carried(other, demo, folder)
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto(f"{base}/staff/en/laptops")
    page.screenshot(path=PICTURES / "laptops.png")
    page.goto(f"{base}/staff/en/exchange")
    page.screenshot(path=PICTURES / "exchange.png")
    page.locator("section:has(#look)").screenshot(path=PICTURES / "look.png")


def packets(page: Page, demo: Path, folder: Path) -> None:
    """What a translator gets on a phone, and what a clinician gets on paper."""
    told(demo, "translate", "es", "--out", folder / "packet", "--first", "40")
    phone(page, (folder / "packet" / "words-es.html").as_uri())
    page.locator("li[data-context]").first.evaluate("card => card.scrollIntoView()")
    page.screenshot(path=PICTURES / "words.png")
    told(demo, "review", "--packet", "overdose-response", "--out", folder / "packet.html")
    page.set_viewport_size({"width": 820, "height": 900})
    page.goto((folder / "packet.html").as_uri())
    page.screenshot(path=PICTURES / "packet.png")


def department(page: Page, folder: Path) -> None:
    """A department's page over four programs: one late, one that asks to be let in, one with a code of its own."""
    with tempfile.TemporaryDirectory(prefix="hub-", ignore_cleanup_errors=True) as place:
        server = Cluster(Path(place)).start()
        try:
            admin, desk = server.database("hub"), folder / "department"
            told(desk, "hub", "init", "--no-password", "--database", admin, "--department", "health")
            hub = ("--database", server.address("health"))
            key = said(desk, "hub", "key")
            months = months_before(date.today(), 3)
            for name, region, sends in (
                ("Night van", "North", months),
                ("River clinic", "North", months[:-1]),
                ("Dune outreach", "", months[-1:]),
            ):
                home = folder / name.replace(" ", "-").lower()
                told(home, "settings", "program-name", name)
                (home / "returns.toml").write_text(key, encoding="utf-8")
                for n, month in enumerate(sends):
                    counts = (f"naloxone-nasal={40 + 7 * n + len(name)}", f"syringe-1ml={300 + 20 * n}")
                    told(home, "tally", "--site", "outreach", "--day", f"{month}-09", *counts, "--encounters", "31")
                    file = folder / f"{home.name}-{month}.return"
                    digits = said(home, "return", "--month", month, file).split()[-1]
                    told(desk, "hub", "merge", file, *hub)
                if region:
                    told(desk, "hub", "accept", digits, "--as", home.name, *hub)
                    told(desk, "hub", "program", home.name, "--region", region, *hub)
            rows = "".join(
                f"{month},naloxone-nasal,{90 + n}\n{month},Long tie,{30 + n}\n" for n, month in enumerate(months)
            )
            (folder / "harbor.csv").write_text(f"month,item,quantity\n{rows}", encoding="utf-8")
            told(desk, "hub", "program", "harbor", "--name", "Harbor outreach", "--region", "Coast", *hub)
            told(desk, "hub", "import", folder / "harbor.csv", "--program", "harbor", *hub)
            with served(desk, OTHER_PORT, "hub", "serve", *hub) as door:
                own = page.context.browser.new_page()  # type: ignore[union-attr]
                own.set_viewport_size({"width": 1100, "height": 900})
                own.goto(door)
                own.screenshot(path=PICTURES / "hub.png")
                own.close()
        finally:
            server.crash()


def invited(page: Page, base: str, name: str) -> str:
    """The one line of an invitation."""
    told = post(page, f"{base}/staff/en/laptops/invite", {"own": "Office", "name": name})
    return re.findall(r'<textarea id="line"[^>]*>([^<]+)<', told)[0]  # type: ignore[no-any-return]


def joined(page: Page, home: Path, line: str) -> None:
    """Have a laptop join by its own page, in a browser of its own: cookies know no port."""
    with served(home, OTHER_PORT) as door:
        own = page.context.browser.new_page()  # type: ignore[union-attr]
        own.goto(door)
        post(own, f"http://127.0.0.1:{OTHER_PORT}/staff/en/laptops/join", {"line": line})
        own.close()


def post(page: Page, address: str, form: dict[str, str]) -> str:
    answer = page.request.post(address, form=form, headers={"Sec-Fetch-Site": "same-origin"})  # type: ignore[arg-type]
    assert answer.ok, answer.text()
    return answer.text()


def carried(home: Path, other: Path, folder: Path) -> None:
    """A file from one laptop to another."""
    file = folder / f"{home.name}.tally"
    file.unlink(missing_ok=True)
    told(home, "export", file)
    told(other, "merge", file)


def told(home: Path, *words: str | Path) -> None:
    said(home, *words)


def said(home: Path, *words: str | Path) -> str:
    own = os.environ | {"OUTREACH_HOME": str(home)}
    return subprocess.run([COMMAND, *words], check=True, stdout=subprocess.PIPE, text=True, env=own).stdout


@contextlib.contextmanager
def served(home: Path, port: str, *words: str) -> Iterator[str]:
    """A running server; the address of its door for staff, or a department's for reviewers."""
    server = subprocess.Popen(
        [COMMAND, "--home", home, *(words or ("serve",)), "--port", port, "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    try:
        yield next(line.split()[-1] for line in server.stdout if line.startswith("For "))
    finally:
        server.terminate()
        server.wait()


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
        told(home, "demo")
        demo = home.with_name("home-demo")
        told(demo, "law", "check", "CA", "--by", "Lawyer, Legal Aid", "--day", TODAY)
        words = Path(folder) / "counsel.txt"
        words.write_text(EXAMPLE, encoding="utf-8")
        own = ("--statute", "Example 0, no statute", "--wording", words, "--by", "Example", "--day", TODAY)
        told(demo, "participation", "--state", "CA", *own)
        base = f"http://127.0.0.1:{PORT}"
        with served(demo, PORT) as door, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or os.environ.get("CHROMIUM", ""), args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.set_default_timeout(300_000)  # a busy computer makes a sheet slowly
            page.goto(door)
            packets(page, demo, Path(folder))
            for each in (take, sheet, gallery):
                each(page, base)
            together(page, base, demo, Path(folder))
            department(page, Path(folder))
            browser.close()


if __name__ == "__main__":
    main()
