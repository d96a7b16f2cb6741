"""What a transaction may read (brands) and write (one brand, or none)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from portavoce.core.errors import WallError


@dataclass(frozen=True, slots=True)
class Scope:
    read: frozenset[UUID]
    write: UUID | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.read, frozenset):
            raise WallError("a scope is a frozenset: what it was made of must not widen it later")
        if not all(type(brand) is UUID for brand in self.read):
            raise WallError("a scope is made of UUID objects: their text goes into SET LOCAL")
        if self.write is not None and (type(self.write) is not UUID or self.write not in self.read):
            raise WallError("the written brand must be readable")

    @classmethod
    def writing(cls, brand_id: UUID) -> Scope:
        return cls(frozenset({brand_id}), brand_id)

    @classmethod
    def reading(cls, brands: Iterable[UUID]) -> Scope:
        return cls(frozenset(brands))

    def statements(self) -> str:
        """Literal SET LOCAL text: set_config() would not travel to Citus workers."""
        brands = ",".join(str(brand) for brand in sorted(self.read))
        written = "" if self.write is None else str(self.write)
        return f"SET LOCAL app.brand_ids = '{brands}'; SET LOCAL app.brand_id = '{written}'"


HOUSE = Scope(frozenset())
"""No brand at all: sign-in, invitations, the look-up of an address."""
