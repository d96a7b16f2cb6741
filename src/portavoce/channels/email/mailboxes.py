"""The brand's addresses: which line of business answers behind them, under which name and signature."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.adding import add_endpoint
from portavoce.brands.errors import BadBrand
from portavoce.channels.email.events import MailboxWritten
from portavoce.channels.email.models import Mailbox
from portavoce.core.unit import emit, new_id
from portavoce.kit.addresses import BadAddress, mail_address

KIND = "email"


async def add_mailbox(
    db: AsyncSession, address: str, lob_id: UUID, display_name: str, signature: str
) -> Mailbox:
    """Register an address of the written brand. Taken if any brand has it; BadBrand if it is no plain address."""
    try:
        value = mail_address(address)
    except BadAddress as error:
        raise BadBrand("Write the address as name@domain.", address=str(error)) from error
    if "+" in value:
        raise BadBrand("Leave out the part from the plus sign on.", address="tag")
    endpoint = await add_endpoint(db, KIND, value)
    await db.flush()
    mailbox = Mailbox(
        id=new_id(db),
        endpoint_id=endpoint.id,
        lob_id=lob_id,
        address=value,
        display_name=display_name,
        signature=signature,
    )
    db.add(mailbox)
    await emit(db, MailboxWritten(signature))
    return mailbox


async def mailbox_of(db: AsyncSession, endpoint_id: UUID) -> Mailbox:
    return (await db.scalars(select(Mailbox).where(Mailbox.endpoint_id == endpoint_id))).one()


async def mailbox_of_line(db: AsyncSession, lob_id: UUID) -> Mailbox | None:
    """Its own, else the brand's first; None for a brand without any."""
    query = select(Mailbox).order_by(Mailbox.lob_id != lob_id, Mailbox.id).limit(1)
    return (await db.scalars(query)).one_or_none()


async def mailboxes(db: AsyncSession) -> list[Mailbox]:
    return list((await db.scalars(select(Mailbox).order_by(Mailbox.address))).all())
