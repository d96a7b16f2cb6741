"""Entries and questions as PostgreSQL takes them. Each lexeme begins with its brand: the index is led by it.

GIN knows no composite keys: beside a column `brand_id` it would keep one list of words over all brands, and how long a
look-up takes would tell what others write about. So the brand is part of the word. A search walks from the brand's first
lexeme to its last and never reads another's, whatever it asks.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from uuid import UUID

from portavoce.search.analysis import STOP, digits, terms, tokens

MOST_TERMS = 4_000
"""Of one entry: beyond, a text is found by its beginning only."""
MOST_READ = 100_000
"""Characters of a text that are read."""
MOST_WORDS = 8
"""Of one question."""
SHORTEST_PREFIX = 2
SHORTEST_TAIL = 4
"""Digits from which the end of a phone number finds it."""
TAIL = "~"
"""Begins a number that is written backwards, so that its end is a prefix."""


@lru_cache(maxsize=4_096)
def key(brand_id: UUID) -> str:
    """What the brand's lexemes begin with. Should two brands ever share it: the row's own brand_id decides all the same."""
    return hashlib.blake2b(brand_id.bytes, digest_size=6).hexdigest() + ":"


def vector(
    brand_id: UUID, heavy: Iterable[str], light: Iterable[str] = (), numbers: Iterable[str] = ()
) -> str:
    """Text of a tsvector: `heavy` texts (names, subjects) count more, `numbers` are found by their end."""
    found: dict[str, str] = {}
    for term in [*_terms(heavy), *(_tail(number) for number in numbers if digits(number))]:
        found.setdefault(term, "1A")
    for term in _terms(light):
        found.setdefault(term, "1")
    lead = key(brand_id)
    return " ".join(f"'{lead}{term}':{place}" for term, place in list(found.items())[:MOST_TERMS])


def question(brand_id: UUID, text: str) -> str:
    """Text of a tsquery: every word, the last one also as a beginning; or the end of a phone number. Else empty."""
    lead = key(brand_id)
    words = [_asked(lead, word, last) for word, last in asked(text)]
    spoken = " & ".join(words)
    number = digits(text.strip())
    if len(number) < SHORTEST_TAIL:
        return spoken
    tail = f"'{lead}{_tail(number)}':*"
    return f"({spoken}) | {tail}" if spoken else tail


def asked(text: str) -> list[tuple[str, bool]]:
    """The folded words of a question that count, and whether the word may be the beginning of a longer one.

    A word that says nothing counts only alone and as a beginning: whoever writes `di` may be on the way to `disdetta`.
    """
    found = [(word, end == len(text)) for _, end, word in tokens(unicodedata.normalize("NFC", text))]
    useful = [(word, last) for word, last in found if word not in STOP and _counts(word)]
    return useful[:MOST_WORDS] or [(word, last) for word, last in found[-1:] if last and _counts(word)]


def _counts(word: str) -> bool:
    return len(word) >= SHORTEST_PREFIX or word.isdigit()


def _asked(lead: str, word: str, last: bool) -> str:
    exact = [f"'{lead}{term}'" for term in sorted(({word} if "@" in word else terms(word)) - {word})]
    whole = f"'{lead}{word}'" + (":*" if last else "")
    return f"({' | '.join([whole, *exact])})"


def _terms(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for _, _, word in tokens(unicodedata.normalize("NFC", text[:MOST_READ])):
            yield from sorted(terms(word))


def _tail(number: str) -> str:
    return TAIL + digits(number)[::-1]
