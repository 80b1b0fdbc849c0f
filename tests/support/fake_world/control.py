"""The same switches over HTTP, under `/__control/`, for trials by hand, end-to-end tests and benchmarks.

POST   /__control/models     options of `Library.add_model`        -> {model_id, page_url, versions}
POST   /__control/faults     fields of `Fault`                     arm one
DELETE /__control/faults                                           disarm all
POST   /__control/storage    {"bytes_per_second"|"one_time"|"expire"|"release": ...}
POST   /__control/world      {"login_required"|"backend"|"quota": ...}
GET    /__control/requests                                         everything asked so far
GET    /__control/urls                                             base URLs and keys
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.fake_world.server import Reply, Request, json_reply

if TYPE_CHECKING:
    from tests.support.fake_world.world import FakeWorld


def answer(world: FakeWorld, request: Request) -> Reply:
    options: dict[str, Any] = json.loads(request.body) if request.body else {}
    match request.method, request.path.removeprefix("/__control/"):
        case "POST", "models":
            model = world.add_model(**options)
            ids = [version.version_id for version in model.versions]
            found = {"model_id": model.model_id, "page_url": world.page_url(model), "versions": ids}
            return json_reply(200, found)
        case "POST", "faults":
            world.fault(**options)
        case "DELETE", "faults":
            world.faults.clear()
        case "POST", "storage":
            _set_storage(world, options)
        case "POST", "world":
            for name in ("login_required", "backend", "quota"):
                if name in options:
                    setattr(world, name, options[name])
        case "GET", "requests":
            asked = [
                {"server": r.server, "method": r.method, "path": r.path, "headers": r.headers} for r in world.requests
            ]
            return json_reply(200, asked)
        case "GET", "urls":
            return json_reply(200, {**world.urls, "keys": list(world.accounts), "private_hosts": world.private_hosts})
        case _:
            return json_reply(404, {"error": "no such switch"})
    return json_reply(200, {})


def _set_storage(world: FakeWorld, options: dict[str, Any]) -> None:
    for name in ("bytes_per_second", "one_time"):
        if name in options:
            setattr(world.storage, name, options[name])
    if options.get("expire"):
        world.storage.expire_links()
    if options.get("release"):
        world.storage.gate.set()
