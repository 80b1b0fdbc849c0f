"""Settings, library folders and the state of the server."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class SettingOut(BaseModel):
    """One setting. A secret's `value` is always `None`; `is_set` says whether there is one.

    `is_locked` settings come from the environment or the command line and can be changed only there; the others can
    be changed with PATCH where `is_editable`. `choices` are all values it, or each item of a list, can be; empty where
    it is free. `minimum` and `maximum` are included.
    """

    key: str
    value: Any
    default: Any
    description: str
    is_secret: bool
    is_set: bool
    is_locked: bool
    is_editable: bool
    needs_restart: bool
    choices: list[str]
    minimum: float | None
    maximum: float | None


class SettingsOut(BaseModel):
    settings: list[SettingOut]


class SettingsIn(BaseModel):
    """Values by key; `None` goes back to the default."""

    values: dict[str, Any] = Field(max_length=50)


class FolderIn(BaseModel):
    path: str = Field(min_length=1, max_length=4000)


class FolderOut(BaseModel):
    """A library folder. `is_locked`: set by the environment or command line, so it cannot be removed here."""

    id: int
    path: str
    is_online: bool
    is_locked: bool
    models: int
    size_bytes: int
    free_bytes: int | None
    added_at: datetime
    scanned_at: datetime | None


class ScanProblemOut(BaseModel):
    """A file a scan could not take in, why, and what to do."""

    path: str
    code: str
    message: str
    seen_at: datetime


class HealthOut(BaseModel):
    """Without an access token, where one is needed, only `status` is answered."""

    status: Literal["ok", "degraded"]
    version: str | None = None
    database: Literal["sqlite", "postgresql"] | None = None
    models: int | None = None
    tasks: dict[str, int] | None = None


class ScanIn(BaseModel):
    """`folder`: only this library folder, or a folder inside one. `full`: read every header again."""

    model_config = {"extra": "forbid"}

    folder: str | None = Field(default=None, max_length=4000)
    full: bool = False


class LoginIn(BaseModel):
    model_config = {"extra": "forbid"}

    token: str = Field(min_length=1, max_length=1000)


class CheckKeyIn(BaseModel):
    """`source`: whose key to check."""

    model_config = {"extra": "forbid"}

    source: Literal["civitai", "huggingface"]


class CheckKeyOut(BaseModel):
    """`account`: whom the key belongs to."""

    source: str
    account: str
