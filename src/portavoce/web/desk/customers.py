"""A customer's profile beside the conversation: read, changed, with consents, hidden values and its history."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.agents.models import BrandAgent
from portavoce.customers.consenting import note_consent
from portavoce.customers.editing import edit
from portavoce.customers.errors import BadConsent, BadProfile, ChangedMeanwhile
from portavoce.customers.identifying import add_identity
from portavoce.customers.queries import changes_of
from portavoce.customers.revealing import reveal
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.desk.customer_pages import (
    Filled,
    Seen,
    again,
    block,
    customer_url,
    profile_form,
    read_profile,
    whole_page,
)
from portavoce.web.desk.me import IN_BRAND, OF_THE_CONTACT
from portavoce.web.desk.pages import html, moved, says, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import read
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render

CUSTOMER = "/b/{brand:str}/customers/{customer_id:uuid}"


class ConsentForm(msgspec.Struct):
    purpose: str
    channel: str
    given: str
    source: str = ""
    proof: str = ""


class IdentityForm(msgspec.Struct):
    kind: str
    identity: str


class RevealForm(msgspec.Struct):
    attribute: UUID


class ProfileForm(msgspec.Struct):
    """What every brand's profile has; the brand's own attributes come beside it."""

    version: int
    name: Annotated[str, msgspec.Meta(max_length=200)]
    language: str
    needs: list[str]
    preferred_channel: str = ""
    preferred_moment: str = ""
    about: Annotated[str, msgspec.Meta(max_length=4_000, extra={"lines": True})] = ""


class CustomerController(Controller):
    path = CUSTOMER

    @get(dependencies=IN_BRAND)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        if not wants_page(request):
            return html(block(request, seen))
        if seen.profile.id != customer_id:
            return moved(customer_url(seen))
        return html(await whole_page(request, actor, db, seen))

    @get("/edit", dependencies=IN_BRAND)
    async def edit(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        filled = Filled.of(seen.profile)
        if wants_page(request):
            return html(await whole_page(request, actor, db, seen, filled=filled))
        return html(profile_form(request, seen, filled))

    @get("/changes", dependencies=IN_BRAND)
    async def changes(
        self,
        request: AnyRequest,
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        seen = await read_profile(db, customer_id, granted)
        if wants_page(request):
            return moved(customer_url(seen))
        changes = await changes_of(db, seen.profile.id)
        return html(render(request, "desk/_changes.html", changes=changes, brand=seen.brand))

    @post(status_code=200, dependencies=OF_THE_CONTACT)
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        granted: NamedDependency[Granted],
        db: NamedDependency[AsyncSession],
        me: NamedDependency[BrandAgent],
        customer_id: FromPath[UUID],
    ) -> Response[Any]:
        """409 with what is there now and what was typed, 422 with what to do about each field."""
        seen = await read_profile(db, customer_id, granted)
        form, errors, _raw = await read(request, ProfileForm)
        filled = await Filled.typed(request, seen.profile, errors)
        if form is None or filled.errors:
            raise await again(request, actor, db, seen, filled, 422)
        try:
            await edit(db, customer_id, filled.given(seen.profile), version=form.version, by=me)
        except ChangedMeanwhile as error:
            seen = await read_profile(db, customer_id, granted)
            beside = filled.beside(seen.profile, error.message)
            raise await again(request, actor, db, seen, beside, 409) from error
        except BadProfile as error:
            raise await again(request, actor, db, seen, filled.refused(request, error.fields), 422) from error
        return await shown_anew(request, db, customer_id, granted)


class ConsentController(Controller):
    path = f"{CUSTOMER}/consents"
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
        seen = await read_profile(db, customer_id, granted)
        form, errors, raw = await read(request, ConsentForm)
        if form is not None and form.given not in ("yes", "no"):
            errors = {"given": words_for(request).gettext("Choose one of the options shown.")}
        if form is None or errors:
            raise await refused(request, actor, db, seen, "consent", raw, errors)
        said = {name: getattr(form, name) for name in ("purpose", "channel", "source", "proof")}
        try:
            await note_consent(db, seen.profile.id, given=form.given == "yes", by=me, **said)
        except BadConsent as error:
            told = _told(request, error.fields)
            raise await refused(request, actor, db, seen, "consent", raw, told) from error
        return await shown_anew(request, db, customer_id, granted)


class IdentityController(Controller):
    path = f"{CUSTOMER}/identities"
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
        seen = await read_profile(db, customer_id, granted)
        form, errors, raw = await read(request, IdentityForm)
        if form is None:
            raise await refused(request, actor, db, seen, "identity", raw, errors)
        try:
            await add_identity(db, seen.profile.id, form.kind, form.identity, by=me)
        except BadProfile as error:
            told = _told(
                request, {"kind" if name == "channel" else name: text for name, text in error.fields.items()}
            )
            raise await refused(request, actor, db, seen, "identity", raw, told) from error
        return await shown_anew(request, db, customer_id, granted)


class RevealController(Controller):
    path = f"{CUSTOMER}/reveals"
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
        """The hidden value, in this answer and in no other."""
        seen = await read_profile(db, customer_id, granted)
        form, _errors, _raw = await read(request, RevealForm)
        if form is None:
            raise Rejected(422, html=block(request, seen))
        answer = await reveal(db, seen.profile.id, form.attribute, by=me)
        if wants_page(request):
            return html(await whole_page(request, actor, db, seen, revealed=answer))
        return html(render(request, "desk/_revealed.html", answer=answer))


CUSTOMERS = (CustomerController, ConsentController, IdentityController, RevealController)


async def shown_anew(
    request: AnyRequest, db: AsyncSession, customer_id: UUID, granted: Granted
) -> Response[Any]:
    await db.flush()
    seen = await read_profile(db, customer_id, granted)
    if wants_page(request):
        return moved(customer_url(seen))
    said: dict[str, object] = {"text": words_for(request).gettext("Saved.")}
    return html(block(request, seen), headers=says(say=said))


def _told(request: AnyRequest, fields: dict[str, str]) -> dict[str, str]:
    return {name: words_for(request).gettext(sentence) for name, sentence in fields.items()}


async def refused(
    request: AnyRequest, actor: Actor, db: AsyncSession, seen: Seen, opened: str, raw: dict[str, str],
    errors: dict[str, str], status: int = 422,
) -> Rejected:  # fmt: skip
    said: dict[str, Any] = {"opened": opened, "form": raw, "errors": errors}
    if wants_page(request):
        return Rejected(status, html=await whole_page(request, actor, db, seen, **said))
    return Rejected(
        status,
        html=block(request, seen, **said),
        headers={"HX-Retarget": "#customer", "HX-Reswap": "innerHTML"},
    )
