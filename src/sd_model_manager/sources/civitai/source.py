"""Civitai as a source: links to references, references to published versions, files to download requests."""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from sd_model_manager.domain.browsing import BrowseOffer, BrowsePage, BrowseWish, FoundName, NamedField
from sd_model_manager.domain.lookups import AskedHash
from sd_model_manager.domain.published import PublishedFile, PublishedImage, PublishedVersion, Reference
from sd_model_manager.lib.errors import BadInput, SourceBroken, SourceError, SourceForbidden, SourceGone, SourceNotFound
from sd_model_manager.lib.http import ANSWER_TOO_LARGE, make_api_client, origin_of
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.civitai import browsing, refusals
from sd_model_manager.sources.civitai.client import (
    HASHES_PER_LOOKUP,
    MODELS_PER_LIST,
    VERSIONS_PER_BATCH,
    CivitaiClient,
    Said,
    explain_api_error,
)
from sd_model_manager.sources.civitai.payloads import ModelPayload, VersionPayload
from sd_model_manager.sources.civitai.references import SOURCE_NAME, parse_reference
from sd_model_manager.sources.civitai.translate import hash_in, mark_primary, translate_version
from sd_model_manager.sources.source import DownloadRequest

log = logging.getLogger(__name__)

OFFICIAL_ORIGINS = ("https://civitai.com", "https://civitai.red")
"""One site under two names, with the same ids, accounts and keys."""

ItemT = TypeVar("ItemT")


class CivitaiSource:
    """See `sources.source.Source`.

    Args:
        base_url: where the API and the download endpoint are asked; the official sites stand in for each other.
        api_key: sent to `base_url` and the official sites only; empty for anonymous.
        throttle: the pace of API calls.
        now: aware UTC time.
    """

    def __init__(
        self,
        base_url: str = OFFICIAL_ORIGINS[0],
        api_key: str = "",
        *,
        throttle: HostThrottle | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._own_netlocs = frozenset({urlsplit(self._base_url).netloc.lower()})
        self._origins = frozenset(origin_of(url) for url in (self._base_url, *OFFICIAL_ORIGINS))
        self._api_key = "".join(api_key.split())
        self._now = now
        is_official = self._base_url in OFFICIAL_ORIGINS
        base_urls = tuple(dict.fromkeys((self._base_url, *OFFICIAL_ORIGINS))) if is_official else (self._base_url,)
        api = make_api_client(
            "Civitai",
            origins=self._origins,
            token=self._api_key,
            throttle=throttle,
            explain=explain_api_error,
            now=now,
        )
        self._client = CivitaiClient(api, base_urls)

    @property
    def name(self) -> str:
        return SOURCE_NAME

    def close(self) -> None:
        self._client.close()

    def recognise(self, text: str) -> Reference | None:
        return parse_reference(text, self._own_netlocs)

    def fetch_version(self, reference: Reference) -> PublishedVersion:
        version = self._fetch(reference)
        return _choose(version, reference)

    def fetch_model_versions(self, model_id: str) -> tuple[PublishedVersion, ...]:
        """One request; the terms of access that only a version's own endpoint tells are missing."""
        model = self._client.fetch_model(model_id)
        return tuple(self._translate(Said(version, None), model) for version in model.payload.versions)

    def fetch_versions_by_sha256(self, hashes: Collection[str]) -> Mapping[str, PublishedVersion]:
        """One cheap lookup for all hashes, then the hits by the hundred.

        Where several versions hold a file, the one published first counts. Creator, tags and licence are not part of
        this answer.
        """
        found: dict[str, PublishedVersion] = {}
        hits = self.find_hashes(hashes)
        for part in _in_parts(sorted(hits), VERSIONS_PER_BATCH):
            found |= self.fetch_versions_of_hits({digits: hits[digits] for digits in part})
        return found

    @property
    def browsing(self) -> BrowseOffer:
        return browsing.OFFER

    def browse(self, wish: BrowseWish) -> BrowsePage:
        """One request. A type or a tag that Civitai does not have finds nothing, rather than everything."""
        query = browsing.compose_query(wish)
        if wish.types and "types" not in query:
            return BrowsePage((), None)
        models, cursor = self._client.search_models(query)
        if browsing.is_tag_unknown(wish, models):
            return BrowsePage((), None)
        found = (browsing.translate_found(model, base_url=self._base_url, now=self._now()) for model in models)
        is_circle = cursor == wish.cursor
        return BrowsePage(tuple(model for model in found if model is not None), None if is_circle else cursor)

    def find_names(self, field: NamedField, part: str) -> tuple[FoundName, ...]:
        """One request. What begins so comes before what merely has it in the middle."""
        listed = self._client.search_names("tags" if field is NamedField.TAG else "creators", part)
        found = [FoundName(name, one.models) for one in listed if (name := one.name or one.username)]
        return tuple(sorted(found, key=lambda one: not one.name.lower().startswith(part.lower())))

    def make_thumbnail_url(self, image: PublishedImage) -> str:
        return browsing.make_thumbnail_url(image)

    def find_hashes(self, hashes: Collection[str]) -> Mapping[str, frozenset[str]]:
        """The ids of the versions that hold each file, by lower-case SHA-256; one request for 10,000."""
        wanted = sorted({digits.lower() for digits in hashes if re.fullmatch(r"(?i)[0-9a-f]{64}", digits)})
        found: dict[str, set[str]] = {}
        for part in _in_parts(wanted, HASHES_PER_LOOKUP):
            for hit in self._client.fetch_hash_hits(part):
                if hit.version_id is not None:
                    found.setdefault(hit.hash.lower(), set()).add(str(hit.version_id))
        return {digits: frozenset(found[digits]) for digits in wanted if digits in found}

    def fetch_versions_of_hits(self, hits: Mapping[str, frozenset[str]]) -> Mapping[str, PublishedVersion]:
        """The versions of at most a hundred of what `find_hashes` found, in one request unless that is too much for one
        answer. A hash that the version itself does not list counts all the same; a hidden version is left out."""
        found: dict[str, PublishedVersion] = {}
        versions = [self._translate(said, None) for said in self._fetch_batch(sorted(hits))]
        for version in sorted(versions, key=_first_published):
            for file in version.files:
                if file.sha256 is not None and file.sha256 in hits:
                    found.setdefault(file.sha256, mark_primary(version, file.file_id))
        by_id = {version.version_id: version for version in reversed(versions)}
        for digits, version_ids in hits.items():
            for version_id in sorted(version_ids & by_id.keys(), key=int):
                found.setdefault(digits, by_id[version_id])
        return found

    def find_version_by_hash(self, kind: AskedHash, digits: str) -> PublishedVersion | None:
        """One request: for these kinds there is no batch. A version with a file of this BLAKE3, or of these weights: 12
        digits of AutoV3, which other headers leave as they are."""
        try:
            said = self._client.fetch_version_by_hash(digits)
        except SourceNotFound:
            return None
        file = next((file for file in said.payload.files if hash_in(file, kind.value, len(digits)) == digits), None)
        return mark_primary(self._translate(said, None), str(file.id)) if file else None

    def knows_version(self, version_id: str) -> bool:
        """Whether its own endpoint shows a version, which the others may miss. One request."""
        try:
            self._client.fetch_version(version_id)
        except (SourceNotFound, SourceGone):
            return False
        return True

    def add_model_facts(self, versions: Sequence[PublishedVersion]) -> tuple[PublishedVersion, ...]:
        """The same versions with creator, tags, licence and description, a hundred models to a request.

        Models that Civitai's list hides (archived ones, for one) stay as they were.
        """
        return self.fetch_with_siblings(versions)[0]

    def fetch_with_siblings(
        self, versions: Sequence[PublishedVersion]
    ) -> tuple[tuple[PublishedVersion, ...], tuple[PublishedVersion, ...]]:
        """As `add_model_facts`, and all other versions of the same models, as far as the list tells of them."""
        model_ids = sorted({version.model_id for version in versions if version.model_id})
        models = {
            str(said.payload.id): said
            for part in _in_parts(model_ids, MODELS_PER_LIST)
            for said in self._fetch_models(part)
        }
        known = {version.version_id for version in versions}
        completed = tuple(self._with_facts_of(version, models.get(version.model_id)) for version in versions)
        return completed, tuple(
            self._translate_sibling(sibling, said)
            for said in models.values()
            for sibling in said.payload.versions
            if sibling.id is not None and str(sibling.id) not in known
        )

    def resolve_file(self, version: PublishedVersion, file: PublishedFile) -> DownloadRequest:
        for caution in version.warnings:
            if caution.code == "DOWNLOADS_DISABLED":
                raise SourceForbidden(caution.message, code="SOURCE_DOWNLOADS_DISABLED")
            if caution.code == "ARCHIVED":
                raise SourceGone(caution.message)
        # built anew, because a version that was kept may come from another base URL
        query = urlsplit(file.download_url).query or urlencode({"fileId": file.file_id})
        return DownloadRequest(
            url=f"{self._base_url}/api/download/models/{version.version_id}?{query}",
            filename=file.name,
            headers={"Authorization": f"Bearer {self._api_key}"} if self._api_key else {},
            expected_size_bytes=file.size_bytes,
            expected_sha256=file.sha256,
        )

    def explain_refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:
        return refusals.explain_refusal(status, headers, body, has_key=bool(self._api_key), now=self._now())

    def fetch_account_name(self) -> str:
        """Who the API key belongs to; raises SourceNeedsLogin where it is missing or not accepted."""
        return self._client.fetch_account_name()

    def _fetch_batch(self, hashes: Sequence[str]) -> tuple[Said[VersionPayload], ...]:
        """Versions carry their pictures' whole workflows, so that a hundred can be too much for one answer."""
        try:
            return self._client.fetch_versions_by_hash(hashes)
        except SourceBroken as error:
            if error.error_code != ANSWER_TOO_LARGE or len(hashes) == 1:
                raise
        middle = len(hashes) // 2
        return self._fetch_batch(hashes[:middle]) + self._fetch_batch(hashes[middle:])

    def _fetch_models(self, model_ids: Sequence[str]) -> tuple[Said[ModelPayload], ...]:
        """A model carries all its versions with all their pictures, so that a hundred can be too much, too."""
        try:
            return self._client.fetch_models(model_ids)
        except SourceBroken as error:
            if error.error_code != ANSWER_TOO_LARGE or len(model_ids) == 1:
                raise
        middle = len(model_ids) // 2
        return self._fetch_models(model_ids[:middle]) + self._fetch_models(model_ids[middle:])

    def _fetch(self, reference: Reference) -> PublishedVersion:
        if digits := reference.sha256 or reference.short_hash:
            return self._with_model(self._client.fetch_version_by_hash(digits))
        if reference.version_id is not None:
            return self._fetch_by_version_id(reference.version_id, reference.model_id)
        if reference.model_id is not None:
            return self._fetch_default(reference.model_id)
        raise BadInput("This names no Civitai model. Paste the address of a model's page.")

    def _fetch_by_version_id(self, version_id: str, model_id: str | None) -> PublishedVersion:
        try:
            return self._with_model(self._client.fetch_version(version_id))
        except SourceNotFound:
            if model_id is None:
                raise
        # a version can be listed with its model while its own endpoint does not know it yet
        model = self._client.fetch_model(model_id)
        for version in model.payload.versions:
            if str(version.id) == version_id:
                return self._translate(Said(version, None), model)
        raise SourceNotFound(
            f"Civitai's model {model_id} has no version {version_id}. Choose another version on its page.",
            model_id=model_id,
            version_id=version_id,
        )

    def _fetch_default(self, model_id: str) -> PublishedVersion:
        """The version the creator put first, not the newest by date or id."""
        model = self._fetch_named_model(model_id)
        if not model.payload.versions:
            raise SourceNotFound(
                f"Civitai lists no version of model {model_id} yet. If it was published just now, try again later, "
                "or paste the link of a version.",
                model_id=model_id,
            )
        first = model.payload.versions[0]
        try:
            return self._translate(self._client.fetch_version(str(first.id)), model)
        except SourceNotFound:
            log.info("version %s of model %s is listed, its own endpoint does not know it", first.id, model_id)
            return self._translate(Said(first, None), model)

    def _fetch_named_model(self, model_id: str) -> Said[ModelPayload]:
        try:
            return self._client.fetch_model(model_id)
        except SourceNotFound as error:
            raise SourceNotFound(
                f"Civitai shows no model {model_id}: it may be private, unpublished, not indexed yet or removed. "
                f"If it was removed, CivArchive may know of a copy: https://civarchive.com/models/{model_id}. "
                f"If {model_id} is a version's number, paste 'civitai.com/model-versions/{model_id}'.",
                model_id=model_id,
                status=404,
            ) from error

    def _with_model(self, version: Said[VersionPayload]) -> PublishedVersion:
        """Add what only the model's endpoint tells, where it does."""
        model_id = version.payload.model_id
        if model_id is None:
            return self._translate(version, None)
        try:
            return self._translate(version, self._client.fetch_model(str(model_id)))
        except SourceNotFound:
            log.info("model %s is hidden or gone while its version %s is not", model_id, version.payload.id)
            return self._translate(version, None)

    def _with_facts_of(self, version: PublishedVersion, model: Said[ModelPayload] | None) -> PublishedVersion:
        if model is None:
            return version
        kept = json.loads(zlib.decompress(version.raw))
        body = kept.get("version", kept)
        completed = self._translate(Said(VersionPayload.model_validate(body or {}), body), model)
        primary = next((file.file_id for file in version.files if file.is_primary), None)
        return mark_primary(completed, primary) if primary else completed

    def _translate_sibling(self, version: VersionPayload, model: Said[ModelPayload]) -> PublishedVersion:
        """What is kept of it has its own part of the model's answer, not those of all the others again."""
        bodies = model.body.get("modelVersions") or ()
        own = next((body for body in bodies if isinstance(body, dict) and body.get("id") == version.id), None)
        return translate_version(
            version,
            model.payload,
            base_url=self._base_url,
            now=self._now(),
            raw={"version": own, "model": {**model.body, "modelVersions": []}},
        )

    def _translate(self, version: Said[VersionPayload], model: Said[ModelPayload] | None) -> PublishedVersion:
        return translate_version(
            version.payload,
            model.payload if model else None,
            base_url=self._base_url,
            now=self._now(),
            raw={"version": version.body, "model": model.body if model else None},
        )


def _choose(version: PublishedVersion, reference: Reference) -> PublishedVersion:
    """Mark the file that the reference chose as the primary one."""
    if reference.file_id is not None:
        chosen = [file for file in version.files if file.file_id == reference.file_id]
    elif reference.selectors:
        fitting = (file for file in version.files if _fits(file, dict(reference.selectors)))
        chosen = sorted(fitting, key=lambda file: not file.is_primary)
    elif reference.sha256 is not None:
        chosen = [file for file in version.files if file.sha256 == reference.sha256]
    elif reference.short_hash is not None:
        chosen = [file for file in version.files if _has_short_hash(file, reference.short_hash)]
    else:
        return version
    if not chosen:
        offered = ", ".join(f"{file.name} ({file.file_id})" for file in version.files[:10]) or "none"
        raise BadInput(
            f"The link chooses a file that '{version.model_name} {version.version_name}' does not have. "
            f"It offers: {offered}.",
            code="NO_SUCH_FILE",
            model=f"{version.model_name} {version.version_name}",
            offered=offered,
        )
    return mark_primary(version, chosen[0].file_id)


def _fits(file: PublishedFile, selectors: Mapping[str, str]) -> bool:
    offered = {
        "type": file.kind,
        "format": file.format,
        "size": file.size_label,
        "fp": file.precision,
        "quantType": file.precision,
    }
    return all((offered[key] or "").lower() == text.lower() for key, text in selectors.items())


def _has_short_hash(file: PublishedFile, digits: str) -> bool:
    return file.autov3 == digits or (file.sha256 or "").startswith(digits)


def _first_published(version: PublishedVersion) -> tuple[datetime, int]:
    return version.published_at or datetime.max.replace(tzinfo=UTC), int(version.version_id or 0)


def _in_parts(items: Iterable[ItemT], size: int) -> Iterable[list[ItemT]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
