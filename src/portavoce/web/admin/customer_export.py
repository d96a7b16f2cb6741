"""All customers of one brand as CSV, streamed while it is read; hidden attributes stay hidden, and it is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit, audit_house
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.customers.defining import AttributeRow, attributes
from portavoce.customers.listing import Listed, part_of
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor, provide_admin_brand, provide_brand_db
from portavoce.web.exports import charge_export
from portavoce.web.i18n import N_, Words, words_for
from portavoce.web.spreadsheet import MARK, lines

AnyRequest = Request[Any, Any, Any]
HEADINGS = (
    N_("Identifier"),
    N_("Name"),
    N_("Language"),
    N_("Addresses and numbers"),
    N_("Needs"),
    N_("Prefers"),
    N_("Best reached"),
    N_("Note"),
    N_("Known since"),
)


class CustomerExportController(Controller):
    path = "/admin/b/{brand:str}/customer-export"
    dependencies = {"granted": provide_admin_brand, "db": provide_brand_db}

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
    ) -> Stream:
        """A download that is cut ends without its last chunk, so no browser takes the half for the whole."""
        await charge_export(request, granted.brand_id)
        audit(db, "admin", "customers.exported", "brand", granted.brand_id)
        audit_house(db, actor.person_id, "customers.exported", "brand", granted.brand_id)
        asked = [each for each in await attributes(db) if not each.masked and not each.retired]
        content = _content(request.app.state.database, granted.brand_id, asked, words_for(request))
        name = f"{granted.slug}-customers.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Stream(content, media_type="text/csv", headers=headers)


async def _content(
    database: Database, brand_id: UUID, asked: Sequence[AttributeRow], words: Words
) -> AsyncIterator[bytes]:
    headings = [*map(words.gettext, HEADINGS), *(each.label for each in asked)]
    yield MARK + lines([headings], words)
    async with database.begin(Scope.reading({brand_id}), snapshot=True) as db:
        part = await part_of(db, after=None)
        while part:
            yield lines((_cells(each, asked) for each in part), words)
            part = await part_of(db, after=part[-1].id)


def _cells(customer: Listed, asked: Sequence[AttributeRow]) -> list[str]:
    return [
        str(customer.id),
        customer.name,
        customer.language,
        " ".join(value for _, value in customer.identities),
        customer.needs,
        customer.preferred_channel,
        customer.preferred_moment,
        customer.note,
        customer.created_at.isoformat(timespec="seconds"),
        *(customer.values.get(each.id, "") for each in asked),
    ]
