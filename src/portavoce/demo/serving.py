"""Agents of the simulation at work: they take contacts, answer as the brand, wrap up; customers come back to some."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.channels.email.models import Mail
from portavoce.channels.email.tokens import issue
from portavoce.conversations import claiming, closing, delivery, handling, replying
from portavoce.conversations.models import Message
from portavoce.core.models import Outbox
from portavoce.demo import texts
from portavoce.demo.cast import team
from portavoce.demo.floor import Event, Floor, Thread, Worker
from portavoce.demo.writing import Customers

LAST_CALL = timedelta(minutes=20)
PATIENCE = 0.9
Step = Callable[[AsyncSession], Awaitable[object]]
RETURNED = "550 5.1.1 The mailbox does not exist"


class Agents:
    """The people of one desk. A visit is one transaction in which the clock walks on from verb to verb."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.customers: Customers | None = None

    def wait(self, thread: Thread, interaction_id: UUID) -> None:
        """Somebody will look at it after a while, longer for brands with a slower pace."""
        self.floor.contacts += thread.rounds == 0
        pace = team(thread.matter.slug).pace * math.exp(self.floor.random.gauss(0, PATIENCE))
        self.floor.at(self._in(pace), self._serve(thread, interaction_id))
        if thread.rounds == 0 and self.floor.random.random() < 0.05:
            self._back(thread, "chase", pace * 0.7)

    def _serve(self, thread: Thread, interaction_id: UUID) -> Event:
        async def event() -> None:
            if self.floor.clock.now() > self.floor.end - LAST_CALL:
                return
            worker = self.floor.free(thread.matter.slug)
            if worker is None:
                self.floor.at(self._in(self.floor.random.uniform(3, 12)), event)
                return
            await self._visit(worker, thread, interaction_id)

        return event

    async def _visit(self, worker: Worker, thread: Thread, interaction_id: UUID) -> None:
        by = self.floor.founded.alias(thread.matter.slug, worker.operator)
        steps = self._steps(thread, interaction_id, by)
        worker.busy_until = steps[-1][0] + timedelta(seconds=self.floor.random.randrange(10, 60))
        thread.busy_until = worker.busy_until
        async with self.floor.database.begin(self.floor.scope(thread.matter.slug)) as db:
            for moment, step in steps:
                self.floor.clock.move_to(moment)
                await step(db)

    def _steps(self, thread: Thread, interaction_id: UUID, by: BrandAgent) -> list[tuple[datetime, Step]]:
        random, now = self.floor.random, self.floor.clock.now()

        def after(low: float, high: float) -> datetime:
            nonlocal now
            now += timedelta(milliseconds=random.randrange(round(low * 1000), round(high * 1000)))
            return now

        steps: list[tuple[datetime, Step]] = [
            (now, lambda db: claiming.claim(db, interaction_id, by=by)),
            (after(1, 4), lambda db: handling.focus(db, interaction_id, by=by)),
        ]
        if random.random() < 0.03:
            steps.append((after(40, 120), self._release(thread, interaction_id, by)))
            return steps
        if random.random() < 0.1:
            words = texts.note(random, thread.matter)
            steps.append((after(20, 60), lambda db: replying.note(db, interaction_id, words, by=by)))
        if not thread.thanked:
            steps.append((after(70, 190), self._reply(thread, interaction_id, by)))
            steps.append((after(1, 8), self._deliver(thread)))
        outcome = thread.matter.outcome if random.random() < 0.85 else "informed"
        steps.append((after(12, 40), lambda db: closing.close(db, interaction_id, outcome, by=by)))
        self._expect(thread, now)
        return steps

    def _release(self, thread: Thread, interaction_id: UUID, by: BrandAgent) -> Step:
        async def step(db: AsyncSession) -> None:
            await claiming.release(db, interaction_id, by=by)
            self.floor.at(self._in(self.floor.random.uniform(2, 25)), self._serve(thread, interaction_id))

        return step

    def _reply(self, thread: Thread, interaction_id: UUID, by: BrandAgent) -> Step:
        if thread.rounds == 0:
            text = texts.answer(self.floor.random, thread.matter, by.alias)
        else:
            text = texts.follow_up(self.floor.random, thread.matter, "again_reply", by.alias)
        thread.written = text
        return lambda db: replying.reply(db, interaction_id, text, by=by)

    def _deliver(self, thread: Thread) -> Step:
        """What dispatcher and worker would do, with the relay's answer thrown by dice; the mail leaves no machine."""
        luck = self.floor.random.random()

        async def step(db: AsyncSession) -> None:
            row = next(each for each in db.new if isinstance(each, Outbox))
            row.state, row.tries = "done", 1
            row.handed_at = row.done_at = self.floor.clock.now()
            message = await db.get_one(Message, (row.brand_id or self._brand(thread), row.ref_id))
            mail = await db.get_one(Mail, (message.brand_id, message.id))
            await delivery.mark_sending(db, message)
            if luck < 0.008:
                await delivery.mark_uncertain(db, message)
            elif luck < 0.02:
                await delivery.mark_failed(db, message, RETURNED)
            else:
                await delivery.mark_sent(db, message)
            thread.ids.append(mail.rfc_id)
            thread.tag = issue(self.floor.room.keys, message.brand_id, message.conversation_id)

        return step

    def _expect(self, thread: Thread, closed: datetime) -> None:
        """What the customer does with the answer."""
        random = self.floor.random
        if thread.rounds >= 3 or thread.thanked:
            return
        luck = random.random()
        hours = random.uniform(0.3, 9) if random.random() < 0.6 else random.uniform(9, 60)
        if luck < 0.08:
            self._back(thread, "thanks", hours * 60)
        elif luck < 0.17:
            self._back(thread, "again", hours * 60)
        elif luck < 0.195:
            self._back(thread, "again", random.uniform(8, 12) * 24 * 60)
        elif luck < 0.21:
            assert self.customers is not None, "customers and agents of a floor know each other"
            self.floor.at(closed + timedelta(seconds=50), self.customers.again(thread, "", automatic=True))

    def _back(self, thread: Thread, kind: str, minutes: float) -> None:
        assert self.customers is not None, "customers and agents of a floor know each other"
        self.floor.at(self._in(minutes), self.customers.again(thread, kind))

    def _brand(self, thread: Thread) -> UUID:
        return self.floor.founded.brands[thread.matter.slug]

    def _in(self, minutes: float) -> datetime:
        return self.floor.clock.now() + timedelta(milliseconds=round(minutes * 60_000))
