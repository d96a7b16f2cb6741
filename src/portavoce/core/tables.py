"""Declarative base and the kinds of table (core-schema §1). The catalog gate compares these with PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "pv"
NAMES = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}


class Base(DeclarativeBase):
    metadata = MetaData(schema=SCHEMA, naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        UUID: Uuid,
    }
    table_kind: ClassVar[str]
    append_only: ClassVar[bool] = False
    in_reports: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if table is not None:
            table.info.update(kind=cls.table_kind, append_only=cls.append_only, in_reports=cls.in_reports)


class Tenant:
    """A brand's own rows: `brand_id` leads every key; readable and writable only through the scope."""

    table_kind: ClassVar[str] = "tenant"
    brand_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)


class TenantRow(Tenant):
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


class Agent:
    """Rows about a worker of the provider, over all brands; never a customer's data, never for `report`."""

    table_kind: ClassVar[str] = "agent"
    agent_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)


class Reference:
    """Small, rarely written rows of the provider."""

    table_kind: ClassVar[str] = "reference"
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


class Ops:
    """Book-keeping of the machine itself."""

    table_kind: ClassVar[str] = "ops"


def owned(column: str, table: str, remote: str = "id") -> ForeignKeyConstraint:
    """Foreign key inside one brand: brand_id travels with `column`."""
    return ForeignKeyConstraint(
        ["brand_id", column], [f"{SCHEMA}.{table}.brand_id", f"{SCHEMA}.{table}.{remote}"]
    )


def of_brand() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["brand_id"], [f"{SCHEMA}.brand.id"])


def one_of(column: str, *values: str) -> CheckConstraint:
    """A state column: text and a CHECK, since PostgreSQL enums are not leakproof."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
