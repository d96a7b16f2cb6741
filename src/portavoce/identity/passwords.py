"""Passwords: argon2id in a few threads of their own, and what may not be one."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portavoce.identity.errors import WeakPassword

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST, LONGEST = 12, 256
PARALLEL = 2
FEWEST_CHARACTERS = 5
_COMMON = (
    "password passw0rd passwort motdepasse contrasena parola parolachiave segreto segretissimo lapassword mypassword "
    "qwerty qwertyuiop qwertyui asdfgh asdfghjkl zxcvbn zxcvbnm azerty azertyuiop abcdef abcdefgh abcdefghijkl "
    "letmein welcome benvenuto benvenuti ciao ciaociao buongiorno amore amoremio tiamo iloveyou admin administrator "
    "amministratore utente user login accesso changeme cambiami default guest master superman batman dragon monkey "
    "football baseball juventus forzajuve forzanapoli forzamilan forzainter princess sunshine trustno portavoce "
    "customercare servizioclienti assistenza provider callcenter"
)
COMMON_ROOTS = frozenset(_COMMON.split())
"""What is left of a common password once digits and signs at both ends are taken away, or written twice."""


class Passwords:
    """Hashes and verifies; at most `parallel` at once (64 MiB each), the others wait their turn."""

    def __init__(self, hasher: PasswordHasher | None = None, *, parallel: int = PARALLEL) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(parallel, thread_name_prefix="argon2")
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(24))

    async def hash(self, password: str) -> str:
        return await self._apart(self._hasher.hash, _same_spelling(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Takes as long without a stored hash (unknown or disabled account) as with one, and is then False."""
        right = await self._apart(self._matches, stored or self._nobodys, _same_spelling(password))
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _apart(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(work, *args, **kwargs))


def check_password(password: str, *, email: str = "", name: str = "") -> None:
    """Raises WeakPassword with the sentence to show under the field."""
    if len(password) < SHORTEST:
        raise WeakPassword("Write at least 12 characters. A short sentence is a good password.")
    if len(password) > LONGEST:
        raise WeakPassword("Write 256 characters at most.")
    if _easy(password, email, name):
        raise WeakPassword("This password is easy to guess. A short sentence is a better one.")


def _easy(password: str, email: str, name: str) -> bool:
    plain = _same_spelling(password).casefold().strip()
    root = plain.strip("0123456789 .,;:!?_-+*#@$%&/()=")
    own = {
        email.casefold(),
        email.partition("@")[0].casefold(),
        name.casefold(),
        name.casefold().replace(" ", ""),
    }
    few = len(set(plain)) < FEWEST_CHARACTERS
    return (
        few or not root or root in own or root in COMMON_ROOTS or _half(root) in COMMON_ROOTS or _runs(root)
    )


def _half(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] if text[:middle] == text[middle:] else ""


def _runs(text: str) -> bool:
    """Only neighbours of the alphabet, such as abcdefghijkl."""
    return all(ord(after) - ord(before) == 1 for before, after in pairwise(text))


def _same_spelling(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
