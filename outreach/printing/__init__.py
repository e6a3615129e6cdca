"""Cards on paper: codes, one card to PDF, repeat onto a layout, prove, refuse. It may not read the ledger or the network."""
