"""CivArchive as a source: for its own links, and for files that nobody else knows where the user wishes for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sd_model_manager.domain.published import PublishedFile, PublishedVersion, Reference
from sd_model_manager.lib.errors import BadInput, SourceBroken, SourceError, SourceGone, SourceNotFound
from sd_model_manager.lib.http import Answer, make_api_client
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civarchive.payloads import ModelPayload
from sd_model_manager.sources.civarchive.translate import SOURCE_NAME, translate
from sd_model_manager.sources.direct_url import explain_plain_refusal
from sd_model_manager.sources.source import DownloadRequest

OFFICIAL_ORIGIN = "https://civarchive.com"

_HOSTS = frozenset({"civarchive.com", "civitaiarchive.com"})
_IMPLAUSIBLE_ID = 100_000_000
"""Ids from here on have been returned by it and lead to errors."""


class CivArchiveSource:
    """See `sources.source.Source`. One request at a time; copies are untrusted links, so that their hash decides."""

    def __init__(
        self,
        base_url: str = OFFICIAL_ORIGIN,
        *,
        throttle: HostThrottle | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._netlocs = _HOSTS | {urlsplit(self._base_url).netloc}
        slow = throttle or HostThrottle(max_concurrent=1, per_second=1.0, burst=3)
        self._api = make_api_client("CivArchive", origins=[self._base_url], throttle=slow, now=now)

    @property
    def name(self) -> str:
        return SOURCE_NAME

    def close(self) -> None:
        self._api.close()

    def recognise(self, text: str) -> Reference | None:
        text = text.strip().strip("<>\"'").strip()
        try:
            url = urlsplit(text if "://" in text else f"https://{text}")
        except ValueError:
            return None
        if url.scheme not in {"http", "https"} or url.netloc.lower().removeprefix("www.") not in self._netlocs:
            return None
        if found := re.fullmatch(r"/sha256/([0-9A-Fa-f]{64})/?", url.path):
            return Reference(SOURCE_NAME, sha256=found[1].lower())
        if found := re.fullmatch(r"/models/(\d{1,10})(?:/.*)?", url.path):
            chosen = parse_qs(url.query).get("modelVersionId", [""])[-1]
            version_id = chosen if re.fullmatch(r"\d{1,10}", chosen) else None
            return Reference(SOURCE_NAME, model_id=found[1], version_id=version_id)
        raise BadInput("This CivArchive link names no model. Paste the address of a model's page.", code="BAD_URL")

    def fetch_version(self, reference: Reference) -> PublishedVersion:
        if reference.sha256 is not None:
            body = self._get(f"/api/sha256/{reference.sha256}")
            model = ModelPayload.model_validate(body)
            if model.version is None:
                body = self._get_model(*_find_ids(model, reference.sha256))
        elif reference.model_id is not None:
            body = self._get_model(reference.model_id, reference.version_id)
        else:
            raise BadInput("This names no model on CivArchive. Paste the address of a model's page.")
        return translate(body, self._base_url, reference.sha256)

    def fetch_model_versions(self, model_id: str) -> tuple[PublishedVersion, ...]:
        """The default version first; one request for each of the others."""
        body = self._get_model(model_id, None)
        first = translate(body, self._base_url, None)
        others = (version.id for version in ModelPayload.model_validate(body).versions)
        wanted = [str(other) for other in others if other is not None and str(other) != first.version_id]
        return (first, *(translate(self._get_model(model_id, other), self._base_url, None) for other in wanted))

    def fetch_versions_by_sha256(self, hashes: Collection[str]) -> Mapping[str, PublishedVersion]:  # noqa: ARG002
        """Asked for nothing by itself: it takes one hash at a time and bears few questions."""
        return {}

    def find_version_by_sha256(self, sha256: str) -> PublishedVersion | None:
        """One or two requests. The version with a file of this hash, which is the primary one then."""
        try:
            version = self.fetch_version(Reference(SOURCE_NAME, sha256=sha256))
        except SourceNotFound:
            return None
        return version if any(file.is_primary and file.sha256 == sha256 for file in version.files) else None

    def resolve_file(self, version: PublishedVersion, file: PublishedFile) -> DownloadRequest:
        if not file.download_url:
            raise SourceGone(f"CivArchive knows no copy of '{file.name}' ({version.model_name}) that is still there.")
        return DownloadRequest(
            url=file.download_url,
            filename=file.name,
            expected_size_bytes=file.size_bytes,
            expected_sha256=file.sha256,
        )

    def explain_refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:  # noqa: ARG002
        """It is the copy's host that refuses."""
        return explain_plain_refusal(status)

    def _get_model(self, model_id: str, version_id: str | None) -> dict[str, Any]:
        chosen = f"?modelVersionId={version_id}" if version_id else ""
        return self._get(f"/api/models/{model_id}{chosen}")

    def _get(self, path: str) -> dict[str, Any]:
        """The answer's object, which is sometimes wrapped in `data`."""
        body = _parse(self._api.get(self._base_url + path))
        inner = body.get("data")
        return inner if isinstance(inner, dict) else body


def _parse(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.parse_json()
    except (ValueError, RecursionError) as error:
        raise SourceBroken("CivArchive's answer is cut off or damaged. Try again later.") from error
    if not isinstance(body, dict):
        raise SourceBroken("CivArchive answered with something else than an object. Try again later.")
    return body


def _find_ids(model: ModelPayload, sha256: str) -> tuple[str, str | None]:
    for file in model.files:
        if file.model_id is not None and file.model_id < _IMPLAUSIBLE_ID:
            return str(file.model_id), str(file.version_id) if file.version_id is not None else None
    raise SourceNotFound(f"CivArchive does not say which model the file {sha256[:10]} belongs to.")
