"""Sixty days of the demo provider as a discrete-event simulation, written by the verbs in order of time.

Two desks, each with brands of its own, may run at once: an agent of both works a whole week at one of them, and the
weeks are kept in step. So every chain is written by one hand at a time, and the same seed and end give the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.tokens import ThreadKeys
from portavoce.conversations.events import InteractionOpened, InteractionReopened
from portavoce.core.db import Database
from portavoce.core.storage import Storage
from portavoce.demo import cast
from portavoce.demo.calendar import arrivals, on_duty, shifts
from portavoce.demo.floor import Floor
from portavoce.demo.founding import Founded
from portavoce.demo.serving import Agents
from portavoce.demo.writing import Boxes, Customers
from portavoce.kit.ids import SeededClock

DESKS = sorted({team.desk for team in cast.TEAMS})
ON_DUTY = (cast.GIULIA, "aisha.benali@voxa.example", "sofia.ricci@voxa.example", "elena.conti@voxa.example",
           "matteo.gallo@voxa.example")  # fmt: skip
JUNK = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """`contacts` are first mails: customers who come back are on top. `end` is aware."""

    end: datetime
    days: int = 60
    contacts: int = 1_200
    seed: int = 20_260

    @property
    def start(self) -> datetime:
        return self.end - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a floor stands on; its database tells the time of `clock` and nobody else uses it meanwhile."""

    database: Database
    clock: SeededClock
    storage: Storage
    keys: ThreadKeys
    deployment: str


async def open_floor(ground: Ground, founded: Founded, plan: Plan, seed: int) -> tuple[Floor, Boxes]:
    """An empty floor, with the mailboxes of all brands."""
    room = Mailroom(ground.database, ground.storage, ground.keys, ground.deployment)
    floor = Floor(ground.database, ground.clock, room, founded, _dice(seed), plan.end)
    _listen(floor)
    boxes: Boxes = {}
    for team in cast.TEAMS:
        for box in team.boxes:
            known = await room.known(box.address)
            assert known is not None, "the mailboxes were made when the provider was founded"
            boxes.setdefault(team.slug, []).append(known)
    return floor, boxes


async def open_desk(ground: Ground, founded: Founded, plan: Plan, desk: int) -> Floor:
    """A floor whose heap holds all that is to happen at this desk; it happens in `run_until`."""
    floor, boxes = await open_floor(ground, founded, plan, plan.seed + desk)
    agents = Agents(floor)
    agents.customers = Customers(floor, boxes, agents.wait)
    for operator in cast.OPERATORS:
        rota = list(shifts(operator, plan.start, plan.end))
        if operator.email in ON_DUTY:
            rota = on_duty(operator, rota, plan.end)
        floor.hire(operator, [shift for shift in rota if shift.desk == desk])
    for team in cast.TEAMS:
        if team.desk == desk:
            count = plan.contacts * team.share // 100
            for instant in arrivals(floor.random, team, plan.start, plan.end, count):
                floor.at(instant, agents.customers.first(team))
            for instant in arrivals(floor.random, team, plan.start, plan.end, JUNK):
                floor.at(instant, agents.customers.junk(team))
    return floor


def _listen(floor: Floor) -> None:
    async def note(_db: AsyncSession, event: InteractionOpened | InteractionReopened) -> None:
        floor.opened.append(event.interaction_id)

    reactions = floor.database.reactions
    floor.database.reactions = {
        **reactions,
        **{kind: [*reactions[kind], note] for kind in (InteractionOpened, InteractionReopened)},
    }


def _dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 -- the demo must be the same each time
