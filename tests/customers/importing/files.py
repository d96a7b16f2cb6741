"""Files of customers, and an import from the upload to its end as worker and administrator do it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from portavoce.core.delivering import Job
from portavoce.core.progress import Progress, Step
from portavoce.customers.importing.beginning import bring_file, choose_mapping, start
from portavoce.customers.importing.jobs import Importer, entries_of
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.importing.planning import Entry
from portavoce.customers.importing.queries import columns_of
from tests.floor import Floor
from tests.world import WorldBrand


class Told(Progress):
    """Keeps every step, and lets a test do something at one."""

    def __init__(self) -> None:
        super().__init__("")
        self.steps: list[Step] = []

    async def tell(self, brand_id: UUID, subject_id: UUID, step: Step) -> None:
        self.steps.append(step)
        await self.at(step)

    async def at(self, step: Step) -> None:
        return None


def csv_of(rows: Iterable[Sequence[str]], separator: str = ";") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode()


@dataclass
class Desk:
    """One brand's imports."""

    floor: Floor
    at: WorldBrand
    told: Told = field(default_factory=Told)

    @property
    def importer(self) -> Importer:
        return Importer(self.floor.world.storage, self.told)

    async def upload(
        self, rows: Iterable[Sequence[str]], separator: str = ";", name: str = "clienti.csv"
    ) -> UUID:
        storage = self.floor.world.storage
        return await self.floor.do(bring_file, storage, csv_of(rows, separator), name, at=self.at)

    async def deliver(self, import_id: UUID) -> None:
        await self.importer.deliver(self.floor.database, Job(self.at.id, import_id))

    async def check(self, import_id: UUID, mapping: Sequence[str] | None = None) -> list[Entry]:
        """The dry run, with what was guessed unless a mapping is given."""
        async with self.floor.database.begin(self.at.reading) as db:
            guessed = (await columns_of(db, import_id)).mapping
        await self.floor.do(choose_mapping, import_id, mapping or guessed, at=self.at)
        await self.deliver(import_id)
        return entries_of((await self.row(import_id)).report)

    async def run(self, import_id: UUID) -> CustomerImport:
        await self.floor.do(start, import_id, at=self.at)
        await self.deliver(import_id)
        return await self.row(import_id)

    async def bring(self, rows: Iterable[Sequence[str]]) -> CustomerImport:
        """From the upload to the end; a file with mistakes stops at its report."""
        import_id = await self.upload(rows)
        await self.check(import_id)
        row = await self.row(import_id)
        return row if row.wrong or not row.added + row.changed else await self.run(import_id)

    async def row(self, import_id: UUID) -> CustomerImport:
        return await self.floor.get(CustomerImport, import_id, self.at)
