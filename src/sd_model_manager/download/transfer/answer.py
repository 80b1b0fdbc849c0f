"""What the headers of an answer say about the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*$", re.IGNORECASE | re.ASCII)
_UNSATISFIED = re.compile(r"\s*bytes\s+\*/(\d{1,18})\s*$", re.IGNORECASE | re.ASCII)
_EXTENDED_NAME = re.compile(r"""(?:^|;)\s*filename\*\s*=\s*"?([\w-]*)'[^';]*'([^;"]+)""", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"""(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))""", re.IGNORECASE)
_STRONG_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ContentRange:
    """Of a 206: bytes `[start, end)` of `total`, which may be unknown."""

    start: int
    end: int
    total: int | None


def parse_content_range(text: str | None) -> ContentRange | None:
    """`bytes 0-99/1000` (RFC 9110, 14.4); `None` when it is missing or makes no sense."""
    match = _CONTENT_RANGE.match(text or "")
    if match is None:
        return None
    start, end = int(match[1]), int(match[2]) + 1
    total = None if match[3] == "*" else int(match[3])
    if end <= start or (total is not None and end > total):
        return None
    return ContentRange(start, end, total)


def parse_unsatisfied_total(text: str | None) -> int | None:
    """The size of the file that a 416 reports: `bytes */1000`."""
    match = _UNSATISFIED.match(text or "")
    return int(match[1]) if match else None


def parse_length(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,18}", text.strip()) else None


def parse_retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds to wait: a number or an HTTP date (measured against the server's own clock); `None` for anything else."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text):
        return float(text)
    until = _parse_date(text)
    if until is None:
        return None
    since = _parse_date(headers.get("date")) or now or datetime.now(UTC)
    return max(0.0, (until - since).total_seconds())


def parse_disposition_name(text: str | None) -> str | None:
    """The raw file name of a Content-Disposition (RFC 6266): `filename*` before `filename`, UTF-8 where it is."""
    if not text:
        return None
    if extended := _EXTENDED_NAME.search(text):
        name = _decode(unquote_to_bytes(extended[2].strip()), extended[1])
    elif plain := _PLAIN_NAME.search(text):
        quoted = re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2].strip()
        name = _decode(quoted.encode("latin-1", "replace"), "utf-8")
    else:
        return None
    return name or None


def _decode(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return raw.decode("latin-1")


def _parse_date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FileMark:
    """By what an answer tells one state of a file from another, and where it came from.

    `origin` is scheme, host and port without path: two backends have different ETags for the same bytes.
    """

    origin: str
    etag: str | None = None
    last_modified: str | None = None
    strong_validator: str | None = None
    """For If-Range: a strong ETag, or a Last-Modified that was a minute old when it was sent (RFC 9110, 8.8.2.2)."""

    @classmethod
    def of(cls, origin: str, headers: Mapping[str, str]) -> FileMark:
        etag, modified = headers.get("etag"), headers.get("last-modified")
        if etag and not etag.startswith("W/"):
            return cls(origin, etag, modified, etag)
        modified_at, sent_at = _parse_date(modified), _parse_date(headers.get("date"))
        is_old = modified_at is not None and sent_at is not None and sent_at - modified_at >= _STRONG_AFTER
        return cls(origin, etag, modified, modified if is_old else None)

    @property
    def is_comparable(self) -> bool:
        """Whether another state of the file could be told from this one."""
        return bool(self.etag or self.last_modified)

    def contradicts(self, other: FileMark) -> bool:
        """Whether two answers cannot be about the same bytes, as far as their marks can tell."""
        if self.origin != other.origin:
            return False
        if self.etag and other.etag:
            return self.etag.removeprefix("W/") != other.etag.removeprefix("W/")
        return bool(self.last_modified and other.last_modified) and self.last_modified != other.last_modified

    def vouches_for(self, other: FileMark) -> bool:
        """Whether two answers are about the same bytes: a strong validator anywhere, any mark at the same origin."""
        if self.strong_validator is not None and self.strong_validator == other.strong_validator:
            return True
        return self.origin == other.origin and self._has_mark_in_common(other) and not self.contradicts(other)

    def _has_mark_in_common(self, other: FileMark) -> bool:
        return bool((self.etag and other.etag) or (self.last_modified and other.last_modified))
