"""Cards on paper: codes, one card to PDF, repeat onto a layout, prove, refuse. No ledger, no network."""
