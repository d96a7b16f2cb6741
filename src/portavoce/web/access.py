"""Session → person → grants → scope. Nothing about scope comes from a form or a header; what is not granted is 404."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from uuid import UUID

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database, read_only
from portavoce.core.errors import NotFound
from portavoce.core.logs import learn
from portavoce.core.scope import HOUSE, Scope
from portavoce.identity.api_tokens import MAKERS
from portavoce.identity.errors import NotSignedIn
from portavoce.identity.granting import Granted, rights_of
from portavoce.identity.sessions import person_of_session
from portavoce.web.cookies import AnyConnection, session_id_of

MISSING = "This page does not exist."
PASSIVE = "passive"
"""Handler option of what a page asks by itself, without a person: it keeps no session alive."""
SAFE_METHODS = frozenset({"GET", "HEAD"})
DESK_ROLES = frozenset({"agent", "supervisor"})
PORTAL_ROLES = frozenset({"client_viewer", "client_approver"})
BACK_OFFICE_ROLES = frozenset({"client_back_office"})
"""Of the client's people who answer questions: what they were asked, and nothing of the portal's figures."""
APPROVER_ROLES = frozenset({"client_approver"})
"""Of the client's people who approve replies."""
LEAD_ROLES = frozenset({"client_lead_taker"})
"""Of the client's people who take leads: the leads, and nothing else of the brand."""
SHOP_ROLES = frozenset({"client_shop_clerk"})
"""Of the client's people at a counter: what they write down there, and nothing that is known of a customer."""
CLIENT_ROLES = PORTAL_ROLES | BACK_OFFICE_ROLES | LEAD_ROLES | SHOP_ROLES
"""Whoever has a page in the portal."""
ADMIN_ROLES = frozenset({"admin"})
SUPERVISOR_ROLES = frozenset({"supervisor", "admin"})
"""Whoever answers for a brand's service at the provider."""
TOKEN_ROLES = MAKERS
"""Whoever makes API tokens and takes them back."""


class NotGranted(NotFound):
    """A person asked for what is not theirs to see; recorded as a denial, answered like what does not exist."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, with every grant as PostgreSQL has it now."""

    person_id: UUID
    session_id: str
    name: str
    email: str
    locale: str
    client_id: UUID | None
    grants: tuple[Granted, ...]
    house_admin: bool

    def brands(self, roles: frozenset[str]) -> frozenset[UUID]:
        return frozenset(grant.brand_id for grant in self.grants if grant.role in roles)

    def granted(self, slug: str, roles: frozenset[str]) -> Granted:
        """The grant behind a brand's slug; NotFound when there is none, whether or not the brand exists."""
        for grant in self.grants:
            if grant.slug == slug and grant.role in roles:
                learn(brand=str(grant.brand_id))
                return grant
        raise NotGranted(MISSING)


async def find_actor(database: Database, session_id: str | None, *, active: bool = True) -> Actor | None:
    """The person behind a session (by its id, see `cookies.session_id_of`), or None."""
    if session_id is None:
        return None
    try:
        return await _look_up(database, session_id, active=active)
    except DBAPIError as error:
        if not read_only(error):
            raise
        return await _look_up(database, session_id, active=False)


async def _look_up(database: Database, session_id: str, *, active: bool) -> Actor | None:
    async with database.begin(HOUSE) as db:
        person = await person_of_session(db, session_id, active=active)
        if person is None:
            return None
        grants, house_admin = await rights_of(db, person.id)
        return Actor(
            person_id=person.id,
            session_id=session_id,
            name=person.name,
            email=person.email,
            locale=person.locale,
            client_id=person.client_id,
            grants=grants,
            house_admin=house_admin,
        )


async def actor_of(connection: AnyConnection) -> Actor | None:
    """Who asks, looked up once per request."""
    if "actor" not in connection.state:
        handler = connection.scope.get("route_handler")
        active = handler is None or not handler.opt.get(PASSIVE)
        database: Database = connection.app.state.database
        connection.state.actor = await find_actor(database, session_id_of(connection), active=active)
    actor: Actor | None = connection.state.actor
    if actor is not None:
        learn(person=str(actor.person_id))
    return actor


async def signed_in(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of everything but the open surface: 401 without a live session."""
    if await actor_of(connection) is None:
        raise NotSignedIn("Sign in to continue.")


async def administers(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of the admin surface: an administrator of the house or of any brand, else 404."""
    actor = await actor_of(connection)
    if actor is None:
        raise NotSignedIn("Sign in to continue.")
    if not actor.house_admin and not actor.brands(ADMIN_ROLES):
        raise NotGranted(MISSING)


async def supervises(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of the supervisors' surface: whoever answers for any brand, else 404."""
    actor = await actor_of(connection)
    if actor is None or not actor.brands(SUPERVISOR_ROLES):
        raise NotGranted(MISSING)


async def house_admin(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of what concerns the whole provider: its administrators, else 404."""
    actor = await actor_of(connection)
    if actor is None or not actor.house_admin:
        raise NotGranted(MISSING)


async def provide_actor(request: Request) -> Actor:  # type: ignore[type-arg]  # -- any user, auth and state
    actor = await actor_of(request)
    if actor is None:
        raise NotSignedIn("Sign in to continue.")
    return actor


async def provide_desk_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    """The brand in the URL of a desk resource."""
    return actor.granted(brand, DESK_ROLES)


async def provide_admin_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, ADMIN_ROLES)


async def provide_supervised_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, SUPERVISOR_ROLES)


async def provide_portal_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, PORTAL_ROLES)


async def provide_back_office_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, BACK_OFFICE_ROLES)


async def provide_approver_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, APPROVER_ROLES)


async def provide_token_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, TOKEN_ROLES)


async def provide_lead_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, LEAD_ROLES)


async def provide_shop_brand(actor: NamedDependency[Actor], brand: FromPath[str]) -> Granted:
    return actor.granted(brand, SHOP_ROLES)


async def provide_brand_db(
    request: Request,  # type: ignore[type-arg]  # -- any user, auth and state
    granted: NamedDependency[Granted],
) -> AsyncGenerator[AsyncSession, None]:
    """One transaction in the one brand of the URL: read-only scope for GET, writing scope else. Commits at the end."""
    database: Database = request.app.state.database
    read_only = request.method in SAFE_METHODS
    scope = Scope.reading({granted.brand_id}) if read_only else Scope.writing(granted.brand_id)
    async with database.begin(scope) as db:
        yield db
