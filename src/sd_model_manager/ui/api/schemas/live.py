"""What is sent over the WebSockets."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from sd_model_manager.ui.api.schemas.tasks import DownloadOut, TaskOut


class ProgressMessage(BaseModel):
    """On `/ws/download/{task_id}`."""

    type: Literal["progress"] = "progress"
    task: DownloadOut | TaskOut


class HelloMessage(BaseModel):
    """The first message on `/ws/events`: after a reconnect with another version the page reloads itself.

    What was fetched before models changed the last time is to be fetched again: nobody was told of that here.
    """

    type: Literal["hello"] = "hello"
    version: str
    models_changed_seconds_ago: float | None


class TaskMessage(BaseModel):
    type: Literal["task"] = "task"
    task: DownloadOut | TaskOut


class ModelsMessage(BaseModel):
    """These models were added, changed or are gone; no ids mean that any may have."""

    type: Literal["models_changed"] = "models_changed"
    model_ids: list[int]


class FoldersMessage(BaseModel):
    type: Literal["folders_changed"] = "folders_changed"


class CollectionsMessage(BaseModel):
    type: Literal["collections_changed"] = "collections_changed"


class SearchesMessage(BaseModel):
    type: Literal["searches_changed"] = "searches_changed"


class SettingsMessage(BaseModel):
    type: Literal["settings_changed"] = "settings_changed"


EventMessage = (
    HelloMessage | TaskMessage | ModelsMessage | FoldersMessage | CollectionsMessage | SearchesMessage | SettingsMessage
)
