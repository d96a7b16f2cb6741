"""Who did what: per brand, for the house, and what was refused."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house, deny
from portavoce.audit.models import AuditEntry, Denial, HouseAudit
from portavoce.core.db import APP, REPORT
from portavoce.core.errors import NoScope
from portavoce.core.scope import HOUSE
from portavoce.ledger.facts import record
from tests.database import NOON, Installation
from tests.floor import Floor


async def test_an_act_in_a_brand_is_written_down_and_may_be_named_as_a_cause(floor: Floor) -> None:
    subject = uuid4()
    async with floor.database.begin(floor.aurora.writing) as db:
        cause = audit(db, str(floor.anna.id), "brand.renamed", "brand", subject, before="A", after="B")
        record(db, "brand.renamed", cause_id=cause)
    (entry,) = [each for each in await floor.rows(AuditEntry) if each.id == cause]
    assert (entry.at, entry.actor, entry.action, entry.subject, entry.subject_id) == (
        NOON, str(floor.anna.id), "brand.renamed", "brand", subject,
    )  # fmt: skip
    assert json.loads(entry.detail) == {"before": "A", "after": "B"}
    assert (await floor.facts())[-1].cause_id == cause


async def test_another_brands_acts_are_not_seen(floor: Floor) -> None:
    async with floor.database.begin(floor.aurora.writing) as db:
        audit(db, "admin", "brand.renamed", "brand")
    there = await floor.rows(AuditEntry, floor.world.bosco)
    assert "brand.renamed" not in [each.action for each in there]


async def test_an_act_needs_a_brand_that_is_written(floor: Floor) -> None:
    with pytest.raises(NoScope):
        async with floor.database.begin(floor.aurora.reading) as db:
            audit(db, "admin", "brand.renamed", "brand")


async def test_the_house_and_its_refusals_name_a_person(floor: Floor) -> None:
    subject = uuid4()
    async with floor.database.begin(HOUSE) as db:
        audit_house(db, floor.world.elena, "client.renamed", "client", subject, name="Aurora")
        deny(db, floor.world.elena, "brand.read", "not granted", brand="bosco")
    async with floor.database.begin(HOUSE) as db:
        act = (await db.scalars(select(HouseAudit).where(HouseAudit.subject_id == subject))).one()
        refusal = (await db.scalars(select(Denial).where(Denial.person_id == floor.world.elena))).one()
    assert (act.person_id, act.action, act.at, act.detail) == (
        floor.world.elena, "client.renamed", NOON, '{"name":"Aurora"}',
    )  # fmt: skip
    assert (refusal.action, refusal.reason, refusal.detail) == (
        "brand.read",
        "not granted",
        '{"brand":"bosco"}',
    )


async def test_an_act_that_rolls_back_was_none(floor: Floor) -> None:
    subject = uuid4()

    async def act_then_fail(db: AsyncSession) -> None:
        audit(db, "admin", "brand.renamed", "brand", subject)
        await db.flush()
        raise RuntimeError("after all")

    with pytest.raises(RuntimeError, match="after all"):
        await floor.do(act_then_fail)
    assert subject not in [each.subject_id for each in await floor.rows(AuditEntry)]


REWRITES = [
    f"{act} pv.{table} {rest}".strip()
    for act, rest in (("UPDATE", "SET action = 'x'"), ("DELETE FROM", ""))
    for table in ("audit_entry", "house_audit", "denial")
    if (act, table) != ("DELETE FROM", "denial")
]
"""Old denials are forgotten, which a policy bounds: see the test below."""


@pytest.mark.parametrize("statement", REWRITES)
async def test_what_was_done_is_not_rewritten(installation: Installation, statement: str) -> None:
    with psycopg.connect(installation.dsn(APP)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())


async def test_a_refusal_is_not_forgotten_before_its_time(installation: Installation) -> None:
    """By the database's clock, whatever a process believes."""
    written = "INSERT INTO pv.denial (id, at, action, reason, detail) VALUES (%s, now() - %s, 'a', 'b', '{}')"
    young, old = uuid4(), uuid4()
    with psycopg.connect(installation.dsn(APP)) as connection:
        connection.execute(written, [young, timedelta(days=29)])
        connection.execute(written, [old, timedelta(days=400)])
        gone = connection.execute("DELETE FROM pv.denial RETURNING id").fetchall()
        connection.rollback()
    assert (old,) in gone
    assert (young,) not in gone


@pytest.mark.parametrize("table", ["audit_entry", "house_audit", "denial"])
async def test_reports_do_not_read_it(installation: Installation, table: str) -> None:
    statement = f"SELECT count(*) FROM pv.{table}".encode()
    with psycopg.connect(installation.dsn(REPORT)) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)
