"""A self-signed server certificate for localhost, made of nothing but integers: P-256 and a little DER."""

import base64
import hashlib
import secrets
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P256 = bytes.fromhex("06082a8648ce3d030107")
EC_KEY = bytes.fromhex("06072a8648ce3d0201")
ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
COMMON_NAME = bytes.fromhex("0603550403")
BASIC_CONSTRAINTS = bytes.fromhex("0603551d13")
ALTERNATIVE_NAME = bytes.fromhex("0603551d11")

Point = tuple[int, int]


@dataclass(frozen=True)
class Certificate:
    """PEM files: trust `certificate` as an authority, serve with both."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, *, host: str = "localhost", now: datetime) -> Certificate:
    """Valid a day around `now`, for `host` and 127.0.0.1 when the host is localhost."""
    secret = secrets.randbelow(N - 1) + 1
    x, y = times(secret, G)
    public = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    body = to_be_signed(public, host, now)
    algorithm = sequence(ECDSA_SHA256)
    certificate = sequence(body, algorithm, bits(sign(secret, body)))
    key = sequence(
        integer(1), der(0x04, secret.to_bytes(32, "big")), der(0xA0, P256), der(0xA1, bits(public))
    )
    made = Certificate(folder / f"{host}.crt", folder / f"{host}.key")
    made.certificate.write_text(pem("CERTIFICATE", certificate))
    made.key.write_text(pem("EC PRIVATE KEY", key))
    return made


def to_be_signed(public: bytes, host: str, now: datetime) -> bytes:
    name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0C, host.encode()))))
    names = [der(0x82, host.encode())] + ([der(0x87, bytes([127, 0, 0, 1]))] if host == "localhost" else [])
    extensions = sequence(
        sequence(BASIC_CONSTRAINTS, der(0x01, b"\xff"), der(0x04, sequence(der(0x01, b"\xff")))),
        sequence(ALTERNATIVE_NAME, der(0x04, sequence(*names))),
    )
    return sequence(
        der(0xA0, integer(2)),
        integer(secrets.randbits(64) + 1),
        sequence(ECDSA_SHA256),
        name,
        sequence(moment(now - timedelta(days=1)), moment(now + timedelta(days=1))),
        name,
        sequence(sequence(EC_KEY, P256), bits(public)),
        der(0xA3, extensions),
    )


def sign(secret: int, message: bytes) -> bytes:
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    once = secrets.randbelow(N - 1) + 1
    r = times(once, G)[0] % N
    s = pow(once, -1, N) * (digest + r * secret) % N
    return sequence(integer(r), integer(s))


def times(factor: int, point: Point) -> Point:
    result: Point | None = None
    while factor:
        if factor & 1:
            result = plus(result, point) if result else point
        point = plus(point, point)
        factor >>= 1
    assert result is not None
    return result


def plus(first: Point, second: Point) -> Point:
    (x1, y1), (x2, y2) = first, second
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if first == second else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def sequence(*items: bytes) -> bytes:
    return der(0x30, b"".join(items))


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def bits(content: bytes) -> bytes:
    return der(0x03, b"\x00" + content)


def moment(at: datetime) -> bytes:
    return der(0x18, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def pem(label: str, content: bytes) -> str:
    text = base64.encodebytes(content).decode().replace("\n", "")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
