"""How the API answers: JSON of structs, each with the state of the ledger that it is of."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import HttpMethod, Response

from portavoce.reporting.facts import Anchor

READ = [HttpMethod.GET, HttpMethod.HEAD]


class Ledger(msgspec.Struct, frozen=True):
    """The facts up to `n`, whose hash is `hash`; `as_of` is when the clocks were read."""

    n: int
    hash: str
    as_of: datetime


def ledger_of(anchor: Anchor) -> Ledger:
    return Ledger(anchor.n, anchor.hash.hex(), anchor.at)


def answer(content: msgspec.Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(content), media_type="application/json")
