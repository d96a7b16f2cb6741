"""Tables: declared and present both ways, of one owner, with forced row security and nothing surprising in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from tests.isolation.declared import KINDS, TABLES, rows

Conn = psycopg.Connection[Any]
COLUMN_TYPES = {
    "uuid",
    "text",
    "bigint",
    "boolean",
    "bytea",
    "timestamp with time zone",
    "character varying(32)",
}
WORDS = ("pv.search_entry.words", "tsvector")
"""The one column of another type: asked by a definer function alone."""
RELATIONS = {
    "S": "sequences are not distributable: ids are made in the app",
    "v": "views are not declared",
    "m": "materialised views know no row security",
    "f": "foreign tables are not declared",
    "c": "composite types are not declared",
}


def tables_are_the_declared_ones(conn: Conn) -> Iterator[str]:
    found = {row.name: row for row in rows(conn, TABLE_QUERY)}
    yield from (f"table {name} is not declared" for name in found.keys() - {f"pv.{name}" for name in TABLES})
    yield from (f"table pv.{name} is declared but missing" for name in TABLES if f"pv.{name}" not in found)
    yield from (f"table {name} has no known kind" for name, it in TABLES.items() if it.kind not in KINDS)


TABLE_QUERY = """
SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       c.relpersistence AS persistence, pg_get_userbyid(c.relowner) AS owner, c.relispartition AS partition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN {schemas} ORDER BY 1
"""


def row_security_is_on_and_forced(conn: Conn) -> Iterator[str]:
    for row in rows(conn, TABLE_QUERY):
        if not row.enabled:
            yield f"table {row.name} has no row security"
        if not row.forced:
            yield f"table {row.name} does not force row security on its owner"


def tables_belong_to_the_owner(conn: Conn) -> Iterator[str]:
    for row in rows(conn, TABLE_QUERY):
        if row.owner != "portavoce_owner":
            yield f"table {row.name} belongs to {row.owner}"
        if row.persistence != "p":
            yield f"table {row.name} is unlogged or temporary"


def other_relations_do_not_exist(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relkind AS kind,
                  coalesce('security_invoker=true' = ANY (c.reloptions), false) AS invoker
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind NOT IN ('r', 'p', 'i', 'I', 't') AND n.nspname NOT IN {schemas}""",
    ):
        yield f"{row.name}: {RELATIONS.get(row.kind, 'unknown relation kind')}"
        if row.kind == "v" and not row.invoker:
            yield f"view {row.name} is not security_invoker: it reads as its owner"


def columns_have_plain_types(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS name, a.attidentity <> '' AS identity,
                  format_type(a.atttypid, a.atttypmod) AS type, tn.nspname AS home
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN {schemas} AND a.attnum > 0 AND NOT a.attisdropped""",
    ):
        if row.identity:
            yield f"column {row.name} is an identity column"
        known = row.type in COLUMN_TYPES or (row.name, row.type) == WORDS
        if row.home != "pg_catalog" or not known:
            yield f"column {row.name} is of type {row.type}"


def types_are_not_invented(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT format('%s.%s', n.nspname, t.typname) AS name FROM pg_type t
             JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype IN ('e', 'd', 'r', 'm', 'b') AND t.typelem = 0 AND n.nspname NOT IN {schemas}""",
    ):
        yield f"type {row.name} is not declared: enums and domains are not leakproof"


def tables_do_not_inherit(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relispartition AS partition,
                  (SELECT string_agg(pg_get_userbyid(acl.grantee), ', ')
                     FROM aclexplode(c.relacl) acl WHERE acl.grantee <> c.relowner) AS granted
             FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p')""",
    ):
        if not row.partition:
            yield f"table {row.name} inherits from another"
        if row.granted:
            yield f"partition {row.name} is granted to {row.granted}: only its parent may be"


RULES = (
    tables_are_the_declared_ones,
    row_security_is_on_and_forced,
    tables_belong_to_the_owner,
    other_relations_do_not_exist,
    columns_have_plain_types,
    types_are_not_invented,
    tables_do_not_inherit,
)
