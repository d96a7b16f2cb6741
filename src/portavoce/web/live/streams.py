"""One connected browser, and the topics that concern it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from portavoce.core.unit import Poke
from portavoce.web.live.mailbox import Mailbox

LOOKING = "looking"
"""The view of who else is at a contact."""


class Topic(NamedTuple):
    """Something that is read and rendered once for all who watch it. `id` None: all of the brand's view."""

    view: str
    brand_id: UUID | None
    id: UUID | None


class Opened(NamedTuple):
    brand_id: UUID
    interaction_id: UUID


class Since(NamedTuple):
    """The oldest message and the oldest earlier contact that a page shows; None where it shows none."""

    message: UUID | None = None
    contact: UUID | None = None


FROM_THE_NEWEST = Since()


@dataclass(eq=False, slots=True)
class Stream:
    """`brands` are the desk grants it was opened with; when they change the stream ends and the browser returns.

    `held`: contacts in the person's hands; `since`: where the page of the open one begins; `beside`: who else
    was last shown at the open one, and what they do there, None while its page may show anything.
    """

    person_id: UUID
    session_id: str
    agent_id: UUID | None
    locale: str
    brands: frozenset[UUID]
    opened: Opened | None = None
    since: Since = FROM_THE_NEWEST
    held: frozenset[UUID] = frozenset()
    beside: frozenset[tuple[UUID, str]] | None = None
    mailbox: Mailbox = field(default_factory=Mailbox)

    def watches(self, topic: Topic) -> bool:
        """Whether this concerns the person. The wall comes first: never anything of a brand that is not granted."""
        if topic.brand_id is not None and topic.brand_id not in self.brands:
            return False
        if topic.view == "queue":
            return True
        if topic.view == "interaction":
            return topic.id in self.held or self.has_open(topic)
        if topic.view == LOOKING:
            return self.has_open(topic)
        return topic.view == "person" and topic.id == self.agent_id

    def topics(self) -> Iterator[Topic]:
        """All that its page shows."""
        for brand in self.brands:
            yield Topic("queue", brand, None)
        if self.agent_id is not None:
            yield Topic("person", None, self.agent_id)
        if self.opened is not None:
            yield Topic("interaction", *self.opened)

    def has_open(self, topic: Topic) -> bool:
        return self.opened is not None and (topic.brand_id, topic.id) == self.opened

    async def sent(self) -> AsyncIterator[bytes]:
        """What goes to the browser, until the stream is ended."""
        while (message := await self.mailbox.take()) is not None:
            yield message


def topic_of(poke: Poke) -> Topic:
    return Topic(poke.view, poke.brand_id, None if poke.view == "queue" else poke.id)
