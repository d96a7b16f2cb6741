"""Signs of activity on an open contact: what handling time is made of."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.handling import end_segments, focus
from portavoce.core.unit import now
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT


class FocusController(Controller):
    path = f"{CONTACT}/focus"
    dependencies = OF_THE_CONTACT

    @post(status_code=204)
    async def create(
        self,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> None:
        await focus(db, interaction_id, by=me)

    @delete(status_code=204)
    async def destroy(
        self,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
    ) -> None:
        await end_segments(db, me.id, at=now(db), interaction_id=interaction_id)
