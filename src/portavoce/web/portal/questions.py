"""`/portal/{brand}/{month}/questions/{ends}`: what the client's own back office was asked, row by row; `.csv` too."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.reporting.back_office import End, Question, read_questions
from portavoce.reporting.contacts import operator_code
from portavoce.reporting.errors import NoReport
from portavoce.reporting.months import Month
from portavoce.web.access import MISSING, Actor
from portavoce.web.exports import charge_export
from portavoce.web.i18n import N_, Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.export import local_time
from portavoce.web.portal.long_lists import SUFFIX, attachment
from portavoce.web.portal.pages import brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.spreadsheet import MARK, lines

ENDS = {"asked": tuple(End), "in-time": (End.MET,), "late": (End.LATE,), "decided": (End.MET, End.LATE)}
"""What each number counts, by its name in the address."""
SHOWN = 1_000
"""Rows of the page; the file has them all."""
HEADINGS = (
    N_("Contact"),
    N_("Asked (%(zone)s)"),
    N_("Due (%(zone)s)"),
    N_("Ended (%(zone)s)"),
    N_("Result"),
    N_("Operator"),
    N_("Fact"),
    N_("Identifier"),
)


class QuestionController(Controller):
    path = "/{brand:str}/{month:str}/questions"

    @route("/{ends:str}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        ends: FromPath[str],
    ) -> Response[Any]:
        chosen, asked = reading.month(month), ends.removesuffix(SUFFIX)
        if asked not in ENDS:
            raise NoReport(MISSING)
        found = await read_questions(db, reading.brand.zone, chosen, reading.anchor)
        listed = found.of(*ENDS[asked])
        if ends.endswith(SUFFIX):
            await charge_export(request, reading.brand.id)
            return _file(reading, chosen, f"questions-{asked}", listed, words_for(request))
        return brand_page(
            request, actor, reading, "portal/questions.html", month=chosen, asked=asked,
            listed=listed[:SHOWN], total=len(listed),
        )  # fmt: skip


def _file(reading: Reading, month: Month, name: str, listed: list[Question], words: Words) -> Response[bytes]:
    zone = reading.brand.zone
    headings = [words.gettext(heading, zone=zone) for heading in HEADINGS]
    rows = [
        [
            "" if each.ticket is None else str(each.ticket),
            local_time(each.asked_at, zone),
            local_time(each.due_at, zone) if each.due_at else "",
            local_time(each.ended_at, zone) if each.ended_at else "",
            str(each.end),
            "" if each.brand_agent_id is None else operator_code(reading.brand.id, each.brand_agent_id),
            str(each.n),
            str(each.interaction_id),
        ]
        for each in listed
    ]
    return Response(
        MARK + lines([headings, *rows], words),
        media_type="text/csv",
        headers=attachment(reading, month, name),
    )
