"""Token → brand → scope → one snapshot as `report`. The token stands in the header and nowhere else; what it does not open
is 404, whether or not it exists.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date
from typing import Any

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.db import REPORT, Database
from portavoce.core.logs import learn
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.identity.api_tokens import NO_GOOD, Bearer, bearer_of
from portavoce.identity.errors import BadToken
from portavoce.identity.throttling import API_ADDRESS, API_TOKEN, admit
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor, first_moment, last_fact
from portavoce.reporting.months import Month, day_of, read_month
from portavoce.reporting.sums import report_head
from portavoce.web.access import MISSING, NotGranted
from portavoce.web.address import client_address

AnyRequest = Request[Any, Any, Any]
SCHEME = "bearer"


class State(msgspec.Struct, frozen=True):
    """The brand's zone, the state of its ledger that is answered from, and the days from its first fact to today."""

    zone: str
    anchor: Anchor
    first_day: date
    last_day: date

    def month(self, text: str) -> Month:
        """NoReport for what is no month, before the first fact or in the future."""
        month = read_month(text)
        first, last = (Month(day.year, day.month) for day in (self.first_day, self.last_day))
        if month is None or not first <= month <= last:
            raise NoReport(MISSING)
        return month

    def day(self, text: str) -> date:
        """NoReport for what is no day, before the month of the first fact or in the future."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise NoReport(MISSING) from None
        if str(day) != text or not self.first_day.replace(day=1) <= day <= self.last_day:
            raise NoReport(MISSING)
        return day


async def provide_bearer(request: AnyRequest, brand: FromPath[str]) -> Bearer:
    """Counted per token, so that one busy program keeps no other waiting; what is no good is counted per address."""
    database: Database = request.app.state.database
    bearer = await _bearer(request, database)
    await admit(database, (API_TOKEN, str(bearer.token_id)))
    if bearer.slug != brand:
        raise NotGranted(MISSING)
    learn(brand=str(bearer.brand_id))
    return bearer


async def _bearer(request: AnyRequest, database: Database) -> Bearer:
    given = request.headers.getall("authorization", [])
    scheme, _, secret = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != SCHEME:
        raise BadToken(NO_GOOD)
    try:
        return await bearer_of(database, secret)
    except BadToken:
        await admit(database, (API_ADDRESS, client_address(request)))
        raise


async def provide_token_db(
    request: AnyRequest, granted: NamedDependency[Bearer]
) -> AsyncGenerator[AsyncSession, None]:
    database: Database = request.app.state.database
    async with database.begin(Scope.reading({granted.brand_id}), role=REPORT, snapshot=True) as db:
        yield db


async def provide_state(db: NamedDependency[AsyncSession], granted: NamedDependency[Bearer]) -> State:
    """The state that the reports have read. Four queries."""
    zone = (await db.scalars(select(Brand.zone).where(Brand.id == granted.brand_id))).one()
    n, digest = await last_fact(db, granted.brand_id, await report_head(db))
    present, first = now(db), await first_moment(db)
    last_day = day_of(present, zone)
    return State(
        zone=zone,
        anchor=Anchor(n, digest, present),
        first_day=min(day_of(first, zone), last_day) if first else last_day,
        last_day=last_day,
    )
