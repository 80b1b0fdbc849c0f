"""`/api/models`: the library."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import FileResponse, PlainTextResponse
from pydantic_core import to_json

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.ids import ModelId, PreviewId
from sd_model_manager.domain.query import MAX_CHARACTERS
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.lib.pictures import MEDIA_TYPE_OF_SUFFIX, find_picture_suffix
from sd_model_manager.library.thumbnails import MEDIA_TYPE, Original, Thumbnails, ThumbnailSize
from sd_model_manager.ui.api.dependencies import Number, PresenterDep, ServicesDep
from sd_model_manager.ui.api.presenters.models import present_facets
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.models import FacetsOut, ModelDetailOut, ModelPage
from sd_model_manager.ui.api.schemas.settings import ScanIn
from sd_model_manager.ui.api.schemas.tasks import TaskOut
from sd_model_manager.ui.api.schemas.user_data import UserChangeIn

router = APIRouter(prefix="/api/models", tags=["models"])

_KEPT_BY_THE_BROWSER = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox",
}
"""A picture that changes gets another id. Opened by itself it may run nothing."""

Sort = Literal["name", "-name", "added_at", "-added_at", "size_bytes", "-size_bytes", "modified_at", "-modified_at"]


def read_filter(
    q: Annotated[
        str, Query(max_length=MAX_CHARACTERS, description="A query such as `ink -style size:>100MB added:<30d`.")
    ] = "",
    type: Annotated[list[str] | None, Query(description="Model types; any of them.")] = None,
    base_model: Annotated[list[str] | None, Query(description="Base models; `unknown` for none.")] = None,
    tag: Annotated[list[str] | None, Query(description="Tags; any of them.")] = None,
    category: Category | None = None,
    folder: Annotated[str | None, Query(description="A folder below a library folder, such as loras/style.")] = None,
) -> ModelFilter:
    return ModelFilter(
        text=q,
        types=tuple(type or ()),
        base_models=tuple(base_model or ()),
        tags=tuple(tag or ()),
        category=category,
        folder=folder,
    )


FilterDep = Annotated[ModelFilter, Depends(read_filter)]


@router.get("", response_model=Answer[ModelPage])
def list_models(
    services: ServicesDep,
    presenter: PresenterDep,
    wanted: FilterDep,
    sort: Sort = "-added_at",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    page = services.catalog.list_models(wanted, sort=sort, limit=limit, cursor=cursor)
    items = [presenter.listing(model) for model in page.items]
    body = {"success": True, "data": {"items": items, "total": page.total, "next_cursor": page.next_cursor}}
    return Response(to_json(body), media_type="application/json")


@router.get("/facets")
def count_facets(services: ServicesDep, wanted: FilterDep) -> Answer[FacetsOut]:
    """Counts for the filters. Each field is counted as if it were not filtered by, so that alternatives show up."""
    return Answer(data=present_facets(services.catalog.count_facets(wanted)))


@router.post("/scan", status_code=202)
def scan(services: ServicesDep, wish: ScanIn | None = None) -> Answer[TaskOut]:
    """Look for new, changed and missing files. A scan that is under way is returned, not doubled."""
    folder_id = services.places.resolve_folder(wish.folder)[0].folder_id if wish and wish.folder else None
    task, _ = services.request_scan(folder_id, full=bool(wish and wish.full))
    return Answer(data=present_task(task))


@router.get("/{model_id}")
def get_model(services: ServicesDep, presenter: PresenterDep, model_id: Number) -> Answer[ModelDetailOut]:
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.patch("/{model_id}")
def change_user_data(
    services: ServicesDep, presenter: PresenterDep, model_id: Number, body: UserChangeIn
) -> Answer[ModelDetailOut]:
    """Say what you think of a model. What is left out stays as it is."""
    services.user_data.change(ModelId(model_id), UserChange(**body.model_dump(exclude_unset=True)))
    services.hub.publish(ModelsChanged((ModelId(model_id),)))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.get("/{model_id}/previews/{preview_id}", response_class=FileResponse)
def get_preview(
    services: ServicesDep,
    model_id: Number,
    preview_id: Number,
    size: Annotated[
        ThumbnailSize | None,
        Query(description="A WebP of at most 256, 512 or 1,024 pixels across; a film comes as it is."),
    ] = None,
    if_none_match: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """The picture or film itself, or its thumbnail. Only what is one by its content is served from a model folder."""
    preview = services.catalog.get_preview(ModelId(model_id), PreviewId(preview_id))
    path = services.places.checked_path_of(preview.place)
    if size is not None and (original := services.thumbnails.find_original(path, size)):
        return _answer_thumbnail(services.thumbnails, original, if_none_match)
    return FileResponse(path, media_type=_media_type_of(path), headers=_KEPT_BY_THE_BROWSER)


@router.get("/{model_id}/sidecars/{sidecar_id}", response_class=PlainTextResponse)
def get_sidecar(services: ServicesDep, model_id: Number, sidecar_id: Number) -> Response:
    """A sidecar's text as it was last read, to be looked at or saved; it is never shown as a page."""
    path, raw = services.catalog.get_sidecar_raw(ModelId(model_id), sidecar_id)
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    name = quote(PurePosixPath(path).name, safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(raw, media_type=f"text/plain; charset={encoding}", headers=headers)


def _answer_thumbnail(thumbnails: Thumbnails, original: Original, if_none_match: str) -> Response:
    tag = f'"{original.key}"'
    headers = {**_KEPT_BY_THE_BROWSER, "ETag": tag}
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(thumbnails.get(original), media_type=MEDIA_TYPE, headers=headers)


def _media_type_of(path: Path) -> str:
    try:
        suffix = find_picture_suffix(path)
    except OSError as error:
        raise NotFound("The preview is gone from the disk. Scan the library to refresh it.") from error
    if suffix is None:
        raise NotFound("This file is no picture, whatever its name says.")
    return MEDIA_TYPE_OF_SUFFIX[suffix]
