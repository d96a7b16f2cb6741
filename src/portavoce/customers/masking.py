"""What of an address may be shown to whoever is to prove that it is theirs: enough to know it, too little to write to it."""

from __future__ import annotations

HIDDEN = "•••"
LAST = 2
NAMES = 3


def masked(channel: str, value: str) -> str:
    """`g•••@s•••.example` and `•••42`; the length of what is hidden is not told."""
    if channel != "email":
        return f"{HIDDEN}{value[-LAST:]}"
    local, _, domain = value.rpartition("@")
    name, dot, rest = domain.rpartition(".")
    return f"{local[:1]}{HIDDEN}@{name[:1]}{HIDDEN}{dot}{rest}"


def masked_name(name: str) -> str:
    """`M••• R•••`: whoever stands there says whether it is theirs. One that is an address is masked as one."""
    if "@" in name:
        return masked("email", name)
    return " ".join(f"{word[:1]}{HIDDEN}" for word in name.split()[:NAMES])
