"""How a month stands against each clause: share within the target, and whether that is said for good."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from portavoce.reporting.contacts import Contact
from portavoce.reporting.month import Cut, MonthReport
from portavoce.reporting.terms import Promise
from portavoce.sla.first_response import State, share_bp


class Verdict(StrEnum):
    """`provisional` until every contact of the month is decided; `no_data` when none is."""

    MET = "met"
    MISSED = "missed"
    PROVISIONAL = "provisional"
    NO_DATA = "no_data"


class Commitment(msgspec.Struct, frozen=True):
    """One clause over one month. `on_target` compares the exact share, not the rounded one; None without data."""

    promise: Promise
    lob: str
    within: int
    decided: int
    running: int
    is_final: bool

    @property
    def cut(self) -> Cut:
        return Cut(clause_id=self.promise.id)

    @property
    def share_bp(self) -> int | None:
        return share_bp(self.within, self.decided)

    @property
    def on_target(self) -> bool | None:
        return self.within * 10_000 >= self.promise.share_bp * self.decided if self.decided else None

    @property
    def verdict(self) -> Verdict:
        if self.on_target is None:
            return Verdict.NO_DATA
        if not self.is_final:
            return Verdict.PROVISIONAL
        return Verdict.MET if self.on_target else Verdict.MISSED


def commitments(report: MonthReport) -> list[Commitment]:
    """One for each clause that ruled a contact of the month."""
    return [_commitment(report, promise) for promise in report.promises]


def _commitment(report: MonthReport, promise: Promise) -> Commitment:
    contacts = report.cell("received", Cut(clause_id=promise.id))
    return Commitment(
        promise=promise,
        lob=report.lobs.get(promise.lob_id, ""),
        within=_count(contacts, State.MET),
        decided=_count(contacts, State.MET, State.LATE),
        running=_count(contacts, State.RUNNING),
        is_final=report.anchor.at >= report.month.bounds(report.zone)[1]
        and not _count(contacts, State.RUNNING),
    )


def _count(contacts: Sequence[Contact], *states: State) -> int:
    return sum(contact.state in states for contact in contacts)
