"""HTML of ours as PDF. Whatever its text asks for, nothing is fetched: no file, no network, no style but its own."""

from __future__ import annotations

NO_PROTOCOL: frozenset[str] = frozenset()


def pdf_of(html: str) -> bytes:
    """Takes a second or so: call it in a thread."""
    # It loads the system's text layout, which no process needs that makes no paper.
    from weasyprint import HTML  # noqa: PLC0415 -- as above
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- as above

    fetcher = URLFetcher(allowed_protocols=NO_PROTOCOL)
    content: bytes = HTML(string=html, url_fetcher=fetcher, base_url=None).write_pdf()
    return content
