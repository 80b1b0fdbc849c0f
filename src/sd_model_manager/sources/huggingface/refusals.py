"""How Hugging Face says no, on its API and its download links, and what a user can do about it.

It names the reason in `X-Error-Code` and `X-Error-Message` (huggingface_hub 1.29, `utils/_http.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sd_model_manager.lib.codes import FailureCode
from sd_model_manager.lib.errors import (
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

_SET_TOKEN = "Create an access token on Hugging Face and enter it in the settings here as huggingface_token."  # noqa: S105


def explain_refusal(status: int, headers: Mapping[str, str], *, has_token: bool, now: datetime) -> SourceError:
    """What came instead of the file or the answer, as an error that says what to do. `headers` in any case."""
    lowered = {name.lower(): text for name, text in headers.items()}
    code, reason = lowered.get("x-error-code", ""), lowered.get("x-error-message", "")
    if code == "GatedRepo":
        return _explain_gate(status, has_token=has_token)
    if code == "RepoNotFound":
        return _explain_missing(status, has_token=has_token)
    if status in {401, 403}:
        return _explain_login(status, reason, lowered, has_token=has_token)
    if status == 429 or status >= 500:
        return _explain_wait(status, _find_wait(lowered, now))
    kind, text = _PLAIN.get(status, (SourceBroken, f"Hugging Face rejected the request ({status}). Try again later."))
    return kind(text, code=_CODES.get(status), status=status)


_WEB_PAGE = (SourceBroken, "Hugging Face sent a web page instead of the file. Copy the link of the file itself.")
_PLAIN: dict[int, tuple[type[SourceError], str]] = {
    200: _WEB_PAGE,
    302: _WEB_PAGE,
    307: _WEB_PAGE,
    404: (
        SourceNotFound,
        "Hugging Face has no such file or revision in this repository. Open the repository and copy the link.",
    ),
    410: (SourceGone, "Hugging Face has removed this for good."),
    451: (SourceForbidden, "Hugging Face does not offer this in your region, or had to withdraw it."),
}
_CODES: dict[int, FailureCode] = {
    **dict.fromkeys((200, 302, 307), "SOURCE_SENT_PAGE"),
    451: "SOURCE_REGION",
}


def _explain_gate(status: int, *, has_token: bool) -> SourceError:
    if not has_token:
        text = f"This repository is gated: accept its terms on its Hugging Face page first. {_SET_TOKEN}"
        return SourceNeedsLogin(text, code="SOURCE_GATED", status=status)
    text = "This repository is gated: accept its terms on its Hugging Face page, with the account your token is of."
    return SourceForbidden(text, code="SOURCE_GATED", status=status)


def _explain_missing(status: int, *, has_token: bool) -> SourceError:
    if has_token:
        return SourceNotFound("Hugging Face shows your account no such repository. Check its name.", status=status)
    text = f"Hugging Face shows no such repository: its name is wrong, or it is private. If it is private: {_SET_TOKEN}"
    return SourceNotFound(text, status=status)


def _explain_login(status: int, reason: str, headers: Mapping[str, str], *, has_token: bool) -> SourceError:
    if "xml" in headers.get("content-type", ""):
        text = "The temporary link to Hugging Face's storage has expired. A new one is asked for when you retry."
        return SourceUnavailable(text, code="SOURCE_LINK_EXPIRED", status=status)
    if status == 401:
        why = "does not accept the access token" if has_token else "gives this only to logged-in users"
        return SourceNeedsLogin(f"Hugging Face {why}. {_SET_TOKEN}", status=status, has_key=has_token)
    if "disabled" in reason:
        return SourceForbidden("Hugging Face has disabled this repository.", status=status)
    return SourceForbidden("Hugging Face refuses this request with your account or address.", status=status)


def _explain_wait(status: int, wait_seconds: float | None) -> SourceError:
    if status == 429:
        text = "Hugging Face asks for a pause: too many requests. With an access token the limit is higher."
        return SourceRateLimited(text, retry_after_seconds=wait_seconds, status=status)
    text = f"Hugging Face has a problem on its side ({status}). Try again later."
    return SourceUnavailable(text, status=status, retry_after_seconds=wait_seconds)


def _find_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, from `ratelimit: "api";r=0;t=55`, else from `Retry-After`."""
    found = re.search(r"\br=0\b.*\bt=(\d{1,6})\b", headers.get("ratelimit", ""))
    return float(found[1]) if found else parse_retry_after(headers.get("retry-after"), now)
