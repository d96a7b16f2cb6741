"""One desk of the house in simulated time: a heap of events over its agents and brands, each acted out by the verbs."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from portavoce.agents.choosing import choose_state
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.receiving import Recipient
from portavoce.core.db import Database
from portavoce.core.scope import HOUSE, Scope
from portavoce.demo.calendar import Shift
from portavoce.demo.cast import Operator
from portavoce.demo.founding import Founded
from portavoce.demo.texts import Draft
from portavoce.kit.ids import SeededClock

MEAL = timedelta(minutes=30)
Event = Callable[[], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Thread:
    """A customer's matter as the simulation remembers it. `ids` are the Message-IDs so far, oldest first; `tag` is
    where answers are asked for; `written` is our last answer.
    """

    matter: Draft
    sender: str
    recipient: Recipient
    subject: str
    ids: list[str]
    tag: str = ""
    written: str = ""
    rounds: int = 0
    thanked: bool = False
    busy_until: datetime | None = None


@dataclass(slots=True, eq=False)
class Worker:
    """An agent at this desk; off duty while `leaves` is None."""

    operator: Operator
    agent_id: UUID
    busy_until: datetime
    leaves: datetime | None = None
    pausing: bool = False


@dataclass(slots=True)
class Floor:
    """`opened` holds the interactions that the last mail opened or brought back; a reaction fills it."""

    database: Database
    clock: SeededClock
    room: Mailroom
    founded: Founded
    random: Random
    end: datetime
    workers: list[Worker] = field(default_factory=list)
    opened: list[UUID] = field(default_factory=list)
    contacts: int = 0
    _heap: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def at(self, instant: datetime, event: Event) -> None:
        """What would happen after the end does not happen."""
        if instant <= self.end:
            heapq.heappush(self._heap, (instant.astimezone(UTC), next(self._numbers), event))

    async def run_until(self, instant: datetime) -> None:
        """Everything up to and including this instant, in order of time."""
        while self._heap and self._heap[0][0] <= instant:
            moment, _, event = heapq.heappop(self._heap)
            self.clock.move_to(moment)
            await event()

    def scope(self, slug: str) -> Scope:
        return Scope.writing(self.founded.brands[slug])

    def hire(self, operator: Operator, plan: list[Shift]) -> None:
        """Let the agent come and go by this plan."""
        worker = Worker(operator, self.founded.agents[operator.email], datetime.min.replace(tzinfo=UTC))
        self.workers.append(worker)
        for shift in plan:
            late = timedelta(seconds=self.random.randrange(-120, 240))
            self.at(shift.start + late, self._arrive(worker, shift))
            self.at(shift.end + late, self._leave(worker))
            if shift.pause is not None:
                begin = shift.pause + timedelta(minutes=self.random.randrange(-40, 40))
                self.at(begin, self._pause(worker))

    def free(self, slug: str) -> Worker | None:
        """Who may take a contact of this brand now; the one who has been idle longest."""
        now = self.clock.now()
        able = [
            each
            for each in self.workers
            if slug in each.operator.brands and each.leaves and not each.pausing and each.busy_until <= now
        ]
        return min(able, key=lambda each: (each.busy_until, each.operator.email), default=None)

    def _arrive(self, worker: Worker, shift: Shift) -> Event:
        async def event() -> None:
            worker.leaves = shift.end
            await self._choose(worker, "ready")

        return event

    def _leave(self, worker: Worker) -> Event:
        async def event() -> None:
            if worker.busy_until > self.clock.now():
                self.at(worker.busy_until, event)
            elif worker.leaves:
                worker.leaves, worker.pausing = None, False
                await self._choose(worker, "offline")

        return event

    def _pause(self, worker: Worker) -> Event:
        async def event() -> None:
            if worker.busy_until > self.clock.now():
                self.at(worker.busy_until, event)
            elif worker.leaves:
                worker.pausing = True
                await self._choose(worker, "aux", "meal")
                length = MEAL + timedelta(seconds=self.random.randrange(-240, 400))
                self.at(self.clock.now() + length, self._resume(worker))

        return event

    def _resume(self, worker: Worker) -> Event:
        async def event() -> None:
            if worker.pausing:
                worker.pausing = False
                await self._choose(worker, "ready")

        return event

    async def _choose(self, worker: Worker, chosen: str, aux: str | None = None) -> None:
        async with self.database.begin(HOUSE) as db:
            await choose_state(db, worker.agent_id, chosen, aux)
