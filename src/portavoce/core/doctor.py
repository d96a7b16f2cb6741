"""Look an installation over: each check says what it found, and when that is bad, what to do."""

from __future__ import annotations

import os
import shutil
import smtplib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from rich.console import Console
from rich.table import Table
from rich.text import Text

from portavoce.core.processes.ports import is_free

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 18
GIGABYTE = 1024**3
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Check:
    """`remedy` is empty when all is well. With `ok` it is advice: nothing is broken, something should be done."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def good(name: str, message: str) -> Check:
    return Check(name, True, message)


def bad(name: str, message: str, remedy: str) -> Check:
    return Check(name, False, message, remedy)


def advice(name: str, message: str, remedy: str) -> Check:
    return Check(name, True, message, remedy)


def python_version(found: tuple[int, ...] = sys.version_info[:3]) -> Check:
    text = ".".join(map(str, found))
    if found >= OLDEST_PYTHON:
        return good("Python", text)
    return bad(
        "Python", f"{text} is too old", "install Python 3.11 or newer, remove .venv and run make again"
    )


def home_writable(home: Path) -> Check:
    place = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return good("Home", str(home))
    remedy = f"give {place} to the user who runs Portavoce, or set PORTAVOCE_HOME to another folder"
    return bad("Home", f"{place} cannot be written", remedy)


def disk_space(home: Path, *, needed: int = 2 * GIGABYTE) -> Check:
    place = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    message = f"{free / GIGABYTE:.1f} GB free"
    if free >= needed:
        return good("Disk", message)
    return bad("Disk", message, f"free at least {needed / GIGABYTE:.1f} GB on the disk of {place}")


def postgres_reachable(
    dsn: str, *, hint: str = "start it with make run, or check PORTAVOCE_DATABASE_URL"
) -> Check:
    """`dsn` is a libpq string or URL; its password appears in no message."""
    try:
        with psycopg.connect(dsn, connect_timeout=3) as server:
            version = server.info.server_version // 10_000
    except psycopg.Error as error:
        return bad("PostgreSQL", _one_line(error), hint)
    if version < OLDEST_POSTGRES:
        remedy = f"point PORTAVOCE_DATABASE_URL to PostgreSQL {OLDEST_POSTGRES} or newer, or unset it"
        return bad("PostgreSQL", f"version {version} is too old", remedy)
    return good("PostgreSQL", f"version {version}")


def roles_present(dsn: str, names: Iterable[str]) -> Check:
    remedy = "run portavoce migrate, or infra/postgres/bootstrap.sql as superuser"
    try:
        with psycopg.connect(dsn, connect_timeout=3) as server:
            found = {row[0] for row in server.execute("SELECT rolname FROM pg_roles")}
    except psycopg.Error as error:
        return bad("Roles", _one_line(error), remedy)
    if missing := sorted(set(names) - found):
        return bad("Roles", f"missing: {', '.join(missing)}", remedy)
    return good("Roles", "all present")


def redis_reachable(url: str, *, hint: str = "start it with make run, or check PORTAVOCE_REDIS_URL") -> Check:
    with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
        try:
            client.ping()
        except (redis.RedisError, OSError) as error:
            return bad("Redis", _one_line(error), hint)
    return good("Redis", "answers")


def browser_present(names: Sequence[str] = BROWSERS) -> Check:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return good("Chromium", found)
    return bad("Chromium", "not found; only the tests need it", "apt-get install chromium")


def assets_built(needed: Iterable[Path]) -> Check:
    missing = [path.name for path in needed if not path.exists()]
    if missing:
        return bad("Assets", f"missing: {', '.join(missing)}", "run python -m portavoce.web.assets")
    return good("Assets", "built")


def smtp_port(port: int, host: str = "127.0.0.1", *, banner: str = "Portavoce") -> Check:
    """Good when it can be bound, or when the greeting of who listens there holds `banner`."""
    remedy = "set PORTAVOCE_SMTP_PORT to another port, or stop who listens there"
    try:
        if is_free(port, host):
            return good("SMTP port", f"{port} is free")
        with smtplib.SMTP(timeout=3) as client:
            greeting = client.connect(host, port)[1].decode(errors="replace")
    except (OSError, smtplib.SMTPException) as error:
        return bad("SMTP port", f"{port}: {_one_line(error)}", remedy)
    if banner.lower() in greeting.lower():
        return good("SMTP port", f"{port} is ours")
    return bad("SMTP port", f"{port} is taken by: {greeting}", remedy)


def metrics_port(base: int, host: str = "127.0.0.1") -> Check:
    """`base` is the engine's; worker and web are one and two above."""
    if not base:
        return good("Metrics", "off; PORTAVOCE_METRICS_PORT shows them to Prometheus")
    if is_free(base, host):
        return bad(
            "Metrics",
            f"nobody answers at {host}:{base}",
            "start the engine, or look for its log's word on the port",
        )
    return good("Metrics", f"{host}:{base} engine, {base + 1} worker, {base + 2} web")


def report(checks: Sequence[Check], console: Console) -> int:
    """Print the checks as a table. Gives the exit code: 1 when one failed."""
    table = Table("", "Check", "Found", "What to do", box=None, pad_edge=False)
    for check in checks:
        mark = "[red]✗[/]" if not check.ok else "[yellow]![/]" if check.remedy else "[green]✓[/]"
        table.add_row(mark, check.name, Text(check.message), Text(check.remedy))
    console.print(table)
    return 0 if all(check.ok for check in checks) else 1


def _one_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
