"""What every portal page begins with: one brand, one snapshot as `report`, one state of the ledger.

A page names the state it shows in its links (`?seen=`), so the list behind a number is the one that was counted,
however many mails arrived since.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import Brand
from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.kit.ids import EPOCH
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor, first_moment, last_fact
from portavoce.reporting.issuing import Issue, read_issues
from portavoce.reporting.months import Month, month_of, read_month
from portavoce.reporting.sums import report_head
from portavoce.web.access import MISSING

_SEEN = re.compile(r"(\d{1,18})\.(\d{1,17})", re.ASCII)
_MICROSECOND = timedelta(microseconds=1)


class Face(msgspec.Struct, frozen=True):
    """How a brand is shown to its own client."""

    id: UUID
    slug: str
    name: str
    shape: str
    monogram: str
    zone: str


class Reading(msgspec.Struct, frozen=True):
    """The brand, the state of its ledger, and the months from its first fact to the present one."""

    brand: Face
    anchor: Anchor
    first_month: Month
    last_month: Month
    issues: tuple[Issue, ...] = ()

    @property
    def seen(self) -> str:
        """The state of the ledger as an address carries it."""
        return seen_of(self.anchor.n, self.anchor.at)

    @property
    def issue(self) -> Issue | None:
        """The one that is read, if it is one."""
        return next(
            (each for each in self.issues if (each.n, each.at) == (self.anchor.n, self.anchor.at)), None
        )

    def month(self, text: str) -> Month:
        """The month of an address; NoReport when it is none, before the first fact or in the future."""
        month = read_month(text)
        if month is None or not self.first_month <= month <= self.last_month:
            raise NoReport(MISSING)
        return month


async def provide_report_db(
    request: Request[None, None, State], granted: NamedDependency[Granted]
) -> AsyncGenerator[AsyncSession, None]:
    """The second, reading transaction; the first one signed the person in as `app`."""
    database: Database = request.app.state.database
    async with database.begin(Scope.reading({granted.brand_id}), role=REPORT, snapshot=True) as db:
        yield db


async def provide_reading(
    request: Request[None, None, State],
    db: NamedDependency[AsyncSession],
    granted: NamedDependency[Granted],
    seen: FromQuery[str] = "",
) -> Reading:
    return await read_state(db, granted.brand_id, seen, str(request.path_params.get("month", "")))


async def read_state(db: AsyncSession, brand_id: UUID, seen: str, month: str) -> Reading:
    """Four queries, and one below a month. The state is the last issue of the month, else that which the reports have read;
    `seen` that never was or is not read is NoReport.
    """
    asked, known = _read_seen(seen, now(db)) if seen else None, read_month(month)
    issues = await read_issues(db, known) if known else []
    if asked is None and issues:
        asked = issues[-1].n, issues[-1].at
    return msgspec.structs.replace(await reading_at(db, brand_id, asked), issues=tuple(issues))


async def reading_at(db: AsyncSession, brand_id: UUID, asked: tuple[int, datetime] | None) -> Reading:
    """A fact's number and the instant at which clocks are read; the present state without."""
    (brand,) = await read_faces(db, [brand_id])
    present, read = now(db), await report_head(db)
    n, digest = await last_fact(db, brand.id, asked[0] if asked else read)
    if asked and not asked[0] == n <= read:
        raise NoReport(MISSING)
    first = await first_moment(db)
    last_month = month_of(present, brand.zone)
    return Reading(
        brand=brand,
        anchor=Anchor(n, digest, asked[1] if asked else present),
        first_month=min(month_of(first, brand.zone), last_month) if first else last_month,
        last_month=last_month,
    )


async def read_faces(db: AsyncSession, brand_ids: list[UUID]) -> list[Face]:
    """The brands in scope among these, by name."""
    rows = await db.execute(
        select(Brand.id, Brand.slug, Brand.name, Brand.shape, Brand.monogram, Brand.zone)
        .where(Brand.id.in_(brand_ids))
        .order_by(Brand.name, Brand.id)
    )
    return [Face(*row) for row in rows]


def seen_of(n: int, at: datetime) -> str:
    return f"{n}.{(at - EPOCH) // _MICROSECOND}"


def _read_seen(text: str, present: datetime) -> tuple[int, datetime]:
    found = _SEEN.fullmatch(text)
    if found is None:
        raise NoReport(MISSING)
    at = EPOCH + int(found[2]) * _MICROSECOND
    if at > present:
        raise NoReport(MISSING)
    return int(found[1]), at
