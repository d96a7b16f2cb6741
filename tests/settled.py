"""Settings of an installation whose PostgreSQL and Redis are given, as the operator of a server has them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from portavoce.core.config import Settings
from portavoce.core.walls import APP
from tests.database import PASSWORDS, Installation
from tests.ports import free_port


def settled(installation: Installation, redis_url: str, home: Path) -> Settings:
    """The home's secrets know the roles' passwords."""
    made = Settings(home=home, database_url=installation.url(APP), redis_url=redis_url, smtp_port=free_port())
    made.secrets_dir.mkdir()
    (made.secrets_dir / "roles.json").write_bytes(msgspec.json.encode(PASSWORDS))
    return made


def environment(settings: Settings) -> dict[str, str]:
    """The same as variables."""
    given = msgspec.structs.asdict(settings)
    return {f"PORTAVOCE_{name.upper()}": str(value) for name, value in given.items()}
