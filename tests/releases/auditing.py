"""The previous release's reads and writes, going on while a migration runs: what they hear is what its users would.

Its code need not be at hand: what it asks of a table is known from the table as the release left it. It reads those
columns, writes them back, and inserts rows that name no other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

LONGEST_WAIT = "1s"
COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema = 'pv' AND table_name <> 'alembic_version' ORDER BY 1, ordinal_position
"""
NEEDED = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'pv' AND is_nullable = 'NO' AND column_default IS NULL
"""
Tables = dict[str, dict[str, str]]
"""Columns with their types, by table."""


def tables(dsn: str) -> Tables:
    found: Tables = {}
    with psycopg.connect(dsn) as db:
        for table, column, kind in db.execute(COLUMNS):
            found.setdefault(table, {})[column] = kind
    return found


@dataclass
class Users:
    """The release at work on every one of its tables, again and again; `heard` is what went wrong, by table."""

    dsn: str
    known: Tables
    heard: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _round: threading.Condition = field(default_factory=threading.Condition)

    def work(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as db:
            # A row is taken out and put back below: what refers to it must not mind.
            db.execute("SET session_replication_role = replica")
            db.execute(f"SET lock_timeout = '{LONGEST_WAIT}'".encode())
            while not self._over.is_set():
                for table, columns in self.known.items():
                    self._use(db, table, list(columns))
                with self._round:
                    self.rounds += 1
                    self._round.notify_all()

    def _use(self, db: psycopg.Connection[Any], table: str, columns: list[str]) -> None:
        name = sql.Identifier("pv", table)
        named = sql.SQL(", ").join(map(sql.Identifier, columns))
        same = sql.SQL(", ").join(sql.SQL("{0} = {0}").format(sql.Identifier(each)) for each in columns)
        gaps = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        first = sql.SQL("(SELECT ctid FROM {} LIMIT 1)").format(name)
        try:
            with db.transaction(force_rollback=True):
                db.execute(sql.SQL("UPDATE {} SET {} WHERE ctid = {}").format(name, same, first))
                gone = sql.SQL("DELETE FROM {} WHERE ctid = {} RETURNING {}").format(name, first, named)
                for row in db.execute(gone).fetchall():
                    db.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, named, gaps), row)
        except psycopg.Error as error:
            self.heard.setdefault(table, f"{type(error).__name__}: {error}".splitlines()[0])

    def stop(self) -> None:
        self._over.set()

    def whole_rounds(self, number: int) -> None:
        """Returns once so many more have begun and ended."""
        with self._round:
            wanted = self.rounds + number + 1
            assert self._round.wait_for(lambda: self.rounds >= wanted, timeout=120)


def complaints(dsn: str, step: Callable[[], object]) -> list[str]:
    """What the release's users hear while `step` changes the schema and afterwards; empty is what tests ask for."""
    known = tables(dsn)
    users = Users(dsn, known)
    working = threading.Thread(target=users.work)
    working.start()
    try:
        users.whole_rounds(0)
        step()
        users.whole_rounds(1)
    finally:
        users.stop()
        working.join()
    return [*(f"{table}: {words}" for table, words in sorted(users.heard.items())), *_broken(dsn, known)]


def _broken(dsn: str, known: Tables) -> list[str]:
    """What a table without rows would only show to the first who writes one."""
    now = tables(dsn)
    changed = [
        f"{table}.{column} was {kind}"
        for table, columns in known.items()
        for column, kind in columns.items()
        if now.get(table, {}).get(column) != kind
    ]
    with psycopg.connect(dsn) as db:
        needed = [
            f"{table}.{column} is required"
            for table, column in db.execute(NEEDED).fetchall()
            if table in known and column not in known[table]
        ]
    return changed + needed
