"""What each client of the demo was promised before the work began: the second version of its contract, written and published by the
verbs of the administration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.contracts.drafting import open_draft, set_terms
from portavoce.contracts.models import ClauseDraft
from portavoce.contracts.publishing import publish
from portavoce.sla.applying import wish_of_preset
from portavoce.sla.money import Band, Money
from portavoce.sla.presets import PRESETS, Regime, Subject
from portavoce.sla.writing import Wish, write_clause

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
SILENCE_DAYS = 10
"""After so many days each client has accepted a relief that it said nothing about."""
POINT = Decimal("0.01")
SHARE, MEAN, PERCENTILE = "share_within", "mean", "percentile"
CALLS_AND_COMPLAINTS = (Subject.CALL, Subject.COMPLAINT)


class Agreement(NamedTuple):
    """`first`: what missing the brand's own first-response clause costs. A clause is what a wish says beside its place;
    `regime`: whose verified clauses on calls and complaints are part of it.
    """

    fee_cents: int
    credit_cap_bp: int | None
    bonus_cap_bp: int | None
    first: Money
    clauses: Sequence[Mapping[str, Any]]
    regime: Regime | None = None


def _steps(percent: str, *, bonus: str = "") -> Money:
    """Of the fee, for each full point below; for each two points above."""
    return Money(
        step_size=POINT,
        step_percent=Decimal(percent),
        bonus_size=2 * POINT if bonus else None,
        bonus_percent=Decimal(bonus) if bonus else None,
    )


def _within(metric: str, share: str, hours: int, **more: Any) -> dict[str, Any]:
    return {
        "metric": metric,
        "statistic": SHARE,
        "goal": Decimal(share),
        "threshold_s": hours * HOUR_S,
        **more,
    }


SATISFACTION = {"metric": "satisfaction", "statistic": MEAN, "goal": Decimal("4.4"), "threshold_s": None}
SOLVED_AT_ONCE = {
    "metric": "first_contact_resolution", "statistic": SHARE, "goal": Decimal("0.7"), "variant": "NO_RECONTACT",
    "threshold_s": 7 * DAY_S,
}  # fmt: skip
HANDLING = {
    "metric": "handle_time",
    "statistic": MEAN,
    "goal": Decimal(15 * MINUTE_S),
    "threshold_s": None,
}
AGREEMENTS: Mapping[str, Agreement] = {
    "nordcaffe": Agreement(
        1_800_000, 1_000, 300, _steps("1", bonus="0.5"),
        (
            _within("next_response", "0.85", 4, money=_steps("0.5")),
            _within("resolution", "0.8", 24, pauses=("pending",), money=_steps("0.5", bonus="0.25")),
            SOLVED_AT_ONCE,
            HANDLING,
            SATISFACTION,
        ),
    ),
    "lumi": Agreement(
        2_400_000, 1_500, None, _steps("1.5"),
        (
            _within("next_response", "0.8", 2),
            _within("resolution", "0.75", 48, pauses=("pending", "with_client"), money=Money(day_permille=Decimal("0.3"))),
            {
                "metric": "first_response", "statistic": MEAN, "goal": Decimal(90 * MINUTE_S), "threshold_s": 2 * HOUR_S,
                "money": Money(step_size=Decimal(15 * MINUTE_S), step_percent=Decimal("0.5")),
            },
        ),
        Regime.ARERA_TIQV_2026,
    ),
    "velia": Agreement(
        900_000, 1_000, None,
        Money(tiers=(Band(Decimal(0), 2 * POINT, Decimal(1)), Band(2 * POINT, 5 * POINT, Decimal(3)), Band(5 * POINT, None, Decimal(5)))),
        (
            _within("next_response", "0.8", 6, interval_s=HOUR_S, interval_share_bp=7_500),
            _within("resolution", "0.75", 27, pauses=("pending",)),
            {
                "metric": "first_response", "statistic": PERCENTILE, "percentile_bp": 9_000, "goal": Decimal(5 * HOUR_S),
                "threshold_s": 3 * HOUR_S,
            },
            SATISFACTION,
        ),
    ),
    "alpilinea": Agreement(
        1_200_000, None, None, Money(breach_cents=500, tolerated=10),
        (_within("next_response", "0.75", 2), _within("resolution", "0.7", 32, pauses=("pending",), money=_steps("0.5"))),
    ),
}  # fmt: skip


async def agree(db: AsyncSession, slug: str, *, by: UUID) -> None:
    """From the next minute on: the first customers write later."""
    agreement = AGREEMENTS[slug]
    await open_draft(db, by=by)
    await set_terms(
        db,
        fee_cents=agreement.fee_cents,
        credit_cap_bp=agreement.credit_cap_bp,
        bonus_cap_bp=agreement.bonus_cap_bp,
        relief_silence_days=SILENCE_DAYS,
    )
    first = (await db.scalars(select(ClauseDraft))).one()
    assert first.share_bp is not None
    assert first.calendar_id is not None
    place: dict[str, Any] = {
        "lob_id": first.lob_id,
        "channel": first.channel,
        "calendar_id": first.calendar_id,
    }
    own = Wish(
        metric=first.metric,
        statistic=SHARE,
        goal=Decimal(first.share_bp) / 10_000,
        threshold_s=first.target_s,
        money=agreement.first,
        **place,
    )
    await write_clause(db, own, clause_id=first.id)
    for said in agreement.clauses:
        await write_clause(db, Wish(**place, **said))
    for preset in PRESETS[agreement.regime] if agreement.regime else ():
        if preset.on and preset.subject in CALLS_AND_COMPLAINTS:
            await write_clause(db, wish_of_preset(preset, first.lob_id, first.calendar_id))
    await publish(db, by=by)
