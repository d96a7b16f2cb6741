"""Add a client, a brand with its colours, a line of business with its queue, an address of the brand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.brands.accent import accent
from portavoce.brands.errors import NoBrand, Taken
from portavoce.brands.events import BrandNamed, EndpointWritten
from portavoce.brands.looks import check_look
from portavoce.brands.models import Brand, Client, Endpoint, LineOfBusiness, Queue
from portavoce.core.unit import emit, new_id, now, written_brand


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandLook:
    """How a brand is recognised: `accent` is one hex colour, `shape` one of brands.models.SHAPES, `zone` an IANA name."""

    slug: str
    name: str
    accent: str
    shape: str
    monogram: str
    voice: str
    language: str
    zone: str


def add_client(db: AsyncSession, name: str, legal_name: str) -> Client:
    client = Client(id=new_id(db), name=name, legal_name=legal_name, created_at=now(db))
    db.add(client)
    return client


async def add_brand_row(db: AsyncSession, client_id: UUID, look: BrandLook) -> Brand:
    """The row whose id is the written brand; the client's legal name is copied, `report` may not read clients.

    Raises BadBrand, NoBrand, or Taken when any brand of the house has the slug.
    """
    check_look(asdict(look))
    client = await db.get(Client, client_id)
    if client is None:
        raise NoBrand("This client does not exist.")
    brand = Brand(
        id=written_brand(db),
        client_id=client_id,
        slug=look.slug,
        name=look.name,
        legal_name=client.legal_name,
        voice=look.voice,
        language=look.language,
        accent=look.accent,
        tokens=msgspec.json.encode(accent(look.accent)).decode(),
        shape=look.shape,
        monogram=look.monogram,
        zone=look.zone,
        created_at=now(db),
    )
    db.add(brand)
    await _flush_or(
        db, "brand_slug_key", Taken("This short name is already in use. Choose another one.", slug="taken")
    )
    await emit(db, BrandNamed(brand.name, brand.zone))
    return brand


def add_line(db: AsyncSession, name: str, language: str) -> tuple[LineOfBusiness, Queue]:
    """A line of business and the one queue it starts with."""
    line = LineOfBusiness(id=new_id(db), name=name, language=language)
    queue = Queue(id=new_id(db), lob_id=line.id, name=name)
    db.add_all([line, queue])
    return line, queue


async def add_endpoint(db: AsyncSession, kind: str, value: str) -> Endpoint:
    """`value` is normalised by its channel. Taken when any brand of the house has it, whichever that is."""
    taken = Taken("This address is already in use. Choose another one.", address="taken")
    if await db.scalar(select(Endpoint.id).where(Endpoint.kind == kind, Endpoint.value == value)) is not None:
        raise taken
    endpoint = Endpoint(id=new_id(db), kind=kind, value=value, brand_id=written_brand(db), created_at=now(db))
    db.add(endpoint)
    await _flush_or(db, "endpoint_kind_value_key", taken)
    await emit(db, EndpointWritten(kind, value))
    return endpoint


async def _flush_or(db: AsyncSession, key: str, taken: Taken) -> None:
    """A slug is unique over brands that nobody may list, an address over two administrators at once."""
    try:
        await db.flush()
    except IntegrityError as clash:
        if getattr(getattr(clash.orig, "diag", None), "constraint_name", None) == key:
            raise taken from clash
        raise
