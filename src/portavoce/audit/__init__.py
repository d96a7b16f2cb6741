"""Owns the record of who did what to which row; it holds what may later be erased, which the ledger never does."""
