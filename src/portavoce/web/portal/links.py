"""Addresses of the portal. Those of lists carry the cut, the order and the state of the ledger they count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from portavoce.reporting.cuts import WHOLE, Cut
from portavoce.reporting.months import Month

ORDER = "opened"


class Links(msgspec.Struct, frozen=True):
    """Every address below one brand, for one state of its ledger."""

    slug: str
    seen: str
    layout: UUID | None = None

    @property
    def home(self) -> str:
        return f"/portal/{self.slug}"

    @property
    def isolation(self) -> str:
        return f"{self.home}/isolation"

    def month(self, month: Month) -> str:
        """The month as it is now, whatever was seen."""
        return f"{self.home}/{month}"

    def seen_month(self, month: Month) -> str:
        """The month as it was seen."""
        return f"{self.month(month)}?{urlencode({'seen': self.seen})}"

    def version(self, month: Month, seen: str) -> str:
        """The month as it was seen in another state."""
        return f"{self.month(month)}?{urlencode({'seen': seen})}"

    def file(self, month: Month, name: str) -> str:
        """The month to take away: `report.pdf`, `report.xlsx` or `evidence.jsonl`."""
        given = {"seen": self.seen, **({"layout": str(self.layout)} if self.layout else {})}
        return f"{self.month(month)}/{name}?{urlencode(given)}"

    def figure(
        self,
        month: Month,
        figure: str,
        cut: Cut = WHOLE,
        *,
        sort: str = ORDER,
        page: int = 1,
        suffix: str = "",
    ) -> str:
        given = {
            "week": cut.week,
            "weekday": cut.weekday,
            "day": cut.day,
            "quarter": cut.quarter and f"{cut.quarter.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
            "lob": cut.lob_id,
            "clause": cut.clause_id,
            "sort": sort if sort != ORDER else None,
            "page": page if page > 1 else None,
            "seen": self.seen,
        }
        query = urlencode({name: _text(value) for name, value in given.items() if value is not None})
        return f"{self.month(month)}/{figure}{suffix}?{query}"

    def of_clause(self, month: Month, figure: str, clause_id: UUID) -> str:
        return self.figure(month, figure, Cut(clause_id=clause_id))

    def guard(self, month: Month, acts: str, *, page: int = 1, suffix: str = "") -> str:
        """What the wrong-brand guard did in a month, row by row."""
        given = {"seen": self.seen, **({"page": str(page)} if page > 1 else {})}
        return f"{self.month(month)}/guard/{acts}{suffix}?{urlencode(given)}"

    def questions(self, month: Month, ends: str, *, suffix: str = "") -> str:
        """What the client's back office was asked in a month, row by row."""
        return f"{self.month(month)}/questions/{ends}{suffix}?{urlencode({'seen': self.seen})}"

    def quarter(self, month: Month, figure: str, cut: Cut, begins: datetime) -> str:
        """The same list, of one quarter of an hour of its day."""
        return self.figure(month, figure, msgspec.structs.replace(cut, day=None, quarter=begins))

    def contact(self, interaction_id: UUID) -> str:
        return f"{self.home}/contacts/{interaction_id}?{urlencode({'seen': self.seen})}"


def _text(value: date | UUID | str | int) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
