"""What happens between an agent and the client's approvers; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.models import Interaction


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """The row is about to be stored: a reaction may still write on it, and say more in `told`, its fact's body."""

    approval: ReplyApproval
    interaction: Interaction
    told: dict[str, object]
