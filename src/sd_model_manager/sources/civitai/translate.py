"""From Civitai's payloads to what we say of a published version. Pure."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sd_model_manager.domain.generation import Generation, make_generation
from sd_model_manager.domain.published import (
    PICKLE_EXTENSIONS,
    Caution,
    PublishedFile,
    PublishedImage,
    PublishedVersion,
)
from sd_model_manager.lib.codes import LicenceTerm
from sd_model_manager.lib.html import sanitise
from sd_model_manager.sources.civitai.kinds import MAIN_FILE_KINDS, file_type_of, model_type_of
from sd_model_manager.sources.civitai.payloads import (
    FilePayload,
    ImageMetaPayload,
    ImagePayload,
    ModelPayload,
    VersionPayload,
)
from sd_model_manager.sources.civitai.references import SELECTORS, SOURCE_NAME

_SAFE_NSFW_LEVELS = 1 | 2
_LEVEL_OF_FLAGGED = 4
"""What a model counts as whose creator calls it mature, where its pictures are rated as safe or not at all."""
_HASH_OF_NOTHING = "e3b0c44298fc"
_VERDICTS = ("Danger", "Error", "Pending", "Success")
"""Scan results, worst first."""

_FORMAT_RANK = {"SafeTensor": 0, "GGUF": 1, None: 2, "PickleTensor": 4}
_COMMERCIAL_USES: dict[str, tuple[LicenceTerm, str]] = {
    "Image": ("SELLING_IMAGES", "selling images"),
    "RentCivit": ("GENERATION_ON_CIVITAI", "generation on Civitai"),
    "Rent": ("GENERATION_SERVICES", "generation services"),
    "Sell": ("SELLING_THE_MODEL", "selling the model"),
}


def translate_version(
    version: VersionPayload, model: ModelPayload | None, *, base_url: str, now: datetime, raw: Any
) -> PublishedVersion:
    """Merge the two endpoints: terms of access from the version's, authorship and licence from the model's.

    Args:
        base_url: the origin that download links are built for; the hosts in the payload are not trusted.
        now: aware UTC, to tell whether early access is over.
        raw: the JSON it all came from, to be kept.
    """
    model = model or ModelPayload()
    listed = next((v for v in model.versions if v.id == version.id), VersionPayload())
    model_id = version.model_id or model.id
    model_type = model.type or version.model.type
    files = _translate_files(version, listed, model_type, base_url)
    primary = next((file for file in files if file.is_primary), None)
    available_from = _find_available_from(version, now)
    return PublishedVersion(
        source=SOURCE_NAME,
        model_id=str(model_id or ""),
        version_id=str(version.id or ""),
        model_name=model.name or version.model.name or f"Model {model_id}",
        version_name=version.name,
        model_type=primary.model_type if primary else model_type_of(model_type),
        page_url=_page_url(base_url, version, model, model_id),
        base_model=version.base_model,
        creator=model.creator.username,
        description_html=sanitise(model.description) if model.description else None,
        version_description_html=_version_description(version, listed),
        trigger_words=version.trained_words or listed.trained_words,
        tags=model.tags,
        files=files,
        images=_translate_images(version, listed),
        nsfw_level=_nsfw_level(version, listed, model),
        published_at=version.published_at or listed.published_at,
        available_from=available_from,
        licence=_describe_licence(model),
        licence_terms=tuple(_list_terms(model)),
        warnings=_list_warnings(version, model, available_from),
        raw=zlib.compress(json.dumps(raw, separators=(",", ":")).encode()),
    )


def mark_primary(version: PublishedVersion, file_id: str) -> PublishedVersion:
    """The same version with another file as the one to fetch, and typed by it."""
    files = tuple(replace(file, is_primary=file.file_id == file_id) for file in version.files)
    model_type = next((file.model_type for file in files if file.is_primary), version.model_type)
    return replace(version, files=files, model_type=model_type)


def _page_url(base_url: str, version: VersionPayload, model: ModelPayload, model_id: int | None) -> str:
    """civitai.com shows only what is safe for work; the rest has its pages on civitai.red."""
    is_unsafe = bool((version.nsfw_level or model.nsfw_level) & ~_SAFE_NSFW_LEVELS) or model.nsfw
    site = "https://civitai.red" if is_unsafe and base_url == "https://civitai.com" else base_url
    return f"{site}/models/{model_id}?modelVersionId={version.id}"


def _nsfw_level(version: VersionPayload, listed: VersionPayload, model: ModelPayload) -> int:
    level = version.nsfw_level or listed.nsfw_level or model.nsfw_level
    is_flagged = (model.nsfw or version.model.nsfw) and not level & ~_SAFE_NSFW_LEVELS
    return level | _LEVEL_OF_FLAGGED if is_flagged else level


def _version_description(version: VersionPayload, listed: VersionPayload) -> str | None:
    description = version.description or listed.description
    return sanitise(description) if description else None


def _translate_files(
    version: VersionPayload, listed: VersionPayload, model_type: str | None, base_url: str
) -> tuple[PublishedFile, ...]:
    payloads = [file for file in version.files or listed.files if file.id is not None]
    chosen = min(payloads, key=_preference, default=None)
    details = {file.id: file for file in listed.files}
    return tuple(
        _translate_file(
            file,
            details.get(file.id, file),
            model_type=model_type,
            is_primary=file is chosen,
            download_url=_download_url(file, version, payloads, listed.vae_id, base_url),
        )
        for file in payloads
    )


def _preference(file: FilePayload) -> tuple[bool, int, bool]:
    """Main weights first, then safetensors, then what Civitai marks as primary; its own order decides the rest."""
    file_format = _format_of(file)
    return file.type not in MAIN_FILE_KINDS, _FORMAT_RANK.get(file_format, 3), not file.primary


def _format_of(file: FilePayload) -> str | None:
    if (file.name or "").lower().endswith((".safetensors", ".sft")):
        return "SafeTensor"
    return file.metadata.format


def _translate_file(
    file: FilePayload, detail: FilePayload, *, model_type: str | None, is_primary: bool, download_url: str
) -> PublishedFile:
    """`detail` is the same file in the model's answer, which alone names the quantisation."""
    file_format = _format_of(file)
    name = file.name or f"file-{file.id}"
    return PublishedFile(
        file_id=str(file.id),
        name=name,
        download_url=download_url,
        kind=file.type,
        model_type=file_type_of(model_type, file.type, file_format),
        size_bytes=round(file.size_kib * 1024) if file.size_kib else None,
        sha256=hash_in(file, "sha256", 64),
        autov3=(hash_in(file, "autov3", 12) or hash_in(file, "autov3", 64) or "")[:12] or None,
        format=file_format,
        precision=file.metadata.fp or detail.metadata.quant_type,
        size_label=file.metadata.size,
        is_primary=is_primary,
        is_pickle=_is_pickle(name, file_format),
        scan_verdict=min((file.virus_scan, file.pickle_scan), key=_badness),
    )


def _badness(verdict: str | None) -> int:
    return _VERDICTS.index(verdict) if verdict in _VERDICTS else len(_VERDICTS)


def _is_pickle(name: str, file_format: str | None) -> bool:
    """An extension that loaders unpickle counts, whatever the format is said to be."""
    extension = PurePosixPath(name).suffix.lower()
    return extension in PICKLE_EXTENSIONS or (file_format == "PickleTensor" and extension != ".gguf")


def hash_in(file: FilePayload, name: str, length: int) -> str | None:
    """A hash in lower case; `None` for what stands there when the scan failed (hash of nothing, zeros)."""
    digits = next((text for key, text in file.hashes.items() if key.lower() == name), "").strip().lower()
    is_hash = re.fullmatch(rf"[0-9a-f]{{{length}}}", digits) is not None
    is_junk = digits.startswith(_HASH_OF_NOTHING) or not digits.strip("0")
    return digits if is_hash and not is_junk else None


def _download_url(
    file: FilePayload, version: VersionPayload, siblings: list[FilePayload], vae_id: int | None, base_url: str
) -> str:
    """Built from ids, since the hosts Civitai gives have been wrong; a linked file has no id here, only selectors."""
    url = f"{base_url}/api/download/models/{version.id}"
    selectors = _find_selectors_of_linked_file(file, siblings, vae_id)
    return f"{url}?{urlencode(selectors or {'fileId': str(file.id)})}"


def _find_selectors_of_linked_file(
    file: FilePayload, siblings: list[FilePayload], vae_id: int | None
) -> dict[str, str] | None:
    """A file of another version that is offered here: Civitai answers 404 to its `fileId` under this version."""
    query = _query_of(file)
    if "type" not in query or "fileId" in query or file.type in MAIN_FILE_KINDS:
        return None
    ids_are_in_use = any("fileId" in _query_of(sibling) for sibling in siblings)
    is_linked = ids_are_in_use or (file.type == "VAE" and vae_id is not None)
    return {key: query[key] for key in SELECTORS if key in query} if is_linked else None


def _query_of(file: FilePayload) -> dict[str, str]:
    try:
        return {key: texts[-1] for key, texts in parse_qs(urlsplit(file.download_url).query).items()}
    except ValueError:
        return {}


def _translate_images(version: VersionPayload, listed: VersionPayload) -> tuple[PublishedImage, ...]:
    """The version's answer says how they were made, the model's has more images."""
    made = {image.url: image.meta for image in version.images}
    images = {image.url: image for image in (*version.images, *listed.images) if image.url.startswith("http")}
    return tuple(_translate_image(image, made.get(image.url, ImageMetaPayload())) for image in images.values())


def _translate_image(image: ImagePayload, meta: ImageMetaPayload) -> PublishedImage:
    size = (image.width, image.height)
    return PublishedImage(image.url, image.type, *size, image.nsfw_level, meta.prompt, _translate_meta(meta))


def _translate_meta(meta: ImageMetaPayload) -> Generation | None:
    said = (*meta.resources, *meta.civitai_resources, *meta.additional_resources)
    own = next((resource.name for resource in said if resource.type in {"model", "checkpoint"}), None)
    model = meta.model or next(iter(meta.models), own)
    return make_generation({**dict(meta), "model": model}, [dict(resource) for resource in said])


def _find_available_from(version: VersionPayload, now: datetime) -> datetime | None:
    """When early access ends, in any of the three shapes Civitai has used; `None` when that is past."""
    paid_until = version.paid_access.ends_at if version.paid_access and not version.paid_access.permanent else None
    ends_at = paid_until or version.early_access_ends_at or version.early_access_deadline
    if ends_at is None and version.early_access_days and version.published_at:
        ends_at = version.published_at + timedelta(days=min(version.early_access_days, 3650))
    return ends_at if ends_at is not None and ends_at > now else None


def _list_warnings(
    version: VersionPayload, model: ModelPayload, available_from: datetime | None
) -> tuple[Caution, ...]:
    found = (
        _access_caution(version, available_from),
        _usage_caution(version),
        _removal_caution(version.model_id or model.id, model.mode or version.model.mode),
        _licence_caution(model),
    )
    return tuple(caution for caution in found if caution is not None)


def _removal_caution(model_id: int | None, mode: str | None) -> Caution | None:
    address = f"https://civarchive.com/models/{model_id}"
    copy = f"CivArchive may know of a copy: {address}"
    if mode == "Archived":
        text = "Its creator has archived this model; Civitai no longer gives out its files."
        return Caution("ARCHIVED", f"{text} {copy}", {"copy": address})
    if mode == "TakenDown":
        text = "Civitai has taken this model down; the download may be refused."
        return Caution("TAKEN_DOWN", f"{text} {copy}", {"copy": address})
    return None


def _access_caution(version: VersionPayload, available_from: datetime | None) -> Caution | None:
    if version.paid_access and version.paid_access.permanent:
        return Caution("PAID", "This version has to be bought on Civitai before it can be downloaded with your key.")
    if available_from is not None:
        day = f"{available_from:%Y-%m-%d %H:%M} UTC"
        text = f"Early access until {day}: until then it has to be bought on Civitai."
        return Caution("EARLY_ACCESS", text, {"available_from": available_from.isoformat()})
    is_gated = version.paid_access is not None and version.paid_access.ends_at is None
    has_old_mark = version.availability == "EarlyAccess" and version.early_access_ends_at is None
    if is_gated or has_old_mark:
        return Caution("EARLY_ACCESS", "Early access: for now it has to be bought on Civitai.")
    return None


def _usage_caution(version: VersionPayload) -> Caution | None:
    if version.usage_control in {None, "Download"}:
        return None
    return Caution("DOWNLOADS_DISABLED", "Its creator allows generating with it on Civitai only, not downloading it.")


def _licence_caution(model: ModelPayload) -> Caution | None:
    if model.allow_commercial_use is None or _commercial_uses(model):
        return None
    return Caution("LICENCE", "Its creator does not allow commercial use, not even of images made with it.")


def _commercial_uses(model: ModelPayload) -> list[str]:
    words = [word for word in model.allow_commercial_use or () if word != "None"]
    return [_COMMERCIAL_USES[word][1] if word in _COMMERCIAL_USES else word for word in words]


def _describe_licence(model: ModelPayload) -> str | None:
    """The creator's terms in one line; `None` where Civitai said nothing of them."""
    uses = _commercial_uses(model)
    terms = (
        _term(model.allow_no_credit, "no credit needed", "credit required"),
        (f"commercial use: {', '.join(uses)}" if uses else "no commercial use")
        if model.allow_commercial_use is not None
        else None,
        _term(model.allow_derivatives, "merges allowed", "no merges"),
        _term(model.allow_different_licence, None, "derivatives keep these terms"),
    )
    return "; ".join(term for term in terms if term) or None


def _list_terms(model: ModelPayload) -> Iterator[LicenceTerm]:
    """The same terms one by one."""
    if model.allow_no_credit is not None:
        yield "NO_CREDIT_NEEDED" if model.allow_no_credit else "CREDIT_REQUIRED"
    if model.allow_commercial_use is not None and not _commercial_uses(model):
        yield "NO_COMMERCIAL_USE"
    for word in model.allow_commercial_use or ():
        if word in _COMMERCIAL_USES:
            yield _COMMERCIAL_USES[word][0]
    if model.allow_derivatives is not None:
        yield "MERGES_ALLOWED" if model.allow_derivatives else "NO_MERGES"
    if model.allow_different_licence is False:
        yield "SAME_TERMS"


def _term(is_allowed: bool | None, if_so: str | None, if_not: str | None) -> str | None:
    return None if is_allowed is None else if_so if is_allowed else if_not
