"""Every shape in which a Civitai model, version or file is pasted: pages, API links, AIRs, bare ids."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, unquote

from sd_model_manager.domain.published import Reference
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.sources.links import refuse_password, split_web_link

SOURCE_NAME = "civitai"

HOSTS = frozenset({"civitai.com", "civitai.red", "civitai.green", "civitai.blue", "civitaired.com"})
SELECTORS = ("type", "format", "size", "fp", "quantType")
"""Query keys by which a download link may choose among the files of a version."""

_MAX_ID = 2**31 - 1
_PASTE_INSTEAD = "Open the model's page on Civitai and paste its address."

_IMAGE_HOSTS = frozenset({"image.civitai.com", "image-b2.civitai.com", "imagecache.civitai.com"})

_PAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"/(?:api/v1/)?models/(?P<model>\d+)/model-versions/(?P<version>\d+)(?:/.*)?", "page"),
        (r"/models/(?P<model>\d+)(?:/.*)?", "page"),
        (r"/model-versions/(?P<version>\d+)(?:/.*)?", "page"),
        (r"/api/download/models/(?P<version>\d+)", "download"),
        (r"/api/download/training-data/(?P<version>\d+)", "training data"),
        (r"/api/v1/models/(?P<model>\d+)", "page"),
        (r"/api/v1/model-versions/(?:mini/)?(?P<version>\d+)", "page"),
        (r"/api/v1/model-versions/by-hash/(?P<hash>[0-9a-f]+)", "hash"),
    )
)
_NOT_MODELS = {
    "images": "This link leads to a picture. Open the model named beside it under 'Resources used' and paste its page.",
    "posts": f"This link leads to a post. {_PASTE_INSTEAD}",
    "user": f"This link leads to a user's page. {_PASTE_INSTEAD}",
    "collections": f"This link leads to a collection. {_PASTE_INSTEAD}",
    "articles": f"This link leads to an article. {_PASTE_INSTEAD}",
}
_AIR_PREFIX = re.compile(r"(?i)^(?:urn:)?(?:air:)?")
_AIR_PART = re.compile(r"[A-Za-z0-9_/-]+")
_AIR_IDS = re.compile(r"(?P<model>\d+)(?:@(?P<version>\d+))?(?:\+(?P<file>\d+))?(?:\.[A-Za-z0-9]+)?")


def parse_reference(text: str, own_netlocs: frozenset[str] = frozenset()) -> Reference | None:
    """What a pasted text names on Civitai, `None` where it is not Civitai's.

    Args:
        text: as pasted. A `token` in it is never part of the result.
        own_netlocs: further `host[:port]` that stand for Civitai (the configured base URL).

    Raises:
        BadInput: it is Civitai's and names no model.
    """
    text = text.strip().strip("<>\"'").strip()
    if re.fullmatch(r"\d{1,10}", text):
        return Reference(SOURCE_NAME, model_id=_checked_id(text))
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return Reference(SOURCE_NAME, sha256=text.lower())
    parts = _find_own_url(text, own_netlocs)
    if parts is not None:
        return _parse_url(parts)
    return None if "://" in text else _parse_air(text)


def _find_own_url(text: str, own_netlocs: frozenset[str]) -> SplitResult | None:
    if (found := split_web_link(text)) is None:
        return None
    parts, host, netloc = found
    if host in _IMAGE_HOSTS:
        raise BadInput(_NOT_MODELS["images"], code="NOT_A_MODEL_LINK")
    if host.removeprefix("www.") not in HOSTS and netloc not in own_netlocs:
        return None
    refuse_password(parts)
    return parts


def _parse_url(parts: SplitResult) -> Reference:
    path = unquote(re.sub(r"/{2,}", "/", parts.path)).rstrip("/")
    for pattern, what in _PAGES:
        if found := pattern.fullmatch(path):
            return _reference_of(what, found.groupdict(), parse_qs(parts.query))
    section = path.removeprefix("/").partition("/")[0].lower()
    message = _NOT_MODELS.get(section, f"This Civitai link names no model. {_PASTE_INSTEAD}")
    raise BadInput(message, code="NOT_A_MODEL_LINK")


def _reference_of(what: str, ids: dict[str, str], query: dict[str, list[str]]) -> Reference:
    if what == "hash":
        return _reference_of_hash(ids["hash"])
    version_id = query.get("modelVersionId", [ids.get("version")])[-1]
    file_id = query.get("fileId", [None])[-1]
    selectors = tuple((key, query[key][-1]) for key in SELECTORS if key in query) if what == "download" else ()
    return Reference(
        SOURCE_NAME,
        model_id=_checked_id(ids.get("model")),
        version_id=_checked_id(version_id),
        file_id=_checked_id(file_id),
        selectors=(("type", "Training Data"),) if what == "training data" else selectors if file_id is None else (),
    )


def _reference_of_hash(digits: str) -> Reference:
    digits = digits.lower()
    if len(digits) == 64:
        return Reference(SOURCE_NAME, sha256=digits)
    if len(digits) in {10, 12}:
        return Reference(SOURCE_NAME, short_hash=digits)
    raise BadInput(
        "This hash does not name one file for certain. Give the file's SHA-256 (64 digits), or AutoV2 or AutoV3.",
        code="BAD_HASH",
    )


def _parse_air(text: str) -> Reference | None:
    """AIR: `urn:air:{ecosystem}:{type}:civitai:{model}[@{version}][+{file}][.{format}]`, all before `civitai` optional.

    The pattern is that of the npm package @civitai/client 0.2.0-beta.86; its ecosystem and type are not relied on.
    """
    *kinds, source, ids = ("", *_AIR_PREFIX.sub("", text).split(":"))
    kinds = [kind for kind in kinds if kind]
    if source.lower() != SOURCE_NAME or len(kinds) > 2 or not all(_AIR_PART.fullmatch(kind) for kind in kinds):
        return None
    found = _AIR_IDS.fullmatch(ids)
    if found is None:
        raise BadInput(
            "This AIR is incomplete. It looks like 'urn:air:sdxl:lora:civitai:123@456' (model 123, version 456).",
            code="BAD_AIR",
        )
    return Reference(
        SOURCE_NAME,
        model_id=_checked_id(found["model"]),
        version_id=_checked_id(found["version"]),
        file_id=_checked_id(found["file"]),
    )


def _checked_id(digits: str | None) -> str | None:
    if digits is None:
        return None
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:12]) <= _MAX_ID):
        raise BadInput(f"'{digits[:40]}' is not an id that Civitai gives. {_PASTE_INSTEAD}", code="BAD_ID")
    return str(int(digits))
