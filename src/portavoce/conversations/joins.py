"""The ON clause of two tables of one brand: `brand_id` travels with every key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from portavoce.core.tables import Tenant


def on(
    table: type[Tenant], key: InstrumentedAttribute[Any], remote: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """`on(Customer, Customer.id, Conversation.customer_id)`."""
    owner: Any = remote.class_
    return and_(table.brand_id == owner.brand_id, key == remote)
