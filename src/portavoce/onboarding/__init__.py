"""Owns what it takes to put a client, a brand and its people to work: the one place that composes all of it."""
