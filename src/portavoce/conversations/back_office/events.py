"""What happens between an agent and the client's back office; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from portavoce.conversations.back_office.models import ClientRequest
from portavoce.conversations.models import Interaction


@dataclass(frozen=True, slots=True)
class ClientAsked:
    """The request is about to be stored: a reaction may still write on it, and say more in `told`, its fact's body."""

    request: ClientRequest
    interaction: Interaction
    told: dict[str, object]
