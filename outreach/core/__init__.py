"""The trade itself, on the standard library alone: no Flask, no SQL, no PDF, no clock, no randomness, no disk."""
