"""Owns contracts, their effective-dated versions and the clauses that say what was promised to a client."""
