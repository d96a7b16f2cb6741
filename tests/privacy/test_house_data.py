"""The provider's book-keeping goes by its periods; the database itself guards refusals that are young."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from portavoce.audit.auditing import audit_house, deny
from portavoce.audit.models import Denial, HouseAudit
from portavoce.core.db import Database
from portavoce.core.heartbeat import beat
from portavoce.core.models import Heartbeat, HouseOutbox
from portavoce.core.outbox import enqueue_house_mail
from portavoce.core.scope import HOUSE
from portavoce.core.walls import APP
from portavoce.identity.models import LoginToken, UserSession
from portavoce.identity.sessions import open_session
from portavoce.identity.tokens import issue
from portavoce.kit.clock import SteppedClock
from portavoce.privacy.house_data import remove_of_house
from tests.database import Installation
from tests.world import World


async def fill(world: World) -> None:
    async with world.database.begin(HOUSE) as db:
        open_session(db, world.elena, "203.0.113.1")
        await issue(db, world.elena, "reset")
        deny(db, world.elena, "GET /x", "not granted")
        audit_house(db, world.elena, "something", "person")
        for state in ("done", "dead"):
            row = enqueue_house_mail(db, "a@voxa.example", "x", "y")
            row.state, row.done_at = state, world.database.clock.now()
    await beat(world.database, "engine")


async def left(database: Database) -> dict[str, int]:
    async with database.begin(HOUSE) as db:
        tables = (UserSession, LoginToken, Denial, HouseAudit, HouseOutbox, Heartbeat)
        return {each.__tablename__: len((await db.scalars(select(each))).all()) for each in tables}


async def test_each_goes_when_its_own_period_is_over_and_what_was_done_stays_written(
    alone: World, clock: SteppedClock
) -> None:
    async with alone.database.begin(HOUSE) as db:
        for row in (await db.scalars(select(HouseOutbox))).all():
            await db.delete(row)
        for token in (await db.scalars(select(LoginToken))).all():
            await db.delete(token)
    await fill(alone)
    before = await left(alone.database)
    clock.advance(timedelta(hours=23))
    assert set((await remove_of_house(alone.database)).values()) == {0}
    clock.advance(timedelta(days=8))
    assert (await remove_of_house(alone.database))["heartbeat_days"] == 1
    clock.advance(timedelta(days=30))
    removed = await remove_of_house(alone.database)
    assert (removed["session_days"], removed["login_token_days"], removed["house_mail_days"]) == (1, 1, 1)
    clock.advance(timedelta(days=365))
    assert (await remove_of_house(alone.database))["denial_days"] == 1
    after = await left(alone.database)
    assert after == {
        "session": 0, "login_token": 0, "denial": 0, "house_audit": before["house_audit"],
        "house_outbox": 1, "heartbeat": 0,
    }  # fmt: skip


def test_a_young_refusal_cannot_be_removed_by_the_process_whatever_it_asks(
    empty_database: Installation,
) -> None:
    with psycopg.connect(empty_database.dsn(APP), autocommit=True) as app:
        for days in (29, 31):
            app.execute(
                "INSERT INTO pv.denial (id, at, action, reason, detail)"
                " VALUES (gen_random_uuid(), now() - make_interval(days => %s), 'GET /x', 'not granted', '{}')",
                [days],
            )
        assert app.execute("DELETE FROM pv.denial").rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM pv.house_audit")
