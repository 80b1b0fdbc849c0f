"""`/api/updates`: newer versions of what is here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.domain.updates import Ignored, IgnoredKind, IgnoredListing, Update
from sd_model_manager.library.update_checker import new_update_check
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.models import ModelPresenter
from sd_model_manager.ui.api.presenters.tasks import present_task
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.tasks import TaskOut
from sd_model_manager.ui.api.schemas.updates import IgnoredOut, IgnoreIn, UpdateOut, UpdatePage, VersionOut
from sd_model_manager.ui.api.viewing import PresenterDep, ViewingDep

router = APIRouter(prefix="/api/updates", tags=["updates"])


@router.get("")
def list_updates(
    services: ServicesDep,
    viewing: ViewingDep,
    presenter: PresenterDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> Answer[UpdatePage]:
    """What is newer than what is here, as far as is known: the newest first. Asks no source."""
    page = services.updates.list_page(
        now=datetime.now(UTC), limit=limit, cursor=cursor, mature_below=viewing.mature_below
    )
    items = [_present(update, presenter) for update in page.items]
    return Answer(data=UpdatePage(items=items, total=page.total, next_cursor=page.next_cursor))


@router.post("/check", status_code=202)
def check_updates(services: ServicesDep) -> Answer[TaskOut]:
    """Ask for the versions of all models that are here. A check that is under way is returned, not doubled."""
    return Answer(data=present_task(services.queue.add(new_update_check())[0]))


@router.get("/ignore")
def list_ignored(services: ServicesDep, viewing: ViewingDep) -> Answer[list[IgnoredOut]]:
    """Of what no updates are shown, the last ignored first."""
    found = services.updates.list_ignored(mature_below=viewing.mature_below)
    return Answer(data=[_present_ignored(listing) for listing in found])


@router.post("/ignore")
def ignore(services: ServicesDep, viewing: ViewingDep, body: IgnoreIn) -> Answer[list[IgnoredOut]]:
    """Show no updates to a version, of a model, or by a creator. Answers with all that is ignored."""
    services.updates.ignore(_to_ignored(body), now=datetime.now(UTC))
    services.hub.publish(ModelsChanged())
    return list_ignored(services, viewing)


@router.delete("/ignore")
def heed(services: ServicesDep, viewing: ViewingDep, ignored: Annotated[IgnoreIn, Query()]) -> Answer[list[IgnoredOut]]:
    """Show them again. Answers with all that is still ignored."""
    services.updates.heed(_to_ignored(ignored))
    services.hub.publish(ModelsChanged())
    return list_ignored(services, viewing)


def _present_ignored(listing: IgnoredListing) -> IgnoredOut:
    ignored = listing.ignored
    return IgnoredOut(
        source=ignored.source,
        kind=ignored.kind,
        key=ignored.key,
        model_name=listing.model_name,
        version_name=listing.version_name,
    )


def _to_ignored(body: IgnoreIn) -> Ignored:
    given = {
        IgnoredKind.VERSION: body.version,
        IgnoredKind.MODEL: body.model,
        IgnoredKind.CREATOR: body.creator,
    }
    kind, key = next((kind, key) for kind, key in given.items() if key is not None)
    return Ignored(body.source, kind, key)


def _present(update: Update, presenter: ModelPresenter) -> UpdateOut:
    return UpdateOut(
        id=update.model_id,
        name=update.name,
        source=update.source,
        published_model_id=update.published_model_id,
        published_model_name=update.published_model_name,
        creator=update.creator,
        type=update.type,
        **presenter.cover(update),
        installed=VersionOut(**asdict(update.installed)),
        versions=[VersionOut(**asdict(version)) for version in update.versions],
    )
