"""Civitai's REST API v1, as far as a model manager needs it. Nothing here knows our own vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sd_model_manager.lib.errors import SourceBroken, SourceError, SourceForbidden, SourceNotFound
from sd_model_manager.lib.http import Answer, ApiClient
from sd_model_manager.sources.civitai.payloads import HashHitPayload, ModelPayload, NamedPayload, VersionPayload

HASHES_PER_LOOKUP = 10_000
VERSIONS_PER_BATCH = 100
MODELS_PER_LIST = 100
NAMES_PER_LIST = 20

PayloadT = TypeVar("PayloadT")


@dataclass(frozen=True, slots=True)
class Said(Generic[PayloadT]):
    """A payload and the JSON it was read from."""

    payload: PayloadT
    body: Any


def explain_api_error(answer: Answer) -> SourceError | None:
    """Read the error bodies whose status alone would mislead; `None` for the others."""
    message = (answer.find_message() or "").lower()
    if answer.status == 429 and "too many pages" in message:
        return SourceBroken("Civitai does not page that far. Narrow the search.", status=429)
    if answer.status == 404 and message == "user not found":
        return SourceNotFound(
            "Civitai has no creator of this name. Type the whole name, as it stands there.", status=404
        )
    if answer.status == 403 and not answer.is_json:
        return SourceForbidden(
            "Civitai's gatekeeper (Cloudflare) refuses this connection. "
            "If a VPN or proxy is in use, try without it; otherwise try again later.",
            status=403,
        )
    return None


class CivitaiClient:
    """Asks the first base URL, and the next ones where that does not know or may not say.

    Args:
        api: carries the key, the pace and the retries.
        base_urls: origins with the same accounts, ids and keys, such as civitai.com and civitai.red.
    """

    def __init__(self, api: ApiClient, base_urls: Sequence[str]) -> None:
        self._api = api
        self._base_urls = tuple(url.rstrip("/") for url in base_urls)

    def close(self) -> None:
        self._api.close()

    def fetch_model(self, model_id: str) -> Said[ModelPayload]:
        body = self._get_object(f"/api/v1/models/{model_id}")
        return Said(ModelPayload.model_validate(body), body)

    def fetch_version(self, version_id: str) -> Said[VersionPayload]:
        body = self._get_object(f"/api/v1/model-versions/{version_id}")
        return Said(VersionPayload.model_validate(body), body)

    def fetch_version_by_hash(self, digits: str) -> Said[VersionPayload]:
        body = self._get_object(f"/api/v1/model-versions/by-hash/{digits}")
        return Said(VersionPayload.model_validate(body), body)

    def fetch_hash_hits(self, hashes: Sequence[str]) -> tuple[HashHitPayload, ...]:
        """Which of at most `HASHES_PER_LOOKUP` SHA-256 Civitai has; unknown ones are left out, order is its own."""
        found = self._post_list("/api/v1/model-versions/by-hash/ids", hashes)
        return tuple(HashHitPayload.model_validate(entry) for entry in found)

    def fetch_versions_by_hash(self, hashes: Sequence[str]) -> tuple[Said[VersionPayload], ...]:
        """The versions that hold at most `VERSIONS_PER_BATCH` SHA-256, one per matching file, in any order."""
        found = self._post_list("/api/v1/model-versions/by-hash", hashes)
        return tuple(Said(VersionPayload.model_validate(entry), entry) for entry in found)

    def fetch_models(self, model_ids: Sequence[str]) -> tuple[Said[ModelPayload], ...]:
        """At most `MODELS_PER_LIST` models at once; hidden and archived ones are left out."""
        ids = ",".join(model_ids)
        answer = self._get_object(f"/api/v1/models?nsfw=true&limit=100&ids={ids}")
        return tuple(Said(ModelPayload.model_validate(item), item) for item in _items_of(answer))

    def search_models(self, query: Mapping[str, str | Sequence[str]]) -> tuple[tuple[ModelPayload, ...], str | None]:
        """One page of the list, and the cursor of the next. A page may be short or empty and more may follow."""
        answer = self._get_object(f"/api/v1/models?{urlencode(query, doseq=True)}")
        metadata = answer.get("metadata")
        cursor = metadata.get("nextCursor") if isinstance(metadata, dict) else None
        models = tuple(ModelPayload.model_validate(item) for item in _items_of(answer))
        return models, str(cursor) if cursor not in {None, ""} else None

    def search_names(self, kind: str, part: str) -> tuple[NamedPayload, ...]:
        """Of `tags` or `creators`, in no order that means anything."""
        answer = self._get_object(f"/api/v1/{kind}?{urlencode({'query': part, 'limit': NAMES_PER_LIST})}")
        return tuple(NamedPayload.model_validate(item) for item in _items_of(answer))

    def fetch_account_name(self) -> str:
        """Who the key belongs to.

        Raises:
            SourceNeedsLogin: the key is missing, wrong or expired.
        """
        return str(self._get_object("/api/v1/me").get("username") or "")

    def _get_object(self, path: str) -> dict[str, Any]:
        *others, last = self._base_urls
        for base_url in others:
            try:
                return _object_in(self._api.get(base_url + path))
            except (SourceNotFound, SourceForbidden) as error:
                if error.details.get("status") not in {404, 451}:
                    raise
        return _object_in(self._api.get(last + path))

    def _post_list(self, path: str, hashes: Sequence[str]) -> list[dict[str, Any]]:
        """Entries can be `null`, and those are dropped."""
        body = _parse(self._api.post(self._base_urls[0] + path, [digits.upper() for digits in hashes]))
        if not isinstance(body, list):
            raise SourceBroken("Civitai answered a hash lookup with something else than a list. Try again later.")
        return [entry for entry in body if isinstance(entry, dict)]


def _items_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = answer.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _object_in(answer: Answer) -> dict[str, Any]:
    body = _parse(answer)
    if not isinstance(body, dict):
        raise SourceBroken("Civitai answered with something else than an object. Try again later.")
    return body


def _parse(answer: Answer) -> Any:
    try:
        return answer.parse_json()
    except (ValueError, RecursionError) as error:
        raise SourceBroken("Civitai's answer is cut off or damaged. Try again in a moment.") from error
