"""`<stem>.md` of ComfyUI-Model-Manager: front matter, then sections for the trigger words and the descriptions."""

from __future__ import annotations

import re

from sd_model_manager.domain.local import SidecarClaim
from sd_model_manager.sidecars.descriptions import decode, to_html
from sd_model_manager.sidecars.format import SidecarFile
from sd_model_manager.sidecars.json_values import base_model_in, clean_text, hashes_in, sha256_in, split_words

_FRONT_MATTER = re.compile(r"---\n(.*?)\n---(?:\n|$)", re.DOTALL)
_OWN_KEYS = {"website", "modelPage", "author", "baseModel"}
_FIELD = re.compile(r"\s*([A-Za-z]\w*):[ \t]+(\S.*)")
_TRIGGER_WORDS = "Trigger Words"
_OF_VERSION = "About this version"


class ModelPage:
    kind = "model_page"
    suffix = ".md"

    def read(self, file: SidecarFile) -> SidecarClaim | None:
        text = clean_text(decode(file.raw)).replace("\r\n", "\n")
        front_matter = _FRONT_MATTER.match(text)
        fields = _read_fields(front_matter[1]) if front_matter else {}
        if front_matter is None or len(_OWN_KEYS & fields.keys()) < 2:
            return None
        sections = _split_sections(text[front_matter.end() :])
        words = sections.pop(_TRIGGER_WORDS, "")
        about_version = sections.pop(_OF_VERSION, "")
        name = next(iter(sections), None)
        description = "\n\n".join(part for part in (sections.get(name or ""), about_version) if part)
        return SidecarClaim(
            sha256=sha256_in(fields, "SHA256"),
            hashes=hashes_in(fields),
            trigger_words=() if words.lower().startswith("no trigger words") else split_words(words),
            model_name=name,
            base_model=base_model_in(fields, "baseModel"),
            description_html=to_html(description) if description else None,
        )


def _read_fields(front_matter: str) -> dict[str, str]:
    """Every `key: value` line, nested ones too; lists and longer texts are not needed. Not a YAML reader."""
    found = (_FIELD.fullmatch(line) for line in front_matter.split("\n"))
    return {match[1]: match[2].strip().strip("'\"") for match in found if match}


def _split_sections(text: str) -> dict[str, str]:
    """Its top headings with what follows each; the first of the same name counts."""
    _, *parts = re.split(r"(?m)^# +", text)
    sections: dict[str, str] = {}
    for part in parts:
        title, _, content = part.partition("\n")
        sections.setdefault(title.strip(), content.strip())
    return {title: content for title, content in sections.items() if title}
