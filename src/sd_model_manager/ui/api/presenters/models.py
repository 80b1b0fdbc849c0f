"""Models as the API shows them."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any, Literal

from sd_model_manager.domain.catalogue import (
    Facets,
    Location,
    ModelDetail,
    ModelListing,
    PublishedName,
    Statistics,
)
from sd_model_manager.domain.local import Identity, Place
from sd_model_manager.domain.maturity import SEES_ALL, Viewing, highest_level
from sd_model_manager.domain.published import PublishedImage, PublishedVersion
from sd_model_manager.domain.updates import SiblingVersion, Update
from sd_model_manager.lib.pictures import media_of
from sd_model_manager.library.places import Places
from sd_model_manager.ui.api.presenters.published import present_generation
from sd_model_manager.ui.api.schemas.models import (
    ClaimedHashOut,
    ClaimedNotesOut,
    FacetsOut,
    FacetValue,
    HashesOut,
    IdentityOut,
    LocationOut,
    ModelDetailOut,
    ModelOut,
    PartOut,
    PreviewOut,
    ProblemOut,
    PublishedDetailOut,
    PublishedImageOut,
    PublishedOut,
    ShareOut,
    SidecarOut,
    StatisticsOut,
    UserNotesOut,
)
from sd_model_manager.ui.api.schemas.updates import LookupOut, SiblingVersionOut


class ModelPresenter:
    """Made for one answer: it knows where the library folders lie at that moment, and who looks."""

    def __init__(self, places: Places, viewing: Viewing = SEES_ALL) -> None:
        self._viewing = viewing
        self._roots = {key: str(root) for key, root in places.snapshot().items()}

    def listing(self, model: ModelListing) -> dict[str, Any]:
        """The fields of ModelOut, as they are: a list of hundreds is not validated, for it is our own."""
        folder, _, filename = model.place.relative_path.rpartition("/")
        return {
            "id": model.model_id,
            "name": model.name,
            "filename": filename,
            "path": self._path(model.place),
            "folder": folder,
            "size_bytes": model.size_bytes,
            "type": model.type.value,
            "base_model": model.base_model,
            "format": model.format.value,
            "precision": model.precision,
            "category": model.place.category.value,
            "sha256": model.sha256,
            "autov3": short_autov3(model.autov3),
            **self.cover(model),
            "trigger_words": model.trigger_words,
            "tags": model.tags,
            "rating": model.rating,
            "favorite": model.favorite,
            "added_at": model.added_at,
            "modified_at": model.modified_at,
            "state": model.state.value,
            "published": _published_fields(model.published) if model.published else None,
            "duplicates": model.duplicates,
            "has_update": model.has_update,
            "mature_level": highest_level(model.mature_bits),
        }

    def cover(self, model: ModelListing | Update) -> dict[str, Any]:
        """The preview that stands for a model. A blurred one is a picture, whatever is behind it."""
        url = _preview_url_of(model)
        is_blurred = url is not None and self._viewing.blurs(model.mature_bits)
        media = media_of(model.own_preview) if model.own_preview else model.preview_media
        return {
            "preview_url": url and address_as_seen(url, model.mature_bits, self._viewing),
            "preview_media": "image" if is_blurred else media,
            "is_blurred": is_blurred,
        }

    def model(self, model: ModelListing) -> ModelOut:
        return ModelOut(**self.listing(model))

    def detail(self, detail: ModelDetail) -> ModelDetailOut:
        hashes = detail.hashes
        return ModelDetailOut(
            **self.listing(detail.listing),
            locations=[self._location(location) for location in detail.locations],
            parts=[PartOut(filename=part.filename, size_bytes=part.size_bytes) for part in detail.parts],
            identity=present_identity(detail.identity),
            hashes=HashesOut(
                sha256=hashes.sha256,
                claimed_sha256=hashes.claimed_sha256,
                autov1=hashes.autov1,
                autov2=hashes.sha256[:10] if hashes.sha256 else None,
                autov3=short_autov3(hashes.autov3),
                blake3=hashes.blake3,
                crc32=hashes.crc32,
                hashed_at=hashes.hashed_at,
            ),
            claimed_hashes=[
                ClaimedHashOut(kind=claim.kind, digest=claim.digest, origin=claim.origin, state=claim.state)
                for claim in detail.claimed_hashes
            ],
            header_metadata=dict(detail.header_metadata),
            previews=self._previews(detail),
            sidecars=[
                SidecarOut(
                    id=sidecar.sidecar_id,
                    kind=sidecar.kind,
                    filename=PurePosixPath(sidecar.place.relative_path).name,
                    read_at=sidecar.read_at,
                )
                for sidecar in detail.sidecars
            ],
            published_detail=_published_detail(detail, self._viewing),
            own_match=detail.own_match,
            lookup=LookupOut(**asdict(detail.lookup)) if detail.lookup else None,
            user=UserNotesOut(
                own_name=detail.own_name,
                own_type=detail.own_type,
                own_base_model=detail.own_base_model,
                own_mature_level=highest_level(detail.own_mature_bits or 0),
                own_tags=list(detail.own_tags),
                favorite=detail.listing.favorite,
                rating=detail.listing.rating,
                notes=detail.notes,
            ),
            provenance=dict(detail.provenance),
            description_html=detail.description_html,
            claimed_notes=[ClaimedNotesOut(kind=notes.kind, text=notes.text) for notes in detail.claimed_notes],
            preferred_weight=detail.preferred_weight,
        )

    def _previews(self, detail: ModelDetail) -> list[PreviewOut]:
        model = detail.listing
        found = [
            PreviewOut(
                id=preview.preview_id,
                origin="embedded" if preview.origin == "embedded" else "file",
                url=preview_url(model.model_id, preview.preview_id),
                media=_media(preview.media),
            )
            for preview in detail.previews
        ]
        if own := model.own_preview:
            url = own_preview_url(model.model_id, own)
            found.insert(0, PreviewOut(id=0, origin="own", url=url, media=_media(media_of(own))))
        return [self._as_seen(preview, model.mature_bits) for preview in found]

    def _as_seen(self, preview: PreviewOut, mature_bits: int) -> PreviewOut:
        media = "image" if self._viewing.blurs(mature_bits) else preview.media
        url = address_as_seen(preview.url, mature_bits, self._viewing)
        return preview.model_copy(update={"url": url, "media": media})

    def _location(self, location: Location) -> LocationOut:
        folder, _, filename = location.place.relative_path.rpartition("/")
        return LocationOut(
            id=location.location_id,
            path=self._path(location.place),
            folder=folder,
            filename=filename,
            library_folder=str(self._roots.get((location.place.folder_id, location.place.category), "")),
            category=location.place.category,
            state=location.state,
            size_bytes=location.size_bytes,
            modified_at=location.modified_at,
            found_at=location.found_at,
        )

    def _path(self, place: Place) -> str:
        """Relative only where the library folder was removed since."""
        root = self._roots.get((place.folder_id, place.category))
        return f"{root}{os.sep}{place.relative_path.replace('/', os.sep)}" if root else place.relative_path


def address_as_seen(url: str, mature_bits: int, viewing: Viewing) -> str:
    """Where a preview is found that may be too mature to be seen as it is."""
    if viewing.blurs(mature_bits):
        return f"{url}/blurred"
    return f"{url}/clear" if viewing.reveals(mature_bits) else url


def preview_url(model_id: int, preview_id: int) -> str:
    """The number of a preview is never given twice, so what is behind this address never changes."""
    return f"/api/models/{model_id}/previews/{preview_id}"


def present_statistics(found: Statistics) -> StatisticsOut:
    return StatisticsOut(
        total_count=found.total.count,
        total_bytes=found.total.size_bytes,
        copies_bytes=found.copies_bytes,
        shares={field: [ShareOut(**asdict(share)) for share in shares] for field, shares in found.shares.items()},
        growth=[ShareOut(**asdict(share)) for share in found.growth],
    )


def own_preview_url(model_id: int, name: str) -> str:
    """The name is that of its content, so what is behind this address never changes either."""
    return f"/api/models/{model_id}/preview/{name}"


def present_facets(facets: Facets) -> FacetsOut:
    values = {
        field: [FacetValue(value=value, count=count) for value, count in counts]
        for field, counts in facets.counts.items()
    }
    return FacetsOut(**values, total=facets.total)


def present_sibling(version: SiblingVersion) -> SiblingVersionOut:
    return SiblingVersionOut(**asdict(version.listing), model_ids=list(version.model_ids), is_update=version.is_update)


def present_version_name(version: PublishedVersion) -> PublishedOut:
    return PublishedOut(
        source=version.source,
        model_id=version.model_id,
        version_id=version.version_id,
        model_name=version.model_name,
        version_name=version.version_name,
        creator=version.creator,
        url=version.page_url,
    )


def _published_fields(name: PublishedName) -> dict[str, Any]:
    return {
        "source": name.source,
        "model_id": name.model_id,
        "version_id": name.version_id,
        "model_name": name.model_name,
        "version_name": name.version_name,
        "creator": name.creator,
        "url": name.url,
    }


def present_images(version: PublishedVersion, viewing: Viewing) -> list[PublishedImageOut]:
    """What its source shows of a version. Of those that would be blurred, which are another site's, neither the address
    is told nor how they were made. One that nobody rated is as mature as its version."""
    rated = [(image, image.nsfw_level or version.nsfw_level) for image in version.images]
    return [
        _present_image(image, bits, is_blurred=viewing.blurs(bits)) for image, bits in rated if not viewing.hides(bits)
    ]


def _present_image(image: PublishedImage, bits: int, *, is_blurred: bool) -> PublishedImageOut:
    return PublishedImageOut(
        url=None if is_blurred else image.url,
        media="video" if image.media == "video" else "image",
        width=image.width,
        height=image.height,
        nsfw_level=image.nsfw_level,
        mature_level=highest_level(bits),
        prompt=None if is_blurred else image.prompt,
        generation=None if is_blurred else present_generation(image.generation),
    )


def _published_detail(detail: ModelDetail, viewing: Viewing) -> PublishedDetailOut | None:
    version = detail.published
    if version is None or detail.published_fetched_at is None:
        return None
    return PublishedDetailOut(
        **present_version_name(version).model_dump(),
        base_model=version.base_model,
        licence=version.licence,
        licence_terms=list(version.licence_terms),
        description_html=version.description_html,
        version_description_html=version.version_description_html,
        trigger_words=list(version.trigger_words),
        tags=list(version.tags),
        images=present_images(version, viewing),
        nsfw_level=version.nsfw_level,
        mature_level=highest_level(version.nsfw_level),
        published_at=version.published_at,
        fetched_at=detail.published_fetched_at,
    )


def present_identity(identity: Identity) -> IdentityOut:
    return IdentityOut(
        type=identity.type,
        family=identity.family,
        base_model=identity.base_model,
        variant=identity.variant,
        format=identity.format,
        precision=identity.precision,
        prediction=identity.prediction,
        network=identity.network,
        rank=identity.rank,
        parameters=identity.parameters,
        trigger_words=list(identity.trigger_words),
        confidence=identity.confidence,
        evidence=list(identity.evidence),
        candidates=list(identity.candidates),
        problems=[
            ProblemOut(code=problem.code, message=problem.message, details=dict(problem.details))
            for problem in identity.problems
        ],
    )


def _preview_url_of(model: ModelListing | Update) -> str | None:
    if model.own_preview:
        return own_preview_url(model.model_id, model.own_preview)
    return preview_url(model.model_id, model.preview_id) if model.preview_id else None


def _media(word: str) -> Literal["image", "video"]:
    return "video" if word == "video" else "image"


def short_autov3(digits: str | None) -> str | None:
    """The 12 digits by which Civitai and the engines know it; the registry keeps all 64."""
    return digits[:12] if digits else None
