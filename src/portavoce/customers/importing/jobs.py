"""The dry run and the bringing in, as the worker does them: safe to be done twice, and killed anywhere nothing is left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.core.db import Database, lost_a_race, unavailable
from portavoce.core.delivering import Hopeless, Job, Retry
from portavoce.core.models import StoredFile
from portavoce.core.progress import Progress, Step
from portavoce.core.scope import Scope
from portavoce.core.storage import Storage
from portavoce.core.unit import now
from portavoce.customers.importing.beginning import drop_files
from portavoce.customers.importing.bringing_in import ACTOR, Outdated, bring_in
from portavoce.customers.importing.checking import Tell, look_through
from portavoce.customers.importing.errors import BadFile, BadMapping
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.importing.planning import CHANGED, NEW, SAME, Entry, Plan
from portavoce.customers.importing.reading import Sheet, read_sheet
from portavoce.ledger.facts import record

LOG = structlog.get_logger()
OTHERWISE = "Somebody changed one of these customers meanwhile. Look at what is new, then bring it in."
NO_FILE = "The file is not there any more. Upload it again."
NO_END = "This could not be done. Nothing was brought in. Try again."
UNDER_WAY = "this import is being brought in"
CHECKING, WRITING = "checking", "writing"
AGAIN = timedelta(minutes=1)


class Importer:
    """Delivers imports: what is to be done with one, its state says."""

    def __init__(self, storage: Storage, progress: Progress) -> None:
        self._storage = storage
        self._progress = progress

    async def deliver(self, database: Database, job: Job) -> None:
        """What is no trouble of the database, nobody mends by trying again: the import says so, and waits for a person."""
        try:
            await self._work(database, job)
        except (Retry, Hopeless):
            raise
        except (BadFile, BadMapping) as problem:
            await _end(database, job, "failed", problem.message)
        except Exception as error:
            if unavailable(error):
                raise
            LOG.exception("an import failed", customer_import=str(job.ref_id))
            await _end(database, job, "failed", NO_END)

    async def give_up(self, database: Database, job: Job, words: str) -> None:
        await _end(database, job, "failed", NO_END)

    async def _work(self, database: Database, job: Job) -> None:
        async with database.begin(Scope.reading({job.brand_id})) as db:
            row = (
                await db.scalars(select(CustomerImport).where(CustomerImport.id == job.ref_id))
            ).one_or_none()
            file = await _file(db, row)
        if row is None or row.state not in ("checking", "running"):
            return
        sheet = await self._sheet(file)
        mapping: list[str] = msgspec.json.decode(row.mapping)
        plans = await look_through(database, job.brand_id, sheet, mapping, self._tell(job, CHECKING))
        if row.state == "checking":
            await _report(database, job, "checking", plans)
        elif _entries(plans) != entries_of(row.report) or not await self._bring_in(database, job, plans):
            plans = await look_through(database, job.brand_id, sheet, mapping, self._tell(job, CHECKING))
            await _report(database, job, "running", plans, OTHERWISE)

    async def _sheet(self, file: StoredFile | None) -> Sheet:
        try:
            content = None if file is None else await asyncio.to_thread(self._storage.read, file)
        except FileNotFoundError:
            content = None
        if content is None:
            raise BadFile(NO_FILE)
        return await asyncio.to_thread(read_sheet, content)

    async def _bring_in(self, database: Database, job: Job, plans: Sequence[Plan]) -> bool:
        """False when somebody was faster: then nothing of it was done."""
        try:
            async with database.begin(Scope.writing(job.brand_id)) as db:
                row = await _own(db, job)
                if row is None:
                    return True
                cause_id = audit(
                    db,
                    ACTOR,
                    "customers.imported",
                    "customer_import",
                    row.id,
                    added=row.added,
                    changed=row.changed,
                )
                await bring_in(db, row.id, plans, self._tell(job, WRITING), cause_id=cause_id)
                record(
                    db,
                    "customers.imported",
                    actor=ACTOR,
                    cause_id=cause_id,
                    customer_import=row.id,
                    added=row.added,
                    changed=row.changed,
                    same=row.same,
                )
                files = [row.file_id] if row.file_id else []
                row.state, row.ended_at, row.file_id = "done", now(db), None
                await db.flush()
                await drop_files(db, files)
        except Outdated:
            return False
        except DBAPIError as error:
            if not lost_a_race(error):
                raise
            return False
        return True

    def _tell(self, job: Job, name: str) -> Tell:
        async def tell(done: int, all_: int) -> None:
            await self._progress.tell(job.brand_id, job.ref_id, Step(name, done, all_))

        return tell


async def _file(db: AsyncSession, row: CustomerImport | None) -> StoredFile | None:
    if row is None or row.file_id is None:
        return None
    return (await db.scalars(select(StoredFile).where(StoredFile.id == row.file_id))).one_or_none()


async def _own(db: AsyncSession, job: Job) -> CustomerImport | None:
    """Held until it ends. None when it has ended; Retry while another worker holds it."""
    query = select(CustomerImport).where(CustomerImport.id == job.ref_id, CustomerImport.state == "running")
    row = (await db.scalars(query.with_for_update(skip_locked=True))).one_or_none()
    if row is None and (await db.scalars(query)).one_or_none() is not None:
        raise Retry(UNDER_WAY, longest=AGAIN)
    return row


async def _report(database: Database, job: Job, state: str, plans: Sequence[Plan], problem: str = "") -> None:
    """What was found, where the import still waits for it in this state."""
    verdicts = [plan.entry.verdict for plan in plans]
    counts = {"added": NEW, "changed": CHANGED, "same": SAME}
    found: dict[str, object] = {name: verdicts.count(verdict) for name, verdict in counts.items()}
    found["wrong"] = len(verdicts) - sum(verdicts.count(each) for each in counts.values())
    report = msgspec.json.encode(_entries(plans)).decode()
    async with database.begin(Scope.writing(job.brand_id)) as db:
        await db.execute(
            update(CustomerImport)
            .where(CustomerImport.id == job.ref_id, CustomerImport.state == state)
            .values(state="checked", report=report, problem=problem, **found)
        )


async def _end(database: Database, job: Job, state: str, problem: str) -> None:
    async with database.begin(Scope.writing(job.brand_id)) as db:
        await db.execute(
            update(CustomerImport)
            .where(CustomerImport.id == job.ref_id, CustomerImport.state.in_(("checking", "running")))
            .values(state=state, problem=problem)
        )


def _entries(plans: Sequence[Plan]) -> list[Entry]:
    return [plan.entry for plan in plans]


def entries_of(report: str) -> list[Entry]:
    return msgspec.json.decode(report, type=list[Entry]) if report else []
