"""The first inbound when nothing is open opens an interaction: work waits, the clock starts, a ticket is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.conversations.cases import begin_case
from portavoce.conversations.events import InteractionOpened
from portavoce.conversations.models import Conversation, Interaction, WorkItem
from portavoce.conversations.queries import queue_and_version
from portavoce.core.unit import emit, new_id, now, poke, written_brand
from portavoce.ledger.facts import record

CUSTOMER = "customer"
MAIL_UNITS = 1


class Split(NamedTuple):
    """A contact that came out of `left`: the customer had asked for it `since` then. It is of the same case."""

    left: Interaction
    since: datetime
    actor: str


class Asked(NamedTuple):
    """The customer asked for it `since` then, and somebody of ours wrote it down."""

    since: datetime
    actor: str


async def open_interaction(
    db: AsyncSession, conversation: Conversation, channel: str, *, after: Interaction | None = None,
    split: Split | None = None, asked: Asked | None = None,
) -> Interaction:  # fmt: skip
    """The rows are added last, complete: what is looked up before does not find them.

    `after`: the earlier contact that this one follows, and whose case it belongs to. `split`: what it came out of.
    `asked`: it was asked for elsewhere than in the channel.
    """
    begun_by = split or asked
    at = begun_by.since if begun_by else now(db)
    case_id = after.care_case_id if after else split.left.care_case_id if split else None
    begun = [] if case_id else [begin_case(db, conversation.customer_id, conversation.subject)]
    told: dict[str, Any] = {"out_of": split.left.id} if split else {}
    queue_id, version_id = await queue_and_version(db, conversation.lob_id, at)
    opened = Interaction(
        brand_id=written_brand(db),
        id=new_id(db),
        conversation_id=conversation.id,
        lob_id=conversation.lob_id,
        channel=channel,
        state="waiting",
        contract_version_id=version_id,
        opened_at=at,
        follows_id=after.id if after else None,
        care_case_id=case_id or begun[0].id,
    )
    work = _work(opened, queue_id)
    await emit(db, InteractionOpened(opened, work))
    db.add_all([*begun, opened, work])
    record(
        db,
        "interaction.opened",
        actor=begun_by.actor if begun_by else CUSTOMER,
        at=at,
        lob_id=opened.lob_id,
        care_case_id=opened.care_case_id,
        interaction_id=opened.id,
        to_state="waiting",
        draws_ticket=True,
        channel=channel,
        follows=opened.follows_id,
        conversation=conversation.id,
        **told,
    )
    poke(db, "queue", opened.brand_id, opened.id)
    return opened


def _work(interaction: Interaction, queue_id: UUID) -> WorkItem:
    return WorkItem(
        brand_id=interaction.brand_id,
        interaction_id=interaction.id,
        lob_id=interaction.lob_id,
        queue_id=queue_id,
        channel=interaction.channel,
        units=MAIL_UNITS,
        queued_at=interaction.opened_at,
        state="waiting",
    )
