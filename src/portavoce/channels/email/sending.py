"""SMTP to the relay in three stages, so that "uncertain" means exactly: the final dot left, no answer came.

A stage runs in a thread and cannot be interrupted; whoever awaits it records the stage before starting it.
"""

import asyncio
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

import msgspec

from portavoce.channels.email import charsets
from portavoce.channels.email.errors import DeliveryError, Permanent, RelayTrouble, Temporary, Uncertain

Connection = smtplib.SMTP

CONNECT = 3.0
"""Seconds until a relay must have taken the connection."""
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Relay(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail leaves. `timeout` in seconds bounds each wait; `ca_file` empty means the system's authorities."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    ca_file: str = ""
    timeout: float = 30.0
    helo: str = "[127.0.0.1]"


async def open_connection(relay: Relay) -> Connection:
    """Connected, encrypted as asked and signed in. Raises RelayTrouble, or Temporary/Permanent as greeted."""
    return await asyncio.to_thread(_open, relay)


async def offer(connection: Connection, envelope_from: str, recipients: list[str], *, size: int = 0) -> None:
    """Everything up to the relay's 354; all recipients or none. An empty sender is the null path.

    `size` in octets lets the relay refuse early. Raises Permanent or Temporary, and then the connection is closed.
    """
    await asyncio.to_thread(_offer, connection, envelope_from, recipients, size)


async def transmit(connection: Connection, raw: bytes) -> str:
    """The body and the final dot; returns the relay's words (often its queue id).

    Raises Permanent or Temporary when the mail certainly did not leave, else Uncertain.
    """
    return await asyncio.to_thread(_transmit, connection, raw)


async def close(connection: Connection) -> None:
    """Says goodbye if anyone listens; never raises."""
    await asyncio.to_thread(_quit, connection)


def _open(relay: Relay) -> Connection:
    if relay.username and relay.security == "none" and relay.host not in _LOOPBACK:
        raise RelayTrouble("plain_auth", 0, "a password is never sent over an unencrypted connection")
    context = _tls(relay)
    connection = _connect(relay, context)
    try:
        if relay.security == "starttls":
            _start_tls(connection, context)
        connection.ehlo_or_helo_if_needed()
        if relay.username:
            _sign_in(connection, relay)
    except BaseException as error:
        connection.close()
        raise _relay_trouble(error) from error
    return connection


def _tls(relay: Relay) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=relay.ca_file or None)
    except OSError as error:
        raise RelayTrouble(
            "certificate", 0, f"the file of trusted authorities cannot be read: {error}"
        ) from error


class _Plain(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _dialled(host, port, timeout)


class _Encrypted(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = _dialled(host, port, timeout)
        return self.context.wrap_socket(line, server_hostname=host)


def _dialled(host: str, port: int, timeout: float) -> socket.socket:
    """A relay that is there takes a connection at once; its words may take `timeout`."""
    line = socket.create_connection((host, port), min(timeout, CONNECT))
    line.settimeout(timeout)
    return line


def _connect(relay: Relay, context: ssl.SSLContext) -> Connection:
    try:
        if relay.security == "tls":
            return _Encrypted(
                relay.host, relay.port, local_hostname=relay.helo, timeout=relay.timeout, context=context
            )
        return _Plain(relay.host, relay.port, local_hostname=relay.helo, timeout=relay.timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise _relay_trouble(error) from error


def _start_tls(connection: Connection, context: ssl.SSLContext) -> None:
    connection.ehlo_or_helo_if_needed()
    if not connection.has_extn("starttls"):
        raise RelayTrouble("no_starttls", 0, "the relay does not offer encryption; nothing was sent")
    code, words = connection.starttls(context=context)
    if code != 220:
        raise RelayTrouble("no_starttls", code, _text(words))


def _sign_in(connection: Connection, relay: Relay) -> None:
    try:
        connection.login(relay.username, relay.password)
    except smtplib.SMTPAuthenticationError as error:
        raise RelayTrouble("auth", error.smtp_code, _text(error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise RelayTrouble("auth", 0, "the relay offers no way to sign in") from error


def _relay_trouble(error: BaseException) -> BaseException:
    if isinstance(error, DeliveryError) or not isinstance(error, Exception):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return RelayTrouble("certificate", 0, f"the relay's certificate was refused: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return RelayTrouble("certificate", 0, f"no encrypted connection: {error.reason}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error.smtp_code, error.smtp_error)
    return RelayTrouble("unreachable", 0, f"the relay does not answer: {error}")


@contextmanager
def _closed_on_error(connection: Connection) -> Iterator[None]:
    try:
        yield
    except DeliveryError:
        connection.close()
        raise
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        raise Temporary(0, f"the connection broke before the mail was complete: {error}") from error


def _offer(connection: Connection, envelope_from: str, recipients: list[str], size: int) -> None:
    options = [f"SIZE={size}"] if size and connection.has_extn("size") else []
    with _closed_on_error(connection):
        _expect(250, connection.mail(envelope_from, options))
        for recipient in recipients:
            _expect(250, connection.rcpt(recipient), 251)
        _expect(354, connection.docmd("DATA"))


def _transmit(connection: Connection, raw: bytes) -> str:
    body = _stuffed(raw)
    with _closed_on_error(connection):
        sock = connection.sock
        if sock is None:
            raise Temporary(0, "the connection is closed")
        sock.sendall(body)
        _refuse_if_spoken(sock)
        # An error here means the dot is not completely out, so the relay cannot have taken the mail.
        sock.sendall(b".\r\n")
        return _verdict(connection)


def _stuffed(raw: bytes) -> bytes:
    lines = _NEWLINE.sub(b"\r\n", raw)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _refuse_if_spoken(sock: socket.socket) -> None:
    """A relay that speaks or hangs up before the dot has refused."""
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        words = sock.recv(4096)
    except (BlockingIOError, ssl.SSLWantReadError):
        return
    finally:
        sock.settimeout(timeout)
    if not words:
        raise Temporary(0, "the relay hung up before the mail was complete")
    code = int(words[:3]) if words[:3].isdigit() else 0
    raise _refusal(code, words[4:])


def _verdict(connection: Connection) -> str:
    try:
        code, words = connection.getreply()
    except smtplib.SMTPResponseException as error:
        raise Uncertain(0, f"the relay's answer could not be read: {_text(error.smtp_error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(0, "the connection broke after the mail was complete; it may have left") from error
    if 200 <= code < 300:
        return _text(words)
    if 400 <= code < 600:
        raise _refusal(code, words)
    raise Uncertain(max(code, 0), f"the relay's answer could not be read: {_text(words)}")


def _expect(wanted: int, reply: tuple[int, bytes], also: int = 0) -> None:
    code, words = reply
    if code not in (wanted, also):
        raise _refusal(code, words)


def _refusal(code: int, words: bytes | str) -> Permanent | Temporary:
    return Permanent(code, _text(words)) if 500 <= code < 600 else Temporary(max(code, 0), _text(words))


def _text(words: bytes | str) -> str:
    text = charsets.decode(words)[0] if isinstance(words, bytes) else words
    return " ".join(text.split())[:300]


def _quit(connection: Connection) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()
