"""`/api/searches`: searches that are kept under a name."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from sd_model_manager.domain.events import SearchesChanged
from sd_model_manager.domain.ids import SearchId
from sd_model_manager.domain.shelves import SearchChange
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.presenters.shelves import present_search
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.searches import SearchChangeIn, SearchIn, SearchOut

router = APIRouter(prefix="/api/searches", tags=["searches"])


@router.get("")
def list_searches(services: ServicesDep) -> Answer[list[SearchOut]]:
    """All of them, in your order."""
    return Answer(data=[present_search(search) for search in services.searches.list_all()])


@router.post("", status_code=201)
def create_search(services: ServicesDep, body: SearchIn) -> Answer[SearchOut]:
    """Keep a search, behind those there are."""
    search_id = services.searches.create(body.name, body.wanted.to_domain(), now=datetime.now(UTC))
    services.hub.publish(SearchesChanged())
    return Answer(data=present_search(services.searches.get(search_id)))


@router.patch("/{search_id}")
def change_search(services: ServicesDep, search_id: Number, body: SearchChangeIn) -> Answer[SearchOut]:
    """Rename a search, move it to another position, or replace what it looks for."""
    searched = body.wanted.to_domain() if body.wanted else None
    services.searches.change(SearchId(search_id), SearchChange(body.name, searched, body.position))
    services.hub.publish(SearchesChanged())
    return Answer(data=present_search(services.searches.get(SearchId(search_id))))


@router.delete("/{search_id}")
def remove_search(services: ServicesDep, search_id: Number) -> Answer[None]:
    services.searches.remove(SearchId(search_id))
    services.hub.publish(SearchesChanged())
    return Answer(data=None)
