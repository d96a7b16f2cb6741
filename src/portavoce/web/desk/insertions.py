"""A snippet for the contact that is open: its fields filled, in the customer's language, counted as used."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, MediaType, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.history_queries import BRIEF
from portavoce.core.errors import Conflict
from portavoce.identity.granting import Granted
from portavoce.knowledge.errors import NoSnippet
from portavoce.knowledge.snippets import use
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.writing import WRONG_BRAND
from portavoce.web.forms import read
from portavoce.web.pages import AnyRequest


class InsertionForm(msgspec.Struct):
    """`expected_brand`: whom the writer saw."""

    expected_brand: UUID
    snippet: UUID


class InsertionController(Controller):
    path = f"{CONTACT}/insertions"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[str]:
        """Plain text for the composer. Nothing is sent by it."""
        contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id, extent=BRIEF)
        form, _errors, _raw = await read(request, InsertionForm)
        if form is None:
            raise NoSnippet("This snippet does not exist.")
        if form.expected_brand != granted.brand_id:
            raise Conflict(WRONG_BRAND)
        head = contact.head
        values = {
            "customer_name": head.customer,
            "agent_alias": me.alias,
            "brand_name": contact.brand.name,
            "ticket_number": str(head.ticket or ""),
            "subject": head.subject,
        }
        text = await use(
            db, form.snippet, head.lob_id, head.channel, values, head.language, head.lob_language
        )
        return Response(text, media_type=MediaType.TEXT)
