"""A visit to a shop is not answered: whoever wants to write to its customer opens a mail contact out of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.visits.continuing import write_by_mail
from portavoce.identity.granting import Granted
from portavoce.web.desk.items import contact_url
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.desk.pages import moved


class VisitController(Controller):
    path = f"{CONTACT}/continuation"
    dependencies = OF_THE_CONTACT

    @post(status_code=303)
    async def create(
        self,
        db: NamedDependency[AsyncSession],
        granted: NamedDependency[Granted],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> Response[Any]:
        """To the contact that waits then, the same one however often it is asked for."""
        return moved(contact_url(granted.slug, await write_by_mail(db, interaction_id, by=me)))
