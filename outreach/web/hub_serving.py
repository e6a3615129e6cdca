"""Running a department's page: this computer only, the guard in front, nothing written down of who asks."""

from __future__ import annotations

import contextlib
import webbrowser

from outreach.core.refusal import N_
from outreach.services.program import Program
from outreach.web.app import make_hub_app
from outreach.web.entrance import once, run_number
from outreach.web.serving import HOST, PortTaken, for_this_computer, has_screen, home_token, listen_here


class HubPortTaken(PortTaken):
    sentence = N_(
        "Another program uses port {port} on this computer. Nothing was started. "
        "Try `outreach hub serve --port {other}`."
    )


def serve_hub(program: Program, database: str, port: int, browser: bool) -> None:
    """Serve the page until stopped."""
    listener = listen_here(port, HubPortTaken)
    key = home_token(program.home)
    server = for_this_computer(make_hub_app(program, key, database), port, listener)
    address = f"http://{HOST}:{port}/"
    print(f"The hub is running at {address}", flush=True)
    print(f"For reviewers, on this computer: {address}open?key={key}", flush=True)
    print("Stop it with Ctrl+C.", flush=True)
    if browser and has_screen():
        # Others on this computer can read what a browser is started with.
        webbrowser.open(f"{address}open?once={once(key, run_number())}")
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
