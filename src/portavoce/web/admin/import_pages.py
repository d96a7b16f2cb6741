"""The screens of imports: all of a brand, one with its columns or its report, and how far one under way is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.channels.email.quarantine import quarantined_count
from portavoce.core.models import StoredFile
from portavoce.customers.defining import AttributeRow, attributes
from portavoce.customers.importing.errors import BadFile
from portavoce.customers.importing.fields import FIELDS, field_of
from portavoce.customers.importing.models import CustomerImport
from portavoce.customers.importing.queries import (
    TROUBLE,
    VERDICTS,
    ImportRow,
    columns_of,
    import_of,
    imports,
    report_of,
)
from portavoce.customers.importing.reading import read_sheet
from portavoce.identity.granting import Granted
from portavoce.web.access import Actor
from portavoce.web.admin.listing import brand_rows
from portavoce.web.pages import render, shell

AnyRequest = Request[Any, Any, Any]
LINES = 100
"""Of a report, on one page."""
SAMPLES = 3
UNDER_WAY = ("checking", "running")
REPORTED = ("checked", "done")
MAPPABLE = ("uploaded", "checked", "failed")
FILTERS: Mapping[str, tuple[str, ...]] = {
    "": VERDICTS, "wrong": TROUBLE, "changed": ("changed",), "new": ("new",), "same": ("same",),
}  # fmt: skip
"""What a reader of the report may look at."""


async def list_page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, *,
    errors: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    (brand,) = await brand_rows(db, [granted.brand_id])
    return shell(
        request,
        actor,
        "admin/customer_imports.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        imports=await imports(db),
        errors=errors or {},
    )


async def one_page(
    request: AnyRequest, actor: Actor, granted: Granted, db: AsyncSession, import_id: UUID, *,
    what: str = "", number: int = 1, errors: Mapping[str, str] | None = None,
    chosen: Sequence[str] | None = None,
) -> str:  # fmt: skip
    row = await import_of(db, import_id)
    (brand,) = await brand_rows(db, [granted.brand_id])
    what = what if what in FILTERS else ""
    first = (min(max(number, 1), 10_000) - 1) * LINES
    asked = await attributes(db)
    report = None
    if row.state in REPORTED:
        report = await report_of(db, import_id, FILTERS[what], first=first, most=LINES)
    return shell(
        request,
        actor,
        "admin/customer_import.html",
        current="/admin/brands",
        brand=brand,
        waiting=await quarantined_count(db),
        row=row,
        columns=await _columns(request, db, row, asked, chosen),
        report=report,
        what=what,
        number=first // LINES + 1,
        lines=LINES,
        trouble=TROUBLE,
        errors=errors or {},
        **_names(asked),
        **await _step(request, granted, row),
    )


async def state_fragment(
    request: AnyRequest, granted: Granted, db: AsyncSession, import_id: UUID
) -> tuple[str, bool]:
    """The fragment, and whether there is nothing more to wait for."""
    row = await import_of(db, import_id)
    (brand,) = await brand_rows(db, [granted.brand_id])
    html = render(
        request, "admin/_import_state.html", brand=brand, row=row, **await _step(request, granted, row)
    )
    return html, row.state not in UNDER_WAY


def _names(asked: Sequence[AttributeRow]) -> dict[str, object]:
    """Labels of attributes by the names they have in mappings and reports, and what may be chosen."""
    own = [field_of(each.id) for each in asked if not each.retired]
    return {"labels": {field_of(each.id): each.label for each in asked}, "choices": [*FIELDS, *own]}


async def _columns(
    request: AnyRequest, db: AsyncSession, row: ImportRow, asked: Sequence[AttributeRow],
    chosen: Sequence[str] | None,
) -> list[dict[str, object]]:  # fmt: skip
    """Headings with what was chosen and first cells. What would be masked on a profile is not shown here either."""
    if row.state not in MAPPABLE:
        return []
    headings, mapping = await columns_of(db, row.id)
    mapping = chosen if chosen and len(chosen) == len(headings) else mapping
    cells = await _samples(request, db, row.id, len(headings))
    hidden = {field_of(each.id) for each in asked if each.masked}
    return [
        {
            "heading": heading,
            "field": field,
            "hidden": field in hidden,
            "cells": [] if field in hidden else own,
        }
        for heading, field, own in zip(headings, mapping, cells, strict=True)
    ]


async def _samples(request: AnyRequest, db: AsyncSession, import_id: UUID, width: int) -> list[list[str]]:
    """The first cells of each column; nothing when the file is gone."""
    file_id = select(CustomerImport.file_id).where(CustomerImport.id == import_id).scalar_subquery()
    file = (await db.scalars(select(StoredFile).where(StoredFile.id == file_id))).one_or_none()
    try:
        content = b"" if file is None else await asyncio.to_thread(request.app.state.storage.read, file)
        sheet = await asyncio.to_thread(read_sheet, content)
    except (BadFile, FileNotFoundError):
        return [[] for _ in range(width)]
    return [[cells[column] for _, cells in sheet.rows[:SAMPLES]] for column in range(width)]


async def _step(request: AnyRequest, granted: Granted, row: ImportRow) -> dict[str, object]:
    if row.state not in UNDER_WAY:
        return {"step": None, "under_way": False}
    step = await request.app.state.progress.told(granted.brand_id, row.id)
    return {"step": step, "under_way": True}
