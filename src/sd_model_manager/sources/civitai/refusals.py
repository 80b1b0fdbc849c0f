"""How Civitai's download endpoint, and the storage behind it, say no, and what a user can do about each.

The order and texts are those of `src/pages/api/download/models/[modelVersionId].ts` of 2026-08.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from sd_model_manager.lib.errors import (
    Code,
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.lib.http import parse_retry_after

_SET_KEY = (
    "Create an API key on Civitai (Account settings, API keys) and enter it in the settings here as civitai_api_key."
)


class DownloadQuotaSpent(SourceRateLimited):
    """The day's downloads are used up: asking again soon only makes it worse."""

    code: ClassVar[Code] = "SOURCE_DOWNLOAD_QUOTA"
    can_retry: ClassVar[bool] = False


def explain_refusal(
    status: int, headers: Mapping[str, str], body: bytes, *, has_key: bool, now: datetime
) -> SourceError:
    """What came instead of a file, as an error that says what to do.

    Args:
        status: a redirect's status with its `location` counts, and 200 for a web page in place of a file.
        headers: names in any case.
        body: may be cut short.
        has_key: whether the request carried an API key.
        now: aware UTC, for `Retry-After` dates.
    """
    lowered = {name.lower(): text for name, text in headers.items()}
    if "xml" in lowered.get("content-type", "") or body.lstrip().startswith(b"<?xml"):
        return _explain_storage(status, body)
    if status < 400:
        return _explain_page(urlsplit(lowered.get("location", "")).path, _parse(body), has_key=has_key)
    return _explain_status(status, lowered, _parse(body), has_key=has_key, now=now)


def _explain_page(path: str, body: dict[str, Any], *, has_key: bool) -> SourceError:
    if path.startswith("/login"):
        return _needs_login(has_key=has_key)
    if path.startswith(("/model-versions/", "/models/")):
        return _early_access({})
    if error := _text_of(body, "error"):
        return SourceUnavailable(f"Civitai sent an error instead of the file: {error}. Try again later.")
    text = "Civitai sent a web page instead of the file. It may be under maintenance; try again later."
    return SourceBroken(text, code="SOURCE_SENT_PAGE")


def _explain_status(
    status: int, headers: Mapping[str, str], body: dict[str, Any], *, has_key: bool, now: datetime
) -> SourceError:
    error, message = _text_of(body, "error"), _text_of(body, "message")
    if status == 401:
        return _downloads_disabled() if "disabled downloads" in message.lower() else _needs_login(has_key=has_key)
    if status == 403:
        return _explain_forbidden(error, body)
    if status == 429:
        return _explain_too_many(error, headers, now)
    if status >= 500:
        wait_seconds = parse_retry_after(headers.get("retry-after"), now)
        text = f"Civitai has a problem on its side ({status}). Try again later."
        return SourceUnavailable(text, status=status, retry_after_seconds=wait_seconds)
    reason = f"{status}: {(error or message).rstrip('.')}" if error or message else str(status)
    kind, text = _PLAIN.get(status, (SourceBroken, f"Civitai rejected the download ({reason})."))
    return kind(text, code="SOURCE_REGION" if status == 451 else None, status=status)


_PLAIN: dict[int, tuple[type[SourceError], str]] = {
    404: (
        SourceNotFound,
        "Civitai does not offer this file: it may be removed, unpublished or hidden, or its storage fails for now. "
        "Try again later, or choose another file of the version.",
    ),
    410: (SourceGone, "The creator has archived this model; Civitai no longer gives out its files."),
    451: (SourceForbidden, "Civitai does not serve your region."),
}


def _needs_login(*, has_key: bool) -> SourceError:
    if has_key:
        return SourceNeedsLogin(
            "Civitai did not accept your API key for this file. It may be expired or mistyped: "
            "create a new one on Civitai and enter it in the settings as civitai_api_key.",
            status=401,
            has_key=True,
        )
    text = f"Civitai gives this file only to logged-in users. {_SET_KEY}"
    return SourceNeedsLogin(text, status=401, has_key=False)


def _downloads_disabled() -> SourceError:
    return SourceForbidden(
        "The creator of this model has disabled downloads; it can only be used on Civitai itself.",
        code="SOURCE_DOWNLOADS_DISABLED",
        status=401,
    )


def _explain_forbidden(error: str, body: dict[str, Any]) -> SourceError:
    if error == "Early Access":
        return _early_access(body)
    if error.startswith("You do not have access"):
        return SourceForbidden("Your Civitai account has no access to this file (it is private).", status=403)
    if error == "Forbidden":
        return SourceForbidden("Civitai has blocked this account or internet address from downloading.", status=403)
    return SourceForbidden(
        "Civitai refuses this download. If a VPN or proxy is in use, try without it; otherwise look at the model's "
        "page for its conditions.",
        status=403,
    )


def _early_access(body: dict[str, Any]) -> SourceError:
    deadline = _parse_moment(_text_of(body, "deadline"))
    if deadline is None:
        text = "This version has to be bought on Civitai (early access or paid) before it can be downloaded."
        return SourceForbidden(text, code="SOURCE_EARLY_ACCESS", status=403)
    return SourceForbidden(
        f"This version is in early access until {deadline:%Y-%m-%d %H:%M} UTC. "
        "Buy it on Civitai, or download it after that.",
        code="SOURCE_EARLY_ACCESS",
        status=403,
        available_from=deadline.isoformat(),
    )


def _explain_too_many(error: str, headers: Mapping[str, str], now: datetime) -> SourceError:
    if "unusual amount" in error:
        return DownloadQuotaSpent(
            "Civitai has counted too many downloads from you in the last 24 hours. Wait some hours, then retry.",
            status=429,
        )
    wait_seconds = parse_retry_after(headers.get("retry-after"), now)
    text = "Civitai asks for a pause: too many requests."
    return SourceRateLimited(text, retry_after_seconds=wait_seconds, status=429)


def _explain_storage(status: int, body: bytes) -> SourceError:
    if b"ExpiredRequest" in body or status in {401, 403}:
        text = "The temporary link to Civitai's storage has expired. A new one is asked for when you retry."
        return SourceUnavailable(text, code="SOURCE_LINK_EXPIRED", status=status)
    if status >= 500:
        return SourceUnavailable(f"Civitai's storage has a problem ({status}). Try again later.", status=status)
    if status == 404:
        return SourceNotFound("Civitai's storage does not have this file any more.", status=status)
    return SourceBroken(f"Civitai's storage rejected the request ({status}). Try again later.", status=status)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text_of(body: dict[str, Any], key: str) -> str:
    text = body.get(key)
    return text.strip()[:500] if isinstance(text, str) else ""


def _parse_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
