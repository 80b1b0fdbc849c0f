"""The header of a safetensors file at its source: what the file is, known before it is fetched.

The length stands in the first eight bytes and the header behind it, so that two small requests say what gigabytes hold.
"""

from __future__ import annotations

import http.client
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.published import Caution, PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import FAMILY_OF_BASE_MODEL, ModelType
from sd_model_manager.download.plan import is_safetensors
from sd_model_manager.download.transfer import FileUrl, TransferSettings
from sd_model_manager.download.transfer.answer import parse_content_range
from sd_model_manager.download.transfer.connection import Connector
from sd_model_manager.download.transfer.opening import Guard, Opened, Opener, Wanted
from sd_model_manager.lib.errors import AppError
from sd_model_manager.sources.source import Source

log = logging.getLogger(__name__)

MAX_HEADER_BYTES = 16 * 1024 * 1024
"""Far beyond any real model's: a FLUX checkpoint has 200 KB."""

_FIRST_BYTES = 128 * 1024
_LENGTH_BYTES = 8
_READ_BYTES = 64 * 1024
_PATIENCE_SECONDS = 10.0
_SILENCE_SECONDS = 5.0
_NOTHING_SAID = frozenset({ModelType.UNKNOWN, ModelType.OTHER})

IdentifyStart = Callable[[bytes, int, str], Identity]
"""The bytes up to the weights, the size of the whole file, its name -> what it is."""


@dataclass(frozen=True, slots=True)
class _Start:
    content: bytes
    size_bytes: int


class HeaderPeek:
    """Asks as a transfer would: the same redirects, the same check of every address, no key to another origin."""

    def __init__(self, guard: Guard, settings: Callable[[], TransferSettings], identify: IdentifyStart) -> None:
        self._guard = guard
        self._settings = settings
        self._identify = identify

    def find(self, source: Source, version: PublishedVersion, file: PublishedFile) -> Identity | None:
        """`None` where the file is of another format, or the server does not give parts, or not to us, or not soon."""
        if not is_safetensors(file):
            return None
        try:
            asked = source.resolve_file(version, file)
            start = self._fetch_start(FileUrl(asked.url, asked.headers), source)
        except (AppError, OSError, http.client.HTTPException) as error:
            log.info("the header of %s could not be looked at before: %s", file.name, type(error).__name__)
            return None
        return self._identify(start.content, start.size_bytes, file.name) if start else None

    def _fetch_start(self, url: FileUrl, source: Source) -> _Start | None:
        settings = self._settings()
        connector = Connector(settings.find_proxy, _SILENCE_SECONDS, _SILENCE_SECONDS)
        opener = Opener(lambda: url, source.explain_refusal, self._guard, connector, settings.user_agent)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        first = _read_part(opener, 0, _FIRST_BYTES, deadline)
        if first is None or len(first.content) < _LENGTH_BYTES:
            return None
        length = int.from_bytes(first.content[:_LENGTH_BYTES], "little")
        end = _LENGTH_BYTES + length
        if not 0 < length <= MAX_HEADER_BYTES or end > first.size_bytes:
            return None
        if end <= len(first.content):
            return _Start(first.content[:end], first.size_bytes)
        rest = _read_part(opener, len(first.content), end, deadline)
        if rest is None or rest.size_bytes != first.size_bytes:
            return None
        content = first.content + rest.content
        return _Start(content, first.size_bytes) if len(content) == end else None


def list_contradictions(identity: Identity, version: PublishedVersion, file: PublishedFile) -> tuple[Caution, ...]:
    """Where the file is not what its page says; what the header cannot tell contradicts nothing."""
    found: list[Caution] = []
    announced = version.model_type if file.model_type is ModelType.UNKNOWN else file.model_type
    if not {identity.type, announced} & _NOTHING_SAID and identity.type is not announced:
        text = f"The page says that '{file.name}' is a {_show(announced)}, but its header is that of a "
        said = {"file": file.name, "announced": announced.value, "found": identity.type.value}
        found.append(Caution("OTHER_TYPE", f"{text}{_show(identity.type)}.", said))
    family = FAMILY_OF_BASE_MODEL.get(version.base_model or "")
    if identity.family and family and identity.family != family:
        told = identity.base_model or identity.family
        text = f"The page says that '{file.name}' is for {version.base_model}, but its header says {told}."
        said = {"file": file.name, "announced": version.base_model or "", "found": told}
        found.append(Caution("OTHER_BASE_MODEL", text, said))
    return tuple(found)


def _show(model_type: ModelType) -> str:
    return model_type.value.replace("_", " ")


def _read_part(opener: Opener, start: int, end: int, deadline: float) -> _Start | None:
    opened = opener.open(Wanted(start, end), lambda _: None)
    try:
        answered = parse_content_range(opened.headers.get("content-range"))
        is_plain = opened.headers.get("content-encoding", "identity").lower() == "identity"
        if (
            opened.status != 206
            or not is_plain
            or answered is None
            or answered.start != start
            or answered.total is None
        ):
            return None
        return _Start(_read(opened, min(end, answered.total) - start, deadline), answered.total)
    finally:
        opened.close()


def _read(opened: Opened, byte_count: int, deadline: float) -> bytes:
    content = bytearray()
    while len(content) < byte_count and time.monotonic() < deadline:
        piece = opened.response.read1(min(_READ_BYTES, byte_count - len(content)))
        if not piece:
            break
        content += piece
    return bytes(content)
