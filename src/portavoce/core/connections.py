"""Where PostgreSQL is, per role, from the settings: the URL names the server, the secrets the passwords."""

from __future__ import annotations

from sqlalchemy import make_url

from portavoce.core.config import Settings
from portavoce.core.secrets import passwords
from portavoce.core.walls import OWNER, PROCESS_ROLES, ROLES

DRIVER = "postgresql+psycopg"


class NoDatabase(Exception):
    """PORTAVOCE_DATABASE_URL is empty and no embedded server was started."""


def role_passwords(settings: Settings) -> dict[str, str]:
    return passwords(settings.secrets_dir, ROLES)


def role_url(settings: Settings, role: str) -> str:
    """A SQLAlchemy URL for one role; whatever user the setting names is replaced. Holds a password: never log it."""
    if not settings.database_url:
        raise NoDatabase("Start it with `portavoce run`, or set PORTAVOCE_DATABASE_URL.")
    url = make_url(settings.database_url).set(
        drivername=DRIVER, username=role, password=role_passwords(settings)[role]
    )
    return url.render_as_string(hide_password=False)


def process_urls(settings: Settings) -> dict[str, str]:
    return {role: role_url(settings, role) for role in PROCESS_ROLES}


def owner_url(settings: Settings) -> str:
    return role_url(settings, OWNER)
