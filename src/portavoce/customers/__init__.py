"""Owns customers and their identities: one profile per person and brand, found by normalised address."""
