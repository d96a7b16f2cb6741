"""What the pages of a contract are given: versions with their clauses as sentences, and the draft beside the version it continues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.quarantine import quarantined_count
from portavoce.contracts.reading import (
    ClauseRow,
    DraftRow,
    VersionRow,
    clauses_of,
    draft_clauses,
    draft_row,
    versions,
)
from portavoce.core.unit import now
from portavoce.identity.granting import Granted
from portavoce.sla.metrics import Metric, measured
from portavoce.web.access import Actor
from portavoce.web.admin.contract_forms import euros, percent
from portavoce.web.admin.listing import brand_rows, names_of
from portavoce.web.clause_words import ClauseWords
from portavoce.web.i18n import words_for
from portavoce.web.pages import shell

AnyRequest = Request[Any, Any, Any]
SHOWN = 24


class ClauseView(NamedTuple):
    row: ClauseRow
    sentence: str
    notes: list[str]
    measured: bool

    @property
    def leads(self) -> bool:
        """What agents see a countdown of."""
        return self.row.ordinal == 1


class VersionView(NamedTuple):
    """`time` is past, present or coming."""

    row: VersionRow
    time: str
    by: str
    clauses: list[ClauseView]


class ContractView(NamedTuple):
    """Newest first, the latest `SHOWN` versions; the draft with who began it, None without one."""

    versions: list[VersionView]
    draft: DraftRow | None
    drafted_by: str
    draft_clauses: list[ClauseView]

    @property
    def present(self) -> VersionView | None:
        return next((each for each in self.versions if each.time == "present"), None)

    @property
    def latest(self) -> VersionView:
        return self.versions[0]


def view_of(words: ClauseWords, row: ClauseRow) -> ClauseView:
    return ClauseView(row, words.sentence(row), list(words.notes(row)), measured(Metric(row.metric)))


async def read_contract_view(request: AnyRequest, db: AsyncSession) -> ContractView:
    words = ClauseWords(words_for(request))
    rows, draft = (await versions(db))[-SHOWN:], await draft_row(db)
    clauses = [view_of(words, row) for row in await clauses_of(db, *(row.id for row in rows))]
    own = [view_of(words, row) for row in await draft_clauses(db)] if draft else []
    people = {row.published_by for row in rows} | {draft.opened_by if draft else None}
    names = await names_of(db, [each for each in people if each])
    shown = [
        VersionView(
            row,
            time,
            _name(names, row.published_by),
            [each for each in clauses if each.row.of == row.id],
        )
        for row, time in _timed(rows, now(db))
    ]
    return ContractView(shown[::-1], draft, _name(names, draft.opened_by if draft else None), own)


async def contract_page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, template: str, **context: Any
) -> str:
    """A page in the brand's tabs."""
    (brand,) = await brand_rows(db, [granted.brand_id])
    return shell(
        request,
        actor,
        template,
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        euro=ClauseWords(words_for(request)).euro,
        **context,
    )


def terms_form(draft: DraftRow) -> dict[str, str]:
    return {
        "fee": euros(draft.fee_cents),
        "credit_cap": percent(draft.credit_cap_bp),
        "bonus_cap": percent(draft.bonus_cap_bp),
        "relief_silence": str(draft.relief_silence_days or ""),
    }


def _timed(rows: Sequence[VersionRow], at: datetime) -> list[tuple[VersionRow, str]]:
    begun = [row for row in rows if row.valid_from <= at]
    present = max(begun, key=lambda row: row.valid_from, default=None)
    return [(row, "present" if row is present else "past" if row in begun else "coming") for row in rows]


def _name(names: dict[UUID, str], person_id: UUID | None) -> str:
    return names.get(person_id, "") if person_id else ""
