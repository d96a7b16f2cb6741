"""Server-sent events as bytes."""

from __future__ import annotations


def event(data: str, name: str = "") -> bytes:
    """One message; without a name it is a fragment that htmx swaps."""
    head = f"event: {name}\n" if name else ""
    lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return (head + "".join(f"data: {line}\n" for line in lines) + "\n").encode()


def partial(target: str, html: str, *, swap: str = "innerMorph") -> str:
    """A fragment that finds its own place on the page; several may stand in one message."""
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>'
