"""`/api/models/{id}/preview` and `/previews`: pictures and films of models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
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
from sd_model_manager.domain.infotext import PictureText
from sd_model_manager.domain.maturity import Treatment, Viewing
from sd_model_manager.lib.errors import NotAllowed, NotFound
from sd_model_manager.lib.pictures import MEDIA_TYPE_OF_SUFFIX, find_picture_suffix
from sd_model_manager.library.covers import read_cover
from sd_model_manager.library.picture_texts import read_picture_text
from sd_model_manager.library.thumbnails import MEDIA_TYPE, Original, Thumbnails, ThumbnailSize
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.presenters.models import ModelPresenter
from sd_model_manager.ui.api.presenters.published import present_picture_text
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.models import ModelDetailOut, PreviewChoiceIn
from sd_model_manager.ui.api.schemas.published import PictureTextOut
from sd_model_manager.ui.api.viewing import SHOWN_ONLY, PresenterDep, ViewingDep, require_open
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/models", tags=["models"])

_KEPT_BY_THE_BROWSER = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox",
}
"""A picture that changes gets another address. Opened by itself it may run nothing."""
_ASKED_FOR_ANEW = {"Cache-Control": "private, no-cache"}

_PICTURES, _FILMS = anyio.CapacityLimiter(2), anyio.CapacityLimiter(1)
"""Who waits for a thumbnail to be made waits here and not in a thread, of which everybody else needs one as well; and
a film that takes its time holds up no picture."""

Size = Annotated[
    ThumbnailSize | None,
    Query(description="A WebP of at most 256, 512 or 1,024 pixels across; of a film its first frame, with `av`."),
]
IfNoneMatch = Annotated[str, Header(include_in_schema=False)]
OwnName = Annotated[str, PathField(pattern=r"^[0-9a-f]{64}\.(png|jpeg|webp|gif|avif|mp4|webm)$")]


class Look(StrEnum):
    """How a preview is looked at, where not as the settings of mature content have it."""

    BLURRED = "blurred"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for. `look` is `None` where that is as the settings say, and in an answer where it is harmless."""

    size: ThumbnailSize | None
    if_none_match: str
    look: Look | None
    is_in_model: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """A clear picture of mature content is asked for anew each time, for it may be locked meanwhile."""
        return _KEPT_BY_THE_BROWSER | _ASKED_FOR_ANEW if self.look is Look.CLEAR else _KEPT_BY_THE_BROWSER


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPE_OF_SUFFIX.values()},
    }
}


@router.get("/{model_id}/previews/{preview_id}", response_class=FileResponse)
async def get_preview(
    services: ServicesDep,
    viewing: ViewingDep,
    model_id: Number,
    preview_id: Number,
    size: Size = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The picture or film itself, or its thumbnail. Only what is one by its content is served from a model folder.
    403 `MATURE_BLURRED` or `MATURE_HIDDEN` where it is mature content that is not shown."""
    find = partial(_find_preview, services, model_id, preview_id)
    return await _show(services, viewing, model_id, find, _Wish(size, if_none_match, None))


@router.get("/{model_id}/previews/{preview_id}/text")
async def get_preview_text(
    services: ServicesDep,
    viewing: ViewingDep,
    model_id: Number,
    preview_id: Number,
    reveal: Annotated[bool, Query(description="Also where the picture is blurred.")] = False,
) -> Answer[PictureTextOut]:
    """How the picture was made, as A1111, Forge and SwarmUI write it into pictures; nothing where it does not say.
    The number of the one that you gave the model is 0. 403 as for the picture itself."""

    def read() -> PictureText:
        _choose_look(services, viewing, model_id, Look.CLEAR if reveal else None)
        path, is_in_model = _find_preview(services, model_id, preview_id)
        return read_picture_text(path, is_in_model=is_in_model)

    return Answer(data=present_picture_text(await run_sync(read, limiter=_PICTURES)))


@router.get("/{model_id}/previews/{preview_id}/{look}", response_class=FileResponse)
async def get_preview_as(
    services: ServicesDep,
    viewing: ViewingDep,
    model_id: Number,
    preview_id: Number,
    look: Look,
    size: Size = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """`blurred`: a WebP of its colours alone, of one size. `clear`: as it is, also where mature content is blurred;
    403 `MATURE_LOCKED` where that is locked."""
    find = partial(_find_preview, services, model_id, preview_id)
    return await _show(services, viewing, model_id, find, _Wish(size, if_none_match, look))


@router.get("/{model_id}/preview/{name}", response_class=FileResponse)
async def get_own_preview(
    services: ServicesDep,
    viewing: ViewingDep,
    model_id: Number,
    name: OwnName,
    size: Size = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The preview that you gave a model, or its thumbnail."""
    find = partial(_find_own_preview, services, model_id, name)
    return await _show(services, viewing, model_id, find, _Wish(size, if_none_match, None))


@router.get("/{model_id}/preview/{name}/{look}", response_class=FileResponse)
async def get_own_preview_as(
    services: ServicesDep,
    viewing: ViewingDep,
    model_id: Number,
    name: OwnName,
    look: Look,
    size: Size = None,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The same, `blurred` or `clear` as with other previews."""
    find = partial(_find_own_preview, services, model_id, name)
    return await _show(services, viewing, model_id, find, _Wish(size, if_none_match, look))


@router.put("/{model_id}/preview", dependencies=SHOWN_ONLY, openapi_extra=_BODY)
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


@router.post("/{model_id}/preview", dependencies=SHOWN_ONLY)
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


@router.delete("/{model_id}/preview", dependencies=SHOWN_ONLY)
def forget_preview(services: ServicesDep, presenter: PresenterDep, model_id: Number) -> Answer[ModelDetailOut]:
    """Take your own preview back; what lies beside the model is shown again."""
    services.own_previews.forget(ModelId(model_id))
    return _answer_changed(services, presenter, model_id)


def _answer_changed(services: Services, presenter: ModelPresenter, model_id: int) -> Answer[ModelDetailOut]:
    services.hub.publish(ModelsChanged((ModelId(model_id),)))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


def _find_own_preview(services: Services, model_id: int, name: str) -> tuple[Path, bool]:
    return services.own_previews.path_of(ModelId(model_id), name), False


def _find_preview(services: Services, model_id: int, preview_id: int) -> tuple[Path, bool]:
    """Its file, and whether that is the model itself. The one that you gave a model has the number 0."""
    if preview_id == 0:
        own = services.catalog.get_listing(ModelId(model_id)).own_preview
        return _find_own_preview(services, model_id, own or "")
    preview = services.catalog.get_preview(ModelId(model_id), PreviewId(preview_id))
    return services.places.checked_path_of(preview.place), preview.origin == "embedded"


def _choose_look(services: Services, viewing: Viewing, model_id: int, asked: Look | None) -> Look | None:
    """Raises NotAllowed where it may not be looked at so; what is not asked for by a look is as the settings say."""
    if viewing.treatment is Treatment.SHOW and not services.mature_lock.is_set:
        return asked
    bits = services.catalog.without_mature(viewing.mature_below).get_mature_bits(ModelId(model_id))
    if asked is Look.BLURRED:
        return asked
    if not viewing.is_mature(bits):
        return None
    if asked is Look.CLEAR:
        require_open(viewing)
    elif viewing.blurs(bits):
        message = "This is mature content, of which pictures are blurred. Add /clear to its address to reveal it."
        raise NotAllowed(message, code="MATURE_BLURRED")
    return Look.CLEAR


async def _show(
    services: Services, viewing: Viewing, model_id: int, find: Callable[[], tuple[Path, bool]], wish: _Wish
) -> Response:
    """What `find` finds, as far as it may be looked at."""

    def look_up() -> tuple[Path, _Wish]:
        look = _choose_look(services, viewing, model_id, wish.look)
        path, is_in_model = find()
        return path, replace(wish, look=look, is_in_model=is_in_model)

    path, allowed = await run_sync(look_up)
    return await _answer(services.thumbnails, path, allowed)


async def _answer(thumbnails: Thumbnails, path: Path, wish: _Wish) -> Response:
    is_blurred = wish.look is Look.BLURRED
    size = ThumbnailSize.SMALL if is_blurred else wish.size
    if size is not None:
        find = partial(thumbnails.find_original, path, size, is_in_model=wish.is_in_model, is_blurred=is_blurred)
        if original := await run_sync(find):
            return await _answer_thumbnail(thumbnails, original, wish)
    if is_blurred:
        raise NotFound("Films are not blurred here: reading them needs the extra 'video'.", code="NO_BLURRED_FILM")
    if wish.is_in_model:
        content, suffix = await run_sync(read_cover, path, limiter=_PICTURES)
        return Response(content, media_type=MEDIA_TYPE_OF_SUFFIX[suffix], headers=wish.headers)
    media_type = await run_sync(_media_type_of, path)
    return FileResponse(path, media_type=media_type, headers=wish.headers)


async def _answer_thumbnail(thumbnails: Thumbnails, original: Original, wish: _Wish) -> Response:
    tag = f'"{original.key}"'
    headers = {**wish.headers, "ETag": tag}
    if tag in wish.if_none_match:
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
