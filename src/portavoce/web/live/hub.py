"""One hub per web process: re-reads once per topic, renders once per language, hands to those who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

import structlog

from portavoce.core import metrics
from portavoce.core.db import Database, takes_no_changes, unavailable
from portavoce.core.push import Resync
from portavoce.core.scope import HOUSE
from portavoce.core.unit import Poke
from portavoce.identity.granting import grants_of
from portavoce.identity.live_sessions import living
from portavoce.web.access import DESK_ROLES
from portavoce.web.live.condition import Condition, Trouble
from portavoce.web.live.messages import event
from portavoce.web.live.streams import Stream, Topic, topic_of

LOG = structlog.get_logger()
SETTLE = 0.01
DEBOUNCE = 0.15
"""Seconds: what one commit changed is heard within SETTLE and shown together; showings keep DEBOUNCE between them."""
SWEEP = 2.0
HEARTBEAT = 10.0
FALLBACK = 5.0
BLIND_SWEEPS = 3
"""Sweeps that may fail in a row before all streams end: nobody watches on rights that nobody could check."""
AT_ONCE = 4
MOST_STREAMS = 12
"""Of one person at once: every tab has one, and more than this is no person."""


class Views(Protocol):
    """What the screens show, read and rendered by the surface that owns them."""

    async def refresh(self, topic: Topic, streams: Sequence[Stream]) -> Iterable[Topic]:
        """Read the topic once, put what it became into the mailboxes; gives topics that must follow."""
        ...

    async def beat(self, streams: Sequence[Stream]) -> None:
        """Every HEARTBEAT: say for these what only lasts a while, and show what ceased."""
        ...

    def warn(self, troubles: frozenset[Trouble], streams: Iterable[Stream]) -> None:
        """Say what is amiss with the house, or that nothing is any more."""
        ...


class Signals(Protocol):
    """Where pokes come from; see core.push.Subscriber."""

    connected: bool

    def subscribe(self) -> AsyncIterator[Poke | Resync]: ...


def _named(brand_id: UUID | None) -> str | None:
    return None if brand_id is None else str(brand_id)


class Hub:
    def __init__(self, database: Database, views: Views, signals: Signals) -> None:
        self._database = database
        self._views = views
        self._signals = signals
        self._streams: set[Stream] = set()
        self._dirty: set[Topic] = set()
        self._again: set[Topic] = set()
        self._wake = asyncio.Event()
        self._blind = 0
        self._condition = Condition()
        self._warned: frozenset[Trouble] = frozenset()
        self._hears_signals = False
        self.stopping = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Hub]:
        """The loops, for the life of the process; afterwards every stream has ended."""
        loops = (
            self._listen(),
            self._flush(),
            self._every(SWEEP, self.sweep),
            self._every(HEARTBEAT, self._beat),
            self._every(FALLBACK, self._fall_back),
        )
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield self
        finally:
            self.end_all()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def full(self, person_id: UUID) -> bool:
        """Whether this person has as many streams as anybody may."""
        return sum(stream.person_id == person_id for stream in self._streams) >= MOST_STREAMS

    def add(self, stream: Stream) -> None:
        """Of two that came at once, past the same last place, the second ends here."""
        full = self.full(stream.person_id)
        self._streams.add(stream)
        metrics.STREAMS.set(len(self._streams))
        if self.stopping or full:
            stream.mailbox.close()

    def tell_condition(self, stream: Stream) -> None:
        """To a browser that came back: what it was warned of may be over."""
        self._views.warn(self._warned, [stream])

    def remove(self, stream: Stream) -> None:
        self._streams.discard(stream)
        metrics.STREAMS.set(len(self._streams))

    def __len__(self) -> int:
        return len(self._streams)

    def watching(self, brand_id: UUID) -> int:
        """Streams of this process that show a brand."""
        return sum(brand_id in stream.brands for stream in self._streams)

    def end_all(self) -> None:
        """The process is going: browsers come back and find another one."""
        self.stopping = True
        for stream in self._streams:
            stream.mailbox.close()

    def stop_on_signal(self, install: Callable[[Callable[[], None]], None]) -> None:
        """Once, with the first stream: by then the server has set the handlers that this one stands beside."""
        if not self._hears_signals:
            self._hears_signals = True
            install(self.end_all)

    def hear(self, pokes: Sequence[Poke]) -> None:
        """Take note of what changed; reading follows within DEBOUNCE at most. Also called by this process's own commits."""
        for poke in pokes:
            self._mark(topic_of(poke))

    def _mark(self, topic: Topic) -> None:
        if any(stream.watches(topic) for stream in self._streams):
            self._dirty.add(topic)
            self._wake.set()

    def _mark_everything(self) -> None:
        for stream in self._streams:
            for topic in stream.topics():
                self._mark(topic)

    def read_later(self, stream: Stream) -> None:
        """What could not be read for it now is read with the next sweep; until then its page shows what it has."""
        self._again.update(stream.topics())

    async def _listen(self) -> None:
        async for signal in self._signals.subscribe():
            if isinstance(signal, Resync):
                self._mark_everything()
            else:
                self.hear([signal])

    async def _flush(self) -> None:
        gate, clock, next_at = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop().time, 0.0
        while True:
            await self._wake.wait()
            await asyncio.sleep(max(SETTLE, next_at - clock()))
            next_at = clock() + DEBOUNCE
            self._wake.clear()
            topics, self._dirty = self._dirty, set()
            if not await self._check(self._watching(topics)):
                self._again |= topics
                continue
            await asyncio.gather(*(self._refresh(topic, gate) for topic in topics))

    def _watching(self, topics: set[Topic]) -> list[Stream]:
        return [stream for stream in self._streams if any(stream.watches(topic) for topic in topics)]

    async def _refresh(self, topic: Topic, gate: asyncio.Semaphore) -> None:
        watching = [stream for stream in self._watching({topic}) if not stream.mailbox.closed]
        if not watching:
            return
        async with gate:
            try:
                following = await self._views.refresh(topic, watching)
            except Exception as error:
                view, brand = topic.view, _named(topic.brand_id)
                if unavailable(error):
                    LOG.warning("could not refresh", view=view, brand=brand, error=type(error).__name__)
                else:
                    LOG.exception("could not refresh", view=view, brand=brand, exc_info=error)
                self._again.add(topic)
                return
        for each in following:
            self._mark(each)

    async def sweep(self) -> None:
        """End the streams of ended sessions and of those whose desk grants are no longer what they were."""
        for topic in self._again:
            self._mark(topic)
        self._again.clear()
        if not self._streams or await self._check(list(self._streams)):
            self._blind = 0
            return
        self._blind += 1
        if self._blind >= BLIND_SWEEPS:
            for stream in self._streams:
                stream.mailbox.cut()

    async def _check(self, streams: Sequence[Stream]) -> bool:
        """Cut off whoever lost a session or a grant; before every showing, so that nothing is shown after the loss.

        False when it could not be asked: nothing is shown then either.
        """
        if not streams:
            return True
        try:
            sessions, brands = await self._rights(streams)
        except Exception as error:
            self._look(reads=False)
            LOG.warning("could not check rights", error=type(error).__name__)
            return False
        for stream in streams:
            if stream.session_id not in sessions or brands.get(stream.person_id, set()) != stream.brands:
                stream.mailbox.cut()
        return True

    def _look(self, *, reads: bool, takes_no_changes: bool = False) -> None:
        self._condition.look(hears=self._signals.connected, reads=reads, takes_no_changes=takes_no_changes)
        if self._condition.troubles != self._warned:
            self._warned = self._condition.troubles
            self._views.warn(self._warned, self._streams)

    async def _rights(self, streams: Sequence[Stream]) -> tuple[set[str], dict[UUID, set[UUID]]]:
        async with self._database.begin(HOUSE) as db:
            self._look(reads=True, takes_no_changes=await takes_no_changes(db))
            sessions = await living(db, {stream.session_id for stream in streams})
            granted = await grants_of(db, {stream.person_id for stream in streams})
        brands: dict[UUID, set[UUID]] = {}
        for each in granted:
            if each.role in DESK_ROLES:
                brands.setdefault(each.person_id, set()).add(each.brand_id)
        return sessions, brands

    async def _beat(self) -> None:
        beat = event(str(int(self._database.clock.now().timestamp() * 1000)), "heartbeat")
        for stream in self._streams:
            stream.mailbox.put("heartbeat", beat)
        try:
            await self._views.beat(list(self._streams))
        except Exception as error:
            if unavailable(error):
                LOG.warning("could not show who looks", error=type(error).__name__)
            else:
                LOG.exception("could not show who looks", exc_info=error)

    async def _fall_back(self) -> None:
        """Without Redis nothing is heard from other processes, so everything is read again."""
        if not self._signals.connected:
            self._mark_everything()

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            await work()
