"""Two profiles that are one person: suggested, merged by whoever decides, and parted again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.core.errors import NotFound
from portavoce.customers.duplicates import apart_of, duplicates_of, merges_of
from portavoce.customers.merging import merge, undo_merge
from portavoce.customers.removing import removals_of
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING
from portavoce.web.desk.customer_pages import customer_url, read_profile
from portavoce.web.desk.customers import CUSTOMER, shown_anew
from portavoce.web.desk.me import IN_BRAND, OF_THE_CONTACT
from portavoce.web.desk.pages import html, moved, wants_page
from portavoce.web.forms import read
from portavoce.web.pages import AnyRequest, render


class MergeForm(msgspec.Struct):
    other: UUID


class DuplicateController(Controller):
    path = f"{CUSTOMER}/duplicates"
    dependencies = IN_BRAND

    @get()
    async def index(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        if wants_page(request):
            return moved(customer_url(seen))
        page = render(
            request,
            "desk/_duplicates.html",
            suggestions=await duplicates_of(db, seen.profile.id),
            merges=await merges_of(db, seen.profile.id),
            apart=await apart_of(db, seen.profile.id),
            removals=await removals_of(db, seen.profile.id),
            **seen.context(),
        )
        return html(page)


class MergeController(Controller):
    path = f"{CUSTOMER}/merges"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        """`other` goes into the customer of the address. 409 when one of them was merged meanwhile."""
        form, _errors, _raw = await read(request, MergeForm)
        if form is None:
            raise NotFound(MISSING)
        await merge(db, customer_id, form.other, by=me)
        return await shown_anew(request, db, customer_id, granted)

    @post("/{merge_id:uuid}/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
        merge_id: FromPath[UUID],
    ) -> Response[Any]:
        await read_profile(db, customer_id, granted)
        await undo_merge(db, merge_id, by=me)
        return await shown_anew(request, db, customer_id, granted)


MERGES = (DuplicateController, MergeController)
