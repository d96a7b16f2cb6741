"""What an administrator asks from the command line: does the ledger hold, is this installation well."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import track

from portavoce.agents.verifying import agent_ids, verify_agent
from portavoce.backups.errors import BackupError, NotEmpty, Unsound
from portavoce.backups.keeping import last_backup
from portavoce.backups.making import make_backup
from portavoce.backups.restoring import restore
from portavoce.backups.telling import progress
from portavoce.brands.resolving import all_brand_ids
from portavoce.channels.email.overview import Overview, look_over
from portavoce.core import doctor
from portavoce.core.config import Settings
from portavoce.core.connections import role_url
from portavoce.core.db import DISPATCH
from portavoce.core.doctor import Check
from portavoce.core.embedded import postgres, redis
from portavoce.core.migrating import at_head
from portavoce.core.paths import frontend_dir
from portavoce.core.processes.instance import AlreadyRunning
from portavoce.core.scope import HOUSE
from portavoce.core.walls import APP, PROCESS_ROLES
from portavoce.identity.granting import grant
from portavoce.identity.inviting import PURPOSE as INVITATION
from portavoce.identity.people import add_person
from portavoce.identity.tokens import issue
from portavoce.kit.clock import SystemClock
from portavoce.probing import probe
from portavoce.reporting.observing.rebuilding import rebuild
from portavoce.reporting.verifying import verify_books
from portavoce.running import described, with_services
from portavoce.wiring import open_database

NAMED = 5
ASSETS = ("vendor/htmx.min.js", "sprite.svg")


async def verify_everything(settings: Settings, console: Console) -> int:
    """Exit code: 0 when the ledgers of all brands and agents hold, 1 when one does not."""
    database = open_database(settings)
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    faults = [
        f"brand {each.brand_id}, fact {each.n}: {each.reason}"
        for each in await verify_books(database, brands)
    ]
    async with database.begin(HOUSE, snapshot=True) as db:
        agents = await agent_ids(db)
        for agent_id in agents:
            found = await verify_agent(db, agent_id)
            faults += [f"agent {agent_id}, fact {each.n}: {each.reason}" for each in found]
    await database.close()
    for fault in faults:
        console.print(fault, soft_wrap=True)
    console.print(f"{len(brands) + len(agents)} ledgers read, {len(faults)} faults.")
    return 1 if faults else 0


async def recount_everything(settings: Settings, console: Console) -> None:
    """The reports of every brand, anew from its first fact: for who was told that they do not agree with the ledger."""
    database = open_database(settings)
    async with database.begin(HOUSE, role=DISPATCH) as db:
        brands = await all_brand_ids(db)
    facts = 0
    for brand_id in track(brands, "Reading", console=console, transient=True):
        facts += await rebuild(database, brand_id)
    await database.close()
    console.print(f"{len(brands)} brands counted anew from {facts} facts.")


async def probe_everything(settings: Settings, console: Console) -> int:
    """Exit code: 0 when everything that was tried was refused, 1 when a brand's wall let something through."""
    results = await probe(settings)
    for brand_id, found in results.items():
        for failure in found.failures:
            console.print(f"brand {brand_id}, {failure.kind}: {failure.what}", soft_wrap=True)
    checks = sum(sum(found.attempts.values()) for found in results.values())
    failures = sum(len(found.failures) for found in results.values())
    console.print(f"{len(results)} brands probed, {checks} attempts, {failures} not refused.")
    return 1 if failures else 0


async def make_admin(settings: Settings, email: str, name: str) -> str:
    """The first administrator of a house without any; returns the link that lets them choose a password.

    Later ones are invited by mail, from the admin's own pages. Raises KnownAddress.
    """
    database = open_database(settings)
    try:
        async with database.begin(HOUSE) as db:
            person = await add_person(db, name=name, email=email, locale="en", client_id=None, by=None)
            await grant(db, person.id, "admin")
            token = await issue(db, person.id, INVITATION)
    finally:
        await database.close()
    return f"{settings.base_url}/invitation/{token}"


def back_up(settings: Settings, target: Path, console: Console) -> int:
    """Exit code: 0 when everything that a row names is in the backup, else 1."""
    clock = SystemClock()
    began = clock.now()
    try:
        with with_services(settings) as running, progress(console) as tell:
            made = make_backup(running, target, clock, tell)
    except BackupError as error:
        raise SystemExit(str(error)) from error
    took = (clock.now() - began).total_seconds()
    size = made.file_bytes + sum(part.size for part in made.parts.values())
    console.print(f"{target}: {made.files} files, {size / 1_000_000:.1f} MB, {took:.1f} s.", soft_wrap=True)
    for key in made.unsound:
        console.print(f"Missing or damaged, and a row names it: {key}", soft_wrap=True)
    return 1 if made.unsound else 0


def bring_back(settings: Settings, source: Path, console: Console) -> int:
    """Exit code: 0 when all is back and every ledger holds, else 1."""
    clock = SystemClock()
    began = clock.now()
    try:
        with progress(console) as tell:
            found = restore(settings, source, tell)
    except (BackupError, Unsound, NotEmpty, AlreadyRunning) as error:
        raise SystemExit(str(error)) from error
    with with_services(settings) as running:
        code = asyncio.run(verify_everything(running, console))
    took = (clock.now() - began).total_seconds()
    made, settled = found.manifest, found.settled
    console.print(
        f"Restored as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, release {made.version}, in {took:.1f} s. "
        f"{settled.deliveries} deliveries may have left since: nothing is sent again, their agents see them as "
        f"uncertain. {settled.mails} mails of the house were dropped, {settled.sessions} sessions ended.",
        soft_wrap=True,
    )
    if found.absent:
        console.print(f"{found.absent} files are named by a row and were not in the backup.")
    return 1 if code or found.absent else 0


def examine(settings: Settings) -> list[Check]:
    """Every check that makes sense in the state this installation is in."""
    checks = [doctor.python_version(), doctor.home_writable(settings.home), doctor.disk_space(settings.home)]
    checks.append(doctor.assets_built([frontend_dir() / "static" / Path(name) for name in ASSETS]))
    checks.append(last_backup(settings.home, SystemClock().now()))
    checks.append(doctor.smtp_port(settings.smtp_port, settings.host, banner=settings.mail_domain))
    reachable = _reachable(settings)
    if reachable is None:
        return [*checks, doctor.bad("PostgreSQL", "not running", "start it with make run")]
    dsn = role_url(reachable, APP).replace("+psycopg", "")
    checks.append(doctor.postgres_reachable(dsn))
    if checks[-1].ok:
        checks += [doctor.roles_present(dsn, PROCESS_ROLES), _migrated(reachable)]
    checks.append(doctor.redis_reachable(reachable.redis_url))
    checks.append(doctor.metrics_port(settings.metrics_port))
    if all(check.ok for check in checks if check.name in ("PostgreSQL", "Roles", "Migrations")):
        checks += _mail(asyncio.run(_look_over(reachable)))
    return checks


async def _look_over(settings: Settings) -> Overview:
    database = open_database(settings)
    try:
        return await look_over(database)
    finally:
        await database.close()


def _mail(found: Overview) -> list[Check]:
    """What an operator must decide or mend; a quiet address may be quite in order."""
    addresses = f"{found.addresses} addresses, {found.quiet} quiet"
    health = doctor.good("Mail", addresses)
    if found.failing:
        remedy = "open the brand's Health in the administration: it says why"
        health = doctor.bad("Mail", f"failing: {', '.join(found.failing[:NAMED])}", remedy)
    undelivered = doctor.good("Undelivered", "nothing waits")
    if found.undelivered:
        remedy = "decide in the administration, under Undelivered: retry or give up"
        undelivered = doctor.bad("Undelivered", f"{found.undelivered} tried as often as we try", remedy)
    return [health, undelivered]


def _reachable(settings: Settings) -> Settings | None:
    if settings.database_url and settings.redis_url:
        return settings
    if not (postgres.is_alive(settings.home) and redis.is_alive(settings.home)):
        return None
    return described(settings, postgres.ensure_running(settings.home), redis.ensure_running(settings.home))


def _migrated(settings: Settings) -> Check:
    if at_head(role_url(settings, APP)):
        return doctor.good("Migrations", "at the newest")
    return doctor.bad("Migrations", "the code wants a newer schema", "run portavoce migrate")
