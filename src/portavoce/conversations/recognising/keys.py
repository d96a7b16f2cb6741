"""The six digits of a code, made from its row's id by a secret of the house: whoever reads the database learns none."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

DIGITS = 6
_BETWEEN = re.compile(r"[\s.\-–]+")


@dataclass(frozen=True, slots=True)
class CodeKeys:
    key: bytes

    def code_of(self, brand_id: UUID, code_id: UUID) -> str:
        made = hmac.digest(self.key, b"one-time code " + brand_id.bytes + code_id.bytes, "sha256")
        return f"{int.from_bytes(made) % 10**DIGITS:0{DIGITS}}"

    def fits(self, typed: str, brand_id: UUID, code_id: UUID) -> bool:
        """In the same time whatever was typed."""
        return hmac.compare_digest(digits_of(typed).encode(), self.code_of(brand_id, code_id).encode())


def digits_of(typed: str) -> str:
    """As it is read aloud: `123 456` and `123-456` are `123456`."""
    return _BETWEEN.sub("", typed)


def readable(typed: str) -> bool:
    """Whether it can be a code at all: what is none costs no try."""
    digits = digits_of(typed)
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit()
