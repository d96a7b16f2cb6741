"""The settings our PostgreSQL runs with, given on its command line so that no file can drift."""

from __future__ import annotations

import os
from pathlib import Path

MEGABYTE = 1024 * 1024


def flags(sockets: Path, *, port: int, tcp: bool, durable: bool) -> list[str]:
    """Arguments for `postgres`. Not durable: processes may die, but a crash of the machine may lose the cluster."""
    settings = {
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
        "max_connections": "100",
        "shared_buffers": f"{_shared_megabytes()}MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        # Without the DETAIL lines, which would quote the rows of customers.
        "log_error_verbosity": "terse",
        "jit": "off",
        "random_page_cost": "1.1",
        # Clients are on this machine: who was cut off while saying who it is would hold up whoever drops a database.
        "authentication_timeout": "10s",
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _shared_megabytes() -> int:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return min(max(machine // 32, 128), 512)
