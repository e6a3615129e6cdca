"""Doors for a browser: parse a request, call a service, show the answer. It may not open the ledger or render a PDF."""
