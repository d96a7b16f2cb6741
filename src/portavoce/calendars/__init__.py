"""Owns opening hours and their versions: the only place where wall-clock time is turned into instants."""
