"""Names that came from outside and go to a browser or a disk: file names and media types."""

import re
import unicodedata

NAME_LIMIT = 120

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SUFFIXES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
}


def media_type(value: str) -> str:
    return value if _MEDIA_TYPE.fullmatch(value) else "application/octet-stream"


def file_name(written: str, kind: str) -> str:
    """A bare name: no path, no control, direction or zero-width characters, no name an old system reserves."""
    name = unicodedata.normalize("NFC", written)
    name = "".join(
        char for char in name if unicodedata.category(char) not in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp")
    )
    name = re.split(r"[/\\]", name)[-1]
    name = _UNSAFE.sub("_", name).strip(" .")
    if not name:
        return f"attachment{_SUFFIXES.get(kind, '.bin')}"
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    if len(name) <= NAME_LIMIT:
        return name
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[: NAME_LIMIT - len(suffix) - 1]}.{suffix}"
    return name[:NAME_LIMIT]
