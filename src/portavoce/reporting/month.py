"""A brand's month as one object: the figure on the page, the list it opens to and the CSV all come from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.models import LineOfBusiness
from portavoce.reporting.book import read_contacts
from portavoce.reporting.contacts import Contact
from portavoce.reporting.errors import NoReport
from portavoce.reporting.facts import Anchor, facts_of_openings
from portavoce.reporting.months import Month
from portavoce.reporting.terms import Promise, read_terms
from portavoce.sla.first_response import Figures, month_figures

FIGURES = ("received", "answered", "within", "late", "decided", "running", "no_clause")


class Cut(msgspec.Struct, frozen=True):
    """A part of the month's contacts, by attributes of a contact; what is None is not cut."""

    week: date | None = None
    weekday: int | None = None
    lob_id: UUID | None = None
    clause_id: UUID | None = None

    def of(self, contacts: list[Contact]) -> list[Contact]:
        for name in self.__struct_fields__:
            wanted = getattr(self, name)
            if wanted is not None:
                contacts = [contact for contact in contacts if getattr(contact, name) == wanted]
        return contacts


class MonthReport(msgspec.Struct, frozen=True):
    """Contacts opened in `month` by the brand's wall clock, in order of opening, as the ledger told at `anchor`."""

    brand_id: UUID
    zone: str
    month: Month
    anchor: Anchor
    contacts: Mapping[UUID, Contact]
    lists: Mapping[str, list[Contact]]
    lobs: Mapping[UUID, str]

    @property
    def promises(self) -> list[Promise]:
        """Every clause that ruled a contact of the month, oldest contract version first."""
        found = {contact.promise.id: contact.promise for contact in self.contacts.values() if contact.promise}
        return sorted(found.values(), key=lambda promise: (promise.version, promise.lob_id, promise.channel))

    @property
    def is_final(self) -> bool:
        """Whether no fact of later can change which contacts are within or late."""
        return self.anchor.at >= self.month.bounds(self.zone)[1] and not self.lists["running"]

    def cell(self, figure: str, cut: Cut | None = None) -> list[Contact]:
        """The contacts behind one number, in order of opening: the number is their count. NoReport if no figure."""
        if figure not in FIGURES:
            raise NoReport("This page does not exist.")
        return (cut or Cut()).of(self.lists[figure])


async def read_month_report(
    db: AsyncSession, brand_id: UUID, zone: str, month: Month, anchor: Anchor
) -> MonthReport:
    """Six queries, and one more for every BATCH of contacts. Needs a snapshot: the terms are read beside the facts."""
    terms = await read_terms(db)
    lobs = await lob_names(db)
    told = await facts_of_openings(db, *month.bounds(zone), anchor.n)
    rows, contacts = read_contacts(told, terms, lobs, zone, anchor.at)
    figures = month_figures(rows, month.year, month.number, zone)
    return MonthReport(brand_id, zone, month, anchor, contacts, lists_of(figures, contacts), lobs)


def lists_of(figures: Figures, contacts: Mapping[UUID, Contact]) -> dict[str, list[Contact]]:
    """Every figure with its contacts in order of opening."""
    lists = {
        name: [contacts[each] for each in getattr(figures, name)] for name in FIGURES if name != "decided"
    }
    decided = {*figures.within, *figures.late}
    return {**lists, "decided": [contacts[each] for each in figures.received if each in decided]}


async def lob_names(db: AsyncSession) -> dict[UUID, str]:
    rows = await db.execute(select(LineOfBusiness.id, LineOfBusiness.name).order_by(LineOfBusiness.name))
    return {row.id: row.name for row in rows}
