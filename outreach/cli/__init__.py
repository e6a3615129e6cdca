"""Doors for a terminal: parse a command, call a service, print the answer. It may not open the ledger itself."""

from outreach.cli.entry import main

__all__ = ["main"]
