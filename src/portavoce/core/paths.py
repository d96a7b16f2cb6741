"""Where the parts beside the code live: in a checkout next to `src/`, in a wheel inside the package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]


def frontend_dir() -> Path:
    return _beside("frontend")


def migrations_dir() -> Path:
    return _beside("migrations")


def infra_dir() -> Path:
    return _beside("infra")


def _beside(name: str) -> Path:
    packed = PACKAGE / f"_{name}"
    return packed if packed.is_dir() else CHECKOUT / name
