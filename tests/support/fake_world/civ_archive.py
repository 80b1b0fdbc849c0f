"""A fake CivArchive that remembers some models, in the shapes it has been seen to answer in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.fake_world.library import FIXTURES, FakeModel, FakeVersion
from tests.support.fake_world.server import Reply, Request, json_reply


@dataclass
class CivArchive:
    """`is_wrapped`: whether answers come inside `data`. `knows_files_only`: whether a hash yields no more than ids."""

    is_wrapped: bool = True
    knows_files_only: bool = False

    def __post_init__(self) -> None:
        self.model: dict[str, Any] = _fixture("civarchive_model_or_sha256.json")["data"]
        self._remembered: list[dict[str, Any]] = []

    def remember(self, model: FakeModel) -> None:
        """Keep what Civitai shows of a model now, with the first of its versions."""
        self._remembered.append(_shape(model, model.versions[0]))

    def answer(self, request: Request) -> Reply:
        for model in (self.model, *self._remembered):
            sha256 = model["version"]["files"][0]["sha256"]
            if request.path == f"/api/sha256/{sha256}" and self.knows_files_only:
                return json_reply(200, _files_only(model))
            if request.path in {f"/api/sha256/{sha256}", f"/api/models/{model['id']}"}:
                return json_reply(200, {"data": model} if self.is_wrapped else model)
        return json_reply(404, {"error": "Not found"})


def _files_only(model: dict[str, Any]) -> Any:
    fixture = _fixture("civarchive_sha256_files_only.json")
    fixture["files"][0] |= {"model_id": model["id"], "model_version_id": model["version"]["id"]}
    return fixture


def _shape(model: FakeModel, version: FakeVersion) -> dict[str, Any]:
    files = [
        {"id": file.file_id, "name": file.facts["name"], "type": "Model", "sha256": file.payload.sha256, "mirrors": []}
        for file in version.files
    ]
    return {
        "id": model.model_id,
        "name": model.facts["name"],
        "type": model.facts["type"],
        "creator_username": "harbour_master",
        "deletedAt": "2026-05-01T00:00:00Z",
        "version": {
            "id": version.version_id,
            "modelId": model.model_id,
            "name": version.facts["name"],
            "base_model": version.facts["baseModel"],
            "trigger": version.facts.get("trainedWords", []),
            "files": files,
            "images": [],
        },
        "versions": [],
    }


def _fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
