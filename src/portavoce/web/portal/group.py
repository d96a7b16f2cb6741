"""A client's brands side by side: each read alone, in its own scope and snapshot, and never added up.

Every line opens to the brand's own page, which says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from portavoce.core.db import REPORT, Database
from portavoce.core.scope import Scope
from portavoce.reporting.commitments import Commitment, Verdict
from portavoce.reporting.month import read_month_report
from portavoce.reporting.months import Month
from portavoce.reporting.standing import read_standing
from portavoce.web.portal.links import Links
from portavoce.web.portal.reading import Face, Reading, read_state


class BrandMonth(msgspec.Struct, frozen=True):
    """`month` is None for a brand without that month. Of what is measured: `met` of `judged` commitments are on target."""

    brand: Face
    month: Month | None
    received: int = 0
    answered: int = 0
    met: int = 0
    judged: int = 0
    is_final: bool = False
    version: int | None = None
    href: str = ""


async def read_group(database: Database, brands: Sequence[UUID], month: Month) -> list[BrandMonth]:
    """In order of names; one transaction a brand."""
    found = [await _read_brand(database, each, month) for each in brands]
    return sorted(found, key=lambda each: (each.brand.name, each.brand.id))


async def _read_brand(database: Database, brand_id: UUID, month: Month) -> BrandMonth:
    async with database.begin(Scope.reading({brand_id}), role=REPORT, snapshot=True) as db:
        reading = await read_state(db, brand_id, "", str(month))
        if not reading.first_month <= month <= reading.last_month:
            return BrandMonth(reading.brand, None)
        report = await read_month_report(db, brand_id, reading.brand.zone, month, reading.anchor)
        standing = await read_standing(db, report)
    counts = report.count("received"), report.count("answered")
    return _told(reading, month, counts, standing)


def _told(
    reading: Reading, month: Month, counts: tuple[int, int], standing: Sequence[Commitment]
) -> BrandMonth:
    judged = [each for each in standing if each.verdict not in (Verdict.NOT_MEASURED, Verdict.NO_DATA)]
    return BrandMonth(
        brand=reading.brand,
        month=month,
        received=counts[0],
        answered=counts[1],
        met=sum(each.on_target is True for each in judged),
        judged=len(judged),
        is_final=bool(judged) and all(each.is_final for each in judged),
        version=reading.issue.number if reading.issue else None,
        href=Links(reading.brand.slug, reading.seen).seen_month(month),
    )
