"""What was found at a source, as the API shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sd_model_manager.domain.published import PublishedFile, list_cautions
from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.library.discovery import Here, ListedModel, OpenedVersion, ShownImage
from sd_model_manager.sources.source import BrowsableSource, NamingSource
from sd_model_manager.ui.api.presenters.published import describe_file, present_cautions, present_generation
from sd_model_manager.ui.api.schemas.discover import (
    BrowsableOut,
    FoundOut,
    HereOut,
    RemoteFileOut,
    RemoteImageOut,
    RemoteModelOut,
    RemoteVersionOut,
)


def present_source(source: BrowsableSource) -> BrowsableOut:
    offer = source.browsing
    return BrowsableOut(
        source=source.name,
        title=offer.title,
        types=list(offer.types),
        base_models=list(offer.base_models),
        sorts=list(offer.sorts),
        periods=list(offer.periods),
        has_tags=offer.has_tags,
        has_creators=offer.has_creators,
        has_levels=offer.has_levels,
        sorts_words=offer.sorts_words,
        completes=isinstance(source, NamingSource),
    )


def present_found(listed: ListedModel) -> FoundOut:
    found = listed.found
    return FoundOut(
        source=found.source,
        model_id=found.model_id,
        version_id=found.version_id,
        name=found.name,
        type=found.model_type,
        link=found.link,
        creator=found.creator,
        base_models=list(found.base_models),
        nsfw_level=found.nsfw_level,
        picture=_image(listed.picture) if listed.picture else None,
        warnings=present_cautions(found.warnings),
        downloads=found.downloads,
        likes=found.likes,
        published_at=found.published_at,
        here=_here(listed.here),
    )


def present_opened(opened: Sequence[OpenedVersion]) -> RemoteModelOut:
    first = opened[0].version
    return RemoteModelOut(
        source=first.source,
        model_id=first.model_id,
        name=first.model_name,
        type=first.model_type,
        creator=first.creator,
        description_html=first.description_html,
        tags=list(first.tags),
        licence=first.licence,
        licence_terms=list(first.licence_terms),
        versions=[_version(each) for each in opened],
    )


def _version(opened: OpenedVersion) -> RemoteVersionOut:
    version = opened.version
    primary = next((file for file in version.files if file.is_primary), None)
    cautions = list_cautions(version, primary) if primary else version.warnings
    return RemoteVersionOut(
        version_id=version.version_id,
        name=version.version_name,
        type=version.model_type,
        base_model=version.base_model,
        link=version.page_url,
        published_at=version.published_at,
        available_from=version.available_from,
        description_html=version.version_description_html,
        trigger_words=list(version.trigger_words),
        files=[_file(file, version.model_type, opened) for file in version.files],
        images=[_image(shown) for shown in opened.images],
        warnings=present_cautions(cautions),
        here=_here(opened.here),
    )


def _file(file: PublishedFile, type_of_version: ModelType, opened: OpenedVersion) -> RemoteFileOut:
    return RemoteFileOut(**describe_file(file, type_of_version), here=opened.files_here.get(file.file_id))


def _image(shown: ShownImage) -> RemoteImageOut:
    image = shown.image
    return RemoteImageOut(
        url=image.url,
        thumbnail_url=shown.thumbnail_url,
        media="video" if image.media == "video" else "image",
        width=image.width,
        height=image.height,
        nsfw_level=image.nsfw_level,
        prompt=image.prompt,
        generation=present_generation(image.generation),
    )


def _here(models: Iterable[Here]) -> list[HereOut]:
    return [HereOut(id=here.model_id, version_id=here.version_id) for here in models]
