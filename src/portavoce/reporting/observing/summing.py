"""Add to the sums of a brand. They are changed where they stand, so that no sum is ever read, thought about and written."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import written_brand
from portavoce.reporting.models import Tally
from portavoce.reporting.observing.changes import COUNTS, Sum

ADD = trusted_sql(
    "reporting.add_to_sums",
    """
    INSERT INTO pv.tally AS kept (brand_id, grain, starts_at, measure, clause_id, lob_id, channel, code,
      brand_agent_id, units, ended, met, late, let_go, used_s, with_client_s)
    SELECT :brand, grain, starts_at, measure, clause_id, lob_id, channel, code,
      brand_agent_id, units, ended, met, late, let_go, used_s, with_client_s
    FROM json_to_recordset(CAST(:changes AS json)) AS t(grain text, starts_at timestamptz, measure text,
      clause_id uuid, lob_id uuid, channel text, code text, brand_agent_id uuid, units bigint, ended bigint,
      met bigint, late bigint, let_go bigint, used_s bigint, with_client_s bigint)
    ON CONFLICT (brand_id, grain, starts_at, measure, clause_id, lob_id, channel, code, brand_agent_id)
    DO UPDATE SET units = kept.units + excluded.units, ended = kept.ended + excluded.ended,
      met = kept.met + excluded.met, late = kept.late + excluded.late, let_go = kept.let_go + excluded.let_go,
      used_s = kept.used_s + excluded.used_s, with_client_s = kept.with_client_s + excluded.with_client_s
    """,
)


async def add_to_sums(db: AsyncSession, changes: Mapping[Sum, list[int]]) -> None:
    """Sums of nothing are removed: what is made anew must not tell what was once there."""
    if not changes:
        return
    rows = [{**key._asdict(), **dict(zip(COUNTS, counts, strict=True))} for key, counts in changes.items()]
    await db.execute(ADD, {"brand": written_brand(db), "changes": msgspec.json.encode(rows).decode()})
    if any(counts[0] < 0 for counts in changes.values()):
        starts = {key.starts_at for key in changes}
        await db.execute(delete(Tally).where(Tally.starts_at.in_(starts), Tally.units == 0))
