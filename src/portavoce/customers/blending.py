"""What a profile takes over from one that is merged into it, and what it gives back when that is undone."""

from __future__ import annotations

from collections.abc import Mapping

APART = "\n\n"
Changes = dict[str, tuple[str, str]]


def taken_over(held: Mapping[str, str], other: Mapping[str, str]) -> Changes:
    """Blanks are filled, needs add up, both notes stay; whatever else the survivor has, it keeps."""
    wanted = {name: _blended(name, value, other.get(name, "")) for name, value in held.items()}
    return {name: (value, wanted[name]) for name, value in held.items() if wanted[name] != value}


def given_back(now: Mapping[str, str], changes: Changes) -> Changes:
    """Undoes `taken_over` in what is there now: what somebody wrote since stays."""
    wanted = {name: _without(name, now[name], *pair) for name, pair in changes.items() if name in now}
    return {name: (now[name], value) for name, value in wanted.items() if value != now[name]}


def _blended(name: str, held: str, other: str) -> str:
    if name == "needs":
        codes = held.split(",") + [code for code in other.split(",") if code not in held.split(",")]
        return ",".join(filter(None, codes))
    if name == "note" and held and other and other not in held:
        return f"{held}{APART}{other}"
    return held or other


def _without(name: str, now: str, before: str, after: str) -> str:
    if name == "needs":
        added = set(after.split(",")) - set(before.split(","))
        return ",".join(code for code in now.split(",") if code not in added)
    if now == after:
        return before
    if name == "note":
        added_text = after.removeprefix(before) if before else after
        return (
            now.replace(added_text, "", 1).strip("\n") if before else now.replace(added_text, "", 1).strip()
        )
    return now
