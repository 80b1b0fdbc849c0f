"""`/api/models/bulk`: what the user says of many models at once, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from sd_model_manager.domain.events import CollectionsChanged, Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.user_data import BulkOutcome
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.presenters.bulk import present_outcome, read_change, read_previous
from sd_model_manager.ui.api.schemas.bulk import BulkIn, BulkOut, RestoreIn
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.viewing import CatalogDep, ViewingDep, require_open

router = APIRouter(prefix="/api/models/bulk", tags=["models"])


@router.post("", response_model_exclude_unset=True)
def change_many(services: ServicesDep, catalog: CatalogDep, viewing: ViewingDep, body: BulkIn) -> Answer[BulkOut]:
    """Say the same of many models. Each that cannot be changed is named, and the others are. Levels are not changed
    while mature content is locked: 403 `MATURE_LOCKED`."""
    if "own_mature_level" in body.change.model_fields_set:
        require_open(viewing)
    if body.model_ids is not None:
        ids = [ModelId(key) for key in body.model_ids]
    else:
        assert body.wanted is not None
        ids = catalog.list_ids(body.wanted.to_filter())
    outcome = services.bulk_user_data.change(ids, read_change(body.change), now=datetime.now(UTC))
    tell_of(outcome, services.hub.publish)
    return Answer(success=True, data=present_outcome(outcome))


@router.post("/restore", response_model_exclude_unset=True)
def restore_many(services: ServicesDep, viewing: ViewingDep, body: RestoreIn) -> Answer[BulkOut]:
    """Put back what stood before a change of many models, as its answer told. A collection that was removed since is
    passed over. The answer's own `previous` does it again."""
    if any("own_mature_level" in values.model_fields_set for values in body.restore):
        require_open(viewing)
    outcome = services.bulk_user_data.restore([read_previous(values) for values in body.restore])
    tell_of(outcome, services.hub.publish)
    return Answer(success=True, data=present_outcome(outcome))


def tell_of(outcome: BulkOutcome, publish: Callable[[Event], None]) -> None:
    """One event for all models; nothing where none was changed, for no ids would mean any."""
    if outcome.previous:
        publish(ModelsChanged.naming(values.model_id for values in outcome.previous))
    if any(values.memberships for values in outcome.previous):
        publish(CollectionsChanged())
