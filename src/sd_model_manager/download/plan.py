"""Where a download goes and which file it is: decisions alone, before any byte is fetched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.domain.taxonomy import MODEL_EXTENSIONS, ModelType
from sd_model_manager.download.templates import DEFAULT_TEMPLATE, apply_template
from sd_model_manager.lib.errors import NotFound, SourceGone
from sd_model_manager.lib.paths import MAX_NAME_BYTES, join_within, make_safe_name

_MAIN_KINDS = frozenset({"model", "pruned model", "diffusion model", "unet"})
_EXTRA_KINDS = frozenset({"training data", "archive"})
_COMPANION_EXTENSIONS = frozenset({".yaml", ".yml", ".json", ".txt", ".zip"})
"""What lies beside weights: configurations, training material, workflows."""

_GONE = frozenset({"ARCHIVED", "TAKEN_DOWN"})
_EXTENSION_OF_FORMAT = {"safetensor": ".safetensors", "gguf": ".gguf", "onnx": ".onnx", "pickle": ".pt", "torch": ".pt"}


@dataclass(frozen=True, slots=True)
class Destination:
    """`path` is where the file will lie, `part_path` where it grows, `quarantine_path` where it goes when it is bad."""

    path: Path
    relative_path: str

    @property
    def part_path(self) -> Path:
        return self.path.with_name(self.path.name + ".part")

    @property
    def quarantine_path(self) -> Path:
        return self.path.with_name(self.path.name + ".wrong-hash")


def choose_file(version: PublishedVersion, file_id: str | None = None) -> PublishedFile:
    """The file the user named, else the primary one (as safetensors, if there are several), else the first weights.

    Raises:
        NotFound: the version has no such file, or none at all.
        SourceGone: it has none, because its source no longer gives them out.
    """
    if file_id is not None:
        named = next((file for file in version.files if file.file_id == file_id), None)
        if named is None:
            offered = ", ".join(f"{file.file_id} ({file.name})" for file in version.files) or "none"
            raise NotFound(
                f"'{version.model_name}' has no file {file_id} in this version. It offers: {offered}.",
                code="NO_SUCH_FILE",
                model=version.model_name,
                offered=offered,
            )
        return named
    if not version.files:
        if gone := next((caution for caution in version.warnings if caution.code in _GONE), None):
            raise SourceGone(f"'{version.model_name}' cannot be downloaded: {gone.message}")
        text = f"'{version.model_name}' offers no file to download in this version."
        raise NotFound(text, code="NOTHING_TO_DOWNLOAD", model=version.model_name)
    return min(version.files, key=_default_rank)


def is_safetensors(file: PublishedFile) -> bool:
    word = (file.format or "").lower()
    return word.startswith("safetensor") or file.name.lower().endswith((".safetensors", ".sft"))


def is_companion(file: PublishedFile, chosen: PublishedFile) -> bool:
    """Whether a file of the same version goes with the chosen one, not in place of it: a VAE, a text encoder, a
    configuration."""
    kind = file.kind.lower()
    if file.file_id == chosen.file_id or kind in _EXTRA_KINDS:
        return False
    return kind not in _MAIN_KINDS or file.model_type not in {ModelType.UNKNOWN, chosen.model_type}


def plan_destination(
    library_folder: Path,
    version: PublishedVersion,
    file: PublishedFile,
    *,
    folder: str | None = None,
    filename: str | None = None,
    template: str = DEFAULT_TEMPLATE,
) -> Destination:
    """Where a file goes: below the library folder as `template` says, under a safe name.

    `folder` (below the library folder) and `filename` are the user's own choice and go before the template. Files of
    one version that share a name are told apart by their id.

    Raises:
        BadInput, NotAllowed: `folder` leads out of the library folder.
    """
    model_type = version.model_type if file.model_type is ModelType.UNKNOWN else file.model_type
    below, stem = apply_template(template, version, file, model_type)
    if folder is not None:
        below = PurePosixPath(folder.replace("\\", "/"))
    name = _name_of(file, filename or file.name)
    if filename is None and stem is not None:
        name = _append(stem, PurePosixPath(name).suffix)
    if filename is None and _is_shared_name(_name_of(file, file.name), version):
        name = _append_to_stem(name, f"-{make_safe_name(file.file_id)}")
    relative = below / name
    return Destination(join_within(library_folder, str(relative)), str(relative))


def _default_rank(file: PublishedFile) -> tuple[bool, bool, bool]:
    """Lower is better; of equals, the first one offered."""
    is_main = file.kind.lower() in _MAIN_KINDS
    return (not file.is_primary, not is_main, not is_safetensors(file))


def _name_of(file: PublishedFile, wish: str) -> str:
    """A safe name that ends as a model file does, whatever it was called."""
    name = make_safe_name(wish)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in MODEL_EXTENSIONS or (suffix in _COMPANION_EXTENSIONS and file.kind.lower() not in _MAIN_KINDS):
        return name
    own_suffix = PurePosixPath(make_safe_name(file.name)).suffix.lower()
    return _append(name, own_suffix if own_suffix in MODEL_EXTENSIONS else _extension_of(file.format))


def _extension_of(format_word: str | None) -> str:
    """What a file of a format is called, in a source's word for it (`SafeTensor`, `gguf`, `PickleTensor`)."""
    word = (format_word or "").lower()
    return next((extension for start, extension in _EXTENSION_OF_FORMAT.items() if word.startswith(start)), ".bin")


def _is_shared_name(name: str, version: PublishedVersion) -> bool:
    # Windows and macOS take A.bin and a.bin for the same name.
    names = Counter(_name_of(file, file.name).casefold() for file in version.files)
    return names[name.casefold()] > 1


def _append(name: str, ending: str) -> str:
    room = MAX_NAME_BYTES - len(ending.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip(". ") + ending


def _append_to_stem(name: str, ending: str) -> str:
    path = PurePosixPath(name)
    return _append(path.stem, ending + path.suffix)
