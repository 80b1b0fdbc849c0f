"""Where downloads go below a library folder, as the user writes it: `{type}/{base_model}/{creator}`.

A part is what stands between two slashes. One of which nothing is left, because its source says nothing, vanishes. With
`{file_name}` in its last part a template names the file as well; its extension stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import FOLDER_OF_TYPE, ModelType
from sd_model_manager.lib.paths import make_safe_name

DEFAULT_TEMPLATE = "{type}"
PLACEHOLDERS = ("type", "base_model", "creator", "model_name", "version_name", "file_name", "source", "year")
_MAX_VALUE_CHARACTERS = 80
"""Of one placeholder, so that several of them stay within what paths may have on Windows."""

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_JOINTS = " -_.,+"


def check_template(text: str) -> str:
    """The template, where it can be used. Raises ValueError that says what is wrong with it."""
    template = text.strip().strip("/")
    literal = _PLACEHOLDER.sub("", template)
    if unknown := [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValueError(f"there is no {{{unknown[0]}}}; there are {known}")
    if re.search(r'[{}<>:"\\|?*\x00-\x1f]', literal):
        raise ValueError('outside of placeholders, the characters {}<>:"\\|?* may not stand in a path')
    if any(part.strip(" .") == "" for part in template.split("/")) and template:
        raise ValueError("a part between two slashes is empty or consists of dots")
    if "{file_name}" in template.rpartition("/")[0]:
        raise ValueError("{file_name} may stand in the last part alone, which then names the file")
    return template


def apply_template(
    template: str, version: PublishedVersion, file: PublishedFile, model_type: ModelType
) -> tuple[PurePosixPath, str | None]:
    """The folder, relative to the library folder, and the file's name without extension where the template has one."""
    values = _values_of(version, file, model_type)
    parts = [(part, _fill(part, values)) for part in template.split("/")]
    folders = [filled for part, filled in parts if filled and "{file_name}" not in part]
    names = [filled for part, filled in parts if filled and "{file_name}" in part]
    return PurePosixPath(*folders), names[-1] if names else None


def _fill(part: str, values: Mapping[str, str]) -> str:
    names = _PLACEHOLDER.findall(part)
    filled = _PLACEHOLDER.sub(lambda match: values[match[1]], part)
    if all(values[name] for name in names):
        return make_safe_name(filled, fallback="")
    if not any(values[name] for name in names):
        return ""
    return make_safe_name(filled.strip(_JOINTS), fallback="")


def _values_of(version: PublishedVersion, file: PublishedFile, model_type: ModelType) -> dict[str, str]:
    texts = {
        "base_model": version.base_model,
        "creator": version.creator,
        "model_name": version.model_name,
        "version_name": version.version_name,
        "file_name": PurePosixPath(make_safe_name(file.name)).stem,
        "source": version.source,
        "year": str(version.published_at.year) if version.published_at else "",
    }
    safe = {name: make_safe_name((text or "")[:_MAX_VALUE_CHARACTERS], fallback="") for name, text in texts.items()}
    return {"type": FOLDER_OF_TYPE[model_type], **safe}
