"""Owns how long things are kept, and removes what is past its period. Facts of the ledger are never touched."""
