"""`/api/collections`: named sets of models."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from sd_model_manager.domain.events import CollectionsChanged, ModelsChanged
from sd_model_manager.domain.ids import CollectionId, ModelId
from sd_model_manager.domain.shelves import CollectionChange
from sd_model_manager.domain.user_data import BulkChange
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.presenters.bulk import present_outcome
from sd_model_manager.ui.api.presenters.shelves import collection_fields, present_collection
from sd_model_manager.ui.api.routes.bulk import tell_of
from sd_model_manager.ui.api.schemas.bulk import BulkOut
from sd_model_manager.ui.api.schemas.collections import (
    CollectionChangeIn,
    CollectionDetailOut,
    CollectionIn,
    CollectionOut,
    MembersIn,
)
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.viewing import ViewingDep
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/collections", tags=["collections"])


@router.get("")
def list_collections(services: ServicesDep, viewing: ViewingDep) -> Answer[list[CollectionOut]]:
    """All of them, by name."""
    found = services.collections.list_all(mature_below=viewing.mature_below)
    return Answer(data=[present_collection(collection, viewing) for collection in found])


@router.post("", status_code=201)
def create_collection(services: ServicesDep, body: CollectionIn) -> Answer[CollectionOut]:
    collection_id = services.collections.create(body.name, body.notes, now=datetime.now(UTC))
    services.hub.publish(CollectionsChanged())
    return Answer(data=present_collection(services.collections.get(collection_id)))


@router.get("/{collection_id}")
def get_collection(services: ServicesDep, viewing: ViewingDep, collection_id: Number) -> Answer[CollectionDetailOut]:
    """A collection with the numbers of its models, in the order in which they were added."""
    shown = viewing.mature_below
    collection = services.collections.get(CollectionId(collection_id), mature_below=shown)
    ids = services.collections.list_model_ids(collection.collection_id, mature_below=shown)
    return Answer(data=CollectionDetailOut(**collection_fields(collection, viewing), model_ids=list(map(int, ids))))


@router.patch("/{collection_id}")
def change_collection(
    services: ServicesDep, viewing: ViewingDep, collection_id: Number, body: CollectionChangeIn
) -> Answer[CollectionOut]:
    """Rename a collection, or note something else about it."""
    services.collections.change(CollectionId(collection_id), CollectionChange(body.name, body.notes))
    services.hub.publish(CollectionsChanged())
    changed = services.collections.get(CollectionId(collection_id), mature_below=viewing.mature_below)
    return Answer(data=present_collection(changed, viewing))


@router.delete("/{collection_id}")
def remove_collection(services: ServicesDep, collection_id: Number) -> Answer[None]:
    """Forget a collection. Its models stay."""
    model_ids = services.collections.remove(CollectionId(collection_id))
    services.hub.publish(CollectionsChanged())
    if model_ids:
        services.hub.publish(ModelsChanged.naming(model_ids))
    return Answer(data=None)


@router.post("/{collection_id}/models", response_model_exclude_unset=True)
def add_models(services: ServicesDep, collection_id: Number, body: MembersIn) -> Answer[BulkOut]:
    """Add models at the end, in the order given. Each that is unknown is named, and the others are added."""
    return _change_members(services, body, BulkChange(add_to_collection=CollectionId(collection_id)))


@router.post("/{collection_id}/models/remove", response_model_exclude_unset=True)
def remove_models(services: ServicesDep, collection_id: Number, body: MembersIn) -> Answer[BulkOut]:
    """Take models out of a collection; they stay in the library."""
    return _change_members(services, body, BulkChange(remove_from_collection=CollectionId(collection_id)))


def _change_members(services: Services, body: MembersIn, change: BulkChange) -> Answer[BulkOut]:
    outcome = services.bulk_user_data.change(map(ModelId, body.model_ids), change, now=datetime.now(UTC))
    tell_of(outcome, services.hub.publish)
    return Answer(success=True, data=present_outcome(outcome))
