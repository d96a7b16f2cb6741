"""A running PostgreSQL as the rest of the code sees it: how to reach it as superuser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from psycopg.conninfo import make_conninfo

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class Cluster:
    """`port` names the socket file, and the TCP port when `tcp` is true. `adopted`: it was already running."""

    data: Path
    sockets: Path
    port: int
    superuser: str
    password_file: Path
    log: Path
    pid: int
    tcp: bool = False
    adopted: bool = False

    @property
    def superuser_dsn(self) -> str:
        """A libpq string to the maintenance database."""
        return self.dsn()

    def dsn(self, database: str = "postgres", *, user: str = "", password: str = "") -> str:
        """A libpq string; without `user` as superuser. Holds a password: never log it."""
        return make_conninfo(
            host=str(self.sockets),
            port=self.port,
            dbname=database,
            user=user or self.superuser,
            password=password if user else self.password_file.read_text(),
        )

    def url(self, database: str, *, user: str, password: str) -> str:
        """The same as `postgresql://…`, the form of PORTAVOCE_DATABASE_URL."""
        place = urlencode({"host": str(self.sockets), "port": self.port})
        return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@/{quote(database)}?{place}"
