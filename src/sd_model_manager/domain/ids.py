"""Identifiers, so that a task's is never passed where a model's is meant."""

from __future__ import annotations

from typing import NewType

ModelId = NewType("ModelId", int)
"""A content in the registry: what the API calls a model."""

LocationId = NewType("LocationId", int)
FolderId = NewType("FolderId", int)
"""A library folder."""

PreviewId = NewType("PreviewId", int)
CollectionId = NewType("CollectionId", int)
SearchId = NewType("SearchId", int)
"""A saved search."""

TaskId = NewType("TaskId", str)
"""32 lower-case hexadecimal digits."""

Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""
