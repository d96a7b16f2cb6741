"""A customer as the screens show them: the part beside the conversation, the form, the page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.faces import BrandFace, faces
from portavoce.conversations.following import contacts_of
from portavoce.conversations.recognising.queries import identities_of
from portavoce.conversations.recognising.rows import IdentityRow
from portavoce.core.errors import NotFound
from portavoce.customers.queries import Answer, Profile, changes_of, profile_of
from portavoce.identity.granting import Granted
from portavoce.web.access import MISSING, Actor
from portavoce.web.desk.pages import HOME, wants_page
from portavoce.web.errors import Rejected
from portavoce.web.forms import check
from portavoce.web.i18n import words_for
from portavoce.web.pages import AnyRequest, render, shell

COLUMNS = {
    "name": "name",
    "language": "language",
    "preferred_channel": "preferred_channel",
    "preferred_moment": "preferred_moment",
    "about": "note",
}
"""Fields of the form and what they are called in the profile. `note` is a field of the wrap-up on the same screen."""
MOST_NEEDS = 20


class Seen(msgspec.Struct, frozen=True):
    brand: BrandFace
    profile: Profile
    identities: tuple[IdentityRow, ...]

    def context(self) -> dict[str, Any]:
        return {"brand": self.brand, "profile": self.profile, "identities": self.identities}


class Filled(msgspec.Struct, frozen=True):
    """What stands in the form. `fresh`: what was saved meanwhile, by field, where it differs from what was typed."""

    form: dict[str, str]
    needs: tuple[str, ...]
    errors: dict[str, str] = {}
    fresh: dict[str, str] = {}
    problem: str = ""

    @classmethod
    def of(cls, profile: Profile) -> Filled:
        values = {field: getattr(profile, column) for field, column in COLUMNS.items()}
        own = {each.field: "" if each.masked else each.value for each in profile.answers}
        return cls({**values, **own}, profile.needs)

    @classmethod
    async def typed(cls, request: AnyRequest, profile: Profile, errors: dict[str, str]) -> Filled:
        """Of the posted form; `errors` are those of the fields that every profile has."""
        sent = await request.form()
        names = [each.field for each in profile.answers] + [
            f"clear_{each.field}" for each in profile.answers if each.masked
        ]
        own = msgspec.defstruct("OwnFields", [(name, str, "") for name in names])
        posted = {name: sent.getall(name, []) for name in names}
        _, mistakes, raw = check(posted, own, words_for(request))
        values = {field: str(sent.get(field, "")) for field in COLUMNS}
        needs = tuple(str(code) for code in sent.getall("needs", [])[:MOST_NEEDS])
        return cls({**values, **raw}, needs, {**errors, **mistakes})

    def given(self, profile: Profile) -> dict[str, str]:
        """As `customers.editing` takes it. An empty masked field says nothing, unless its box says to remove it."""
        columns = {column: self.form[field] for field, column in COLUMNS.items()}
        columns["note"] = columns["note"].replace("\r\n", "\n")
        own = {
            each.field: self.form[each.field]
            for each in profile.answers
            if not each.masked or self.form[each.field].strip() or self.form.get(f"clear_{each.field}")
        }
        return {**columns, "needs": ",".join(self.needs), **own}

    def beside(self, profile: Profile, problem: str) -> Filled:
        """With what was saved meanwhile; a masked value is not told."""
        held = {column: getattr(profile, column) for column in COLUMNS.values()}
        held |= {"needs": ",".join(profile.needs)} | {
            each.field: each.value for each in profile.answers if not each.masked
        }
        typed = self.given(profile)
        fresh = {name: value for name, value in held.items() if typed.get(name, value).strip() != value}
        return msgspec.structs.replace(self, fresh=fresh, problem=problem)

    def refused(self, request: AnyRequest, fields: dict[str, str]) -> Filled:
        names = {column: field for field, column in COLUMNS.items()}
        told = {names.get(name, name): words_for(request).gettext(text) for name, text in fields.items()}
        return msgspec.structs.replace(self, errors=told)


async def read_profile(db: AsyncSession, customer_id: UUID, granted: Granted) -> Seen:
    """Of the one brand in scope; NoCustomer when it is not there."""
    profile = await profile_of(db, customer_id)
    known = await faces(db, [granted.brand_id])
    if granted.brand_id not in known:
        raise NotFound(MISSING)
    return Seen(known[granted.brand_id], profile, await identities_of(db, profile.id))


def customer_url(seen: Seen) -> str:
    return f"/b/{seen.brand.slug}/customers/{seen.profile.id}"


def block(request: AnyRequest, seen: Seen, **said: Any) -> str:
    return render(request, "desk/_customer.html", **said, **seen.context())


def profile_form(request: AnyRequest, seen: Seen, filled: Filled) -> str:
    return render(request, "desk/_profile_form.html", **_form_context(request, filled), **seen.context())


def _form_context(request: AnyRequest, filled: Filled) -> dict[str, Any]:
    problem = words_for(request).gettext(filled.problem) if filled.problem else ""
    return {
        "form": filled.form,
        "needs": filled.needs,
        "errors": filled.errors,
        "fresh": filled.fresh,
        "problem": problem,
    }


async def whole_page(
    request: AnyRequest, actor: Actor, db: AsyncSession, seen: Seen, *, filled: Filled | None = None,
    revealed: Answer | None = None, **said: Any,
) -> str:  # fmt: skip
    """For a browser without htmx, and for an address that was kept."""
    said = said if filled is None else _form_context(request, filled)
    return shell(
        request,
        actor,
        "desk/customer.html",
        current=HOME,
        editing=filled is not None,
        revealed=revealed,
        contacts=await contacts_of(db, seen.profile.id),
        changes=await changes_of(db, seen.profile.id),
        **said,
        **seen.context(),
    )


async def again(
    request: AnyRequest, actor: Actor, db: AsyncSession, seen: Seen, filled: Filled, status: int
) -> Rejected:
    """The form once more, with everything that was typed."""
    if wants_page(request):
        return Rejected(status, html=await whole_page(request, actor, db, seen, filled=filled))
    page = profile_form(request, seen, filled)
    return Rejected(status, html=page, headers={"HX-Retarget": "#customer", "HX-Reswap": "innerHTML"})
