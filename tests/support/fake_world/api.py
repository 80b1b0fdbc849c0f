"""The REST API v1 apart from the model list."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support.fake_world import downloads, search
from tests.support.fake_world.library import FIXTURES, FakeFile, FakeModel, FakeVersion
from tests.support.fake_world.server import Reply, Request, html_reply, json_reply, text_reply
from tests.support.fake_world.shapes import detail_shape, public_files, version_shape

if TYPE_CHECKING:
    from tests.support.fake_world.world import FakeWorld

_MAX_ID = 2147483647
Route = Callable[["FakeWorld", Request, str], Reply]


def answer(world: FakeWorld, request: Request) -> Reply:
    agent = request.headers.get("user-agent", "")
    if not agent or "python-urllib" in agent.lower():
        return text_reply(403, "error code: 1010", "text/plain; charset=UTF-8", {"Server": "cloudflare"})
    for pattern, route in _ROUTES:
        if found := pattern.fullmatch(request.path):
            return route(world, request, found[1] if found.groups() else "")
    return html_reply(404, "404")


def _download(world: FakeWorld, request: Request, text: str) -> Reply:
    if not text.isdigit():
        return json_reply(400, {"error": "Missing modelVersionId"})
    return downloads.answer(world, request, int(text))


def _model(world: FakeWorld, request: Request, text: str) -> Reply:
    if not re.fullmatch(r"-?\d+", text):
        return json_reply(400, {"error": "✖ Invalid input: expected number, received NaN\n  → at id"})
    if int(text) > _MAX_ID:
        return json_reply(400, {"error": f"✖ Too big: expected number to be <={_MAX_ID}\n  → at id"})
    model = world.library.models.get(int(text))
    if model is None or not model.is_published or not model.facts.get("nsfwLevel"):
        return json_reply(404, {"error": f"No model with id {text}"})
    return json_reply(200, detail_shape(request.host, model), {"Cache-Control": "public, s-maxage=300"})


def _version(world: FakeWorld, request: Request, text: str) -> Reply:
    if not text.isdigit() or int(text) == 0:
        return json_reply(400, {"error": "Missing modelVersionId"})
    version = world.library.find_version(int(text))
    if version is None or not version.is_published or not version.is_indexed:
        return json_reply(404, {"error": "Model not found"})
    model = world.library.models[version.model_id]
    if not version.files:
        return json_reply(404, {"error": "Missing model file"})
    return json_reply(200, version_shape(request.host, model, version))


def _by_hash(world: FakeWorld, request: Request, digits: str) -> Reply:
    hits = list(_find_by_hash(world, lambda hashes: digits.upper() in hashes.values()))
    if not hits:
        return json_reply(404, {"error": "Model not found"})
    model, version, _ = min(hits, key=lambda hit: str(hit[1].facts.get("publishedAt")))
    return json_reply(200, version_shape(request.host, model, version))


def _batch(world: FakeWorld, request: Request, _: str) -> Reply:
    wanted = _parse_hashes(request, 100)
    if isinstance(wanted, Reply):
        return wanted
    shapes: list[Any] = []
    for model, version, _file in _find_by_hash(world, lambda hashes: hashes.get("SHA256") in wanted):
        is_hidden = not public_files(version)
        shapes.append(None if is_hidden else version_shape(request.host, model, version))
    return json_reply(200, shapes[::-1])


def _batch_ids(world: FakeWorld, request: Request, _: str) -> Reply:
    wanted = _parse_hashes(request, 10_000)
    if isinstance(wanted, Reply):
        return wanted
    hits = [
        {"modelVersionId": version.version_id, "modelId": model.model_id, "hash": file.payload.hashes["SHA256"]}
        for model, version, file in _find_by_hash(world, lambda hashes: hashes.get("SHA256") in wanted)
    ]
    return json_reply(200, hits[::-1])


def _parse_hashes(request: Request, limit: int) -> set[str] | Reply:
    """`GET` on these routes answers 400 as well."""
    prefix = "Request must include an array of SHA256 Hashes. "
    if request.method != "POST" or "json" not in request.headers.get("content-type", ""):
        return json_reply(400, {"error": prefix})
    hashes = json.loads(request.body)
    if not isinstance(hashes, list) or len(hashes) > limit:
        return json_reply(400, {"error": f'{prefix}[{{"code": "too_big", "message": "Too many hashes"}}]'})
    if not all(isinstance(digits, str) and len(digits) == 64 for digits in hashes):
        return json_reply(400, {"error": f'{prefix}[{{"code": "custom", "message": "Invalid hash"}}]'})
    return {digits.upper() for digits in hashes}


def _find_by_hash(
    world: FakeWorld, matches: Callable[[dict[str, str]], bool]
) -> list[tuple[FakeModel, FakeVersion, FakeFile]]:
    """One entry per matching file; model and version published."""
    return [
        (model, version, file)
        for model in list(world.library.models.values())
        if model.is_published
        for version in model.versions
        if version.is_published
        for file in version.files
        if file.linked_from is None and matches(file.facts.get("hashes", file.payload.hashes))
    ]


def _me(world: FakeWorld, request: Request, _: str) -> Reply:
    account = world.account_of(request)
    if account is None:
        return json_reply(401, {"error": "Unauthorized"})
    return json_reply(200, _fixture("me.json") | {"username": account.username})


def _tags(world: FakeWorld, request: Request, _: str) -> Reply:
    """The totals are nothing to go by."""
    tags = dict.fromkeys(tag for model in world.library.models.values() for tag in model.facts.get("tags", []))
    items = [{"name": tag, "link": f"https://civitai.com/api/v1/models?tag={tag}"} for tag in tags]
    return _list_names(request, items, "name")


def _creators(world: FakeWorld, request: Request, _: str) -> Reply:
    """Who has no model yet is listed, too, without a count."""
    makers = (model.facts.get("creator") or {} for model in world.library.models.values() if model.is_published)
    counts = Counter(str(name) for maker in makers if (name := maker.get("username")))
    items: list[dict[str, Any]] = [{"username": name, "modelCount": count} for name, count in counts.items()]
    return _list_names(request, [*items, {"username": "no_models_yet"}], "username")


def _list_names(request: Request, items: list[dict[str, Any]], key: str) -> Reply:
    limit = request.get("limit") or "20"
    if not limit.isdigit() or not 1 <= int(limit) <= 200:
        return json_reply(400, {"error": "Too big: expected number to be <=200"})
    part = (request.get("query") or "").lower()
    found = [item for item in items if part in item[key].lower()][: int(limit)]
    metadata = {"totalItems": 0, "currentPage": 1, "pageSize": int(limit), "totalPages": 1}
    return json_reply(200, {"items": found, "metadata": metadata}, {"Cache-Control": "public, s-maxage=300"})


def _enums(_world: FakeWorld, _request: Request, _: str) -> Reply:
    return json_reply(200, _fixture("enums.json"))


def _images(_world: FakeWorld, _request: Request, _: str) -> Reply:
    return json_reply(200, _fixture("images_list.json"))


def _page(_world: FakeWorld, _request: Request, _: str) -> Reply:
    return html_reply(200, "Civitai")


def _fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


_ROUTES: tuple[tuple[re.Pattern[str], Route], ...] = tuple(
    (re.compile(pattern), route)
    for pattern, route in (
        (r"/api/download/models/([^/]*)", _download),
        (r"/api/v1/models", search.answer),
        (r"/api/v1/models/([^/]+)", _model),
        (r"/api/v1/model-versions/by-hash", _batch),
        (r"/api/v1/model-versions/by-hash/ids", _batch_ids),
        (r"/api/v1/model-versions/by-hash/([0-9A-Za-z]+)", _by_hash),
        (r"/api/v1/model-versions/([^/]+)", _version),
        (r"/api/v1/tags", _tags),
        (r"/api/v1/creators", _creators),
        (r"/api/v1/me", _me),
        (r"/api/v1/enums", _enums),
        (r"/api/v1/images", _images),
        (r"/(?:login|models|model-versions)\b.*", _page),
    )
)
