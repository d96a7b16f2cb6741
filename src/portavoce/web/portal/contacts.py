"""`/portal/{brand}/contacts/{interaction}`: every fact of one contact, with its evidence."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.months import month_of
from portavoce.reporting.story import read_story
from portavoce.web.access import Actor
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.pages import brand_page
from portavoce.web.portal.reading import Reading


class ContactController(Controller):
    path = "/{brand:str}/contacts"

    @route("/{interaction:uuid}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        interaction: FromPath[UUID],
    ) -> Response[str]:
        story = await read_story(db, interaction, reading.anchor)
        return brand_page(
            request,
            actor,
            reading,
            "portal/contact.html",
            story=story,
            opened_month=month_of(story.opened_at, reading.brand.zone),
        )
