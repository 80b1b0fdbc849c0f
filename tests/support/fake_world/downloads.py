"""`/api/download/models/{versionId}`: the refusals in the order the real site checks them, then a signed URL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.support.fake_world.library import FakeFile, FakeVersion
from tests.support.fake_world.server import Reply, Request, json_reply, text_reply
from tests.support.fake_world.shapes import score_file

if TYPE_CHECKING:
    from tests.support.fake_world.world import Account, FakeWorld

BROWSER_WORDS = ("mozilla", "chrome", "safari", "firefox", "opera", "edge")
_FORMATS = ("SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other")
_QUOTA = (
    "We've noticed an unusual amount of downloading from your account. Contact support@civitai.com or come back later."
)
_EARLY = "This asset is in Early Access. You can use Buzz access it now!"


def answer(world: FakeWorld, request: Request, version_id: int) -> Reply:
    account = world.account_of(request)
    is_browser = any(word in request.headers.get("user-agent", "").lower() for word in BROWSER_WORDS)
    version = world.library.find_version(version_id)
    refusal = _refuse(world, request, version, account, is_browser=is_browser)
    if refusal is not None:
        return refusal
    assert version is not None
    file = _choose(world, request, version, account)
    if file is None:
        return _error(404, "File not found", is_browser=is_browser)
    world.count_download(account)
    return Reply(307, {"Location": world.sign(file), "Cache-Control": "no-store, max-age=0"})


def _refuse(
    world: FakeWorld, request: Request, version: FakeVersion | None, account: Account | None, *, is_browser: bool
) -> Reply | None:
    if account is not None and account.is_banned:
        return _error(403, "Forbidden", is_browser=is_browser)
    if world.is_over_quota(account):
        return _error(429, _QUOTA, is_browser=is_browser)
    if (chosen := request.get("format")) and chosen not in _FORMATS:
        options = "|".join(f'"{name}"' for name in _FORMATS)
        return _error(400, f"✖ Invalid option: expected one of {options}\n  → at format", is_browser=is_browser)
    model = world.library.models.get(version.model_id) if version else None
    if version is None or model is None or model.facts.get("poi"):
        return _error(404, "File not found", is_browser=is_browser)
    if model.mode == "Archived":
        return _error(410, "Model archived, not available for download", is_browser=is_browser)
    if not (model.is_published and version.is_published):
        return _error(404, "File not found", is_browser=is_browser)
    if version.usage_control != "Download":
        text = "The creator of this asset has disabled downloads on this file"
        return json_reply(401, {"error": "Unauthorized", "message": text})
    if account is None and (world.login_required or version.needs_login):
        if is_browser:
            back = quote(f"/model-versions/{version.version_id}", safe="")
            return Reply(307, {"Location": f"/login?reason=download-auth&returnUrl={back}"})
        text = "The creator of this asset requires you to be logged in to download it"
        return json_reply(401, {"error": "Unauthorized", "message": text})
    gate = version.paid_access
    if gate and (account is None or version.version_id not in account.bought):
        if is_browser:
            return Reply(307, {"Location": f"/model-versions/{version.version_id}"})
        deadline = {"deadline": gate["endsAt"]} if gate.get("endsAt") else {}
        return json_reply(403, {"error": "Early Access", **deadline, "message": _EARLY})
    if version.is_private:
        return _error(403, "You do not have access to download this file", is_browser=is_browser)
    return None


def _choose(world: FakeWorld, request: Request, version: FakeVersion, account: Account | None) -> FakeFile | None:
    """Without `fileId` the user's saved preferences decide, which may give another file than was advertised."""
    files = [file for file in version.files if file.is_public and file.linked_from is None]
    if (file_id := request.get("fileId")) is not None:
        return next((file for file in files if str(file.file_id) == file_id), None)
    kind = request.get("type")
    candidates = [file for file in files if kind is None or file.kind == kind]
    linked = [file for file in version.files if file.linked_from and file.kind == kind]
    if not candidates:
        return world.library.find_file(linked[0].file_id) if linked else None
    given = {key: text for key in ("format", "size", "fp", "quantType") if (text := request.get(key))}
    winner = max(candidates, key=lambda file: score_file(file, {**(account.prefers if account else {}), **given}))
    metadata = winner.facts.get("metadata") or {}
    return winner if all(metadata.get(key) == text for key, text in given.items()) else None


def _error(status: int, text: str, *, is_browser: bool) -> Reply:
    return text_reply(status, text, "text/plain; charset=utf-8") if is_browser else json_reply(status, {"error": text})
