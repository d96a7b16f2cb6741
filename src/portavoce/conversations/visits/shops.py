"""Add and retire a brand's shops, and say who of the client stands at their counters."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.visits.errors import BadShop, NoClerk, NoShop
from portavoce.conversations.visits.models import Shop, ShopClerk
from portavoce.conversations.visits.queries import clerks_of_brand
from portavoce.core.unit import new_id, now

LONGEST = 80
MOST = 500
CHECK = "Check the fields below."
OPTION = "Choose one of the options shown."


async def add_shop(db: AsyncSession, *, name: str, place: str, lob_id: UUID, by: str) -> Shop:
    """BadShop by field; a name may come again at another place, or once the old one is retired."""
    name, place = " ".join(name.split()), " ".join(place.split())
    errors = {}
    for field, text in (("name", name), ("place", place)):
        if not text:
            errors[field] = "Fill in this field."
        elif len(text) > LONGEST:
            errors[field] = "Shorten this text to 80 characters."
    if await db.scalar(select(LineOfBusiness.id).where(LineOfBusiness.id == lob_id)) is None:
        errors["lob_id"] = OPTION
    standing = (await db.execute(select(Shop.name, Shop.place).where(Shop.retired_at.is_(None)))).all()
    if (name, place) in {(row.name, row.place) for row in standing}:
        errors["name"] = "This shop is there already."
    elif len(standing) >= MOST:
        errors["name"] = "A brand has 500 shops at most."
    if errors:
        raise BadShop(CHECK, **errors)
    shop = Shop(id=new_id(db), lob_id=lob_id, name=name, place=place, created_at=now(db))
    db.add(shop)
    audit(db, by, "shop.added", "shop", shop.id)
    return shop


async def retire_shop(db: AsyncSession, shop_id: UUID, *, by: str) -> Shop:
    """It takes no more visits, and nobody works there; twice changes nothing."""
    shop = await _shop(db, shop_id)
    if shop.retired_at is None:
        shop.retired_at = now(db)
        await db.execute(
            update(ShopClerk)
            .where(ShopClerk.shop_id == shop_id, ShopClerk.ended_at.is_(None))
            .values(ended_at=now(db))
        )
        audit(db, by, "shop.retired", "shop", shop_id)
    return shop


async def give_clerk(db: AsyncSession, shop_id: UUID, clerk_id: UUID, *, by: str) -> ShopClerk:
    """NoClerk unless the person behind the alias has the role at this brand; NoShop for one that takes no visits."""
    shop = await _shop(db, shop_id)
    if shop.retired_at is not None:
        raise NoShop("This shop is retired.")
    if clerk_id not in {each.id for each in await clerks_of_brand(db, shop.brand_id)}:
        raise NoClerk("This person does not exist.")
    known = select(ShopClerk).where(
        ShopClerk.shop_id == shop_id, ShopClerk.brand_agent_id == clerk_id, ShopClerk.ended_at.is_(None)
    )
    given = (await db.scalars(known)).one_or_none()
    if given is None:
        given = ShopClerk(id=new_id(db), shop_id=shop_id, brand_agent_id=clerk_id, given_at=now(db))
        db.add(given)
        audit(db, by, "shop.clerk_given", "shop", shop_id, clerk=clerk_id)
    return given


async def take_clerk(db: AsyncSession, shop_id: UUID, clerk_id: UUID, *, by: str) -> None:
    """From then on the clerk records nothing there; what they recorded stays."""
    query = (
        select(ShopClerk)
        .where(
            ShopClerk.shop_id == shop_id, ShopClerk.brand_agent_id == clerk_id, ShopClerk.ended_at.is_(None)
        )
        .with_for_update()
    )
    given = (await db.scalars(query)).one_or_none()
    if given is None:
        raise NoClerk("This person does not exist.")
    given.ended_at = now(db)
    audit(db, by, "shop.clerk_taken", "shop", shop_id, clerk=clerk_id)


async def _shop(db: AsyncSession, shop_id: UUID) -> Shop:
    """Locked: whoever gives a clerk and whoever retires it come one after the other."""
    shop = (await db.scalars(select(Shop).where(Shop.id == shop_id).with_for_update())).one_or_none()
    if shop is None:
        raise NoShop("This shop does not exist.")
    return shop
