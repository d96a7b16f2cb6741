"""Who asks for files of team reports, and the worker that makes them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portavoce.core.db import Database
from portavoce.core.delivering import Job
from portavoce.core.models import Outbox, StoredFile
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.storage import Storage
from portavoce.core.unit import new_id, now
from portavoce.identity.granting import grant
from portavoce.identity.models import Person
from portavoce.reporting.months import Month
from portavoce.reporting.team.exporting import (
    TOPIC,
    Export,
    begin_export,
    export_of,
)
from portavoce.reporting.team.jobs import PartMaker
from portavoce.reporting.team.models import ReportPart
from portavoce.reporting.team.pieces import By
from tests.minting import Minted, mint_brand
from tests.reporting.team.staffing import add_site, add_staff, chosen, employ, told, work

MARCH = Month(2026, 3)


class Office:
    """Dino supervises Aurora and Bosco; six people of one site worked for both, and two of another for Bosco."""

    def __init__(self, database: Database, brands: list[Minted], person_id: UUID, storage: Storage) -> None:
        self.database, self.brands, self.person_id, self.storage = database, brands, person_id, storage
        self.chosen = [chosen(brands[0]), chosen(brands[1], "Bosco")]

    async def begin(self, by: By = By.AGENT) -> UUID:
        return await begin_export(self.database, self.person_id, self.chosen, by, (MARCH, MARCH))

    async def make(self) -> None:
        """As the worker does, every part that waits."""
        for brand in self.brands:
            async with self.database.begin(brand.reading) as db:
                waiting = (await db.scalars(select(Outbox.ref_id).where(Outbox.topic == TOPIC))).all()
            for part in waiting:
                await PartMaker(self.storage).deliver(self.database, Job(brand.id, part))

    async def export(self, export_id: UUID, *brands: Minted) -> Export:
        scope = Scope.reading([brand.id for brand in brands or self.brands])
        async with self.database.begin(scope) as db:
            return await export_of(db, self.person_id, export_id)

    async def count(self, table: type[ReportPart] | type[StoredFile]) -> int:
        async with self.database.begin(self.brands[0].reading) as db:
            return (await db.execute(select(func.count(table.id)))).scalar_one()


@pytest.fixture
async def office(ledger: Database, aurora: Minted, tmp_path: Path) -> Office:
    bosco = await mint_brand(ledger, "Bosco")
    async with ledger.begin(HOUSE) as db:
        dino = Person(id=new_id(db), email=f"{new_id(db).hex}@voxa.example", name="Dino", created_at=now(db))
        db.add(dino)
        await db.flush()
        for brand in (aurora, bosco):
            await grant(db, dino.id, "supervisor", brand_id=brand.id)
    people = await add_staff(ledger, await add_site(ledger, "Torino"), *"ABCDEF")
    two = await add_staff(ledger, await add_site(ledger, "Bari", authorised=True), "Nina", "Olga")
    for brand, agents in ((aurora, people), (bosco, [*people, *two])):
        for by in await employ(ledger, brand, agents):
            await work(ledger, brand, by, ledger.clock.now() - timedelta(hours=3))
    await told(ledger, aurora, bosco)
    return Office(ledger, [aurora, bosco], dino.id, Storage(tmp_path))
