"""Civitai's answer for a version as it came: `<stem>.civitai.info` of the Civitai Helper extensions, and
`<stem>.api_info.json` of sd-civitai-browser-plus and its kin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.format import ExportFacts, SidecarFile, SidecarRefused, find_own_file, parse_version
from sd_model_manager.sidecars.json_values import hashes_of_file, object_in, parse_object
from sd_model_manager.sidecars.writing import OWN_KEY, Wanted, read_existing, write_object


@dataclass(frozen=True, slots=True)
class CivitaiAnswer:
    kind: str
    suffix: str

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        body = parse_object(file.raw)
        version = None if is_placeholder(body) else parse_version(file, body)
        if version is None:
            return None
        own = find_own_file(version, file.stem)
        hashes = hashes_of_file(body, own.file_id) if own else {}
        return SidecarClaim(published=version, sha256=own.sha256 if own else None, hashes=hashes)


@dataclass(frozen=True, slots=True)
class CivitaiInfo(CivitaiAnswer):
    kind: str = "civitai_info"
    suffix: str = ".civitai.info"

    def compose(self, existing: bytes | None, facts: ExportFacts) -> bytes:
        """The answer exactly as it came; what the user says stands in our own block."""
        if facts.answer is None or facts.published is None:
            raise SidecarRefused("No answer of Civitai for this model is kept.", code="NOT_ENOUGH_KNOWN")
        if existing is not None and str(read_existing(existing).get("id")) != facts.published.version_id:
            raise SidecarRefused("The file there is about another version, or none.", code="OTHER_MODEL")
        return write_object(existing, Wanted(facts.answer, block_path=("extensions", OWN_KEY)), facts)


def is_placeholder(body: dict[str, Any]) -> bool:
    """The forks write a skeleton where Civitai knew nothing, so as not to ask again."""
    return object_in(object_in(body, "extensions"), "sd_civitai_helper").get("skeleton_file") is True
