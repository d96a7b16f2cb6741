"""`/api/v1/brands/{brand}/intervals/{day}`: a day in quarters or halves of an hour, as the reports stand now."""

from __future__ import annotations

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.identity.api_tokens import Bearer
from portavoce.reporting.errors import NoReport
from portavoce.reporting.feed_format import FeedHead, FeedRow, head_of, rows_of
from portavoce.reporting.intervals import MINUTES, bounds_of, in_steps, read_quarters_of, starts_in
from portavoce.reporting.month import lob_names
from portavoce.web.access import MISSING
from portavoce.web.api.answering import READ, answer
from portavoce.web.api.bearing import State


class ToldDay(msgspec.Struct, frozen=True):
    """The fields of the feed's format; `restatement` is 0, since this is no file that was kept."""

    head: FeedHead
    rows: list[FeedRow]


class IntervalController(Controller):
    path = "/intervals"

    @route("/{day:str}", http_method=READ)
    async def show(
        self,
        granted: NamedDependency[Bearer],
        db: NamedDependency[AsyncSession],
        state_of: NamedDependency[State],
        day: FromPath[str],
        minutes: FromQuery[str] = "15",
    ) -> Response[bytes]:
        chosen, zone, anchor = state_of.day(day), state_of.zone, state_of.anchor
        step = _minutes(minutes)
        quarters = await read_quarters_of(db, zone, chosen, anchor.at)
        head = head_of(
            granted.slug, zone, chosen, step, intervals=len(starts_in(chosen, zone, step)), restatement=0,
            anchor=anchor,
        )  # fmt: skip
        intervals = in_steps(quarters, chosen, zone, step)
        _, end = bounds_of(chosen, zone)
        return answer(ToldDay(head, rows_of(intervals, step, await lob_names(db), end, anchor.n)))


def _minutes(text: str) -> int:
    found = {str(each): each for each in MINUTES}
    if text not in found:
        raise NoReport(MISSING)
    return found[text]
