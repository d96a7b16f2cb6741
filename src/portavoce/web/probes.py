"""What readiness asks in production beside the database's own rows: Redis, and the newest schema."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from redis.asyncio import Redis

from portavoce.core.config import Settings
from portavoce.core.connections import role_url
from portavoce.core.migrating import at_head
from portavoce.core.walls import APP
from portavoce.web.health import PATIENCE, Probe

LARGEST_MAILS = 4
"""So many more must find room on the disk, each with the files it carries."""


def production_probes(settings: Settings) -> dict[str, Probe]:
    return {
        "redis": redis_probe(settings.redis_url),
        "migrations": migrations_probe(role_url(settings, APP)),
        "disk": disk_probe(settings.home, LARGEST_MAILS * 2 * settings.max_mail_bytes),
    }


def disk_probe(folder: Path, needed: int) -> Probe:
    """`needed` octets free where mail is kept: without them mail is put off, and somebody should know."""

    async def roomy() -> bool:
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
        return usage.free >= needed

    return roomy


def redis_probe(url: str) -> Probe:
    async def answers() -> bool:
        async with Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as redis:
            return bool(await redis.ping())

    return answers


def migrations_probe(url: str) -> Probe:
    """Asks until the schema is the newest once; it does not grow old again under a running process."""
    seen = asyncio.Event()

    async def newest() -> bool:
        if not seen.is_set() and await asyncio.to_thread(at_head, url):
            seen.set()
        return seen.is_set()

    return newest
