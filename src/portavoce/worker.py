"""Deliveries out, and the nightly probe. An arq process: it dies with Redis, and the supervisor starts it again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog
from arq import Worker, func

from portavoce.channels.email.house_mail import HousePostman
from portavoce.channels.email.relays import relay_from
from portavoce.channels.email.sending import Relay
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.delivering import Handler, work_on
from portavoce.core.heartbeat import EVERY, beat
from portavoce.core.jobs import BadEnvelope, deserialize, serialize, unseal
from portavoce.core.loops import repeat
from portavoce.core.measuring import measure_pool
from portavoce.core.metrics import expose, measure_lag
from portavoce.core.patience import BACKGROUND
from portavoce.core.processes.sockets import ready
from portavoce.core.push import Publisher
from portavoce.core.queueing import FUNCTION, discard_nonsense, job_pool
from portavoce.core.secrets import secret
from portavoce.core.selfcheck import refuse_to_start
from portavoce.core.storage import Storage
from portavoce.identity.mails import House
from portavoce.kit.clock import Clock
from portavoce.reporting.feeding import feed_when_due
from portavoce.reporting.mailing.postman import Asked, Letter, ReportPostman
from portavoce.reporting.mailing.running import TOPIC as REPORTS
from portavoce.reporting.mailing.running import run_schedules
from portavoce.reporting.nightly import reconcile_when_due
from portavoce.reporting.observing.following import follower
from portavoce.sla.relief.silence import hear_silence
from portavoce.wiring import handlers, open_database

LOG = structlog.get_logger()
JOB_TIMEOUT = 50
POLL = 0.1
PROBE_EVERY = timedelta(minutes=10)
SCHEDULES_EVERY = timedelta(minutes=1)
FOLLOW_EVERY = timedelta(seconds=2)
"""How far reports may lie behind the ledger."""
ARQ_TRIES = 3
"""For a job that arq began and we did not: an envelope of which work began is used up."""


async def work(ctx: dict[Any, Any], sealed: dict[str, str]) -> None:
    """One outbox row. A forged or stale envelope is logged and dropped; its row, if there is one, stays."""
    database = ctx["database"]
    try:
        envelope = unseal(ctx["key"], sealed, database.clock.now())
    except BadEnvelope as error:
        LOG.error("refused a job", reason=str(error))
        return
    await work_on(database, envelope, ctx["handlers"], ctx["house"].deliver)


async def _beat(database: Database) -> None:
    await beat(database, "worker")
    measure_pool(database)
    await measure_lag()


async def _probe(settings: Settings, database: Database) -> None:
    # It asks the whole application: imported at the top, every worker would start with all of it.
    from portavoce.probing import probe_when_due  # noqa: PLC0415 -- as above

    await probe_when_due(settings, database)


def _loops(
    settings: Settings, database: Database, stopping: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """The pulse first: it ends by itself, the others may be in the midst of something long."""
    at, storage = settings.probe_at, Storage(settings.files_dir)
    return [
        repeat("beat", EVERY, lambda: _beat(database), stopping),
        repeat("probe", PROBE_EVERY, lambda: _probe(settings, database), stopping),
        repeat("reports", FOLLOW_EVERY, follower(database), stopping),
        repeat("silence", PROBE_EVERY, lambda: hear_silence(database), stopping),
        repeat("reconcile", PROBE_EVERY, lambda: reconcile_when_due(at, database), stopping),
        repeat("schedules", SCHEDULES_EVERY, lambda: run_schedules(database), stopping),
        repeat("feed", PROBE_EVERY, lambda: feed_when_due(at, database, storage), stopping),
    ]


def _report_handler(settings: Settings, relay: Relay, clock: Clock) -> Handler:
    house = House(settings.provider_name, settings.base_url)

    async def write(database: Database, asked: Asked) -> Letter:
        # It makes pages: imported at the top, every worker would start with all of the portal.
        from portavoce.web.portal.mailed import write_letter  # noqa: PLC0415 -- as above

        return await write_letter(database, asked, house=house)

    sender = f"portavoce@{settings.mail_domain}"
    postman = ReportPostman(relay, sender, settings.provider_name, clock, write)
    return Handler(postman.deliver, postman.give_up, postman.doubt)


def make_worker(settings: Settings) -> Worker:
    publisher = Publisher(settings.redis_url)
    database = open_database(settings, publish=publisher.publish, patience=BACKGROUND)
    relay = relay_from(settings)
    stopping = asyncio.Event()

    async def start(ctx: dict[Any, Any]) -> None:
        await refuse_to_start(database)
        await discard_nonsense(ctx["redis"])
        ready()
        ctx["metrics"] = expose(settings.metrics_port, "worker")
        ctx["loops"] = [asyncio.create_task(each) for each in _loops(settings, database, stopping)]

    async def stop(ctx: dict[Any, Any]) -> None:
        stopping.set()
        for each in ctx["loops"][1:]:
            each.cancel()
        await asyncio.gather(*ctx["loops"], return_exceptions=True)
        ctx["metrics"].close()
        await publisher.close()
        await database.close()

    reports = _report_handler(settings, relay, database.clock)
    house = HousePostman(relay, f"portavoce@{settings.mail_domain}", settings.provider_name, database.clock)
    return Worker(
        [func(work, name=FUNCTION, timeout=JOB_TIMEOUT, keep_result=0, max_tries=ARQ_TRIES)],
        redis_pool=job_pool(settings.redis_url),
        on_startup=start,
        on_shutdown=stop,
        ctx={
            "database": database,
            "key": secret(settings.secrets_dir, "jobs"),
            "handlers": {**handlers(settings, database.clock), REPORTS: reports},
            "house": house,
        },
        job_serializer=serialize,
        job_deserializer=deserialize,
        poll_delay=POLL,
        max_jobs=20,
        job_completion_wait=20,
        log_results=False,
    )
