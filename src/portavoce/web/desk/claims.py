"""Take a contact, give it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.claiming import claim, release
from portavoce.conversations.errors import HeldByOther
from portavoce.core import metrics
from portavoce.identity.granting import Granted
from portavoce.web.desk.contact import read_contact
from portavoce.web.desk.interactions import opened, typed_before, voice_of
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT, presence_of
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.pages import AnyRequest, render

ALERTS = {"HX-Retarget": "#alerts", "HX-Reswap": "innerHTML"}


class ClaimController(Controller):
    path = f"{CONTACT}/claim"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """409 names who was faster, by the alias this brand knows."""
        try:
            await claim(db, interaction_id, by=me)
            metrics.CLAIMS.labels("won").inc()
        except HeldByOther as error:
            metrics.CLAIMS.labels("lost").inc()
            if wants_page(request):
                raise
            said = render(request, "desk/_taken.html", holder=error.fields["holder"])
            raise Rejected(409, html=said, headers=ALERTS) from error
        return await _shown(request, db, granted, me, interaction_id, "taken")

    @delete(status_code=200)
    async def destroy(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        await release(db, interaction_id, by=me)
        return await _shown(request, db, granted, me, interaction_id, "released")


class ReleaseController(Controller):
    """The same as DELETE of the claim, for forms, which can only post."""

    path = f"{CONTACT}/release"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        await release(db, interaction_id, by=me)
        return await _shown(request, db, granted, me, interaction_id, "released")


async def _shown(
    request: AnyRequest, db: AsyncSession, granted: Granted, me: BrandAgent, interaction_id: UUID, became: str
) -> Response[Any]:
    """The contact, the agent's new state, and a word to queue.js: the lists need not wait for the stream."""
    if wants_page(request):
        return moved(contact_url(granted.slug, interaction_id))
    contact = await read_contact(db, interaction_id, granted.brand_id, me.agent_id)
    presence = render(request, "desk/_live_presence.html", presence=await presence_of(db, me))
    events: dict[str, dict[str, object]] = {became: {"id": str(interaction_id)}}
    if contact.mode == "mine":
        events["say"] = voice_of(request, contact)
    work = opened(request, contact, **await typed_before(db, contact))
    return html(work + presence, headers=says(**events))
