"""Without a relay: a small SMTP server of our own that keeps what was sent as files, for the page that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from socket import socket
from uuid import UUID

from portavoce.channels.email.listening import Server, serve
from portavoce.channels.email.receiving import Arrival, ListenSettings, Recipient

NOBODY = UUID(int=0)
KEPT = 500


def keep(folder: Path, raw: bytes, at: datetime) -> Path:
    """Store one mail; the newest five hundred are kept. Blocking."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at:%Y%m%dT%H%M%S.%f}-{sha256(raw).hexdigest()[:12]}.eml"
    draft = path.with_suffix(".part")
    draft.write_bytes(raw)
    draft.replace(path)
    for old in sorted(folder.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


async def serve_local_mailbox(
    folder: Path, *, host: str, port: int, now: Callable[[], datetime], sock: socket | None = None
) -> Server:
    async def anyone(address: str) -> Recipient:
        return Recipient(brand_id=NOBODY, endpoint_id=NOBODY, address=address)

    async def store(arrival: Arrival, _group: list[Recipient]) -> None:
        await asyncio.to_thread(keep, folder, arrival.raw, arrival.received_at)

    settings = ListenSettings(host=host, port=port, hostname="mailbox.localhost")
    return await serve(settings, known=anyone, accept=store, now=now, sock=sock)
