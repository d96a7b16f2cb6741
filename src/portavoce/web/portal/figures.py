"""`/portal/{brand}/{month}/{figure}`: the contacts behind one number as a page, or as CSV when `.csv` follows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.quotas import charge
from portavoce.reporting.contacts import Contact, ordered, page_of
from portavoce.reporting.errors import NoReport
from portavoce.reporting.month import Cut, MonthReport, read_month_report
from portavoce.reporting.terms import Promise
from portavoce.web.access import MISSING, Actor
from portavoce.web.denials import KEPT_APART
from portavoce.web.i18n import Words, words_for
from portavoce.web.pages import AnyRequest
from portavoce.web.portal.brands import READ
from portavoce.web.portal.export import csv_of
from portavoce.web.portal.long_lists import SUFFIX, attachment, is_long, long_file
from portavoce.web.portal.pages import brand_page
from portavoce.web.portal.reading import Reading
from portavoce.web.portal.sheet import short_day, weekday_names


class Asked(msgspec.Struct, frozen=True):
    """Which number, in which order."""

    figure: str
    cut: Cut
    sort: str


class FigureController(Controller):
    path = "/{brand:str}/{month:str}"

    @route("/{figure:str}", http_method=READ)
    async def show(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        reading: NamedDependency[Reading],
        db: NamedDependency[AsyncSession],
        month: FromPath[str],
        figure: FromPath[str],
        week: FromQuery[str] = "",
        weekday: FromQuery[str] = "",
        lob: FromQuery[str] = "",
        clause: FromQuery[str] = "",
        sort: FromQuery[str] = "opened",
        page: FromQuery[str] = "1",
    ) -> Response[Any]:
        if figure.endswith(SUFFIX) and not request.scope["state"].get(KEPT_APART):
            await charge(request.app.state.database, reading.brand.id, "exports_hour")
        asked = Asked(figure.removesuffix(SUFFIX), _cut(week, weekday, lob, clause), sort)
        chosen, brand = reading.month(month), reading.brand
        if figure.endswith(SUFFIX) and await is_long(db, reading, chosen):
            return await long_file(request, db, reading, chosen, asked.figure, asked.cut)
        report = await read_month_report(db, brand.id, brand.zone, chosen, reading.anchor)
        contacts = ordered(report.cell(asked.figure, asked.cut), sort, reading.anchor.at)
        cut_words = _in_words(report, asked.cut, words_for(request))
        if figure.endswith(SUFFIX):
            return _file(request, reading, report, asked.figure, contacts)
        return brand_page(
            request,
            actor,
            reading,
            "portal/figure.html",
            month=chosen,
            report=report,
            asked=asked,
            cut_words=cut_words,
            page=page_of(contacts, _read(page, int)),
        )


def _cut(week: str, weekday: str, lob: str, clause: str) -> Cut:
    return Cut(
        week=_read(week, date) if week else None,
        weekday=_read(weekday, int) if weekday else None,
        lob_id=_read(lob, UUID) if lob else None,
        clause_id=_read(clause, UUID) if clause else None,
    )


def _in_words(report: MonthReport, cut: Cut, words: Words) -> list[str]:
    """Each cut as a person reads it; NoReport when the month has no such part."""
    promises = {promise.id: promise for promise in report.promises}
    found: list[str | None] = []
    if cut.week is not None:
        day = short_day(cut.week, words.locale) if cut.week in report.month.weeks() else None
        found.append(day and words.gettext("Week from %(day)s", day=day))
    if cut.weekday is not None:
        found.append(weekday_names(words.locale).get(cut.weekday))
    if cut.lob_id is not None:
        found.append(words.gettext(report.lobs.get(cut.lob_id, "")))
    if cut.clause_id is not None:
        promise = promises.get(cut.clause_id)
        found.append(
            f"{words.gettext(report.lobs[promise.lob_id])}, {_version(promise, words)}" if promise else None
        )
    if not all(found):
        raise NoReport(MISSING)
    return [each for each in found if each]


def _version(promise: Promise, words: Words) -> str:
    return words.gettext("contract version %(number)d", number=promise.version)


def _read(text: str, kind: Any) -> Any:
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError:
        raise NoReport(MISSING) from None


def _file(
    request: AnyRequest, reading: Reading, report: MonthReport, figure: str, contacts: list[Contact]
) -> Response[bytes]:
    return Response(
        csv_of(report, contacts, words_for(request)),
        media_type="text/csv",
        headers=attachment(reading, report.month, figure),
    )
