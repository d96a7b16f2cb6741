"""What every release left is brought to the newest schema by the migrations alone, and loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select

from portavoce import wiring
from portavoce.brands.signals import signals
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.models import Mail
from portavoce.channels.email.receiving import Arrival
from portavoce.conversations.models import Message
from portavoce.core.bootstrap import bootstrap
from portavoce.core.db import Database
from portavoce.core.migrating import at_head, migrate
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.core.walls import OWNER
from portavoce.customers.matching import match_key, name_key
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.clock import SteppedClock
from portavoce.ledger.verifying import BrandFault
from portavoce.onboarding.signals import relearn_all
from portavoce.reporting.verifying import verify_books
from portavoce.search.finding import find
from portavoce.search.models import SearchEntry
from tests.cluster import SessionCluster
from tests.database import PASSWORDS, Installation
from tests.isolation.catalog import complaints
from tests.releases import dumps
from tests.world import DEPLOYMENT, KEYS, letter

LATER = timedelta(hours=1)
Restore = Callable[[Path], Installation]
Superuser = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Release:
    """A database as the release left it and as the migrations made it; `before` and `after` count rows per table."""

    installation: Installation
    before: dict[str, int]
    after: dict[str, int]
    brands: list[UUID]
    latest: datetime

    def open(self) -> Database:
        """As the engine would, one hour after the last fact."""
        clock = SteppedClock(self.latest + LATER)
        return Database(
            self.installation.urls, clock, reactions=wiring.reactions(KEYS), last_writers=wiring.LAST_WRITERS
        )

    async def faults(self) -> list[BrandFault]:
        database = self.open()
        found = await verify_books(database, self.brands)
        await database.close()
        return found


@pytest.fixture(scope="module")
def restore(cluster: SessionCluster) -> Restore:
    """Into a new database, prepared as the README says and then left alone."""

    def into_new(path: Path) -> Installation:
        name = f"release_{path.stem}"
        superuser_dsn = cluster.fresh_database(name)
        bootstrap(superuser_dsn, PASSWORDS, database=name)
        dumps.read(cluster, name, path)
        return Installation(name, superuser_dsn)

    return into_new


@pytest.fixture(scope="module", params=dumps.dumps(), ids=lambda path: path.stem)
def release(request: pytest.FixtureRequest, restore: Restore) -> Release:
    return upgraded(restore(request.param))


def upgraded(installation: Installation) -> Release:
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as superuser:
        before = rows(superuser)
        migrate(installation.url(OWNER))
        latest = superuser.execute("SELECT max(recorded_at) FROM pv.ledger_event").fetchall()[0][0]
        brands = [brand_id for (brand_id,) in superuser.execute("SELECT id FROM pv.brand")]
        return Release(installation, before, rows(superuser), brands, latest)


def rows(superuser: Superuser) -> dict[str, int]:
    tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'pv'").fetchall()
    count = sql.SQL("SELECT count(*) FROM pv.{}")
    return {
        name: superuser.execute(count.format(sql.Identifier(name))).fetchall()[0][0] for (name,) in tables
    }


async def test_brands_of_an_older_release_get_their_marks(release: Release) -> None:
    database = release.open()
    await relearn_all(database, release.brands, missing=True)
    for brand in release.brands:
        async with database.begin(Scope.reading([brand])) as db:
            assert {row.origin for row in await signals(db)} >= {"name", "address"}
    await database.close()


def test_the_first_release_is_among_them() -> None:
    assert "0.1.0" in [path.stem for path in dumps.dumps()]


def test_the_schema_is_the_newest_and_the_wall_stands(release: Release) -> None:
    assert at_head(release.installation.url(OWNER))
    with psycopg.connect(release.installation.superuser_dsn) as superuser:
        assert complaints(superuser) == []


def test_no_table_lost_a_row(release: Release) -> None:
    assert release.before["interaction"] > 50
    assert {name for name, count in release.before.items() if release.after.get(name, -1) < count} == set()


def test_customers_of_old_are_suggested_like_new_ones(release: Release) -> None:
    with psycopg.connect(release.installation.superuser_dsn) as superuser:
        names = superuser.execute("SELECT name, name_key FROM pv.customer").fetchall()
        known = superuser.execute("SELECT channel, value, match_key FROM pv.customer_identity").fetchall()
    assert len(names) > 20
    assert [(name, key) for name, key in names if name_key(name) != key] == []
    assert [each for each in known if match_key(*each[:2]) != each[2]] == []


async def test_every_ledger_holds(release: Release) -> None:
    assert len(release.brands) == 4
    assert await release.faults() == []


async def test_what_was_written_before_is_found(release: Release) -> None:
    database = release.open()
    for brand in release.brands:
        scope = Scope.reading([brand])
        async with database.begin(scope) as db:
            entered = Counter((await db.scalars(select(SearchEntry.kind))).all())
            written = Counter((await db.scalars(select(Message.direction))).all())
            query = select(CustomerIdentity.customer_id, CustomerIdentity.value)
            people = (await db.execute(query)).all()
            customers = (await db.scalars(select(Customer.id))).all()
            hits = await find(db, brand, people[0].value, kinds=["customer"], at_most=5)
        assert entered["message"] == written["in"] + written["out"] > 0
        assert entered["note"] == written["note"]
        assert entered["customer"] == len(customers) > 0
        assert [hit.subject_id for hit in hits] == [people[0].customer_id]
    await database.close()


async def test_an_old_conversation_goes_on(release: Release, tmp_path: Path) -> None:
    database = release.open()
    room = Mailroom(database, Storage(tmp_path), KEYS, DEPLOYMENT)
    scope, answer, sent = await an_old_answer(database, release.brands)
    box = await room.known(sent.from_address)
    assert box is not None
    raw = letter(
        sent.from_address, "Ancora grazie", sender=sent.to_address, message_id="<later@customer.example>",
        In_Reply_To=sent.rfc_id,
    )  # fmt: skip
    await room.accept(arrival(raw, sent.to_address, database.clock.now()), [box])
    async with database.begin(scope) as db:
        filed = (
            await db.scalars(
                select(Message)
                .join(Mail, Mail.message_id == Message.id)
                .where(Mail.rfc_id == "<later@customer.example>")
            )
        ).one()
    await database.close()
    assert (filed.conversation_id, filed.body) == (answer.conversation_id, "Ancora grazie")
    assert await release.faults() == []


async def an_old_answer(database: Database, brands: list[UUID]) -> tuple[Scope, Message, Mail]:
    scope = Scope.reading(brands[:1])
    query = (
        select(Message, Mail)
        .join(Mail, (Mail.brand_id == Message.brand_id) & (Mail.message_id == Message.id))
        .where(Message.direction == "out", Message.state == "sent", Message.automatic.is_(False))
        .order_by(Message.at)
        .limit(1)
    )
    async with database.begin(scope) as db:
        answer, sent = (await db.execute(query)).one()
    return scope, answer, sent


def arrival(raw: bytes, envelope_from: str, at: datetime) -> Arrival:
    return Arrival(raw=raw, envelope_from=envelope_from, peer="127.0.0.1", helo="mx.example", received_at=at)


@pytest.mark.parametrize("path", dumps.dumps(), ids=lambda path: path.stem)
async def test_a_dump_with_a_broken_hash_would_be_seen(
    restore: Restore, cluster: SessionCluster, path: Path, tmp_path: Path
) -> None:
    whole = restore(path)
    with psycopg.connect(whole.superuser_dsn) as superuser:
        [(brand_id,)] = superuser.execute("SELECT brand_id FROM pv.ledger_event WHERE n = 7 LIMIT 1")
        superuser.execute(
            "UPDATE pv.ledger_event SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"
            " WHERE brand_id = %s AND n = 7",
            [brand_id],
        )
    broken = tmp_path / "broken.dump"
    dumps.write(cluster, whole.name, broken)
    faults = await upgraded(restore(broken)).faults()
    assert {fault.brand_id for fault in faults} == {brand_id}
    assert 7 in {fault.n for fault in faults}


@pytest.mark.parametrize("path", dumps.dumps()[:1], ids=lambda path: path.stem)
def test_a_dump_without_a_grant_would_be_seen(restore: Restore, path: Path) -> None:
    installation = restore(path)
    with psycopg.connect(installation.superuser_dsn, autocommit=True) as superuser:
        superuser.execute("REVOKE SELECT ON pv.message FROM portavoce_app")
    upgraded(installation)
    with psycopg.connect(installation.superuser_dsn) as superuser:
        assert complaints(superuser)
