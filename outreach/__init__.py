"""Offline guidance, pocket cards and anonymous supply counts for harm reduction outreach."""

__version__ = "0.1.0"
