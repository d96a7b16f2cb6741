"""What must hold once faults have stopped, over all brands: the invariants I1 to I13, read as superuser.

None of it asks the product's own functions what is right: clocks, figures and chains are computed here a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from portavoce.core.db import Database
from tests.auditor import chains, clocks, figures, mails, rows
from tests.auditor.screens import Screen as Screen
from tests.auditor.screens import differing
from tests.fakes.smtp_sink import Sunk

Superuser = psycopg.AsyncConnection[Any]


@dataclass
class Evidence:
    """What only the test knows: mails that were answered 250 (brand, Message-ID), and what the relay took."""

    accepted: list[tuple[UUID, str]] = field(default_factory=list)
    left: Sequence[Sunk] = ()
    screens: Iterable[Screen] = ()


async def audit(superuser: Superuser, evidence: Evidence, database: Database | None = None) -> list[str]:
    """Every breach in words; empty is what tests ask for. With `database` its reports are checked too."""
    found = await rows.breaches(superuser)
    found += await mails.breaches(superuser, evidence.accepted, evidence.left)
    found += await clocks.breaches(superuser)
    found += await chains.breaches(superuser)
    for screen in evidence.screens:
        found += await differing(superuser, screen)
    if database is not None:
        found += await figures.breaches(superuser, database)
    return found
