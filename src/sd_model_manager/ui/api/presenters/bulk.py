"""Changes of many models as the API shows them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sd_model_manager.domain.ids import CollectionId, ModelId
from sd_model_manager.domain.user_data import UNCHANGED, BulkChange, BulkOutcome, Membership, PreviousValues
from sd_model_manager.ui.api.schemas import bulk as schemas


def read_change(body: schemas.BulkChangeIn) -> BulkChange:
    return BulkChange(**body.model_dump(exclude_unset=True))


def read_previous(body: schemas.PreviousValues) -> PreviousValues:
    said: dict[str, Any] = body.model_dump(exclude_unset=True)
    said["model_id"] = ModelId(body.model_id)
    said["memberships"] = tuple(Membership(CollectionId(m.collection_id), m.added_at) for m in body.memberships)
    return PreviousValues(**said)


def present_outcome(outcome: BulkOutcome) -> schemas.BulkOut:
    can_be_undone = len(outcome.previous) <= schemas.MAX_PREVIOUS
    return schemas.BulkOut(
        changed=len(outcome.previous),
        unchanged=outcome.unchanged,
        failures=[
            schemas.BulkFailureOut(model_id=failure.model_id, code=failure.code, error=failure.message)
            for failure in outcome.failures
        ],
        previous=[_present_previous(values) for values in outcome.previous] if can_be_undone else None,
    )


def _present_previous(previous: PreviousValues) -> schemas.PreviousValues:
    values = {field.name: getattr(previous, field.name) for field in fields(previous)}
    memberships = tuple(
        schemas.MembershipBefore(collection_id=membership.collection_id, added_at=membership.added_at)
        for membership in previous.memberships
    )
    values["memberships"] = memberships or UNCHANGED
    said = {name: value for name, value in values.items() if value is not UNCHANGED}
    return schemas.PreviousValues.model_construct(**said)
