"""From facts to measured units and their sums: followed as the ledger grows, and the same whenever it is read anew."""
