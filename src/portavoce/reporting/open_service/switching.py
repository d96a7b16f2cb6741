"""Switch the page on and off: an act of the client, told in the ledger."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.adding import add_endpoint
from portavoce.core.unit import now, written_brand
from portavoce.ledger.facts import record
from portavoce.reporting.open_service.models import OpenService

KIND = "service"
"""Of endpoint: the address is found before anybody knows whose it is."""
CLIENT = "client"
TOKEN_BYTES = 16


async def switch_on(db: AsyncSession) -> OpenService:
    """Under the address it had before, if it ever had one. On already, or switched on by somebody else at once, changes nothing."""
    fresh = token_hex(TOKEN_BYTES)
    row = {"brand_id": written_brand(db), "token": fresh, "is_on": False, "changed_at": now(db)}
    await db.execute(insert(OpenService).values(**row).on_conflict_do_nothing())
    page = (await db.scalars(select(OpenService).with_for_update())).one()
    if page.token == fresh:
        await add_endpoint(db, KIND, fresh)
    if not page.is_on:
        _told(db, page, is_on=True)
    return page


async def switch_off(db: AsyncSession) -> None:
    """Its address then answers like one that never was. Off already changes nothing."""
    page = (await db.scalars(select(OpenService).with_for_update())).one_or_none()
    if page is not None and page.is_on:
        _told(db, page, is_on=False)


def _told(db: AsyncSession, page: OpenService, *, is_on: bool) -> None:
    page.is_on, page.changed_at = is_on, now(db)
    act = "open_service.on" if is_on else "open_service.off"
    record(db, act, actor=CLIENT, cause_id=audit(db, CLIENT, act, "open_service"))
