"""What may be a password, and how it is kept."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Literal

import pytest
from argon2 import PasswordHasher

from portavoce.identity.errors import WeakPassword
from portavoce.identity.passwords import Passwords, check_password

GOOD = "una frase lunga e tranquilla"


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery", "Zebra-Lampada-42", "日本語のとても長い合言葉です", "x8#kQ!mz2Lp&"],
)
def test_a_long_and_own_password_is_good(password: str) -> None:
    check_password(password, email="anna@voxa.example", name="Anna Riva")
    assert len(password) >= 12


@pytest.mark.parametrize(
    "password",
    ["", "corta", "elevenchars", "a" * 257, "aaaaaaaaaaaaaaaa", "abababababababab", "password1234!", "P@$$12341234",
     "Passw0rd20262026", "qwertyuiop123", "123456789012", "portavoce2026!", "passwordpassword", "abcdefghijklmn",
     "anna@voxa.example", "AnnaRiva2026!!", "Benvenuto2026!", "            "],
)  # fmt: skip
def test_what_others_try_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, email="anna@voxa.example", name="Anna Riva")


async def test_only_the_right_password_is_right(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(stored, GOOD)
    assert not await passwords.verify(stored, GOOD + " ")


async def test_the_same_letters_in_another_spelling_are_the_same_password(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("perch\u00e9 non domani"), "perche\u0301 non domani")


async def test_without_a_stored_hash_a_hash_is_verified_all_the_same() -> None:
    verified = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(hash)
            return super().verify(hash, password)

    one = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    stored = await one.hash(GOOD)
    assert [await one.verify(None, GOOD), await one.verify(stored, "wrong")] == [False, False]
    assert len(verified) == 2


@pytest.mark.parametrize("stored", ["", "!", "$argon2id$broken", "plain text"])
async def test_a_damaged_hash_matches_nothing(passwords: Passwords, stored: str) -> None:
    assert not await passwords.verify(stored, GOOD)


async def test_a_hash_of_older_parameters_is_seen(passwords: Passwords) -> None:
    older = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(GOOD)
    assert passwords.outdated(older)
    assert not passwords.outdated(await passwords.hash(GOOD))


async def test_no_more_than_two_are_hashed_at_once() -> None:
    lock, running, most = threading.Lock(), 0, 0

    class Slow(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1
            return super().hash(password, salt=salt)

    one = Passwords(Slow(time_cost=1, memory_cost=8, parallelism=1))
    await asyncio.gather(*[one.hash(GOOD) for _ in range(10)])
    one.close()
    assert most == 2
