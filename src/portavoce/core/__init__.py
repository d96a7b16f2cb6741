"""Owns what everything stands on: configuration, the scoped database, the unit of work, outbox, files, own services."""
