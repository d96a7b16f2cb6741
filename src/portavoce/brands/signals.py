"""What marks a text as one brand's: kept by that brand, asked about by all, told to whom it may be told.

`among` goes through `pv.signals_among()`, which runs as portavoce_definer and sees every brand's marks. Of a brand
outside the session's scope it tells that a key is somebody's and no more, once, however many have it; what other
brands allow themselves it never tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.errors import BadSignal, NoSignal
from portavoce.brands.judging import Known
from portavoce.brands.models import SIGNAL_ORIGINS, Brand, BrandSignal
from portavoce.brands.phones import region_of
from portavoce.brands.traces import ADDRESS, DOMAIN, KINDS, PHONE, SIGNATURE, WORD, key_of
from portavoce.core.trusted import trusted_sql
from portavoce.core.unit import new_id, now, written_brand

AMONG = trusted_sql(
    "brands.signals_among",
    "SELECT key, brand_id, origin FROM pv.signals_among(:own, CAST(:keys AS text[]))",
)
NAME, ADDRESS_OF, SIGNED, ADDED, ALLOWED, USED = SIGNAL_ORIGINS
LEARNED = (NAME, ADDRESS_OF, SIGNED)
BY_HAND = (ADDED, ALLOWED)
EVERYBODYS = frozenset(
    f"{DOMAIN} {name}"
    for name in (
        "gmail.com", "googlemail.com", "outlook.com", "outlook.it", "hotmail.com", "hotmail.it", "live.it", "live.com",
        "yahoo.com", "yahoo.it", "icloud.com", "libero.it", "virgilio.it", "alice.it", "tim.it", "tiscali.it",
        "fastwebnet.it", "aruba.it", "pec.it", "legalmail.it",
    )
)  # fmt: skip
"""Mail hosts of the public: a brand's address there marks the address, not the host."""


async def among(db: AsyncSession, own: UUID, keys: Collection[str]) -> list[Known]:
    """Which of the keys are whose, in one question; nothing when `own` is outside the scope."""
    rows = await db.execute(AMONG, {"own": own, "keys": sorted(keys)})
    return [Known(*row) for row in rows]


async def learn(db: AsyncSession, origin: str, signals: Iterable[tuple[str | None, str]]) -> None:
    """Keep (key, as written) of the written brand; what is known or everybody's stays as it is."""
    wanted = {key: shown for key, shown in signals if key and key not in EVERYBODYS}
    query = select(BrandSignal.key).where(BrandSignal.origin == origin, BrandSignal.key.in_(list(wanted)))
    for known in await db.scalars(query):
        del wanted[known]
    for key, shown in wanted.items():
        db.add(BrandSignal(id=new_id(db), key=key, origin=origin, shown=shown, created_at=now(db)))


def ordinary_from(keys: Iterable[str]) -> list[tuple[str, str]]:
    """What to keep of strangers who were written about with a reason: domains and service numbers.

    Of a mail address its domain alone: the address may be a person's.
    """
    kept = []
    for key in keys:
        kind, _, value = key.partition(" ")
        if kind == ADDRESS:
            kind, value = DOMAIN, value.rpartition("@")[2]
        if kind in (DOMAIN, PHONE):
            kept.append((f"{kind} {value}", value))
    return kept


async def forget_learned(db: AsyncSession) -> None:
    await db.execute(delete(BrandSignal).where(BrandSignal.origin.in_(LEARNED)))


async def add_by_hand(db: AsyncSession, origin: str, kind: str, value: str) -> BrandSignal:
    """Of an administrator: a mark of the brand, or what is no mistake in its texts. BadSignal says what is wrong."""
    if kind not in KINDS or origin not in BY_HAND:
        raise BadSignal("Choose one of the options shown.", kind="choice")
    key = key_of(kind, value, await region(db))
    if key is None:
        raise BadSignal(ADVICE.get(kind, ADVICE[WORD]), value="shape")
    if origin == ADDED and key in EVERYBODYS:
        raise BadSignal("Everybody has this mail host. Write the whole address.", value="everybody")
    query = select(BrandSignal.id).where(BrandSignal.key == key, BrandSignal.origin == origin)
    if await db.scalar(query) is not None:
        raise BadSignal("This is on the list already.", value="known")
    row = BrandSignal(id=new_id(db), key=key, origin=origin, shown=value.strip(), created_at=now(db))
    db.add(row)
    return row


ADVICE = {
    ADDRESS: "Write the address as name@domain.",
    DOMAIN: "Write a domain, for example shop.example.",
    PHONE: "Write a telephone number, for example +39 02 1234567.",
    SIGNATURE: "Write a line of at least six letters.",
    WORD: "Write a name of at least three letters.",
}


async def remove(db: AsyncSession, signal_id: UUID) -> BrandSignal:
    """NoSignal for one that is not there or that the brand's own data would bring back."""
    row = await db.get(BrandSignal, (written_brand(db), signal_id))
    if row is None or row.origin in LEARNED:
        raise NoSignal("This entry does not exist.")
    await db.delete(row)
    return row


async def signals(db: AsyncSession) -> list[BrandSignal]:
    """Everything the brand in scope keeps, marks first."""
    rows = (await db.scalars(select(BrandSignal).order_by(BrandSignal.key))).all()
    return sorted(rows, key=lambda row: SIGNAL_ORIGINS.index(row.origin))


async def region(db: AsyncSession) -> str:
    """In which country the written brand's customers live, by its clock."""
    zone = await db.scalar(select(Brand.zone).where(Brand.id == written_brand(db)))
    return region_of(zone or "")
