"""Shipped and home content read into core types; every error names file and key. It may not translate or store."""
