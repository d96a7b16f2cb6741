"""The catalog gate: reads pg_catalog and tells, in words, everything that is not exactly as declared."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.isolation import catalog_keys, catalog_objects, catalog_rights, catalog_roles, catalog_tables

RULES = (
    *catalog_tables.RULES,
    *catalog_keys.RULES,
    *catalog_objects.RULES,
    *catalog_rights.RULES,
    *catalog_roles.RULES,
)


def complaints(conn: psycopg.Connection[Any]) -> list[str]:
    """Every complaint, each naming its culprit; none means that the wall stands. `conn` is a superuser's."""
    conn.execute("SET LOCAL search_path = pg_catalog")
    return [complaint for rule in RULES for complaint in rule(conn)]
