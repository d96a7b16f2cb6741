"""Keys and indexes: brand_id leads them all, foreign keys stay within their kinds, predicates stay leakproof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from tests.isolation.declared import TABLES, kind, rows

Conn = psycopg.Connection[Any]
LEAKPROOF = {"uuid", "text", "bigint", "boolean", "timestamp with time zone"}
"""Of the types our columns have; numeric, enums, json, arrays and ranges cannot be index conditions under a policy."""
ACROSS_BRANDS = {
    "outbox_due": "the dispatcher takes the due rows of all brands through its own policy",
    "brand_signal_key": "signals_among() compares a text with the marks of every brand",
}
BEHIND_DEFINER = {"search_entry_words": ("gin", ["words"])}
"""Each lexeme begins with its brand, and `pv.search()` alone asks: no policy stands between it and the index."""
UNINDEXED_BY_PREDICATE = {"alembic_version_pkc"}
ALLOWED_TARGETS = {
    "tenant": {"tenant", "reference"},
    "agent": {"agent", "reference"},
    "reference": {"reference"},
    "ops": {"ops", "reference"},
}

INDEX_QUERY = """
SELECT c.relname AS table, i.relname AS name, x.indisunique AS is_unique, x.indisprimary AS is_primary,
       am.amname AS method, x.indexprs IS NOT NULL AS expression, x.indisvalid AS valid,
       ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, o)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.o) AS columns,
       ARRAY(SELECT DISTINCT format_type(a.atttypid, NULL) FROM pg_depend d
               JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = i.oid AND d.refobjid = c.oid
              UNION SELECT format_type(a.atttypid, NULL) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum = ANY (x.indkey::int2[])) AS types
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am am ON am.oid = i.relam
 WHERE n.nspname NOT IN {schemas} ORDER BY 1, 2
"""


def tenant_rows_name_their_brand(conn: Conn) -> Iterator[str]:
    found = {
        row.table: row
        for row in rows(
            conn,
            """SELECT c.relname AS table, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'brand_id'
                WHERE c.relnamespace = to_regnamespace('pv') AND c.relkind IN ('r', 'p')""",
        )
    }
    for table in TABLES:
        if kind(table) == "tenant" and (table not in found or found[table].type != "uuid"):
            yield f"tenant table {table} has no brand_id of type uuid"
        elif kind(table) == "tenant" and not found[table].required:
            yield f"tenant table {table} allows rows without brand_id"
        elif kind(table) in {"agent", "ops"} and table in found:
            yield f"{kind(table)} table {table} has a brand_id"


def brand_leads_every_index(conn: Conn) -> Iterator[str]:
    for row in rows(conn, INDEX_QUERY):
        leading = row.columns[:1] == ["brand_id"]
        if kind(row.table) != "tenant" or leading or _behind_definer(row):
            continue
        if row.is_unique:
            yield f"unique index {row.name} on tenant table {row.table} does not begin with brand_id"
        elif row.name not in ACROSS_BRANDS:
            yield f"index {row.name} on tenant table {row.table} does not begin with brand_id"


def every_table_has_its_key(conn: Conn) -> Iterator[str]:
    keys = {row.table: row.columns for row in rows(conn, INDEX_QUERY) if row.is_primary}
    for table in TABLES:
        if table not in keys:
            yield f"table {table} has no primary key"
        elif kind(table) == "agent" and keys[table][0] != "agent_id":
            yield f"the primary key of agent table {table} does not begin with agent_id"
        elif kind(table) == "reference" and keys[table] != ["id"]:
            yield f"the primary key of reference table {table} is not id"


def indexes_are_leakproof(conn: Conn) -> Iterator[str]:
    for row in rows(conn, INDEX_QUERY):
        if _behind_definer(row):
            continue
        if row.method != "btree":
            yield f"index {row.name} is a {row.method} index: it works only behind a definer function"
        if row.expression:
            yield f"index {row.name} indexes an expression: store the value in a column"
        if not row.valid:
            yield f"index {row.name} is not valid"
        for type_name in sorted(set(row.types) - LEAKPROOF):
            if row.name not in UNINDEXED_BY_PREDICATE:
                yield f"index {row.name} uses a {type_name} column, which is not leakproof"


def _behind_definer(row: Any) -> bool:
    return BEHIND_DEFINER.get(row.name) == (row.method, row.columns) and row.valid and not row.is_unique


FOREIGN_KEYS = """
SELECT k.conname AS name, f.relname AS source, t.relname AS target,
       concat(k.confdeltype, k.confupdtype) AS actions, k.convalidated AND k.conenforced AS holds,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
               JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = u.n ORDER BY u.o) AS columns,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, o)
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = u.n ORDER BY u.o) AS targets
  FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
 WHERE k.contype = 'f' ORDER BY 1
"""


def foreign_keys_stay_in_their_kind(conn: Conn) -> Iterator[str]:
    for row in rows(conn, FOREIGN_KEYS):
        source, target = kind(row.source), kind(row.target)
        if target not in ALLOWED_TARGETS.get(source, set()):
            yield f"foreign key {row.name} goes from {source} table {row.source} to {target} table {row.target}"
        elif source == target == "tenant" and (row.columns[0], row.targets[0]) != ("brand_id", "brand_id"):
            yield f"foreign key {row.name} between tenant tables does not begin with brand_id"
        elif target == "reference" and row.targets != ["id"]:
            yield f"foreign key {row.name} does not point to the primary key of {row.target}"


def foreign_keys_hold(conn: Conn) -> Iterator[str]:
    for row in rows(conn, FOREIGN_KEYS):
        if row.actions != "aa":
            yield f"foreign key {row.name} changes rows by itself (ON DELETE or ON UPDATE)"
        if not row.holds:
            yield f"foreign key {row.name} is not validated or not enforced"


def checks_hold(conn: Conn) -> Iterator[str]:
    for row in rows(
        conn,
        """SELECT k.conname AS name, k.contype AS type, k.convalidated AND k.conenforced AS holds
             FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
            WHERE n.nspname NOT IN {schemas} AND k.contype IN ('c', 'n', 'x', 't')""",
    ):
        if row.type in {"x", "t"}:
            yield f"constraint {row.name} is an exclusion or trigger constraint"
        if not row.holds:
            yield f"constraint {row.name} is not validated or not enforced"


RULES = (
    tenant_rows_name_their_brand,
    brand_leads_every_index,
    every_table_has_its_key,
    indexes_are_leakproof,
    foreign_keys_stay_in_their_kind,
    foreign_keys_hold,
    checks_hold,
)
