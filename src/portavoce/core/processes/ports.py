"""Ports to listen on."""

from __future__ import annotations

import errno
import socket

NEIGHBOURS = 20


class PortTaken(RuntimeError):
    """The port was asked for and somebody else has it."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether `port` can be bound now; 0 always can. Another error than "in use" is raised."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def choose_port(wanted: int, host: str = "127.0.0.1", *, fixed: bool = False) -> int:
    """`wanted`, or when it is taken one of the next twenty, or any free one; 0 means any.

    Raises PortTaken instead when `fixed`, for ports which others know.
    """
    if fixed and wanted and not is_free(wanted, host):
        raise PortTaken(f"port {wanted} on {host} is taken: stop who listens there or set another port")
    candidates = range(wanted, wanted + NEIGHBOURS) if wanted else ()
    return next((port for port in candidates if is_free(port, host)), None) or _any(host)


def _any(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
