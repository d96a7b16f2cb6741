"""Where a request really comes from: the peer, or what a proxy of ours says about its own peer. Nobody else is believed."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from portavoce.core.config import Settings
from portavoce.web.cookies import AnyConnection

Networks = tuple[IPv4Network | IPv6Network, ...]
Address = IPv4Address | IPv6Address
UNKNOWN = "unknown"
MOST_HOPS = 20


def trusted_networks(listed: str) -> Networks:
    """From `10.0.0.0/8, 192.0.2.1`; ValueError for anything else, so that a typing error stops the start."""
    return tuple(ip_network(entry, strict=False) for entry in listed.replace(",", " ").split())


def client_address(connection: AnyConnection) -> str:
    """For throttling and the record: one IPv4 address, or the /64 an IPv6 client may move about in."""
    peer = connection.client.host if connection.client else ""
    forwarded = ",".join(connection.headers.getall("x-forwarded-for", []))
    return _named(find_client(peer, forwarded, connection.app.state.trusted_proxies))


def find_client(peer: str, forwarded: str, trusted: Networks) -> Address | None:
    """The rightmost hop that is not a trusted proxy; each entry was written by the hop to its right."""
    client = _address(peer)
    for hop in reversed(forwarded.split(",")[-MOST_HOPS:]):
        if client is None or not _within(client, trusted):
            break
        told = _address(hop)
        if told is None:
            break
        client = told
    return client


def allowed_hosts(settings: Settings) -> list[str]:
    """Values of the Host header we answer to: ours in public, and this machine."""
    public = urlsplit(settings.base_url)
    names = {public.hostname or "localhost", "localhost", "127.0.0.1"}
    ports = {"", f":{settings.web_port}"} | ({f":{public.port}"} if public.port else set())
    return sorted(f"{name}{port}" for name in names for port in ports)


def _address(text: str) -> Address | None:
    """An address as proxies write it, with or without port and brackets; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _within(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)


def _named(address: Address | None) -> str:
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
