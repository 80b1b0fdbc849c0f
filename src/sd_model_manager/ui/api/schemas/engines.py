"""Other programs that use the models, folders to choose from, and ComfyUI's list of folders."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class ModelsFolderOut(BaseModel):
    """A folder with models. `models` is a lower bound where `is_exact` is not.

    `state`: `new` ones can be added; `library` is a library folder, `inside` lies in one, `around` holds one.
    """

    path: str
    models: int
    is_exact: bool
    state: Literal["new", "library", "inside", "around"]


class InstallOut(BaseModel):
    """A program that was found. `engine` is its short name; `reads_paths` where it can be told of further folders."""

    engine: str
    name: str
    root: str
    reads_paths: bool
    folders: list[ModelsFolderOut]


class InstallsOut(BaseModel):
    """`is_complete`: every usual place was looked at. Else there may be more."""

    installs: list[InstallOut]
    is_complete: bool


class PlaceIn(BaseModel):
    model_config = {"extra": "forbid"}

    path: str = Field(min_length=1, max_length=4000)


class BrowseIn(BaseModel):
    """`path`: whose folders; `null` for those to begin with."""

    model_config = {"extra": "forbid"}

    path: str | None = Field(default=None, max_length=4000)


class PlaceOut(BaseModel):
    """What a folder is: `install`, if it belongs to one; `folder` are the models in itself."""

    install: InstallOut | None
    folder: ModelsFolderOut


class SubfolderOut(BaseModel):
    """`engine_name` is what the program is called whose own folder it is."""

    name: str
    path: str
    engine_name: str | None


class FolderListOut(BaseModel):
    """The folders in `path`, or where `path` is `null` those to begin with. `parent` is `null` at the top."""

    path: str | None
    parent: str | None
    folders: list[SubfolderOut]


class PathsSectionOut(BaseModel):
    """The part of ComfyUI's list of folders that is about the library, and the folders in it by ComfyUI's key."""

    text: str
    folders: dict[str, list[str]]


class PathsPlanIn(BaseModel):
    """`path`: the folder of a ComfyUI, or its list of folders."""

    model_config = {"extra": "forbid"}

    path: str = Field(min_length=1, max_length=4000)


class PathsPlanOut(BaseModel):
    """What would become of `file`; `diff` in unified form, empty where nothing would change."""

    file: str
    exists: bool
    digest: str
    folders: dict[str, list[str]]
    diff: list[str]


class PathsWriteIn(PathsPlanIn):
    """`digest`: of the plan that was looked at."""

    digest: str = Field(max_length=100)


class PathsUndoIn(BaseModel):
    model_config = {"extra": "forbid"}

    undo_id: str = Field(max_length=100)


class PathsWrittenOut(BaseModel):
    """`undo_id` takes it back; `null` after it was taken back."""

    file: str
    undo_id: str | None
