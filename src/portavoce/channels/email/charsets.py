"""Bytes to text without guessing by statistics: what was declared, else UTF-8, else Windows-1252."""

import re

ALIASES = {
    "ansi": "cp1252",
    "ansi_x3.4-1968": "us-ascii",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "default": "utf-8",
    "utf8mb4": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "windows-874": "cp874",
}
# Codecs that are no character set of a mail; some of them take quadratic time.
NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7"}
_CHARSET_NAME = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, bool]:
    """The text without NUL and lone surrogates, and whether the declared charset was true."""
    name = _known_name(declared)
    for position, candidate in enumerate((name, "utf-8", "cp1252")):
        text = _strictly(data, candidate)
        if text is not None:
            return storable(text), position == 0
    return storable(data.decode("cp1252", errors="replace")), False


def storable(text: str) -> str:
    """PostgreSQL refuses NUL in text, and no encoder takes half a surrogate pair."""
    return _SURROGATE.sub("\ufffd", text.replace("\x00", ""))


def _known_name(declared: str | None) -> str:
    name = (declared or "utf-8").strip(" \"'").lower()
    return ALIASES.get(name, name)


def _strictly(data: bytes, charset: str) -> str | None:
    if not _CHARSET_NAME.fullmatch(charset) or charset.replace("-", "_") in NOT_CHARSETS:
        return None
    try:
        return data.decode(charset).removeprefix("\ufeff")
    except (LookupError, ValueError):
        return None
