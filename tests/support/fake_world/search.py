"""`GET /api/v1/models`: its validation, what it hides, and cursors that may lead through empty pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.support.fake_world.library import FIXTURES, FakeModel, FakeVersion
from tests.support.fake_world.server import Reply, Request, json_reply
from tests.support.fake_world.shapes import list_shape

if TYPE_CHECKING:
    from tests.support.fake_world.world import FakeWorld

_TYPES = frozenset(json.loads((FIXTURES / "enums.json").read_text(encoding="utf-8"))["ModelType"])
_SORTS = ("Highest Rated", "Most Downloaded", "Most Liked", "Most Discussed", "Most Collected", "Most Images", "Newest",
          "Oldest")  # fmt: skip
_SORTED_BY_STATS = {"Highest Rated": "thumbsUpCount", "Most Downloaded": "downloadCount", "Most Liked": "thumbsUpCount",
                    "Most Discussed": "commentCount"}  # fmt: skip
_DAYS_OF_PERIOD = {"Day": 1, "Week": 7, "Month": 30, "Year": 365, "AllTime": None}
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_NEVER_VALID = ("allowNoCredit", "allowDerivatives", "allowDifferentLicense", "collectionId", "isFeatured", "pending")


def answer(world: FakeWorld, request: Request, _: str) -> Reply:
    if request.method != "GET":
        return json_reply(405, {"error": "Method not allowed"})
    refusal = _validate(world, request)
    if refusal is not None:
        return refusal
    offset = _offset_of(request)
    if offset is None:
        return json_reply(400, {"message": "Invalid cursor: expected 3 value(s) for this sort, received 1"})
    nsfw = _BOOLEANS[(request.get("nsfw") or "false").lower()]
    limit = int(request.get("limit") or 100)
    found = sorted(_select(world, request, nsfw=nsfw), key=lambda model: (_rank(request, model), model.model_id))
    page, later = found[offset : offset + limit], found[offset + limit :]
    items = [
        list_shape(request.host, model, versions, nsfw=nsfw) for model in page if (versions := _visible(request, model))
    ]
    return json_reply(200, {"items": items, "metadata": _metadata(request, page, offset + limit, is_more=bool(later))})


def _metadata(request: Request, page: list[FakeModel], offset: int, *, is_more: bool) -> dict[str, object]:
    metadata: dict[str, object] = {}
    if is_more:
        last = page[-1].model_id if page else 0
        cursor = str(offset) if request.get("query") else f"{offset}|0|{last}"
        kept = request.target.partition("?")[2]
        without_cursor = "&".join(part for part in kept.split("&") if part and not part.startswith("cursor="))
        next_page = f"https://{request.host}/api/v1/models?{without_cursor}&cursor={quote(cursor, safe='')}"
        metadata = {"nextCursor": cursor, "nextPage": next_page}
    if request.get("page") and not request.get("cursor"):
        metadata |= {"currentPage": int(request.get("page") or 1), "pageSize": int(request.get("limit") or 100)}
    return metadata


def _offset_of(request: Request) -> int | None:
    cursor = request.get("cursor")
    if not cursor:
        return (int(request.get("page") or 1) - 1) * int(request.get("limit") or 100)
    parts = cursor.split("|")
    if request.get("query"):
        return int(cursor) if cursor.isdigit() else None
    return int(parts[0]) if len(parts) == 3 and parts[0].isdigit() else None


def _validate(world: FakeWorld, request: Request) -> Reply | None:
    limit, page = request.get("limit") or "100", request.get("page") or "1"
    if not limit.isdigit() or int(limit) > 100:
        return _zod("limit", "Too big: expected number to be <=100")
    if not page.isdigit() or int(page) < 1:
        return _zod("page", "Too small: expected number to be >=1")
    if request.get("query") and request.get("page"):
        text = "Cannot use page param with query search. Use cursor-based pagination."
        return json_reply(400, {"error": text})
    if request.get("page") and not request.get("cursor") and int(page) * int(limit) > 1000:
        return json_reply(429, {"error": "You've requested too many pages, please use cursors instead"})
    if any(kind not in _TYPES for kind in request.query.get("types", [])):
        return _zod("types", "Invalid option")
    if (sort := request.get("sort")) and sort not in _SORTS:
        return _zod("sort", "Invalid option")
    if (period := request.get("period")) and period not in _DAYS_OF_PERIOD:
        return _zod("period", "Invalid option")
    if any((request.get(key) or "false").lower() not in _BOOLEANS for key in ("nsfw", "primaryFileOnly")):
        return _zod("nsfw", "Invalid option")
    if any(key in request.query for key in _NEVER_VALID):
        return _zod(next(key for key in _NEVER_VALID if key in request.query), "Invalid input")
    if {"favorites", "hidden"} & set(request.query) and world.account_of(request) is None:
        return json_reply(401, {"error": "Unauthorized"})
    if (name := request.get("username") or request.get("user")) and name not in _creators(world):
        return json_reply(404, {"message": "User not found"})
    return None


def _zod(path: str, message: str) -> Reply:
    issues = json.dumps([{"code": "invalid", "path": [path], "message": message}], indent=2)
    return json_reply(400, {"error": {"name": "ZodError", "message": issues}})


def _creators(world: FakeWorld) -> set[str]:
    return {str((model.facts.get("creator") or {}).get("username")) for model in world.library.models.values()}


def _select(world: FakeWorld, request: Request, *, nsfw: bool) -> list[FakeModel]:
    ids = {int(text) for text in (request.get("ids") or "").split(",") if text.isdigit()}
    version_ids = _version_ids(request)
    bits = 31 if nsfw else 1
    tags = {tag for model in world.library.models.values() for tag in model.facts.get("tags", [])}
    tag = request.get("tag") or request.get("tagname")
    query = (request.get("query") or "").lower()
    kinds = request.query.get("types", [])
    name = request.get("username") or request.get("user")

    def is_listed(model: FakeModel) -> bool:
        facts = model.facts
        return (
            model.is_published
            and model.model_id not in world.unlisted
            and bool(facts.get("nsfwLevel", 0) & bits)
            and not facts.get("poi")
            and (model.mode != "Archived" or bool(request.get("archived")))
            and (not ids or model.model_id in ids)
            and (not version_ids or any(version.version_id in version_ids for version in model.versions))
            and (tag is None or tag not in tags or tag in facts.get("tags", []))
            and (not kinds or facts["type"] in kinds)
            and (name is None or (facts.get("creator") or {}).get("username") == name)
            and query in facts["name"].lower()
            and _is_within(request.get("period") or "AllTime", model)
        )

    return [model for model in list(world.library.models.values()) if is_listed(model)]


def _rank(request: Request, model: FakeModel) -> Any:
    """What comes first has the smallest. A search by words is by relevance: here the place of the words in the name."""
    query, sort = request.get("query"), request.get("sort") or "Highest Rated"
    if query:
        return model.facts["name"].lower().find(query.lower())
    if sort in {"Newest", "Oldest"}:
        return _published_at(model).timestamp() * (1 if sort == "Oldest" else -1)
    return -(model.facts.get("stats", {}).get(_SORTED_BY_STATS.get(sort, "")) or 0)


def _published_at(model: FakeModel) -> datetime:
    texts = [str(version.facts.get("publishedAt") or "2020-01-01T00:00:00Z") for version in model.versions]
    return max(map(datetime.fromisoformat, texts), default=datetime.min.replace(tzinfo=UTC))


def _is_within(period: str, model: FakeModel) -> bool:
    days = _DAYS_OF_PERIOD[period]
    return days is None or _published_at(model) > datetime.now(UTC) - timedelta(days=days)


def _version_ids(request: Request) -> set[int]:
    return {int(text) for text in (request.get("modelVersionIds") or "").split(",") if text.isdigit()}


def _visible(request: Request, model: FakeModel) -> list[FakeVersion]:
    """A model left without a version is dropped after the page was cut, hence short pages."""
    wanted = request.query.get("baseModels", [])
    version_ids = _version_ids(request)
    return [
        version
        for version in model.versions
        if version.is_published
        and (not wanted or version.facts["baseModel"] in wanted)
        and (not version_ids or version.version_id in version_ids)
    ]
