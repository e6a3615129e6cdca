"""The ledger and the open sheets on disk. It may not import Flask, know of pages, or decide what a count means."""
