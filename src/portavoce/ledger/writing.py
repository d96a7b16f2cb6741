"""The last act of a unit of work: lock the brand's head, number and chain its facts, draw ticket numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portavoce.core.errors import WallError
from portavoce.core.session import ScopedSession
from portavoce.core.trusted import trusted_sql
from portavoce.kit.canonical import dumps
from portavoce.ledger.chain import link
from portavoce.ledger.facts import COLLECTED, Fact

# The version in force and the database's own time are read in the same statement, so the hash covers them too.
LOCK_HEAD = trusted_sql(
    "ledger.lock_head",
    """
    UPDATE pv.brand_head SET n = n + :facts, ticket = ticket + :tickets WHERE brand_id = :brand_id
    RETURNING old.n, old.hash, old.ticket,
      (SELECT v.id FROM pv.contract_version v WHERE v.brand_id = :brand_id AND v.valid_from <= :at
        ORDER BY v.valid_from DESC LIMIT 1),
      clock_timestamp()
    """,
)
COLUMNS = (
    "brand_id",
    "n",
    "id",
    "kind",
    "v",
    "lob_id",
    "care_case_id",
    "interaction_id",
    "brand_agent_id",
    "actor",
    "from_state",
    "to_state",
    "at",
    "cause_id",
    "contract_version_id",
    "recorded_at",
    "body",
    "prev",
    "hash",
)
TYPES = {
    "n": "bigint", "kind": "text", "v": "bigint", "actor": "text", "from_state": "text", "to_state": "text",
    "at": "timestamptz", "recorded_at": "timestamptz", "body": "text", "prev": "bytea", "hash": "bytea",
}  # fmt: skip
# The facts travel as one value: an array for each column would cost more than all the rest of writing them.
WRITE = trusted_sql(
    "ledger.write",
    f"""
    WITH facts AS (
      INSERT INTO pv.ledger_event ({", ".join(COLUMNS)})
      SELECT * FROM json_to_recordset(CAST(:facts AS json)) AS f({", ".join(f"{c} {TYPES.get(c, 'uuid')}" for c in COLUMNS)})
      RETURNING n, hash
    ), tickets AS (
      INSERT INTO pv.ticket (brand_id, interaction_id, number)
      SELECT * FROM json_to_recordset(CAST(:tickets AS json)) AS t(brand_id uuid, interaction_id uuid, number bigint)
    )
    UPDATE pv.brand_head SET hash = :head WHERE brand_id = :brand
    RETURNING (SELECT count(*) FROM facts)
    """,  # noqa: S608 -- column names and types are the constants above
)
COPIED = COLUMNS[2:16]


def write_facts(session: ScopedSession) -> None:
    """Raises when the brand has no head, or when it stored anything but exactly the collected facts."""
    facts: list[Fact] = session.info.get(COLLECTED, [])
    if not facts:
        return
    brand_id = facts[0].brand_id
    tickets = sum(fact.draws_ticket for fact in facts)
    at = session.info["clock"].now()
    head = session.execute(
        LOCK_HEAD, {"brand_id": brand_id, "facts": len(facts), "tickets": tickets, "at": at}
    ).one_or_none()
    if head is None or head[3] is None:
        raise WallError("the brand has no chain head or no contract version in force")
    written = session.execute(WRITE, _chained(facts, brand_id, *head)).scalar_one()
    if written != len(facts):
        raise WallError(f"{written} of {len(facts)} facts were written")
    session.info[COLLECTED] = []


def _chained(
    facts: list[Fact],
    brand_id: UUID,
    n: int,
    prev: bytes,
    ticket: int,
    version: UUID,
    recorded_at: datetime,
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    tickets: list[dict[str, Any]] = []
    for fact in facts:
        n += 1
        data = dict(fact.data)
        if fact.draws_ticket:
            ticket += 1
            data["ticket"] = ticket
            assert fact.interaction_id is not None
            tickets.append({"brand_id": brand_id, "interaction_id": fact.interaction_id, "number": ticket})
        copies = {"brand_id": brand_id, **_copies(fact, version, recorded_at)}
        body = dumps({**copies, "data": data})
        digest = link(prev, n, body)
        rows.append({**copies, "n": n, "body": body, "prev": _bytea(prev), "hash": _bytea(digest)})
        prev = digest
    return {"brand": brand_id, "head": prev, "facts": _json(rows), "tickets": _json(tickets)}


def _json(rows: list[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


def _bytea(value: bytes) -> str:
    return rf"\x{value.hex()}"


def _copies(fact: Fact, version: UUID, recorded_at: datetime) -> dict[str, Any]:
    given = {"contract_version_id": version, "recorded_at": recorded_at}
    return {name: given[name] if name in given else getattr(fact, name) for name in COPIED}
