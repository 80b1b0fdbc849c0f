"""A plain https link to a file: all that is known of it is what the link says."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Collection, Mapping
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit, urlunsplit

from sd_model_manager.domain.published import PICKLE_EXTENSIONS, Caution, PublishedFile, PublishedVersion, Reference
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.lib.errors import (
    BadInput,
    SourceBroken,
    SourceError,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.sources.links import refuse_password
from sd_model_manager.sources.source import DownloadRequest

SOURCE_NAME = "url"

_NAME_KEYS = ("response-content-disposition", "b2ContentDisposition")
_SIGNATURES = ("x-amz-signature", "x-goog-signature", "signature", "authorization")
_MEANINGS: dict[int, tuple[type[SourceError], str]] = {
    401: (SourceNeedsLogin, "wants a login for this file, which plain links cannot give"),
    403: (SourceForbidden, "refuses this download; the link may have expired"),
    404: (SourceNotFound, "has no file at this link"),
    410: (SourceGone, "has removed this file for good"),
    451: (SourceForbidden, "does not serve your region"),
}


class DirectUrlSource:
    """See `sources.source.Source`. Makes no request of its own; ids are made from the link without its query."""

    @property
    def name(self) -> str:
        return SOURCE_NAME

    def close(self) -> None:
        """Nothing is open."""

    def recognise(self, text: str) -> Reference | None:
        text = text.strip().strip("<>\"'").strip()
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError:
            return None
        if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\x00-\x20\\]", text):
            return None
        refuse_password(parts)
        return Reference(SOURCE_NAME, path=urlunsplit(parts._replace(fragment="")))

    def fetch_version(self, reference: Reference) -> PublishedVersion:
        if reference.path is None:
            raise BadInput("This is not a link to a file.")
        parts = urlsplit(reference.path)
        name = _find_filename(parts)
        public_url = urlunsplit(parts._replace(query=""))
        link_id = hashlib.sha256(public_url.encode()).hexdigest()[:32]
        file = PublishedFile(
            file_id=link_id,
            name=name,
            download_url=reference.path,
            is_primary=True,
            is_pickle=PurePosixPath(name).suffix.lower() in PICKLE_EXTENSIONS,
        )
        return PublishedVersion(
            source=SOURCE_NAME,
            model_id=link_id,
            version_id=link_id,
            model_name=PurePosixPath(name).stem or name,
            version_name="",
            model_type=ModelType.UNKNOWN,
            page_url=public_url,
            files=(file,),
            warnings=_list_warnings(parts),
            raw=zlib.compress(json.dumps({"url": public_url}).encode()),
        )

    def fetch_model_versions(self, model_id: str) -> tuple[PublishedVersion, ...]:
        raise SourceNotFound("A plain link has no other versions.", model_id=model_id)

    def fetch_versions_by_sha256(self, hashes: Collection[str]) -> Mapping[str, PublishedVersion]:  # noqa: ARG002
        return {}

    def resolve_file(self, version: PublishedVersion, file: PublishedFile) -> DownloadRequest:  # noqa: ARG002
        return DownloadRequest(url=file.download_url, filename=file.name)

    def explain_refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:  # noqa: ARG002
        return explain_plain_refusal(status)


def explain_plain_refusal(status: int) -> SourceError:
    """What a status means from a server of which nothing more is known."""
    if status == 429:
        return SourceRateLimited("The server asks for a pause: too many requests.", status=status)
    if status >= 500:
        return SourceUnavailable(f"The server has a problem ({status}). Try again later.", status=status)
    if status < 400:
        text = "The link leads to a web page, not to a file. Copy the link of the file itself."
        return SourceBroken(text, code="SOURCE_SENT_PAGE")
    kind, what = _MEANINGS.get(status, (SourceBroken, f"rejects the request ({status})"))
    return kind(f"The server {what}. Check the link.", status=status)


def _find_filename(parts: SplitResult) -> str:
    """As storage links carry it in their query, else the last part of the path."""
    query = parse_qs(parts.query)
    for key in _NAME_KEYS:
        if key in query and (name := _parse_disposition(query[key][-1])):
            return name
    return PurePosixPath(unquote(parts.path)).name or parts.hostname or "model"


def _parse_disposition(text: str) -> str | None:
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", " ", text)
    return message.get_filename()


def _list_warnings(parts: SplitResult) -> tuple[Caution, ...]:
    keys = {key.lower() for key in parse_qs(parts.query, keep_blank_values=True)}
    if keys.isdisjoint(_SIGNATURES):
        return ()
    text = "This is a temporary storage link. Once it has expired it cannot be renewed; better paste the model's page."
    return (Caution("EXPIRING_LINK", text),)
