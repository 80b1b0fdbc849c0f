"""`/api/discover`: look around at the sources. Nothing is asked of them before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from sd_model_manager.domain.browsing import ALL_LEVELS
from sd_model_manager.domain.maturity import Treatment, Viewing
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.discover import present_found, present_opened, present_source
from sd_model_manager.ui.api.schemas.discover import (
    BrowsableOut,
    BrowseIn,
    FoundNameOut,
    FoundPage,
    Level,
    NamesIn,
    RemoteModelOut,
)
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.viewing import ViewingDep

router = APIRouter(prefix="/api/discover", tags=["discover"])


def choose_max_level(asked: int | None, viewing: Viewing) -> int:
    """How mature what is shown may be: the one place that decides it, for lists, models and their pictures. Where
    mature content is hidden or locked, none of it is, whatever is asked for; where nothing is asked for, only when it
    is shown in the library, too."""
    harmless = viewing.mature_from.bit - 1
    if viewing.treatment is Treatment.HIDE or viewing.is_locked:
        return harmless if asked is None else min(asked, harmless)
    usual = ALL_LEVELS if viewing.treatment is Treatment.SHOW else harmless
    return usual if asked is None else asked


@router.get("")
def list_browsable(services: ServicesDep) -> Answer[list[BrowsableOut]]:
    """The sources that can be looked around in, and what each lets one ask. Asks none of them."""
    return Answer(data=[present_source(source) for source in services.discovery.list_sources()])


@router.get("/{source}")
def browse(
    services: ServicesDep, viewing: ViewingDep, source: str, query: Annotated[BrowseIn, Query()]
) -> Answer[FoundPage]:
    """What a source finds, page by page, with what of it is here. 502 `SOURCE_*` where the source does not answer."""
    page = services.discovery.browse(source, query.to_wish(choose_max_level(query.max_level, viewing)))
    items = [present_found(listed) for listed in page.models]
    return Answer(data=FoundPage(items=items, next_cursor=page.next_cursor))


@router.get("/{source}/names")
def find_names(services: ServicesDep, source: str, query: Annotated[NamesIn, Query()]) -> Answer[list[FoundNameOut]]:
    """Tags or creators with this in their name; none from a source that does not complete them."""
    found = services.discovery.find_names(source, query.field, query.part)
    return Answer(data=[FoundNameOut(name=one.name, models=one.models) for one in found])


@router.get("/{source}/{model_id:path}")
def open_published(
    services: ServicesDep,
    viewing: ViewingDep,
    source: str,
    model_id: Annotated[str, Path(max_length=200, pattern=r"^\w[\w.-]*(/\w[\w.-]*)?$")],
    max_level: Annotated[Level | None, Query()] = None,
) -> Answer[RemoteModelOut]:
    """All versions of a published model, with files, pictures and what is here. 403 `MATURE` where all of it is rated
    above the bound."""
    opened = services.discovery.open_model(source, model_id, choose_max_level(max_level, viewing))
    return Answer(data=present_opened(opened))
