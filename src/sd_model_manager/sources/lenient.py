"""Reading other people's JSON: a value of another shape than expected counts as absent, whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Lenient(BaseModel):
    """Give every field a default. Unknown keys are ignored, and any JSON object validates."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, frozen=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _absent_unless_it_fits(cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        try:
            return read(value)
        except ValidationError:
            return cls.model_fields[info.field_name or ""].get_default(call_default_factory=True)


def only_objects(value: Any) -> Any:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else value


def _only_texts(value: Any) -> Any:
    """Civitai's tags were once objects with a name."""
    if not isinstance(value, list):
        return value
    named = (entry.get("name") if isinstance(entry, dict) else entry for entry in value)
    return [text.strip() for text in named if isinstance(text, str) and text.strip()]


def _as_utc(moment: datetime) -> datetime:
    """Some endpoints leave the zone out; they mean UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_as_utc)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_only_texts)]
