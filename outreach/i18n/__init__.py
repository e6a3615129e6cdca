"""Catalogs, usable languages and the extraction of strings. It may not know Flask or any page."""
