"""What customers write and what brands answer: phrases of `words/<brand>.toml`, put together by a seeded hand."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "words"


class Draft(NamedTuple):
    """What a customer wants: enough to write the first mail, an answer to it, and everything after."""

    slug: str
    topic: int
    language: str
    name: str
    slots: dict[str, str]

    @property
    def outcome(self) -> str:
        return str(words(self.slug)["topic"][self.topic]["outcome"])


@cache
def words(slug: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))


def languages(slug: str) -> set[str]:
    return {topic.get("language", "it") for topic in words(slug)["topic"]}


def draft(random: Random, slug: str, name: str, language: str) -> Draft:
    """A matter of this brand in this language."""
    topics = [at for at, topic in enumerate(words(slug)["topic"]) if topic.get("language", "it") == language]
    slots = {slot: random.choice(values) for slot, values in words(slug)["slots"].items()}
    return Draft(slug, random.choice(topics), language, name, slots)


def opening(random: Random, matter: Draft) -> tuple[str, str]:
    """Subject and text of the first mail."""
    topic = words(matter.slug)["topic"][matter.topic]
    subject = _filled(random.choice(topic["subjects"]), matter)
    return subject, _letter(random, matter, "hello", random.choice(topic["bodies"]), "bye")


def answer(random: Random, matter: Draft, agent: str) -> str:
    """The brand's answer to the first mail, without the signature of the mailbox."""
    topic = words(matter.slug)["topic"][matter.topic]
    body = random.choice(topic["replies"])
    return _letter(random, matter, "reply_hello", body, "reply_bye", agent)


def follow_up(random: Random, matter: Draft, kind: str, agent: str = "") -> str:
    """A later mail: `thanks`, `again` and `chase` are the customer's, `again_reply` the brand's."""
    body = random.choice(_phrases(matter)[kind])
    if kind == "again_reply":
        return _letter(random, matter, "reply_hello", body, "reply_bye", agent)
    return _letter(random, matter, "hello", body, "bye")


def note(random: Random, matter: Draft) -> str:
    """A line for colleagues."""
    return _filled(random.choice(_phrases(matter)["notes"]), matter)


def _phrases(matter: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = words(matter.slug)[matter.language]
    return found


def _letter(random: Random, matter: Draft, first: str, body: str, last: str, agent: str = "") -> str:
    phrases = _phrases(matter)
    hello, bye = random.choice(phrases[first]), random.choice(phrases[last])
    parts = (_filled(part, matter, agent) for part in (hello, body, bye))
    return "\n\n".join(parts) + "\n"


def _filled(text: str, matter: Draft, agent: str = "") -> str:
    return text.format(name=matter.name, first=matter.name.split()[0], agent=agent, **matter.slots)
