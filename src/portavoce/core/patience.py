"""How long a process waits for PostgreSQL: to connect, for one statement, for a lock, for itself, for an answer at all."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Patience:
    """Whole seconds. `statement`, `lock` and `idle` (a transaction in which nobody asks anything) are held by the
    server; `free` is the wait for a connection of our own pool.
    """

    statement: int
    lock: int
    idle: int
    free: int
    connect: int = 3

    @property
    def answer(self) -> int:
        """When the server would long have given up, the network is to blame and the connection is dropped."""
        return self.statement + 3


WEB = Patience(statement=5, lock=3, idle=10, free=3)
"""A person waits."""
BACKGROUND = Patience(statement=20, lock=10, idle=60, free=20)
"""Engine and worker: the other side comes back."""
ERRAND = Patience(statement=600, lock=30, idle=600, free=30)
"""Somebody at a terminal, the demo, a check of every chain."""


class PatientConnection(AsyncConnection[Any]):
    """Hangs up when one exchange takes longer than `answer` seconds: a silent network would hold it for ever."""

    answer: float = ERRAND.answer

    async def wait(self, *args: Any, **options: Any) -> Any:
        alarm = asyncio.get_running_loop().call_later(self.answer, self._hang_up)
        try:
            return await super().wait(*args, **options)
        finally:
            alarm.cancel()

    def _hang_up(self) -> None:
        with suppress(OSError), socket.socket(fileno=os.dup(self.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)


def connect_args(url: str, patience: Patience) -> dict[str, Any]:
    """For SQLAlchemy's engine; options that the URL brings stay in front."""
    given = make_url(url).query.get("options", "")
    limits = {
        "statement_timeout": patience.statement,
        "lock_timeout": patience.lock,
        "idle_in_transaction_session_timeout": patience.idle,
    }
    words = [str(given), *(f"-c {name}={seconds}s" for name, seconds in limits.items())]
    return {
        "options": " ".join(words).strip(),
        "connect_timeout": patience.connect,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "async_creator_fn": _connector(patience),
    }


def _connector(patience: Patience) -> Callable[..., Awaitable[PatientConnection]]:
    """Whoever is cut off while connecting leaves it to end by itself: cut off too, the half-open connection would keep
    one of the server's places until Python collects its garbage.
    """

    async def connect(*args: Any, **options: Any) -> PatientConnection:
        connecting = asyncio.ensure_future(PatientConnection.connect(*args, **options))
        try:
            connection = await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(_give_up)
            raise
        connection.answer = patience.answer
        return connection

    return connect


def _give_up(connecting: asyncio.Future[PatientConnection]) -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().pgconn.finish()
