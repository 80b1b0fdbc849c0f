"""Every shape in which a Hugging Face repository or file is pasted."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote

from sd_model_manager.domain.published import Reference
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS
from sd_model_manager.lib.errors import BadInput
from sd_model_manager.sources.links import refuse_password, split_web_link

SOURCE_NAME = "huggingface"
HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?")
_AIR = re.compile(r"(?i)(?:urn:)?(?:air:)?(?:[\w/-]+:){0,2}huggingface:(?P<repo>[^@+:]+)(?:@(?P<revision>[^@+:]+))?")
_VIEWS = frozenset({"blob", "resolve", "raw", "tree", "commit"})
_NOT_REPOSITORIES = frozenset(
    {"docs", "blog", "papers", "collections", "organizations", "api", "posts", "learn", "settings", "join", "login"}
)
_PASTE_INSTEAD = (
    "Paste the address of a model repository, such as https://huggingface.co/owner/name, or of a file in it."
)


def parse_reference(text: str, own_netlocs: frozenset[str] = frozenset()) -> Reference | None:
    """What a pasted text names on Hugging Face, `None` where it is not Hugging Face's.

    A reference has the repository as `model_id`, and `path` (a file or a folder) and `revision` where the text says.
    `own_netlocs` are further `host[:port]` that stand for it (the configured base URL).

    Raises:
        BadInput: it is Hugging Face's and names no model repository.
    """
    text = text.strip().strip("<>\"'").strip()
    if found := _AIR.fullmatch(text):
        return _reference(found["repo"].split("/"), found["revision"], [])
    if text.lower().startswith("hf://"):
        return _parse_hf_scheme(text[5:])
    if (url := _find_own_url(text, own_netlocs)) is not None:
        return _parse_url(url)
    return _reference(text.split("/"), None, []) if _is_bare_repository(text) else None


def _is_bare_repository(text: str) -> bool:
    """`owner/name`; with a dot in the owner it is rather a web address, with a file's extension rather a path."""
    found = re.fullmatch(r"[A-Za-z0-9_-]{2,96}/([A-Za-z0-9._-]{1,96})", text)
    return found is not None and PurePosixPath(found[1]).suffix.lower() not in MODEL_EXTENSIONS


def _find_own_url(text: str, own_netlocs: frozenset[str]) -> SplitResult | None:
    if (found := split_web_link(text)) is None:
        return None
    parts, host, netloc = found
    if host not in HOSTS and netloc not in own_netlocs:
        return None
    refuse_password(parts)
    return parts


def _parse_url(url: SplitResult) -> Reference:
    """Split before unquoting: a revision such as `refs%2Fpr%2F1` is one part."""
    parts = [unquote(part) for part in url.path.split("/") if part]
    if parts[:2] == ["api", "models"]:
        parts = parts[2:]
    if not parts or parts[0] in _NOT_REPOSITORIES or parts[0] in {"datasets", "spaces"}:
        raise BadInput(f"This Hugging Face link leads to no model. {_PASTE_INSTEAD}", code="NOT_A_MODEL_LINK")
    length = 1 if len(parts) > 1 and parts[1] in _VIEWS else 2
    repository, rest = parts[:length], parts[length:]
    if rest and rest[0] in _VIEWS and len(rest) > 1:
        return _reference(repository, rest[1], rest[2:])
    return _reference(repository, None, [])


def _parse_hf_scheme(text: str) -> Reference:
    """`hf://owner/name[@revision]/path`, as huggingface_hub's file system writes it."""
    parts = [part for part in text.removeprefix("models/").split("/") if part]
    name, _, revision = parts[1].partition("@") if len(parts) > 1 else ("", "", "")
    return _reference([*parts[:1], name], unquote(revision) or None, parts[2:])


def _reference(repository: list[str], revision: str | None, path: list[str]) -> Reference:
    is_repository = 1 <= len(repository) <= 2 and all(_NAME.fullmatch(part) for part in repository)
    if not is_repository or {"..", "."}.intersection(path) or any("\0" in part for part in path):
        raise BadInput(f"This names no Hugging Face repository. {_PASTE_INSTEAD}", code="NOT_A_MODEL_LINK")
    return Reference(SOURCE_NAME, model_id="/".join(repository), path="/".join(path) or None, revision=revision or None)
