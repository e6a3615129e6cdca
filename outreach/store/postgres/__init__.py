"""The ledger on PostgreSQL, imported only where a hub is used. It may not ask what a file would not."""
