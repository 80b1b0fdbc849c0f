"""From a header to an identity: which type of file, of which family, told from names, shapes and metadata alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.taxonomy import FileFormat, ModelType, find_type_of_folder
from sd_model_manager.identify.collector import collector_paused
from sd_model_manager.identify.families.family import Family, MetadataName, Sign
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.metadata import (
    find_metadata_name,
    find_named_family,
    find_prediction_word,
    read_trigger_words,
)
from sd_model_manager.identify.names import Names
from sd_model_manager.identify.precision import Storage, read_storage
from sd_model_manager.identify.recent import Recent
from sd_model_manager.identify.verdict import Verdict, judge

RULES_VERSION = 1
"""Grows whenever the same header may get another identity, so that a library knows what to identify again."""


def identify_header(header: Header, *, filename: str = "", folder: str = "") -> Identity:
    """Say what a file is. Pure and cheap; never raises for odd headers, it then knows less.

    `filename` and `folder` (relative to the library folder) are the weakest hints: they speak only where the tensors
    and the metadata are silent.
    """
    if not header.tensors:
        return _without_tensors(header, folder)
    with collector_paused():
        return _describe(header, _judge_structure(header), (filename, folder))


@dataclass(frozen=True, slots=True)
class _Structure:
    """What the tensors tell, whatever the file is called and its metadata says of its making."""

    tensors: Mapping[str, Tensor]
    names: Names
    verdict: Verdict
    storage: Storage


_STRUCTURAL_METADATA = ("ss_network_module", "ss_network_args", "general.file_type", "_quantization_metadata")
"""The metadata that says how the tensors are to be read."""

_JUDGED: Recent[tuple[int, tuple[str | None, ...]], _Structure] = Recent(128)
"""By the mapping of tensors itself: the readers share one among files that have the same."""

_MAX_KEPT_TENSORS = 5000


def _judge_structure(header: Header) -> _Structure:
    key = (id(header.tensors), tuple(header.metadata.get(name) for name in _STRUCTURAL_METADATA))
    judged = _JUDGED.get(key)
    if judged is not None and judged.tensors is header.tensors:
        return judged
    names = Names(_with_true_shapes(header))
    verdict = judge(names, header.metadata)
    judged = _Structure(header.tensors, names, verdict, read_storage(header, names))
    if len(header.tensors) <= _MAX_KEPT_TENSORS:
        _JUDGED.put(key, judged)
    return judged


def _with_true_shapes(header: Header) -> Mapping[str, Tensor]:
    """Names with dots alone, also where a pickle nests dictionaries."""
    if any("/" in name for name in header.tensors):
        return {name.replace("/", "."): tensor for name, tensor in header.tensors.items()}
    return header.tensors


def _without_tensors(header: Header, folder: str) -> Identity:
    unreadable = header.format in {FileFormat.TORCH_ZIP, FileFormat.TORCH_LEGACY, FileFormat.PICKLE, FileFormat.ONNX}
    hint = find_type_of_folder(folder) if unreadable else None
    nothing = ModelType.UNKNOWN if header.format is FileFormat.UNKNOWN else ModelType.OTHER
    return Identity(
        type=hint or nothing,
        format=header.format,
        confidence=0.2 if hint else 0.0,
        evidence=(f"folder: files here are usually of type {hint.value}",) if hint else ("no tensors in the header",),
        problems=header.problems,
    )


def _describe(header: Header, structure: _Structure, place: tuple[str, str]) -> Identity:
    metadata, names, verdict, storage = header.metadata, structure.names, structure.verdict, structure.storage
    filename, folder = place
    family, doubt = _settle_family(verdict, metadata)
    adapter = verdict.adapter
    identity = Identity(
        type=verdict.type,
        format=header.format,
        precision=storage.precision,
        prediction=_prediction(verdict, names, metadata),
        network=adapter.network if adapter else None,
        rank=adapter.rank if adapter else None,
        parameters=storage.parameters,
        trigger_words=_trigger_words(verdict, names, metadata),
        confidence=verdict.signs[0].certainty if verdict.signs else 0.3,
        evidence=verdict.evidence,
        problems=header.problems,
    )
    if family is None:
        seen = tuple(sign.says for sign in verdict.signs)
        return _from_folder(replace(identity, evidence=(*seen, *identity.evidence)), folder)
    return _name_variant(replace(identity, family=family.id or None), family, verdict, doubt, (metadata, filename))


def _settle_family(verdict: Verdict, metadata: Mapping[str, str]) -> tuple[Family | None, str | None]:
    """Structure decides; metadata does among structurally equal families, and where the structure is silent."""
    if verdict.type is ModelType.OTHER:
        return None, None
    named = find_named_family(metadata)
    if verdict.family is None:
        return (named, f"{named.title}: named by the metadata") if named else (None, None)
    if named and named is not verdict.family:
        if named.id in verdict.family.may_be.get(verdict.type, ()):
            return named, f"{named.title}: named by the metadata, and fits what the tensors tell"
        if not _kin(named, verdict.family):
            return verdict.family, f"the metadata says {named.title}, the tensors say otherwise"
    return verdict.family, None


def _kin(one: Family, other: Family) -> bool:
    return one.id.split("-")[0].rstrip("0123456789.") == other.id.split("-")[0].rstrip("0123456789.")


def _name_variant(
    identity: Identity, family: Family, verdict: Verdict, doubt: str | None, hints: tuple[Mapping[str, str], str]
) -> Identity:
    """Variant and base model: the metadata names them, else a sign tells them, else they are the family's plain ones.

    What a file name suggests is only put first among the candidates.
    """
    signs = tuple(
        sign for sign in (*verdict.signs, _held_variant(family, verdict)) if sign and family is verdict.family
    )
    told = next((sign.base_model for sign in signs if sign.base_model), None)
    lookalikes = next((sign.candidates for sign in signs if sign.candidates), _lookalikes(family, verdict.type))
    is_open = told is None or told in lookalikes
    named, suggested = _named(family, hints) if is_open and verdict.type in _NAMED_TYPES else (None, None)
    candidates = lookalikes if is_open and not (named and named.base_model) else ()
    if candidates and suggested and suggested.base_model:
        candidates = tuple(dict.fromkeys((suggested.base_model, *candidates)))
    return replace(
        identity,
        variant=(named and named.variant) or next((sign.variant for sign in signs if sign.variant), None),
        base_model=(named and named.base_model) or told or _plain_base_model(family, verdict.type),
        evidence=(*_say(family, signs, named, doubt), *identity.evidence),
        candidates=candidates,
        confidence=min(identity.confidence, 0.7) if doubt and not signs else identity.confidence,
    )


def _lookalikes(family: Family, type_: ModelType) -> tuple[str, ...]:
    """A checkpoint can be taken for whatever the diffusion model in it can."""
    return family.lookalikes.get(ModelType.DIFFUSION_MODEL if type_ is ModelType.CHECKPOINT else type_, ())


def _named(family: Family, hints: tuple[Mapping[str, str], str]) -> tuple[MetadataName | None, MetadataName | None]:
    """Which of structurally equal models the metadata names, and which the file name suggests."""
    metadata, filename = hints
    return (
        find_metadata_name(metadata, family.metadata_names),
        find_metadata_name({"name": filename}, family.metadata_names),
    )


def _say(family: Family, signs: tuple[Sign, ...], named: MetadataName | None, doubt: str | None) -> Iterator[str]:
    for sign in signs:
        yield f"{family.title}: {sign.says}"
    if named:
        yield f"{named.base_model or named.variant}: named by the metadata"
    if doubt:
        yield doubt


_NAMED_TYPES = frozenset({ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL, ModelType.LORA, ModelType.CONTROLNET})
"""Types whose metadata may name one of several structurally equal models."""


def _held_variant(family: Family, verdict: Verdict) -> Sign | None:
    told = verdict.names.telling_lengths()
    return next((sign for sign in _variants_of(family, verdict) if sign.holds(told)), None)


def _variants_of(family: Family, verdict: Verdict) -> tuple[Sign, ...]:
    if verdict.type is ModelType.LORA:
        return family.lora_variants
    if verdict.type in {ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL}:
        return family.variants
    return ()


def _plain_base_model(family: Family, type_: ModelType) -> str | None:
    """An autoencoder that fits several base models is not said to be of one."""
    return None if type_ is ModelType.VAE and _lookalikes(family, type_) else family.base_model


def _from_folder(identity: Identity, folder: str) -> Identity:
    hint = find_type_of_folder(folder)
    if identity.type is not ModelType.OTHER or hint is None:
        return identity
    return replace(
        identity,
        type=hint,
        confidence=0.2,
        evidence=(*identity.evidence, f"folder: files here are usually of type {hint.value}"),
    )


_UNET_FAMILIES = frozenset({"sd1", "sd2", "sdxl", "sdxl-refiner", "ssd-1b", "segmind-vega"})
_PREDICTION_MARKERS = (("v_pred", "v"), ("edm_vpred.sigma_max", "edm_v"), ("edm_mean", "edm"))
"""Tensors that authors put into a checkpoint to say what its UNet predicts."""


def _prediction(verdict: Verdict, names: Names, metadata: Mapping[str, str]) -> str | None:
    """What a UNet predicts. Without a marker SDXL means epsilon; the header of an SD 2 model alone cannot tell."""
    predicts = verdict.type in {ModelType.CHECKPOINT, ModelType.DIFFUSION_MODEL, ModelType.LORA}
    if not predicts or verdict.family is None or verdict.family.id not in _UNET_FAMILIES:
        return None
    marked = next((prediction for marker, prediction in _PREDICTION_MARKERS if names.has(marker)), None)
    spoken = marked or find_prediction_word(metadata)
    if spoken or verdict.family.id == "sd2" or verdict.type is ModelType.LORA:
        return spoken
    return "epsilon"


def _trigger_words(verdict: Verdict, names: Names, metadata: Mapping[str, str]) -> tuple[str, ...]:
    if words := read_trigger_words(metadata):
        return words
    if verdict.type is not ModelType.EMBEDDING:
        return ()
    if len(names) == 1 and not names.has("emb_params | string_to_param."):
        return (next(iter(names.tensors)),)
    return (name,) if (name := metadata.get("name", "").strip() or metadata.get("pickle.name", "").strip()) else ()
