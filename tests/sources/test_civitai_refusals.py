from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

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
from sd_model_manager.sources.civitai.refusals import DownloadQuotaSpent, explain_refusal
from tests.support.fake_world.library import FIXTURES

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
CASES: dict[str, dict[str, Any]] = {
    case["case"]: case for case in json.loads(Path(FIXTURES / "download_endpoint_cases.json").read_text("utf-8"))
}


def explain(case: str, *, has_key: bool = False) -> SourceError:
    answer = CASES[case]
    headers = {"Content-Type": "application/json", **answer.get("headers", {})}
    body = answer.get("body_text") or json.dumps(answer.get("body", {}))
    return explain_refusal(answer["status"], headers, body.encode(), has_key=has_key, now=NOW)


@pytest.mark.parametrize(
    ("case", "kind", "hint"),
    [
        ("no token, non-browser UA", SourceNeedsLogin, "civitai_api_key"),
        ("no token, browser UA", SourceNeedsLogin, "civitai_api_key"),
        ("logged in but no grant (private etc.)", SourceForbidden, "private"),
        ("early access / paid, not bought, non-browser UA", SourceForbidden, "2099-06-25 18:02 UTC"),
        ("paid permanent, not bought (deadline key absent)", SourceForbidden, "bought"),
        ("early access, browser UA", SourceForbidden, "bought"),
        ("downloads disabled (usageControl != Download)", SourceForbidden, "disabled downloads"),
        ("archived model", SourceGone, "archived"),
        (
            "unknown / deleted / unpublished / selector mismatch / storage resolve failure",
            SourceNotFound,
            "another file",
        ),
        ("blacklisted", SourceForbidden, "blocked"),
        ("download quota", DownloadQuotaSpent, "24 hours"),
        ("bad query value", SourceBroken, "Invalid option"),
        ("storage: Authorization header sent to a signed R2 URL", SourceBroken, "storage"),
        ("storage: R2 URL expired", SourceUnavailable, "expired"),
        ("storage: B2 edge refuses client fingerprint", SourceForbidden, "VPN"),
    ],
)
def test_each_refusal_says_what_happened_and_what_to_do(case: str, kind: type[SourceError], hint: str) -> None:
    error = explain(case)
    assert type(error) is kind
    assert hint in error.message


def test_a_key_that_is_not_accepted_is_told_apart_from_a_missing_one() -> None:
    assert "did not accept your API key" in explain("no token, non-browser UA", has_key=True).message
    assert "disabled downloads" in explain("downloads disabled (usageControl != Download)", has_key=True).message


def test_the_end_of_early_access_is_in_the_details() -> None:
    error = explain("early access / paid, not bought, non-browser UA")
    assert error.error_code == "SOURCE_EARLY_ACCESS"
    assert error.details["available_from"] == "2099-06-25T18:02:44.120000+00:00"


def test_a_spent_quota_is_not_tried_again_while_a_rate_limit_is() -> None:
    limited = explain_refusal(429, {"Retry-After": "30"}, b"error code: 1015", has_key=True, now=NOW)
    assert isinstance(limited, SourceRateLimited)
    assert (limited.can_retry, limited.retry_after_seconds) == (True, 30.0)
    assert not explain("download quota").can_retry


@pytest.mark.parametrize("status", [500, 502, 503, 524])
def test_trouble_on_civitais_side_can_be_retried(status: int) -> None:
    error = explain_refusal(status, {"retry-after": "2"}, b"<html>", has_key=False, now=NOW)
    assert isinstance(error, SourceUnavailable)
    assert error.details["retry_after_seconds"] == 2.0


def test_a_web_page_instead_of_the_file_is_an_error_and_never_a_file() -> None:
    error = explain_refusal(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html>", has_key=True, now=NOW)
    assert isinstance(error, SourceBroken)
    error = explain_refusal(
        200, {"Content-Type": "application/json"}, b'{"error":"File not found"}', has_key=True, now=NOW
    )
    assert "File not found" in error.message


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b'{"error":{"a":1}}', b'{"message":5}', b"{"])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 418, 429, 451, 599])
def test_no_body_at_all_makes_it_fail_otherwise(status: int, body: bytes) -> None:
    assert explain_refusal(status, {}, body, has_key=False, now=NOW).message
