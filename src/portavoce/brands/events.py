"""What a brand says about itself; `wiring` says who learns from it, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BrandNamed:
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class EndpointWritten:
    """`value` is normalised by the channel that is the `kind`."""

    kind: str
    value: str
