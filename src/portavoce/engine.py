"""What must never stop and needs PostgreSQL only: mail in, outbox dispatcher and sweeper, timers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog

from portavoce.agents.after_contact import any_over
from portavoce.brands.resolving import all_brand_ids
from portavoce.channels.email.admitting import Doorman
from portavoce.channels.email.listening import Server, serve
from portavoce.channels.email.local_mailbox import serve_local_mailbox
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.receiving import ListenSettings
from portavoce.conversations.absence import give_back_of_the_gone
from portavoce.conversations.handling import end_idle_segments
from portavoce.conversations.indexing import enter_missing as enter_missing_messages
from portavoce.conversations.setting_aside import bring_back_the_due
from portavoce.conversations.wrapping import end_wrap_ups
from portavoce.core.config import Settings
from portavoce.core.db import DISPATCH, Database
from portavoce.core.dispatching import dispatch
from portavoce.core.heartbeat import EVERY, beat
from portavoce.core.logs import about
from portavoce.core.loops import repeat, stop_on_signals
from portavoce.core.measuring import measure_house, measure_pool
from portavoce.core.metrics import expose, measure_lag
from portavoce.core.patience import BACKGROUND
from portavoce.core.processes.sockets import inherited, ready
from portavoce.core.push import Publisher
from portavoce.core.queueing import JobQueue, NotHanded
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.secrets import secret
from portavoce.core.selfcheck import refuse_to_start
from portavoce.core.storage import Storage
from portavoce.core.sweeping import sweep_files
from portavoce.customers.indexing import enter_missing as enter_missing_customers
from portavoce.identity.throttling import sweep as sweep_throttle
from portavoce.privacy.removing import remove_if_due
from portavoce.reporting.alarms import raise_alarms
from portavoce.wiring import check_keys, deployment, open_database, thread_keys

LOG = structlog.get_logger()
DISPATCH_EVERY = timedelta(milliseconds=200)
TICK_EVERY = timedelta(seconds=30)
WRAP_UP_EVERY = timedelta(seconds=2)
"""How late somebody may learn that their after-contact work is over; it ends at its time whenever that is written."""
SWEEP_EVERY = timedelta(hours=1)
NUMBERS_EVERY = timedelta(seconds=15)
INDEX_EVERY = timedelta(minutes=5)
RETENTION_EVERY = timedelta(minutes=10)
"""How often it is asked whether the day's removal is due."""


async def run_engine(settings: Settings) -> None:
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    publisher = Publisher(settings.redis_url)
    database = open_database(settings, publish=publisher.publish, patience=BACKGROUND)
    await refuse_to_start(database)
    queue = JobQueue(settings.redis_url, secret(settings.secrets_dir, "jobs"), database.clock)
    storage = Storage(settings.files_dir)
    servers = await listen(settings, database, storage)
    exposed = expose(settings.metrics_port, "engine")
    ready()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(repeat("dispatch", DISPATCH_EVERY, lambda: _dispatch(database, queue), stopping))
        tasks.create_task(repeat("tick", TICK_EVERY, lambda: _tick(database), stopping))
        tasks.create_task(repeat("wrap-up", WRAP_UP_EVERY, lambda: _wrap_up(database), stopping))
        tasks.create_task(repeat("sweep", SWEEP_EVERY, lambda: _sweep(database, storage), stopping))
        tasks.create_task(repeat("beat", EVERY, lambda: beat(database, "engine"), stopping))
        tasks.create_task(
            repeat("retention", RETENTION_EVERY, lambda: remove_if_due(database, storage), stopping)
        )
        tasks.create_task(repeat("index", INDEX_EVERY, lambda: _index(database), stopping))
        tasks.create_task(repeat("numbers", NUMBERS_EVERY, lambda: _measure(settings, database), stopping))
    for server in servers:
        await server.close()
    exposed.close()
    await queue.close()
    await publisher.close()
    await database.close()


async def listen(settings: Settings, database: Database, storage: Storage) -> list[Server]:
    """Mail in by SMTP and LMTP; the local mailbox too when no relay is set."""
    room = Mailroom(database, storage, thread_keys(settings), deployment(settings), settings.mail_server)
    door = Doorman(room, check_keys(settings))
    now = database.clock.now
    smtp = ListenSettings(
        host=settings.host,
        port=settings.smtp_port,
        hostname=settings.mail_domain,
        max_size=settings.max_mail_bytes,
    )
    lmtp = ListenSettings(
        host=settings.host,
        port=settings.lmtp_port,
        hostname=settings.mail_domain,
        max_size=settings.max_mail_bytes,
        protocol="lmtp",
    )
    servers = [
        await serve(one, known=door.known, accept=door.accept, now=now, sock=inherited(one.protocol))
        for one in (smtp, lmtp)
    ]
    if not settings.relay_url:
        folder, port = settings.sent_dir, settings.sent_port
        servers.append(
            await serve_local_mailbox(folder, host=settings.host, port=port, now=now, sock=inherited("sent"))
        )
    return servers


async def _dispatch(database: Database, queue: JobQueue) -> None:
    if await queue.alive():
        try:
            await dispatch(database, queue.hand)
        except NotHanded as error:
            LOG.warning("jobs wait: Redis took none", error=str(error))


async def _sweep(database: Database, storage: Storage) -> None:
    """Files that no row names, and windows of the throttle that nobody counts on any more."""
    async with database.begin(HOUSE) as db:
        await sweep_throttle(db)
    for brand_id in await asyncio.to_thread(storage.brands):
        await sweep_files(database, storage, brand_id)


async def _measure(settings: Settings, database: Database) -> None:
    await measure_lag()
    measure_pool(database)
    if settings.metrics_port:
        await measure_house(database, settings.home)


async def _index(database: Database) -> None:
    """What processes of the release before wrote while they were being replaced."""
    for brand_id in await _brands(database):
        with about(brand=str(brand_id)):
            await database.run(Scope.writing(brand_id), enter_missing_customers)
            await database.run(Scope.writing(brand_id), enter_missing_messages)


async def _wrap_up(database: Database) -> None:
    async with database.begin(HOUSE) as db:
        if not await any_over(db):
            return
    for brand_id in await _brands(database):
        with about(brand=str(brand_id)):
            try:
                await end_wrap_ups(database, brand_id)
            except Exception:
                LOG.exception("a brand's after-contact work failed", brand=str(brand_id))


async def _brands(database: Database) -> list[UUID]:
    async with database.begin(HOUSE, role=DISPATCH) as db:
        return await all_brand_ids(db)


async def _tick(database: Database) -> None:
    for brand_id in await _brands(database):
        with about(brand=str(brand_id)):
            try:
                await database.run(Scope.writing(brand_id), end_idle_segments)
                await give_back_of_the_gone(database, brand_id)
                await bring_back_the_due(database, brand_id)
                await raise_alarms(database, brand_id)
            except Exception:
                LOG.exception("a brand's timers failed", brand=str(brand_id))
