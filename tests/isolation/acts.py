"""What an adversary tries with raw SQL: every shape of statement over every table, aimed at one brand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.isolation.ground import TABLES, WALLED, brand_of, insertion, row, rows_of

Query = tuple[bytes, dict[str, Any]]
READS = {
    "all": "SELECT * FROM pv.{t}",
    "aimed": "SELECT * FROM pv.{t} WHERE {owner}",
    "column": "SELECT {c} FROM pv.{t}",
    "table": "TABLE pv.{t}",
    "aggregate": "SELECT string_agg(t::text, ',') FROM pv.{t} t HAVING count(*) > 0",
    "extremes": "SELECT max(t::text), min(t::text) FROM pv.{t} t WHERE {owner}",
    "window": "SELECT t::text, count(*) OVER () FROM pv.{t} t",
    "cte": "WITH x AS MATERIALIZED (SELECT * FROM pv.{t}) SELECT * FROM x WHERE {owner}",
    "recursive": "WITH RECURSIVE x AS (SELECT * FROM pv.{t} UNION SELECT a.* FROM pv.{t} a JOIN x ON true) TABLE x",
    "join": "SELECT a.*, b.* FROM pv.{t} a CROSS JOIN pv.{o} b",
    "outer join": "SELECT a.*, b.* FROM pv.{o} b LEFT JOIN pv.{t} a ON true",
    "union": "SELECT a::text FROM pv.{t} a UNION ALL SELECT b::text FROM pv.{o} b",
    "except": "SELECT a::text FROM pv.{t} a EXCEPT SELECT b::text FROM pv.{o} b WHERE false",
    "scalar": "SELECT (SELECT max(b::text) FROM pv.{t} b) FROM pv.{o} a",
    "lateral": "SELECT y.* FROM pv.{o} a, LATERAL (SELECT b.* FROM pv.{t} b LIMIT 9) y",
    "lock": "SELECT * FROM pv.{t} FOR UPDATE",
    "json": "SELECT json_agg(t) FROM pv.{t} t HAVING count(*) > 0",
    "copy": "COPY pv.{t} TO STDOUT",
}
COUNTS = {
    "count": "SELECT count(*) FROM pv.{t}",
    "exists": "SELECT count(*) FROM pv.{t} t WHERE t::text LIKE '%%-%%' OR true",
    "grouped": "SELECT coalesce(sum(n), 0)::bigint FROM (SELECT count(*) AS n FROM pv.{t} t GROUP BY t::text) g",
}
WRITES = {
    "update": "UPDATE pv.{t} SET {c} = %(value)s RETURNING *",
    "blind update": "UPDATE pv.{t} SET {c} = %(value)s",
    "aimed update": "UPDATE pv.{t} SET {c} = %(value)s WHERE {owner}",
    "leaf update": "UPDATE pv.{t} SET {c} = %(value)s WHERE {leaf}",
    "joined update": "UPDATE pv.{t} a SET {c} = %(value)s FROM pv.{o} b RETURNING a.*, b.*",
    "merge": "MERGE INTO pv.{t} USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET {c} = %(value)s",
    "delete": "DELETE FROM pv.{t} WHERE {leaf} RETURNING *",
    "blind delete": "DELETE FROM pv.{t} WHERE {leaf}",
    "delete all": "DELETE FROM pv.{t}",
    "cte delete": "WITH gone AS (DELETE FROM pv.{t} WHERE {leaf} RETURNING *) SELECT * FROM gone",
    "rekey": "UPDATE pv.{t} SET {moved} WHERE {own_leaf}",
    "adopt": "UPDATE pv.{t} SET {owner_column} = %(own)s WHERE {leaf}",
    "truncate": "TRUNCATE pv.{t}",
}
INSERTS = {
    "insert": "",
    "insert returning": "RETURNING *",
    "skip": "ON CONFLICT DO NOTHING",
    "upsert": "ON CONFLICT ({key}) DO UPDATE SET {c} = excluded.{c}",
}
SHAPES = (*READS, *COUNTS, *WRITES, *INSERTS)


@dataclass(frozen=True, slots=True)
class Act:
    """`target`: the brand aimed at; `own`: the brand that is written, where the act needs to know."""

    shape: str
    table: str
    other: str
    column: str
    target: int
    own: int

    @property
    def tables(self) -> frozenset[str]:
        return frozenset({self.table, self.other} if "{o}" in self._template else {self.table})

    @property
    def columns(self) -> frozenset[str] | None:
        """The only ones that are read, or None for all; a bare count reads none."""
        return {"column": frozenset({self.column}), "count": frozenset()}.get(self.shape)

    @property
    def reads(self) -> bool:
        return self.shape in READS or self.shape in COUNTS

    @property
    def counts(self) -> bool:
        return self.shape in COUNTS

    @property
    def _template(self) -> str:
        return {**READS, **COUNTS, **WRITES}.get(self.shape, "")

    def query(self) -> Query:
        if self.shape in INSERTS:
            return self._insertion()
        leaf = row(self.table, self.target, rows_of(self.table))
        moved = row(self.table, self.target, rows_of(self.table) + 1)
        owner = "id" if self.table == "brand" else "brand_id"
        values: dict[str, Any] = {"brand": brand_of(self.target), "own": brand_of(self.own)}
        values["value"] = row(self.table, self.own, rows_of(self.table) + 1)[self.column]
        values |= {f"leaf_{name}": leaf[name] for name in self._key}
        values |= {f"moved_{name}": value for name, value in moved.items()}
        mine = row(self.table, self.own, rows_of(self.table))
        values |= {f"mine_{name}": mine[name] for name in self._key}
        text = self._template.format(
            t=self.table,
            o=self.other,
            c=self.column,
            owner=f"{owner} = %(brand)s" if self._has_owner else "true",
            owner_column=owner if self._has_owner else self.column,
            leaf=" AND ".join(f"{name} = %(leaf_{name})s" for name in self._key),
            own_leaf=" AND ".join(f"{name} = %(mine_{name})s" for name in self._key),
            moved=", ".join(f"{name} = %(moved_{name})s" for name in moved),
        )
        return text.encode(), {name: value for name, value in values.items() if f"%({name})s" in text}

    def _insertion(self) -> Query:
        n = rows_of(self.table) + (self.shape != "upsert")
        key = ", ".join(self._key)
        ending = INSERTS[self.shape].format(key=key, c=self.column)
        made = dict(row(self.table, self.target, n))
        if self.shape == "upsert":
            made[self.column] = row(self.table, self.target, n + 1)[self.column]
        query, values = insertion(self.table, made, ending)
        return query.as_bytes(None), dict(values)

    @property
    def _key(self) -> list[str]:
        return list(TABLES[self.table].primary_key.columns.keys())

    @property
    def _has_owner(self) -> bool:
        return self.table in WALLED or "brand_id" in TABLES[self.table].columns


@cache
def changeable(table: str) -> list[str]:
    """Columns whose value may be any of its type, so that nothing but the wall stops a change."""
    columns = TABLES[table].columns
    free = [
        column.name
        for column in columns
        if not column.primary_key
        and not column.foreign_keys
        and row(table, 1, 1)[column.name] != row(table, 1, rows_of(table) + 1)[column.name]
    ]
    return free or [column.name for column in columns]


def acts_on(table: str, target: int, own: int, shapes: Iterable[str] = SHAPES) -> list[Act]:
    """Every shape, once."""
    other = "customer" if table != "customer" else "conversation"
    return [Act(shape, table, other, changeable(table)[0], target, own) for shape in shapes]
