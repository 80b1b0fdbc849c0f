"""`/api/models`: the library."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import PlainTextResponse
from pydantic_core import to_json

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.query import MAX_CHARACTERS
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.domain.user_data import UserChange
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.presenters.models import (
    ModelPresenter,
    present_facets,
    present_sibling,
    present_statistics,
)
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.models import (
    CompletionOut,
    FacetsOut,
    ModelDetailOut,
    ModelPage,
    Sort,
    StatisticsOut,
)
from sd_model_manager.ui.api.schemas.settings import ScanIn
from sd_model_manager.ui.api.schemas.tasks import TaskOut
from sd_model_manager.ui.api.schemas.updates import EnrichIn, OwnMatchIn, SiblingVersionOut
from sd_model_manager.ui.api.schemas.user_data import UserChangeIn
from sd_model_manager.ui.api.viewing import SHOWN_ONLY, CatalogDep, PresenterDep, ViewingDep, require_open, reveal_to

router = APIRouter(prefix="/api/models", tags=["models"])


async def read_filter(
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
    catalog: CatalogDep,
    presenter: PresenterDep,
    wanted: FilterDep,
    sort: Sort = "-added_at",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    offset: Annotated[
        int, Query(ge=0, le=100_000_000, description="Models to leave out before the first; instead of a cursor.")
    ] = 0,
) -> Response:
    page = catalog.list_models(wanted, sort=sort, limit=limit, cursor=cursor, offset=offset)
    items = [presenter.listing(model) for model in page.items]
    facts = {"total": page.total, "next_cursor": page.next_cursor, "did_you_mean": page.did_you_mean}
    body = {"success": True, "data": {"items": items, **facts}}
    return Response(to_json(body), media_type="application/json")


@router.get("/facets")
def count_facets(catalog: CatalogDep, wanted: FilterDep) -> Answer[FacetsOut]:
    """Counts for the filters. Each field is counted as if it were not filtered by, so that alternatives show up."""
    return Answer(data=present_facets(catalog.count_facets(wanted)))


@router.get("/statistics")
def count_sizes(catalog: CatalogDep, wanted: FilterDep) -> Answer[StatisticsOut]:
    """How many models there are of what, how large, and since when, of all that the filters leave."""
    return Answer(data=present_statistics(catalog.count_sizes(wanted)))


@router.get("/complete")
def complete(
    catalog: CatalogDep,
    q: Annotated[str, Query(max_length=MAX_CHARACTERS)] = "",
    position: Annotated[int | None, Query(ge=0, description="The character that is typed at; the end without.")] = None,
) -> Answer[list[CompletionOut]]:
    """What may be meant where a query is being typed: fields, and values that the library has. The best come first."""
    found = catalog.complete(q, len(q) if position is None else position)
    return Answer(data=[CompletionOut(**asdict(completion)) for completion in found])


@router.post("/scan", status_code=202)
def scan(services: ServicesDep, wish: ScanIn | None = None) -> Answer[TaskOut]:
    """Look for new, changed and missing files. A scan that is under way is returned, not doubled."""
    folder_id = services.places.resolve_folder(wish.folder)[0].folder_id if wish and wish.folder else None
    task, _ = services.request_scan(folder_id, full=bool(wish and wish.full))
    return Answer(data=present_task(task))


@router.post("/enrich", status_code=202)
def enrich(services: ServicesDep, wish: EnrichIn | None = None) -> Answer[TaskOut]:
    """Ask Civitai what local files are, by their hashes, and CivArchive if that is wished for: the whole library, what
    a query or filter means, or models by number. The same wish that is under way is returned, not doubled."""
    wish = wish or EnrichIn()
    return Answer(data=present_task(services.request_enrichment(wish.to_wish())))


@router.get("/{model_id}")
def get_model(
    services: ServicesDep,
    catalog: CatalogDep,
    viewing: ViewingDep,
    model_id: Number,
    reveal: Annotated[bool, Query(description="With the pictures that would be blurred.")] = False,
) -> Answer[ModelDetailOut]:
    """All that is known of it. 403 `MATURE_HIDDEN` where it is hidden, `MATURE_LOCKED` where revealing is."""
    presenter = ModelPresenter(services.places, reveal_to(viewing) if reveal else viewing)
    return Answer(data=presenter.detail(catalog.get(ModelId(model_id))))


@router.patch("/{model_id}", dependencies=SHOWN_ONLY)
def change_user_data(
    services: ServicesDep, viewing: ViewingDep, presenter: PresenterDep, model_id: Number, body: UserChangeIn
) -> Answer[ModelDetailOut]:
    """Say what you think of a model. What is left out stays as it is. Its level is not changed while mature content is
    locked: 403 `MATURE_LOCKED`."""
    if "own_mature_level" in body.model_fields_set:
        require_open(viewing)
    services.user_data.change(ModelId(model_id), UserChange(**body.model_dump(exclude_unset=True)))
    services.hub.publish(ModelsChanged((ModelId(model_id),)))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.get("/{model_id}/versions", dependencies=SHOWN_ONLY)
def list_versions(services: ServicesDep, viewing: ViewingDep, model_id: Number) -> Answer[list[SiblingVersionOut]]:
    """All versions that are known of the published model it is of, the newest first. Asks no source."""
    found = services.updates.list_versions(ModelId(model_id), now=datetime.now(UTC), mature_below=viewing.mature_below)
    return Answer(data=[present_sibling(version) for version in found])


@router.put("/{model_id}/published", dependencies=SHOWN_ONLY)
def match(services: ServicesDep, presenter: PresenterDep, model_id: Number, body: OwnMatchIn) -> Answer[ModelDetailOut]:
    """Say what a model is by a link to where it is published. No look-up changes that."""
    services.matching.match(ModelId(model_id), body.url)
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.delete("/{model_id}/published", dependencies=SHOWN_ONLY)
def unmatch(services: ServicesDep, presenter: PresenterDep, model_id: Number) -> Answer[ModelDetailOut]:
    """Say that a model is not what it was taken for. It is not looked up any more."""
    services.matching.unmatch(ModelId(model_id))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.delete("/{model_id}/published/own", dependencies=SHOWN_ONLY)
def forget_own_match(services: ServicesDep, presenter: PresenterDep, model_id: Number) -> Answer[ModelDetailOut]:
    """Take back what you said of where it is published; look-ups decide again."""
    services.matching.forget(ModelId(model_id))
    return Answer(data=presenter.detail(services.catalog.get(ModelId(model_id))))


@router.get("/{model_id}/sidecars/{sidecar_id}", response_class=PlainTextResponse, dependencies=SHOWN_ONLY)
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
