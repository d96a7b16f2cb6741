"""After a restore: nothing is sent again, nobody is still signed in, and what a person must look at is said.

The backup does not know what left after it was made. So whatever was due may have left: it is never sent by machine.
A reply becomes `uncertain`, as after a broken connection, and its agent decides; mail of the house is dropped. What
was not due yet even now cannot have left and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit_house
from portavoce.backups.manifest import Manifest
from portavoce.brands.resolving import all_brand_ids
from portavoce.core.config import Settings
from portavoce.core.db import DISPATCH, Database
from portavoce.core.delivering import SENT_BODY, Handler, Job
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import now
from portavoce.identity.resetting import PURPOSE as RESET
from portavoce.identity.sessions import end_every_session
from portavoce.identity.tokens import spend_everybodys
from portavoce.wiring import handlers, open_database

RESTORED = "installation.restored"
WHY = "restored from a backup: it may have left before"
OPEN = ("pending", "handed")


class Settled(NamedTuple):
    """How many deliveries wait for a person, mails of the house were dropped and sessions were ended."""

    deliveries: int
    mails: int
    sessions: int


async def settle(settings: Settings, manifest: Manifest) -> Settled:
    database = open_database(settings)
    known = handlers(settings, database.clock)
    try:
        async with database.begin(HOUSE, role=DISPATCH) as db:
            brands = await all_brand_ids(db)
        deliveries = sum([await _doubt_open(database, known, brand) for brand in brands])
        async with database.begin(HOUSE) as db:
            mails, sessions = await _drop_house_mails(db), await end_every_session(db)
            await spend_everybodys(db, RESET)
            settled = Settled(deliveries, mails, sessions)
            made_at = manifest.made_at.isoformat()
            audit_house(db, None, RESTORED, "backup", made_at=made_at, **settled._asdict())
        return settled
    finally:
        await database.close()


async def _doubt_open(database: Database, known: Mapping[str, Handler], brand_id: UUID) -> int:
    scope = Scope.writing(brand_id)
    async with database.begin(scope) as db:
        query = select(Outbox.id, Outbox.topic, Outbox.ref_id).where(
            Outbox.state.in_(OPEN), (Outbox.run_at <= now(db)) | (Outbox.state == "handed")
        )
        rows = (await db.execute(query)).all()
    for row in rows:
        if row.topic in known:
            await known[row.topic].doubted(database, Job(brand_id, row.ref_id), WHY)
        async with database.begin(scope) as db:
            ended = await db.get_one(Outbox, (brand_id, row.id))
            ended.state, ended.last_error = "dead", WHY
    return len(rows)


async def _drop_house_mails(db: AsyncSession) -> int:
    """Links and notices of a time that has passed; whoever needs one asks for another."""
    rows = (await db.scalars(select(HouseOutbox).where(HouseOutbox.state.in_(OPEN)))).all()
    for row in rows:
        row.state, row.last_error, row.body = "dead", WHY, SENT_BODY
        audit_house(db, None, "house_mail.dropped", "house_outbox", row.id, topic=row.topic)
    return len(rows)
