"""Which traces of a text are mistakes in a text of one brand.

What marks another brand that the writer serves is *named* and blocks; a mere name only warns. Everything else is told
without asking whose it is: an address, a domain, a service number, a team's signature that is not this brand's, not
allowed, not sent before with a reason and not the customer's own is *outside*, whether it belongs to another client of
the house or to a stranger. So the answer to a text tells nobody who the clients are: for whoever does not serve a
brand it is the same before that brand comes, while it is here, and after it has gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from portavoce.brands.traces import DOMAIN, SIGNATURE, STRONG, WORD, Trace

COMMON = frozenset(
    f"{DOMAIN} {name}"
    for name in (
        "google.com", "google.it", "goo.gl", "maps.app.goo.gl", "apple.com", "microsoft.com", "youtube.com", "facebook.com",
        "instagram.com", "whatsapp.com", "wa.me", "paypal.com", "nexi.it", "satispay.com", "poste.it", "brt.it",
        "bartolini.it", "gls-italy.com", "gls-group.com", "dhl.com", "dhl.it", "ups.com", "fedex.com", "tnt.it", "sda.it",
        "inpost.it", "inpost.eu", "europa.eu", "gov.it", "agcom.it", "arera.it", "garanteprivacy.it", "inps.it",
        "trenitalia.com", "example.com", "example.org",
    )
)  # fmt: skip
"""Where anybody may be sent: carriers, payment, maps, authorities. Never outside, whoever has them as a client."""


class Known(NamedTuple):
    """A key that somebody has. `brand_id` only of a brand in scope, `origin` only of the brand that asks."""

    key: str
    brand_id: UUID | None
    origin: str | None


class Hit(msgspec.Struct, frozen=True):
    """A place of the text; `brand_id` is None for what is outside this brand, whosever it is."""

    kind: str
    key: str
    start: int
    end: int
    brand_id: UUID | None

    @property
    def blocks(self) -> bool:
        return self.kind in STRONG


def judge(
    found: Sequence[Trace], known: Iterable[Known], own: UUID, own_names: Collection[str] = ()
) -> list[Hit]:
    """In the order of the text, one for each place. `own_names` are squeezed; a line that carries one is our own."""
    theirs: dict[str, UUID] = {}
    ours: dict[str, set[str]] = {}
    for each in known:
        if each.origin is not None:
            ours.setdefault(each.key, set()).add(each.origin)
        elif each.brand_id is not None and each.brand_id != own:
            theirs[each.key] = each.brand_id
    used = {key for key, origins in ours.items() if origins == {"used"}}
    hits = [_hit(trace, theirs, ours.keys() - used, ours.keys(), own_names) for trace in found]
    return _apart([hit for hit in hits if hit is not None])


def _hit(
    trace: Trace, theirs: dict[str, UUID], ours: Collection[str], ordinary: Collection[str], names: Collection[str]
) -> Hit | None:  # fmt: skip
    if any(key in ours for key in trace.keys):
        return None
    named = next((key for key in trace.keys if key in theirs), None)
    if named is not None:
        return Hit(trace.kind, named, trace.start, trace.end, theirs[named])
    if not trace.outside or trace.kind == WORD:
        return None
    if any(key in ordinary or key in COMMON for key in trace.keys):
        return None
    if trace.kind == SIGNATURE and any(name in trace.keys[0] for name in names):
        return None
    return Hit(trace.kind, trace.keys[0], trace.start, trace.end, None)


def _apart(hits: list[Hit]) -> list[Hit]:
    """Of hits on one place those that block before those that warn, named before outside, the longer before the shorter."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (not each.blocks, each.brand_id is None, each.start - each.end)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda each: each.start)
