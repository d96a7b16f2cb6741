"""What is typed is saved as it is typed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.drafting import keep_draft
from portavoce.conversations.errors import EmptyText
from portavoce.core.looking import Place
from portavoce.core.unit import poke
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.desk.messages import CONTACT
from portavoce.web.forms import read
from portavoce.web.live.streams import LOOKING
from portavoce.web.pages import AnyRequest


class DraftForm(msgspec.Struct):
    """`form_key` is that of the form in which it is typed."""

    text: Annotated[str, msgspec.Meta(extra={"strip": False})] = ""
    form_key: UUID | None = None


class DraftController(Controller):
    path = f"{CONTACT}/drafts/{{kind:str}}"
    dependencies = OF_THE_CONTACT

    @put(status_code=204)
    async def update(
        self,
        request: AnyRequest,
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        interaction_id: FromPath[UUID],
        kind: FromPath[str],
    ) -> None:
        form, errors, _raw = await read(request, DraftForm)
        if form is None:
            raise EmptyText(next(iter(errors.values())))
        await keep_draft(db, interaction_id, kind, form.text, by=me, form_key=form.form_key)
        if form.text:
            place = Place(me.brand_id, interaction_id)
            await request.app.state.lookers.mark([(place, me.agent_id)], "types")
            poke(db, LOOKING, *place)
