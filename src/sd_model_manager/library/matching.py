"""What the user says a file is: a link to where it is published, or that it is none of what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.lookups import OwnMatch
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.sources.registry import recognise
from sd_model_manager.sources.source import Source


class OwnMatching:
    """No lookup changes what is said here."""

    def __init__(
        self,
        catalog: Catalog,
        published: PublishedRegistry,
        sources: Callable[[], Sequence[Source]],
        publish: Callable[[Event], None],
    ) -> None:
        self._catalog = catalog
        self._published = published
        self._sources = sources
        self._publish = publish

    def match(self, model_id: ModelId, url: str) -> None:
        """Say that a model is the version that a link names, of any shape that can be downloaded from.

        Raises:
            NotFound: there is no such model.
            BadInput: the link names no model.
            SourceError: the source could not tell.
        """
        sha256 = self._catalog.get_listing(model_id).sha256
        source, reference = recognise(url, self._sources())
        version = _choose_file(source.fetch_version(reference), sha256)
        self._published.link(model_id, version, now=datetime.now(UTC), own_match=OwnMatch.CHOSEN)
        self._publish(ModelsChanged((model_id,)))

    def unmatch(self, model_id: ModelId) -> None:
        """Say that a model is not what it was taken for. Raises NotFound."""
        self._published.unlink(model_id)
        self._publish(ModelsChanged((model_id,)))

    def forget(self, model_id: ModelId) -> None:
        """Take back what was said: look-ups decide again. Raises NotFound."""
        self._published.unlink(model_id, own_match=None)
        self._publish(ModelsChanged((model_id,)))


def _choose_file(version: PublishedVersion, sha256: str | None) -> PublishedVersion:
    """The file of the version that it is counts as its primary one."""
    if sha256 is None or all(file.sha256 != sha256 for file in version.files):
        return version
    files = tuple(replace(file, is_primary=file.sha256 == sha256) for file in version.files)
    return replace(version, files=files, model_type=next(f.model_type for f in files if f.is_primary))
