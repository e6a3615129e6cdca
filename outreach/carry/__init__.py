"""What travels between laptops: keys, signatures, bundles, backups. It may not open the ledger itself."""
