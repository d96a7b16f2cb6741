"""The setting names the server; user and password are ours, per role."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from portavoce.core.config import Settings
from portavoce.core.connections import NoDatabase, owner_url, process_urls, role_passwords, role_url
from portavoce.core.walls import OWNER, PROCESS_ROLES, ROLES


def settings(
    home: Path, url: str = "postgresql://someone:else@db.example:5433/care?sslmode=require"
) -> Settings:
    return Settings(home=home, database_url=url)


def test_every_role_has_its_own_lasting_password(tmp_path: Path) -> None:
    first = role_passwords(settings(tmp_path))
    assert set(first) == set(ROLES)
    assert len(set(first.values())) == len(ROLES)
    assert role_passwords(settings(tmp_path)) == first


def test_the_urls_keep_server_database_and_options_and_replace_the_user(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    for role, text in process_urls(chosen).items():
        url = make_url(text)
        assert (url.drivername, url.username) == ("postgresql+psycopg", role)
        assert url.password == role_passwords(chosen)[role]
        assert (url.host, url.port, url.database, dict(url.query)) == (
            "db.example",
            5433,
            "care",
            {"sslmode": "require"},
        )
    assert set(process_urls(chosen)) == set(PROCESS_ROLES)
    assert make_url(owner_url(chosen)).username == OWNER


def test_without_a_database_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase, match="portavoce run"):
        role_url(settings(tmp_path, ""), OWNER)
