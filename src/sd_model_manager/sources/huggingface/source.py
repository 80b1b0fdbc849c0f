"""Hugging Face as a source: links to repositories, repositories to published versions, files to download requests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

from sd_model_manager.domain.browsing import BrowseOffer, BrowsePage, BrowseWish
from sd_model_manager.domain.published import PublishedFile, PublishedImage, PublishedVersion, Reference
from sd_model_manager.lib.errors import BadInput, SourceBroken, SourceError
from sd_model_manager.lib.http import Answer, make_api_client
from sd_model_manager.lib.throttle import HostThrottle
from sd_model_manager.sources.huggingface import browsing, refusals
from sd_model_manager.sources.huggingface.payloads import RepositoryPayload
from sd_model_manager.sources.huggingface.references import SOURCE_NAME, parse_reference
from sd_model_manager.sources.huggingface.translate import translate_repository
from sd_model_manager.sources.source import DownloadRequest

OFFICIAL_ORIGIN = "https://huggingface.co"


class HuggingFaceSource:
    """See `sources.source.Source`.

    Args:
        base_url: where repositories are asked for (a mirror, for one).
        token: sent to `base_url` only; empty for anonymous.
        throttle: the pace of API calls.
        now: aware UTC time.
    """

    def __init__(
        self,
        base_url: str = OFFICIAL_ORIGIN,
        token: str = "",
        *,
        throttle: HostThrottle | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._own_netlocs = frozenset({urlsplit(self._base_url).netloc.lower()})
        self._token = "".join(token.split())
        self._now = now
        self._api = make_api_client(
            "Hugging Face",
            origins=[self._base_url],
            token=self._token,
            throttle=throttle,
            explain=self._explain_answer,
            now=now,
        )

    @property
    def name(self) -> str:
        return SOURCE_NAME

    def close(self) -> None:
        self._api.close()

    def recognise(self, text: str) -> Reference | None:
        return parse_reference(text, self._own_netlocs)

    def fetch_version(self, reference: Reference) -> PublishedVersion:
        """The commit that the revision stands for now, so that every file of it comes from the same one."""
        if reference.model_id is None:
            raise BadInput("This names no Hugging Face repository. Paste the address of one.")
        revision = reference.revision or "main"
        path = f"/api/models/{quote(reference.model_id)}/revision/{quote(revision, safe='')}?blobs=true"
        body = _parse_object(self._api.get(self._base_url + path))
        return translate_repository(
            RepositoryPayload.model_validate(body),
            repo=reference.model_id,
            revision=revision,
            path=reference.path,
            base_url=self._base_url,
            raw=body,
        )

    def fetch_model_versions(self, model_id: str) -> tuple[PublishedVersion, ...]:
        """A repository's `main`; its other revisions are named by links only."""
        return (self.fetch_version(Reference(SOURCE_NAME, model_id=model_id)),)

    def fetch_versions_by_sha256(self, hashes: Collection[str]) -> Mapping[str, PublishedVersion]:  # noqa: ARG002
        """Hugging Face offers no lookup by hash."""
        return {}

    @property
    def browsing(self) -> BrowseOffer:
        return browsing.OFFER

    def browse(self, wish: BrowseWish) -> BrowsePage:
        """One request. Repositories without a model file are left out."""
        answer = self._api.get(f"{self._base_url}/api/models?{urlencode(browsing.compose_query(wish))}")
        body = _parse(answer)
        if not isinstance(body, list):
            raise SourceBroken("Hugging Face answered a search with something else than a list. Try again later.")
        repositories = (RepositoryPayload.model_validate(entry) for entry in body if isinstance(entry, dict))
        found = (browsing.translate_found(repository, base_url=self._base_url) for repository in repositories)
        cursor = browsing.find_next_cursor(answer.headers.get("link", ""))
        return BrowsePage(tuple(model for model in found if model), None if cursor == wish.cursor else cursor)

    def make_thumbnail_url(self, image: PublishedImage) -> str:
        return image.url

    def resolve_file(self, version: PublishedVersion, file: PublishedFile) -> DownloadRequest:
        commit = version.version_id.rpartition("@")[2]
        return DownloadRequest(
            url=f"{self._base_url}/{quote(version.model_id)}/resolve/{quote(commit, safe='')}/{quote(file.file_id)}",
            filename=file.name,
            headers={"Authorization": f"Bearer {self._token}"} if self._token else {},
            expected_size_bytes=file.size_bytes,
            expected_sha256=file.sha256,
        )

    def explain_refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:  # noqa: ARG002
        return refusals.explain_refusal(status, headers, has_token=bool(self._token), now=self._now())

    def fetch_account_name(self) -> str:
        """Who the token belongs to, by `whoami-v2` as huggingface_hub asks it. Raises SourceNeedsLogin."""
        return str(_parse_object(self._api.get(f"{self._base_url}/api/whoami-v2")).get("name") or "")

    def _explain_answer(self, answer: Answer) -> SourceError:
        return refusals.explain_refusal(answer.status, answer.headers, has_token=bool(self._token), now=self._now())


def _parse(answer: Answer) -> object:
    try:
        return answer.parse_json()
    except (ValueError, RecursionError) as error:
        raise SourceBroken("Hugging Face's answer is cut off or damaged. Try again in a moment.") from error


def _parse_object(answer: Answer) -> dict[str, object]:
    body = _parse(answer)
    if not isinstance(body, dict):
        raise SourceBroken("Hugging Face answered with something else than an object. Try again later.")
    return body
