"""UUIDv7 ids (RFC 9562) made from the injected clock; rising within one millisecond of one source."""

import random
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from portavoce.kit.clock import Clock, SteppedClock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TAIL_BITS = 74
_MAX_STEP_BITS = 32


class IdSource:
    """Draws ids; remembers the last millisecond and tail, so that ids of one millisecond rise."""

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._last_ms = -1
        self._tail = 0

    def draw(self, now: datetime) -> UUID:
        """A new id of the millisecond of `now` (aware, 1970 or later, else ValueError)."""
        ms = (now - EPOCH) // _MILLISECOND
        if not 0 <= ms < 1 << 48:
            raise ValueError(f"no UUIDv7 for {now}")
        with self._lock:
            self._tail = self._next_tail(ms)
            self._last_ms = ms
            return _assemble(ms, self._tail)

    def _next_tail(self, ms: int) -> int:
        if ms == self._last_ms:
            return self._tail + 1 + self._bits(_MAX_STEP_BITS)
        # One bit below the full width leaves room for 2**41 of the longest steps in one millisecond.
        return self._bits(_TAIL_BITS - 1)

    def _bits(self, count: int) -> int:
        size = (count + 7) // 8
        return int.from_bytes(self._random_bytes(size), "big") >> (size * 8 - count)


class SeededClock(SteppedClock):
    """A stepped clock whose ids come from a seed: the same simulation makes the same ids.

    Anyone who knows the seed can foretell them, so it serves demos and tests only.
    """

    def __init__(self, start: datetime, seed: int) -> None:
        super().__init__(start)
        self.ids = IdSource(random.Random(seed).randbytes)  # noqa: S311 -- foreseeable on purpose


_process_ids = IdSource()


def uuid7(clock: Clock) -> UUID:
    """A new id of this instant; a `SeededClock` brings its own source."""
    source = clock.ids if isinstance(clock, SeededClock) else _process_ids
    return source.draw(clock.now())


def earliest(instant: datetime) -> UUID:
    """Below every UUIDv7 of this millisecond and later: rows are found by age through their key."""
    return _assemble((instant - EPOCH) // _MILLISECOND, 0)


def at(identifier: UUID) -> datetime:
    """The instant of a UUIDv7, to the millisecond, in UTC; ValueError for any other version."""
    if identifier.version != 7:
        raise ValueError(f"{identifier} is not a UUIDv7")
    return EPOCH + (identifier.int >> 80) * _MILLISECOND


def _assemble(ms: int, tail: int) -> UUID:
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
