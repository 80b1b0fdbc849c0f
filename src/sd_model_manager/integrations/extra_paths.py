"""Reads ComfyUI's list of further folders, as its own program does (`utils/extra_config.py`, 2026)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sd_model_manager.integrations.engine import read_config, resolve_from


def list_paths(file: Path) -> Iterator[tuple[Path | None, list[Path]]]:
    """For each section its base, where it names one, and all folders it lists; none for a file that cannot be read."""
    try:
        sections = parse_sections(read_config(file))
    except ValueError:
        return
    for section in sections.values():
        if isinstance(section, dict):
            yield _read_section(section, file.parent)


def parse_sections(text: str) -> dict[str, Any]:
    """The sections by name. Raises ValueError for what is no list of folders, in words a user understands."""
    import yaml

    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise ValueError(f"it is no YAML that can be read{where}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ValueError("it has no sections")  # noqa: TRY004 - the text is wrong, not the program
    return {str(name): section for name, section in content.items()}


def _read_section(section: dict[str, Any], beside: Path) -> tuple[Path | None, list[Path]]:
    base_text = section.get("base_path")
    base = resolve_from(beside, base_text) if isinstance(base_text, str) and base_text.strip() else None
    lines = [
        line
        for key, value in section.items()
        if key not in {"base_path", "is_default", "custom_nodes", "configs"} and isinstance(value, str)
        for line in value.split("\n")
    ]
    return base, [resolve_from(base or beside, line) for line in lines if line.strip()]
