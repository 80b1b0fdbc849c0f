"""The section of ComfyUI's list of folders that tells it of the library, and its place among the others of a file.

It is edited as text, so that comments, order and the sections of other programs keep their bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sd_model_manager.domain.taxonomy import FOLDER_OF_TYPE
from sd_model_manager.integrations.extra_paths import parse_sections
from sd_model_manager.integrations.registry import list_subfolders
from sd_model_manager.lib.errors import Conflict

SECTION = "sd_model_manager"
_HINT = "# The library folders of SD Model Manager. It writes this section anew when asked to; keep changes elsewhere."
_BOM = "\ufeff"
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
"""What YAML 1.1 has no place for in a line."""

_NAMES_OF_KEY: dict[str, tuple[str, ...]] = {
    "checkpoints": ("checkpoints", "stable-diffusion", "stablediffusion"),
    "diffusion_models": ("diffusion_models", "diffusionmodels", "unet"),
    "loras": ("loras", "lora", "lycoris"),
    "vae": ("vae",),
    "vae_approx": ("vae_approx", "vae-approx", "approxvae"),
    "text_encoders": ("text_encoders", "text_encoder", "text-encoder", "textencoders", "clip"),
    "clip_vision": ("clip_vision", "clipvision"),
    "audio_encoders": ("audio_encoders", "audioencoders"),
    "embeddings": ("embeddings", "textualinversion"),
    "hypernetworks": ("hypernetworks", "hypernetwork"),
    "controlnet": ("controlnet", "control", "t2i_adapter", "t2iadapter"),
    "model_patches": ("model_patches", "modelpatches"),
    "style_models": ("style_models", "stylemodels"),
    "upscale_models": ("upscale_models", "esrgan", "realesrgan", "swinir", "bsrgan", "dat"),
    "latent_upscale_models": ("latent_upscale_models",),
    "gligen": ("gligen",),
    "photomaker": ("photomaker",),
    "diffusers": ("diffusers",),
    "background_removal": ("background_removal", "backgroundremoval"),
    "ipadapter": ("ipadapter", "ip_adapter", "ipadapters15", "ipadaptersxl"),
    "ultralytics": ("ultralytics", "adetailer", "afterdetailer"),
    "sams": ("sams",),
    "animatediff_models": ("animatediff_models",),
    "animatediff_motion_lora": ("animatediff_motion_lora",),
    "facerestore_models": ("facerestore_models", "gfpgan", "codeformer"),
    "insightface": ("insightface",),
    "instantid": ("instantid",),
    "pulid": ("pulid",),
}
"""By what folders of each kind are called in ComfyUI itself, A1111, Forge, SD.Next, SwarmUI and Stability Matrix. The
last keys are those of widely used nodes."""

_KEY_OF_NAME = {name: key for key, names in _NAMES_OF_KEY.items() for name in names}

Listed = Mapping[str, Sequence[Path]]
"""Folders by ComfyUI's key."""


def list_typed_folders(library_folders: Sequence[Path], *, own_models: Sequence[Path] = ()) -> dict[str, list[Path]]:
    """The folders that hold one kind of model, by ComfyUI's key.

    The first library folder is where downloads go, so those that downloads would make are listed before they exist.
    What lies in `own_models`, folders that this ComfyUI lists itself, is left out.
    """
    listed: dict[str, list[Path]] = {}
    for position, root in enumerate(library_folders):
        if any(root.is_relative_to(own) for own in own_models):
            continue
        made_later = [root / name for name in FOLDER_OF_TYPE.values()] if position == 0 else []
        for folder in _each_once([root, *_list_inside(root), *made_later]):
            key = _KEY_OF_NAME.get(folder.name.lower())
            if key is not None and not _UNWRITABLE.search(str(folder)):
                listed.setdefault(key, []).append(folder)
    return {key: listed[key] for key in _NAMES_OF_KEY if key in listed}


def compose_section(listed: Listed) -> str:
    """The section as text; block scalars, in which a path needs no quotes. Empty where there is nothing to list."""
    if not listed:
        return ""
    lines = [_HINT, f"{SECTION}:"]
    for key, folders in listed.items():
        lines += [f"  {key}: |", *(f"    {folder}" for folder in folders)]
    return "\n".join(lines) + "\n"


def merge_section(existing: bytes, section: str) -> bytes:
    """A file with our section in it, put where it was, else at the end; an empty one takes it out.

    Raises Conflict (`OTHER_SHAPE`) where the file cannot be edited without a loss.
    """
    text = _decode(existing)
    before = _parse(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    start, end = _find_section(lines)
    head, tail = "".join(lines[:start]), "".join(lines[end:])
    if section and head and not head.endswith("\n"):
        head += newline
    if section and start == len(lines) and head.strip(_BOM + "\r\n"):
        head += newline
    merged = head + section.replace("\n", newline) + tail
    after = _parse(merged)
    expected = {**before, **_parse(section)} if section else {k: v for k, v in before.items() if k != SECTION}
    if after != expected:
        raise _cannot_be_merged("its sections are written in a way that leaves no place for another")
    return merged.encode()


def _find_section(lines: Sequence[str]) -> tuple[int, int]:
    """The first line of our section, with our hint above it, and the one behind its last; both the end if there is
    none. Blank lines and comments behind it belong to what comes next."""
    is_ours = re.compile(rf"{_BOM}?(['\"]?){SECTION}\1[ \t]*:")
    start = next((number for number, line in enumerate(lines) if is_ours.match(line)), None)
    if start is None:
        return len(lines), len(lines)
    end = start + 1
    for number in range(start + 1, len(lines)):
        if lines[number].strip() and not lines[number].startswith((" ", "\t")):
            break
        if lines[number].strip():
            end = number + 1
    if start > 0 and lines[start - 1].rstrip("\r\n") == _HINT:
        start -= 1
    return start, end


def _decode(existing: bytes) -> str:
    try:
        return existing.decode()
    except UnicodeDecodeError as error:
        raise _cannot_be_merged("it is not text in UTF-8") from error


def _parse(text: str) -> dict[str, object]:
    try:
        return parse_sections(text.removeprefix(_BOM))
    except ValueError as error:
        raise _cannot_be_merged(str(error)) from error


def _cannot_be_merged(reason: str) -> Conflict:
    message = f"The file is left as it is, for {reason}. Put it right, or copy the section into it by hand."
    return Conflict(message, code="OTHER_SHAPE")


def _list_inside(root: Path) -> Iterator[Path]:
    """The folders in it, and those in folders that are of no kind, such as the `models` of a program."""
    for folder in list_subfolders(root):
        yield folder
        if folder.name.lower() not in _KEY_OF_NAME:
            yield from list_subfolders(folder)


def _each_once(folders: Iterable[Path]) -> list[Path]:
    return list({os.path.normcase(folder): folder for folder in folders}.values())
