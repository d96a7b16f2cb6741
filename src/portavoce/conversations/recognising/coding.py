"""A one-time code: sent to an address the customer is known by, read to the agent, typed in.

Nobody here ever sees it. It is good for ten minutes, once, and for five tries; each contact and each customer has few.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.audit.auditing import audit
from portavoce.conversations.errors import NoInteraction
from portavoce.conversations.models import Interaction
from portavoce.conversations.recognising.errors import BadCode, NoAddress, TooManyCodes
from portavoce.conversations.recognising.events import CodeAsked
from portavoce.conversations.recognising.keys import CodeKeys, readable
from portavoce.conversations.recognising.linking import link
from portavoce.conversations.recognising.meeting import meet
from portavoce.conversations.recognising.models import (
    CODE,
    REPLACED,
    USED,
    WAITING,
    WORN,
    CustomerCode,
    CustomerLink,
)
from portavoce.conversations.recognising.queries import known_addresses
from portavoce.core.unit import emit, new_id, now
from portavoce.ledger.facts import record

LIFETIME = timedelta(minutes=10)
TRIES = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OF_A_CONTACT, OF_A_CUSTOMER, IN_A_DAY = 3, 3, 6
"""Codes within an hour, and of one customer within a day."""
UNKNOWN = "No code can be sent there. Choose one of the addresses shown."
ENOUGH = "Enough codes were sent. Wait, or record what convinced you."
UNREADABLE = "A code has six digits. Ask the customer to read it again."
ENDED = {
    USED: "This code was used already. Send another one.",
    WORN: "This code was tried too often. Send another one.",
    REPLACED: "Another code was sent since. Ask for the newest one.",
}
EXPIRED = "This code is older than ten minutes. Send another one."


class Entered(msgspec.Struct, frozen=True):
    """The link, or how many tries are left: a wrong code is kept in the books, so it is an answer and no error."""

    link: CustomerLink | None
    left: int


async def send_code(
    db: AsyncSession, interaction_id: UUID, customer_id: UUID, address_id: UUID, *, by: BrandAgent
) -> CustomerCode:
    """The row of a code that leaves with this unit. NoAddress, TooManyCodes, and whatever `meet` raises.

    A code sent earlier from this contact is no longer good.
    """
    interaction, _ = await meet(db, interaction_id, customer_id, by=by)
    known = await known_addresses(db, [customer_id], before=interaction.opened_at)
    address = next((each.value for each in known if each.id == address_id), None)
    if address is None:
        raise NoAddress(UNKNOWN)
    await _few_enough(db, interaction_id, customer_id)
    await db.execute(
        update(CustomerCode)
        .where(CustomerCode.interaction_id == interaction_id, CustomerCode.state == WAITING)
        .values(state=REPLACED)
    )
    at = now(db)
    row = CustomerCode(
        id=new_id(db),
        interaction_id=interaction_id,
        customer_id=customer_id,
        brand_agent_id=by.id,
        sent_to=address,
        at=at,
        expires_at=at + LIFETIME,
        tries=0,
        state=WAITING,
    )
    db.add(row)
    _tell(db, "customer.code_sent", interaction, row, by)
    await emit(db, CodeAsked(row.id))
    return row


async def enter_code(
    db: AsyncSession, interaction_id: UUID, code_id: UUID, typed: str, *, keys: CodeKeys, by: BrandAgent
) -> Entered:
    """BadCode for one that is no longer good, and for what is no code; neither counts as a try."""
    query = select(CustomerCode).where(
        CustomerCode.id == code_id, CustomerCode.interaction_id == interaction_id
    )
    code = (await db.scalars(query)).one_or_none()
    if code is None:
        raise NoInteraction("This contact does not exist.")
    _still_good(db, code)
    if not readable(typed):
        raise BadCode(UNREADABLE)
    interaction, stranger_id = await meet(db, interaction_id, code.customer_id, by=by)
    await db.scalars(query.with_for_update().execution_options(populate_existing=True))
    _still_good(db, code)
    code.tries += 1
    if not keys.fits(typed, code.brand_id, code.id):
        code.state = WORN if code.tries >= TRIES else WAITING
        _tell(db, "customer.code_wrong", interaction, code, by)
        return Entered(None, TRIES - code.tries)
    code.state = USED
    made = await link(db, interaction, stranger_id, code.customer_id, CODE, "", by=by, code_id=code_id)
    return Entered(made, 0)


def _still_good(db: AsyncSession, code: CustomerCode) -> None:
    if code.state in ENDED:
        raise BadCode(ENDED[code.state])
    if code.expires_at <= now(db):
        raise BadCode(EXPIRED)


async def _few_enough(db: AsyncSession, interaction_id: UUID, customer_id: UUID) -> None:
    """Counted behind the locks of contact and customer. Which of the limits was met is not said."""
    at = now(db)
    for since, most, whose in (
        (HOUR, OF_A_CONTACT, CustomerCode.interaction_id == interaction_id),
        (HOUR, OF_A_CUSTOMER, CustomerCode.customer_id == customer_id),
        (DAY, IN_A_DAY, CustomerCode.customer_id == customer_id),
    ):
        made = await db.scalar(select(func.count(CustomerCode.id)).where(whose, CustomerCode.at > at - since))
        if (made or 0) >= most:
            raise TooManyCodes(ENOUGH, retry_after=str(int(HOUR.total_seconds())))


def _tell(db: AsyncSession, kind: str, interaction: Interaction, code: CustomerCode, by: BrandAgent) -> None:
    audit(db, str(by.id), kind, "customer", code.customer_id, code=code.id)
    record(
        db,
        kind,
        actor=str(by.id),
        lob_id=interaction.lob_id,
        interaction_id=interaction.id,
        brand_agent_id=by.id,
        customer=code.customer_id,
        code=code.id,
    )
