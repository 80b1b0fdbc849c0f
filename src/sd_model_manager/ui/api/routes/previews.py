"""`/api/models/{id}/preview` and `/previews`: pictures and films of models."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as PathField
from fastapi.responses import FileResponse

from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.ids import ModelId, PreviewId
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.lib.pictures import MEDIA_TYPE_OF_SUFFIX, find_picture_suffix
from sd_model_manager.library.covers import read_cover
from sd_model_manager.library.thumbnails import MEDIA_TYPE, Original, Thumbnails, ThumbnailSize
from sd_model_manager.ui.api.dependencies import Number, PresenterDep, ServicesDep
from sd_model_manager.ui.api.presenters.models import ModelPresenter
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.models import ModelDetailOut, PreviewChoiceIn
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/models", tags=["models"])

_KEPT_BY_THE_BROWSER = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox",
}
"""A picture that changes gets another address. Opened by itself it may run nothing."""

_PICTURES, _FILMS = anyio.CapacityLimiter(2), anyio.CapacityLimiter(1)
"""Who waits for a thumbnail to be made waits here and not in a thread, of which everybody else needs one as well; and
a film that takes its time holds up no picture."""

Size = Annotated[
    ThumbnailSize | None,
    Query(description="A WebP of at most 256, 512 or 1,024 pixels across; of a film its first frame, with `av`."),
]
IfNoneMatch = Annotated[str, Header(include_in_schema=False)]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPE_OF_SUFFIX.values()},
    }
}


@router.get("/{model_id}/previews/{preview_id}", response_class=FileResponse)
async def get_preview(
    services: ServicesDep, model_id: Number, preview_id: Number, size: Size = None, if_none_match: IfNoneMatch = ""
) -> Response:
    """The picture or film itself, or its thumbnail. Only what is one by its content is served from a model folder."""
    path, is_in_model = await run_sync(_find_preview, services, model_id, preview_id)
    return await _answer(services.thumbnails, path, size, if_none_match, is_in_model=is_in_model)


@router.get("/{model_id}/preview/{name}", response_class=FileResponse)
async def get_own_preview(
    services: ServicesDep,
    model_id: Number,
    name: Annotated[str, PathField(pattern=r"^[0-9a-f]{64}\.(png|jpeg|webp|gif|avif|mp4|webm)$")],
    size: Size = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The preview that you gave a model, or its thumbnail."""
    path = await run_sync(services.own_previews.path_of, ModelId(model_id), name)
    return await _answer(services.thumbnails, path, size, if_none_match)


@router.put("/{model_id}/preview", openapi_extra=_BODY)
async def put_preview(
    request: Request,
    services: ServicesDep,
    presenter: PresenterDep,
    model_id: Number,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Answer[ModelDetailOut]:
    """Give a model a preview of your own: the body is the picture (20 MiB at most) or film (50 MiB). It goes before all
    others; nothing is written beside the model."""
    media_type = content_type.partition(";")[0].strip().lower()
    upload = await run_sync(services.own_previews.receive, ModelId(model_id), media_type)
    try:
        async for chunk in request.stream():
            await run_sync(upload.write, chunk)
        await run_sync(services.own_previews.keep, ModelId(model_id), upload)
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(upload.discard)
    return await run_sync(_answer_changed, services, presenter, model_id)


@router.post("/{model_id}/preview")
def choose_preview(
    services: ServicesDep, presenter: PresenterDep, model_id: Number, body: PreviewChoiceIn
) -> Answer[ModelDetailOut]:
    """Put one of a model's previews before the others. A copy is kept, so that it stays when the file goes."""
    path, is_in_model = _find_preview(services, model_id, body.preview_id)
    if is_in_model:
        services.own_previews.copy_content(ModelId(model_id), read_cover(path)[0])
    else:
        services.own_previews.copy(ModelId(model_id), path)
    return _answer_changed(services, presenter, model_id)


@router.delete("/{model_id}/preview")
def forget_preview(services: ServicesDep, presenter: PresenterDep, model_id: Number) -> Answer[ModelDetailOut]:
    """Take your own preview back; what lies beside the model is shown again."""
    services.own_previews.forget(ModelId(model_id))
    return _answer_changed(services, presenter, model_id)


def _answer_changed(services: Services, presenter: ModelPresenter, model_id: int) -> Answer[ModelDetailOut]:
    services.hub.publish(ModelsChanged((ModelId(model_id),)))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


def _find_preview(services: Services, model_id: int, preview_id: int) -> tuple[Path, bool]:
    """Its file, and whether that is the model itself."""
    preview = services.catalog.get_preview(ModelId(model_id), PreviewId(preview_id))
    return services.places.checked_path_of(preview.place), preview.origin == "embedded"


async def _answer(
    thumbnails: Thumbnails, path: Path, size: ThumbnailSize | None, if_none_match: str, *, is_in_model: bool = False
) -> Response:
    if size is not None:
        find = partial(thumbnails.find_original, path, size, is_in_model=is_in_model)
        if original := await run_sync(find):
            return await _answer_thumbnail(thumbnails, original, if_none_match)
    if is_in_model:
        content, suffix = await run_sync(read_cover, path, limiter=_PICTURES)
        return Response(content, media_type=MEDIA_TYPE_OF_SUFFIX[suffix], headers=_KEPT_BY_THE_BROWSER)
    media_type = await run_sync(_media_type_of, path)
    return FileResponse(path, media_type=media_type, headers=_KEPT_BY_THE_BROWSER)


async def _answer_thumbnail(thumbnails: Thumbnails, original: Original, if_none_match: str) -> Response:
    tag = f'"{original.key}"'
    headers = {**_KEPT_BY_THE_BROWSER, "ETag": tag}
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    content = await run_sync(thumbnails.find_kept, original)
    if not content:
        content = await run_sync(thumbnails.get, original, limiter=_FILMS if original.is_film else _PICTURES)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _media_type_of(path: Path) -> str:
    try:
        suffix = find_picture_suffix(path)
    except OSError as error:
        raise NotFound("The preview is gone from the disk. Scan the library to refresh it.") from error
    if suffix is None:
        raise NotFound("This file is no picture, whatever its name says.")
    return MEDIA_TYPE_OF_SUFFIX[suffix]
