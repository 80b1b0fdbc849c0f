"""Tags as they are kept: each once."""

from __future__ import annotations

from collections.abc import Iterable

MAX_TAG_CHARACTERS = 200


def distinct_tags(tags: Iterable[str]) -> list[str]:
    """In their order, each once, case folded together; the first spelling counts."""
    distinct: dict[str, str] = {}
    for tag in tags:
        if tag.strip():
            distinct.setdefault(tag.casefold(), tag[:MAX_TAG_CHARACTERS])
    return list(distinct.values())
