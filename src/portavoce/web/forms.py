"""Forms are msgspec Structs. `read` collects every mistake at once and says what to do about each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException
from msgspec import inspect
from msgspec.structs import FieldInfo

from portavoce.web.i18n import N_, Words, words_for

LONGEST = 20_000
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what is read."""
CHECKED = ("on", "true", "1", "yes")

Form = TypeVar("Form", bound=msgspec.Struct)


class Mistake(Exception):
    """One field, one sentence in English, and the values for its placeholders."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


async def read(
    request: Request[Any, Any, Any], kind: type[Form]
) -> tuple[Form | None, dict[str, str], dict[str, str]]:
    """(form or None, errors by field, raw values by field) of a posted form.

    Blank means missing, an unticked box means False, a single value satisfies a list field and several no other.
    Text is stripped unless the field says `Annotated[str, msgspec.Meta(extra={"strip": False})]`, and is one line
    unless it says that or `{"lines": True}`. A field may bring its own sentence with `{"message": N_("…")}`. Errors are in the reader's language; a ValueError
    of the form's `__post_init__` is the error of field "". Unknown fields are ignored; no files (415).
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(status_code=415)
    sent = await request.form()
    posted = {field.encode_name: sent.getall(field.encode_name, []) for field in msgspec.structs.fields(kind)}
    return check(posted, kind, words_for(request))


def check(
    posted: dict[str, list[str]], kind: type[Form], words: Words
) -> tuple[Form | None, dict[str, str], dict[str, str]]:
    """`read` without HTTP: the posted values by field name."""
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for field in msgspec.structs.fields(kind):
        try:
            values |= _field(field, posted.get(field.encode_name, []))
        except Mistake as mistake:
            errors[field.encode_name] = words.gettext(mistake.message, **mistake.values)
    raw = {name: entries[-1] if entries else "" for name, entries in posted.items()}
    if errors:
        return None, errors, raw
    try:
        return kind(**values), {}, raw
    except ValueError as error:
        return None, {"": words.gettext(str(error))}, raw


def _field(field: FieldInfo, entries: Sequence[str]) -> dict[str, object]:
    """The converted value under the field's name; nothing when blank and optional. Raises Mistake."""
    shape, extra = _shape(field)
    texts = [_text(entry, extra) for entry in entries]
    filled = [text for text in texts if text != ""]
    if isinstance(shape, inspect.BoolType):
        return {field.name: bool(filled) and filled[-1].lower() in CHECKED}
    if not filled:
        return _blank(field, shape)
    if len(entries) > 1 and not _is_list(shape):
        raise Mistake(N_("Check this value and write it again."))
    given = filled if _is_list(shape) else filled[-1]
    try:
        return {field.name: msgspec.convert(given, field.type, strict=False)}
    except msgspec.ValidationError:
        own = extra.get("message")
        raise (Mistake(own) if own else _advice(shape)) from None


def _blank(field: FieldInfo, shape: inspect.Type) -> dict[str, object]:
    if field.required and not _is_list(shape):
        raise Mistake(N_("Fill in this field."))
    return {field.name: msgspec.convert([], field.type)} if field.required else {}


def _text(entry: str, extra: dict[str, Any]) -> str:
    strip = extra.get("strip", True)
    if "\0" in entry or (strip and _HIDDEN.search(entry)):
        raise Mistake(N_("Remove the invisible character from this text and try again."))
    if len(entry) > LONGEST:
        raise Mistake(N_("Shorten this text to %(most)d characters."), most=LONGEST)
    text = entry.replace("\r\n", "\n").replace("\r", "\n")
    if not strip:
        return text
    text = text.strip()
    if "\n" in text and not extra.get("lines"):
        raise Mistake(N_("Write this on one line."))
    return text


def _shape(field: FieldInfo) -> tuple[inspect.Type, dict[str, Any]]:
    """The type without its None and its metadata."""
    shape, extra = inspect.type_info(field.type), dict[str, Any]()
    while isinstance(shape, inspect.Metadata | inspect.UnionType):
        if isinstance(shape, inspect.Metadata):
            extra |= shape.extra or {}
            shape = shape.type
        else:
            shape = next(part for part in shape.types if not isinstance(part, inspect.NoneType))
    return shape, extra


def _is_list(shape: inspect.Type) -> bool:
    return isinstance(
        shape, inspect.ListType | inspect.SetType | inspect.FrozenSetType | inspect.VarTupleType
    )


def _advice(shape: inspect.Type) -> Mistake:
    """What to write instead."""
    if isinstance(shape, inspect.IntType | inspect.FloatType | inspect.DecimalType):
        return _number_advice(shape)
    if isinstance(shape, inspect.StrType):
        return _text_advice(shape)
    if isinstance(shape, inspect.DateType):
        return Mistake(N_("Write a date as year, month and day, for example 2026-11-30."))
    if isinstance(shape, inspect.TimeType):
        return Mistake(N_("Write a time of day, for example 08:30."))
    if isinstance(shape, inspect.EnumType | inspect.LiteralType | inspect.UUIDType) or _is_list(shape):
        return Mistake(N_("Choose one of the options shown."))
    return Mistake(N_("Check this value and write it again."))


def _number_advice(shape: inspect.IntType | inspect.FloatType | inspect.DecimalType) -> Mistake:
    least, most = getattr(shape, "ge", None), getattr(shape, "le", None)
    if least is not None and most is not None:
        return Mistake(N_("Write a number from %(least)s to %(most)s."), least=least, most=most)
    if least is not None:
        return Mistake(N_("Write a number of at least %(least)s."), least=least)
    return Mistake(
        N_("Write a whole number.") if isinstance(shape, inspect.IntType) else N_("Write a number.")
    )


def _text_advice(shape: inspect.StrType) -> Mistake:
    if shape.pattern is not None:
        return Mistake(N_("Check how this is written."))
    if shape.min_length and not shape.max_length:
        return Mistake(N_("Write at least %(least)d characters."), least=shape.min_length)
    if shape.min_length:
        least, most = shape.min_length, shape.max_length
        return Mistake(N_("Write from %(least)d to %(most)d characters."), least=least, most=most)
    return Mistake(N_("Shorten this text to %(most)d characters."), most=shape.max_length)
