"""What travels: keys, signatures, bundles, backups, workbooks. It may not open the ledger itself."""
