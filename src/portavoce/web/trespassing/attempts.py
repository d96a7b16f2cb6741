"""Every page is asked for a brand's rows by people who may not see them; each must answer as for what never existed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec
from litestar import Litestar

from portavoce.audit.isolation import Failure, Found
from portavoce.web.access import Actor
from portavoce.web.trespassing.addresses import Address, Names, addresses, unknown_inputs
from portavoce.web.trespassing.asking import Answer, ask, stranger

EVERY_SURFACE = (
    "agent",
    "client_viewer",
    "client_back_office",
    "client_approver",
    "client_lead_taker",
    "client_shop_clerk",
    "admin",
)
STREAMS = frozenset({"/desk/stream"})
"""Answered for whatever the person may see: asked by somebody of a brand that never was, who sees nothing change."""
TRIES = 2
"""What differs once may have changed in between; what leaks differs again."""


class Attempt(NamedTuple):
    kind: str
    who: Actor
    asked: Address
    ghost: str


async def trespass(app: Litestar, samples: Sequence[Names], other: tuple[UUID, str] | None) -> Found:
    """Read-only, within the application's lifespan. `other`: id and slug of a brand whose people are played."""
    found = Found({}, [Failure("pages", f"{each} (never asked)") for each in unknown_inputs(app)])
    found.attempts["pages"] = len(found.failures)
    for names in samples:
        ghost = names.ghost()
        for attempt in _attempts(app, names, ghost, other):
            found.attempts[attempt.kind] = found.attempts.get(attempt.kind, 0) + 1
            if not await _refused(app, attempt, names, ghost):
                found.failures.append(Failure(attempt.kind, f"GET {attempt.asked.shape}"))
    return found


def _attempts(app: Litestar, names: Names, ghost: Names, other: tuple[UUID, str] | None) -> Iterator[Attempt]:
    asked = list(zip(addresses(app, names), addresses(app, ghost), strict=True))
    never = stranger(*_everywhere((uuid4(), uuid4().hex)))
    elsewhere = stranger(*_everywhere(other)) if other else never
    for address, unreal in asked:
        yield Attempt("pages", stranger(), address, unreal.url)
        yield Attempt("pages", stranger(house_admin=True), address, unreal.url)
        somebody = never if address.shape.partition("?")[0] in STREAMS else elsewhere
        yield Attempt("elsewhere", somebody, address, unreal.url)
    if other is not None:
        yield from _crossed(app, names, ghost, other)


def _crossed(app: Litestar, names: Names, ghost: Names, other: tuple[UUID, str]) -> Iterator[Attempt]:
    """The brand's own rows under the address of a brand that the person may see."""
    here = [addresses(app, msgspec.structs.replace(each, slug=other[1])) for each in (names, ghost)]
    for address, unreal in zip(*here, strict=True):
        if address.children and address.shape.partition("?")[0] not in STREAMS:
            yield Attempt("crossed", stranger(*_everywhere(other)), address, unreal.url)


def _everywhere(brand: tuple[UUID, str]) -> Iterator[tuple[UUID, str, str]]:
    return ((*brand, role) for role in EVERY_SURFACE)


async def _refused(app: Litestar, attempt: Attempt, names: Names, ghost: Names) -> bool:
    for _ in range(TRIES):
        real, unreal = (
            await ask(app, attempt.asked.url, attempt.who),
            await ask(app, attempt.ghost, attempt.who),
        )
        if real.status < 500 and _without(real, names) == _without(unreal, ghost):
            return True
    return False


def _without(answer: Answer, names: Names) -> Answer:
    """With every name that was asked for as the name of its place, since an answer may repeat the question."""
    body, headers = answer.body, answer.headers
    for place, value in msgspec.structs.asdict(names).items():
        if value is not None and place != "month":
            text, mark = str(value).encode(), f"<{place}>".encode()
            body = body.replace(text, mark)
            headers = tuple((name, content.replace(text, mark)) for name, content in headers)
    return Answer(answer.status, headers, body)
