"""What an answer that is not the file means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sd_model_manager.download.transfer.answer import parse_retry_after
from sd_model_manager.lib.errors import (
    AppError,
    SourceBroken,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceRateLimited,
    SourceUnavailable,
)

SNIFFED_BYTES = 512
_PAGE_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "application/json",
        "application/problem+json",
        "application/xml",
        "text/xml",
    }
)
_PAGE_START = re.compile(rb"""(?:\xef\xbb\xbf)?\s*(?:<[!?a-zA-Z]|\{\s*"[A-Za-z]+"\s*:)""")


_MEANINGS: dict[int, tuple[type[AppError], str]] = {
    401: (SourceNeedsLogin, "The server wants a key for this file. Add one in the settings."),
    403: (SourceForbidden, "The server does not give this file out."),
    404: (SourceNotFound, "There is no such file at this address. Check the link."),
    407: (SourceNeedsLogin, "The proxy wants a user name and password. Write them into the proxy setting."),
    408: (SourceUnavailable, "The server waited too long for us. Try again later."),
    410: (SourceGone, "The file was taken away for good."),
    451: (SourceForbidden, "The server may not give this file out for legal reasons."),
}


def explain_status(status: int, headers: Mapping[str, str], body_start: bytes) -> AppError:
    """The plain meaning of what came instead of a file, for servers of which nothing more is known."""
    del body_start
    if status < 300:
        text = (
            "The server sent a web page or an error message instead of the file. "
            "Copy the link of the file itself, or try again later."
        )
        return SourceBroken(text, code="SOURCE_SENT_PAGE")
    if status < 400 and is_landing(headers.get("location", "")):
        return SourceNeedsLogin("The server leads to its login page. Add your key in the settings, or log in there.")
    if status == 429 or (status == 503 and "retry-after" in headers):
        pause = parse_retry_after(headers)
        return SourceRateLimited("The server asks for a pause before it sends more.", retry_after_seconds=pause)
    if status >= 500:
        return SourceUnavailable(f"The server failed on its side (HTTP {status}). Try again later.", status=status)
    kind, message = _MEANINGS.get(
        status, (SourceBroken, f"The server answered with HTTP {status}, which makes no sense here.")
    )
    return kind(message, status=status)


def explain_storage_status(status: int, headers: Mapping[str, str], body_start: bytes) -> AppError:
    """The same for storage that a source redirects to: what it refuses is the link, not the user."""
    if status in {400, 401, 403}:
        return SourceUnavailable(
            f"The storage behind the source does not accept the link that the source gave us (HTTP {status}). "
            "Try again later.",
            status=status,
        )
    return explain_status(status, headers, body_start)


def is_landing(location: str) -> bool:
    """Whether a redirect leads to a page for people instead of a file.

    Civitai sends what it takes for a browser to /login, or back to the model's page, instead of refusing.
    """
    return re.match(r"/(login|model-versions)(/|$)", urlsplit(location).path) is not None


def is_page(content_type: str | None) -> bool:
    """Whether a content type says "a page or an error body", which no model file is."""
    return (content_type or "").partition(";")[0].strip().lower() in _PAGE_TYPES


def looks_like_page(start: bytes) -> bool:
    """Whether the first bytes are HTML, XML or a JSON object, whatever the content type says.

    A safetensors file may begin with the byte `<` as well: its length field, which has zero bytes in it.
    """
    return _PAGE_START.match(start) is not None and b"\0" not in start[:16]
