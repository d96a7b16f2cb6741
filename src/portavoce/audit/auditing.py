"""Write down who did what. A brand's entry names a brand_agent or a code; the house's names a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.models import AuditEntry, Denial, HouseAudit
from portavoce.core.unit import new_id, now
from portavoce.kit.canonical import dumps


def audit(
    db: AsyncSession, actor: str, action: str, subject: str, subject_id: UUID | None = None, **detail: object
) -> UUID:
    """An act in the written brand; returns the entry's id so that a fact may name it as its cause."""
    entry = AuditEntry(
        id=new_id(db),
        at=now(db),
        actor=actor,
        action=action,
        subject=subject,
        subject_id=subject_id,
        detail=dumps(detail),
    )
    db.add(entry)
    return entry.id


def audit_house(
    db: AsyncSession,
    person_id: UUID | None,
    action: str,
    subject: str,
    subject_id: UUID | None = None,
    **detail: object,
) -> None:
    db.add(
        HouseAudit(
            id=new_id(db),
            at=now(db),
            person_id=person_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=dumps(detail),
        )
    )


def deny(db: AsyncSession, person_id: UUID | None, action: str, reason: str, **detail: object) -> None:
    """Call it in a transaction of its own: the refused one rolls back."""
    db.add(
        Denial(
            id=new_id(db), at=now(db), person_id=person_id, action=action, reason=reason, detail=dumps(detail)
        )
    )
