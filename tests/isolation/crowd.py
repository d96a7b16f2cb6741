"""Tens of thousands of rows over many brands, put in by SQL in one go: enough for the planner to mean it."""

from __future__ import annotations

import psycopg
from psycopg import sql
from sqlalchemy import Table

from portavoce.search.vectors import key
from tests.database import Installation
from tests.isolation.ground import TABLES, brand_of, insertion, row, rows_of

BRANDS = 30
EACH = 400
"""Contacts of a brand."""
ID = "(lpad(to_hex(b), 8, '0') || '-{table:04x}-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
PEOPLED = (
    "customer", "customer_identity", "conversation", "interaction", "work_item", "message", "mail", "inbound_event",
    "stored_file", "ticket", "ledger_event", "outbox", "endpoint", "search_entry", "observation", "tally",
)  # fmt: skip
HOUSEHOLD = (
    "client", "brand", "brand_head", "line_of_business", "queue", "calendar", "calendar_version", "contract",
    "contract_version", "clause", "disposition", "brand_agent", "mailbox", "report_head",
)  # fmt: skip
"""A few rows of each for every brand."""
STATES = {
    "work_item": "CASE WHEN n % 8 = 0 THEN 'waiting' ELSE 'done' END",
    "outbox": "CASE WHEN n % 40 = 0 THEN 'pending' ELSE 'done' END",
}
LEADS = ", ".join(f"'{key(brand_of(owner))}'" for owner in range(1, BRANDS + 1))
"""What the words of each brand begin with."""
AT = "timestamptz '2026-03-02 12:00+00' + n * interval '1 minute'"
OWN: dict[tuple[str, str], str] = {
    ("ledger_event", "interaction_id"): ID.format(table=list(TABLES).index("interaction") + 1),
    ("ledger_event", "kind"): "'interaction.opened'",
    ("ledger_event", "body"): "'{\"data\": {}}'",
    ("interaction", "state"): "CASE WHEN n % 8 = 0 THEN 'waiting' ELSE 'assigned' END",
    ("interaction", "due_at"): AT,
    ("work_item", "due_at"): AT,
    ("customer_identity", "value"): "'gina.' || n || '@customer.example'",
    ("endpoint", "value"): "'care.' || n || '@brand-' || b || '.example'",
    ("inbound_event", "dedupe_key"): "md5(n::text)",
    ("observation", "interaction_id"): ID.format(table=list(TABLES).index("interaction") + 1),
    ("observation", "state"): "CASE WHEN n % 8 = 0 THEN 'open' ELSE 'counted' END",
    ("observation", "until_n"): "NULL",
    ("observation", "at"): AT,
    ("observation", "due_at"): AT,
    ("tally", "grain"): "CASE WHEN n % 8 = 0 THEN 'day' ELSE 'interval' END",
    ("tally", "starts_at"): AT,
    ("customer_identity", "channel"): "'email'",
    ("interaction", "channel"): "'email'",
    ("message", "direction"): "'in'",
    ("message", "channel"): "'email'",
    ("calendar_version", "zone"): "'Europe/Rome'",
    ("calendar_version", "weekly"): "'{\"days\": {}}'",
    ("brand", "zone"): "'Europe/Rome'",
    ("search_entry", "kind"): "'message'",
    (
        "search_entry",
        "words",
    ): f"format($$'%1$scaldaia%2$s':1A '%1$saiuto':1$$, (ARRAY[{LEADS}])[b], n)::tsvector",
}


def fill(installation: Installation) -> None:
    """Keys are right by construction, so nobody asks the foreign keys; statistics are fresh at the end."""
    with psycopg.connect(installation.superuser_dsn) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in HOUSEHOLD:
            for brand in range(1, BRANDS + 1):
                for n in range(1, rows_of(name) + 1):
                    connection.execute(*insertion(name, {**row(name, brand, n), **_household(name)}))
        for name in PEOPLED:
            connection.execute(_crowd(TABLES[name]))
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _household(table: str) -> dict[str, str]:
    return {column: text.strip("'") for (name, column), text in OWN.items() if name == table}


def _crowd(table: Table) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    values = sql.SQL(", ").join(sql.SQL(_value(table, column.name)) for column in table.columns)
    query = "INSERT INTO pv.{} ({}) SELECT {} FROM generate_series(1, %d) b, generate_series(1, %d) n"
    return sql.SQL(query % (BRANDS, EACH)).format(sql.Identifier(table.name), columns, values)


def _value(table: Table, column: str) -> str:
    """By the rules of `ground.row`, where nothing else is said."""
    sample = row(table.name, 1, 1)[column]
    references = {
        element.parent.name: element.column.table.name
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.parent.name != "brand_id"
    }
    if (table.name, column) in OWN:
        return OWN[table.name, column]
    if column == "state" and table.name in STATES:
        return STATES[table.name]
    if column == "brand_id":
        return ID.format(table=list(TABLES).index("brand") + 1).replace("to_hex(n)", "to_hex(1)")
    if sample is None:
        return "NULL"
    kind = type(sample).__name__
    if kind == "UUID":
        target = references.get(column, table.name)
        made = ID.format(table=list(TABLES).index(target) + 1)
        return made.replace("to_hex(n)", "to_hex(1)") if target in HOUSEHOLD else made
    texts = {"int": "n", "bool": "false", "datetime": AT, "bytes": "'x'::bytea"}
    return texts.get(
        kind,
        f"'{sample}'"
        if not str(sample).startswith(("wall-", "house-"))
        else f"'{table.name} {column} ' || n",
    )
