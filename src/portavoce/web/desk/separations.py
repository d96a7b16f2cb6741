"""What is not this customer's: an address that is taken from the profile, a twin who is none. Both can be taken back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.conversations.recognising.errors import NeededHere
from portavoce.conversations.recognising.removing import remove
from portavoce.core.errors import NotFound
from portavoce.customers.errors import BadProfile
from portavoce.customers.parting import keep_apart, suggest_again
from portavoce.customers.removing import put_back
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING, Actor
from portavoce.web.desk.customer_pages import read_profile
from portavoce.web.desk.customers import CUSTOMER, refused, shown_anew
from portavoce.web.desk.me import OF_THE_CONTACT
from portavoce.web.forms import read
from portavoce.web.i18n import N_, words_for
from portavoce.web.pages import AnyRequest

SAID = (
    N_("Write why it is not this customer's."),
    N_("Somebody else has this address or number now."),
    N_("It was put back already."),
    N_("This was taken back already."),
    N_("An open contact came by it, and the customer has no other. Finish that contact first."),
)
"""What the verbs say, for the translators."""


class RemovalForm(msgspec.Struct):
    """`which`: the identity."""

    which: UUID
    why: Annotated[str, msgspec.Meta(max_length=500)] = ""


class ApartForm(msgspec.Struct):
    other: UUID


class RemovalController(Controller):
    path = f"{CUSTOMER}/removals"
    dependencies = OF_THE_CONTACT

    @post(status_code=200)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        """An address or a number that is not theirs. 422 without a reason, 409 for the last way of an open contact."""
        seen = await read_profile(db, customer_id, granted)
        form, errors, raw = await read(request, RemovalForm)
        words = words_for(request)
        if form is None:
            raise await refused(request, actor, db, seen, "removal", raw, errors)
        try:
            await remove(db, seen.profile.id, form.which, form.why, by=me)
        except BadProfile as error:
            (sentence,) = error.fields.values()
            told = {"why": words.gettext(sentence)}
            raise await refused(request, actor, db, seen, "removal", raw, told) from error
        except NeededHere as error:
            told = {"which": words.gettext(error.message)}
            raise await refused(request, actor, db, seen, "removal", raw, told, 409) from error
        return await shown_anew(request, db, customer_id, granted)

    @post("/{removal_id:uuid}/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
        removal_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        await put_back(db, removal_id, seen.profile.id, by=me)
        return await shown_anew(request, db, customer_id, granted)


class SeparationController(Controller):
    path = f"{CUSTOMER}/separations"
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
        """`other` is another person: nobody is asked about these two again."""
        seen = await read_profile(db, customer_id, granted)
        form, _errors, _raw = await read(request, ApartForm)
        if form is None:
            raise NotFound(MISSING)
        await keep_apart(db, seen.profile.id, form.other, by=me)
        return await shown_anew(request, db, customer_id, granted)

    @post("/{separation_id:uuid}/undo", status_code=200)
    async def undo(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
        separation_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        await suggest_again(db, separation_id, seen.profile.id, by=me)
        return await shown_anew(request, db, customer_id, granted)


SEPARATIONS = (RemovalController, SeparationController)
