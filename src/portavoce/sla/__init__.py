"""Owns the clocks that run against contract clauses, and the figures computed from a brand's facts."""
