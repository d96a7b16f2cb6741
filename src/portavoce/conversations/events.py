"""What happened to a contact; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portavoce.conversations.models import Interaction, Message, WorkItem


@dataclass(frozen=True, slots=True)
class InteractionOpened:
    """A new handled unit waits. Both rows are about to be stored: a reaction may still write on them."""

    interaction: Interaction
    work: WorkItem

    @property
    def interaction_id(self) -> UUID:
        return self.interaction.id


@dataclass(frozen=True, slots=True)
class InteractionClosed:
    interaction_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class InteractionReopened:
    interaction_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """An outgoing message is committed with this transaction and must leave by its channel."""

    message: Message
    again: bool = False


@dataclass(frozen=True, slots=True)
class FirstResponded:
    """The first answer written by a person has left. The interaction is locked."""

    interaction: Interaction
    at: datetime
