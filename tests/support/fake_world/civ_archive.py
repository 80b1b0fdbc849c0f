"""A fake CivArchive that remembers one model, in the shapes it has been seen to answer in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.fake_world.library import FIXTURES
from tests.support.fake_world.server import Reply, Request, json_reply


@dataclass
class CivArchive:
    """`is_wrapped`: whether answers come inside `data`. `knows_files_only`: whether a hash yields no more than ids."""

    is_wrapped: bool = True
    knows_files_only: bool = False

    def __post_init__(self) -> None:
        self.model: dict[str, Any] = _fixture("civarchive_model_or_sha256.json")["data"]

    def answer(self, request: Request) -> Reply:
        sha256 = self.model["version"]["files"][0]["sha256"]
        if request.path == f"/api/sha256/{sha256}" and self.knows_files_only:
            return json_reply(200, _fixture("civarchive_sha256_files_only.json"))
        if request.path in {f"/api/sha256/{sha256}", f"/api/models/{self.model['id']}"}:
            return json_reply(200, {"data": self.model} if self.is_wrapped else self.model)
        return json_reply(404, {"error": "Not found"})


def _fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))
