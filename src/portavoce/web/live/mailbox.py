"""What waits to be sent to one browser: the latest of each kind, so that a slow reader costs no memory."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable


class Mailbox:
    """Messages are states, not steps: a newer one under the same key takes the older one's place.

    It therefore holds at most as many messages as there are kinds, and a reader that was slow sees the present.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, bytes] = {}
        self._filled = asyncio.Event()
        self.closed = False

    def put(self, key: Hashable, message: bytes) -> None:
        if self.closed:
            return
        self._waiting.pop(key, None)
        self._waiting[key] = message
        self._filled.set()

    def begin_with(self, other: Mailbox) -> None:
        """The other's messages go first; what came here meanwhile is newer and stays."""
        if self.closed:
            return
        self._waiting = {**other._waiting, **self._waiting}
        self._filled.set()

    def close(self) -> None:
        """What waits is still taken, then the reader gets nothing more."""
        self.closed = True
        self._filled.set()

    def cut(self) -> None:
        """What waits is thrown away: the reader may not see it any more."""
        self._waiting.clear()
        self.close()

    def __len__(self) -> int:
        return len(self._waiting)

    async def take(self) -> bytes | None:
        """Everything that waits, oldest kind first; waits for something, and is None once closed and empty."""
        await self._filled.wait()
        if not self._waiting:
            return None
        taken = b"".join(self._waiting.values())
        self._waiting.clear()
        if not self.closed:
            self._filled.clear()
        return taken
