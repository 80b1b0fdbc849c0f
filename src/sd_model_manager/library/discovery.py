"""Looking around at the sources, with what is here marked. Nothing is asked of a source before somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sd_model_manager.domain.browsing import (
    BrowsePage,
    BrowseWish,
    FoundModel,
    FoundName,
    NamedField,
    may_list,
    may_show,
)
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.published import PublishedImage, PublishedVersion
from sd_model_manager.lib.errors import NotAllowed, NotFound
from sd_model_manager.registry.holdings import Holding, Holdings
from sd_model_manager.sources.source import BrowsableSource, NamingSource, Source

_PAGES_AT_MOST = 3
"""How many pages of a source are looked through for one that shows anything."""


@dataclass(frozen=True, slots=True)
class ShownImage:
    image: PublishedImage
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class Here:
    """A model of the library, and which version it is at the source."""

    model_id: ModelId
    version_id: str


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A found model with one picture within the bound, and what of it is in the library."""

    found: FoundModel
    picture: ShownImage | None
    here: tuple[Here, ...]


@dataclass(frozen=True, slots=True)
class ListedPage:
    models: tuple[ListedModel, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """`files_here`: which model of the library each of its files is, by the file's id."""

    version: PublishedVersion
    images: tuple[ShownImage, ...]
    here: tuple[Here, ...]
    files_here: Mapping[str, ModelId]


class Discovery:
    """`sources` gives the sources as they are set up now."""

    def __init__(self, sources: Callable[[], Sequence[Source]], holdings: Holdings) -> None:
        self._sources = sources
        self._holdings = holdings

    def list_sources(self) -> list[BrowsableSource]:
        """Those that can be looked around in; none is asked for that."""
        return [source for source in self._sources() if isinstance(source, BrowsableSource)]

    def browse(self, source_name: str, wish: BrowseWish) -> ListedPage:
        """One page of what fits the wish and lies within its bound.

        Raises:
            NotFound: there is no such source.
            SourceError: it could not tell.
        """
        source = self._get_source(source_name)
        page = _look_for_a_page(source, wish)
        sha256s = {digits for model in page.models for digits in model.version_of_sha256}
        here = self._holdings.find(source_name, {model.model_id for model in page.models}, sha256s)
        return ListedPage(
            tuple(_list_model(source, model, here, wish.max_level) for model in page.models), page.next_cursor
        )

    def find_names(self, source_name: str, field: NamedField, part: str) -> tuple[FoundName, ...]:
        """Tags or creators with this in their name; none where the source does not help with that.

        Raises:
            NotFound: there is no such source.
            SourceError: it could not tell.
        """
        source = self._get_source(source_name)
        return source.find_names(field, part) if isinstance(source, NamingSource) else ()

    def open_model(self, source_name: str, model_id: str, max_level: int) -> list[OpenedVersion]:
        """Every version of a published model, the default one first.

        Raises:
            NotFound: there is no such source, or the model has no version.
            NotAllowed: nothing of the model lies within the bound (`MATURE`).
            SourceError: the source could not tell.
        """
        source = self._get_source(source_name)
        versions = source.fetch_model_versions(model_id)
        if not versions:
            raise NotFound("The source lists no version of this model yet. Try again later.")
        if source.browsing.has_levels and not any(may_list(version.nsfw_level, max_level) for version in versions):
            raise NotAllowed("This model is rated above what you have chosen to see.", code="MATURE")
        sha256s = {file.sha256 for version in versions for file in version.files if file.sha256}
        here = self._holdings.find(source_name, [model_id], sha256s)
        return [_open_version(source, version, here, max_level) for version in versions]

    def _get_source(self, name: str) -> BrowsableSource:
        sources = {source.name: source for source in self.list_sources()}
        if name not in sources:
            known = ", ".join(sources)
            raise NotFound(f"'{name}' is no source that can be looked around in. There are {known}.")
        return sources[name]


def _look_for_a_page(source: BrowsableSource, wish: BrowseWish) -> BrowsePage:
    """A page of which nothing may be shown is passed over, a few times."""
    for _ in range(_PAGES_AT_MOST):
        page = source.browse(wish)
        models = tuple(model for model in page.models if may_list(model.nsfw_level, wish.max_level))
        if models or page.next_cursor is None:
            break
        wish = replace(wish, cursor=page.next_cursor)
    return BrowsePage(models, page.next_cursor)


def _list_model(source: BrowsableSource, model: FoundModel, holdings: Sequence[Holding], max_level: int) -> ListedModel:
    images = _show_images(source, model.images, max_level)
    return ListedModel(model, images[0] if images else None, _find_here(model, holdings))


def _find_here(model: FoundModel, holdings: Sequence[Holding]) -> tuple[Here, ...]:
    """By the hash, which says which version it is; else by what the library knows of where it comes from."""
    here: dict[ModelId, Here] = {}
    for holding in holdings:
        version_id = model.version_of_sha256.get(holding.sha256 or "")
        if version_id is None and holding.published_model_id == model.model_id:
            version_id = holding.version_id
        if version_id is not None:
            here[holding.model_id] = Here(holding.model_id, version_id)
    return tuple(here.values())


def _open_version(
    source: BrowsableSource, version: PublishedVersion, holdings: Sequence[Holding], max_level: int
) -> OpenedVersion:
    model_of = {holding.sha256: holding.model_id for holding in holdings if holding.sha256}
    files_here = {file.file_id: model_of[file.sha256] for file in version.files if file.sha256 in model_of}
    own = {holding.model_id for holding in holdings if holding.version_id == version.version_id}
    here = tuple(Here(model_id, version.version_id) for model_id in sorted(own | set(files_here.values())))
    return OpenedVersion(version, _show_images(source, version.images, max_level), here, files_here)


def _show_images(source: BrowsableSource, images: Sequence[PublishedImage], max_level: int) -> tuple[ShownImage, ...]:
    return tuple(
        ShownImage(image, source.make_thumbnail_url(image))
        for image in images
        if may_show(image.nsfw_level, max_level) and image.media in {"image", "video"}
    )
