"""How the weights are stored, and how many there are once unpacked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.metadata import read_json_object
from sd_model_manager.identify.names import Names

_FLOATS = {
    "F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8_e4m3", "F8_E5M2": "fp8_e5m2",
    "F8_E4M3FN": "fp8_e4m3", "F8_E4M3FNUZ": "fp8_e4m3", "F8_E5M2FNUZ": "fp8_e5m2", "I8": "int8", "U8": "int8",
    "F4": "nvfp4",
}  # fmt: skip
_PLAIN_GGUF = frozenset({"F32", "F16", "BF16"})

_GGUF_MIXES = {
    "10": "q2_k", "11": "q3_k_s", "12": "q3_k_m", "13": "q3_k_l", "14": "q4_k_s", "15": "q4_k_m", "16": "q5_k_s",
    "17": "q5_k_m", "18": "q6_k", "21": "q2_k_s",
}  # fmt: skip
"""`general.file_type` of llama.cpp for the types whose name says more than the tensors do."""

_DOMINANT = 0.8
"""From this share of all elements on a file is said to be of one precision, below it is mixed."""

_SCALES = (
    ".scale_weight", ".scale_input", ".weight_scale", ".weight_scale_2", ".input_scale", ".comfy_quant", ".absmax",
    ".quant_map", ".nested_absmax", ".nested_quant_map", ".SCB", ".weight_format", ".wscales", ".ascales", ".wtscale",
    ".wcscales", ".smooth", ".smooth_orig", ".smooth_factor", ".smooth_factor_orig", ".scales", ".wzeros", ".qzeros",
    ".zero_point", ".svd_up", ".svd_down", ".g_idx", "scaled_fp8", ".lora_down", ".lora_up", ".proj_down",
    ".proj_up",
)  # fmt: skip
"""What quantisers store beside a weight; no parameters of the model."""


@dataclass(frozen=True)
class Storage:
    """`precision` is `None` for a file without weights; `parameters` counts unpacked weights without their scales."""

    precision: str | None
    parameters: int


def read_storage(header: Header, names: Names) -> Storage:
    elements: Counter[str] = Counter()
    for tensor in header.tensors.values():
        elements[tensor.dtype] += tensor.element_count
    if header.format is FileFormat.GGUF:
        return Storage(_gguf_precision(elements, header.metadata), sum(elements.values()))
    scheme = _quantisation(names, header.metadata)
    if scheme is None:
        return Storage(_plain_precision(elements), sum(elements.values()))
    return Storage(scheme, _unpacked_parameters(header.tensors, scheme))


def _plain_precision(elements: Mapping[str, int]) -> str | None:
    """By share of elements: an F32 bias here and there does not make a half-precision file mixed."""
    weights = {dtype: count for dtype, count in elements.items() if dtype in _FLOATS}
    if not any(weights.values()):
        return None
    dtype, count = max(weights.items(), key=lambda item: item[1])
    return _FLOATS[dtype] if count >= _DOMINANT * sum(weights.values()) else "mixed"


def _gguf_precision(elements: Mapping[str, int], metadata: Mapping[str, str]) -> str | None:
    if not elements:
        return None
    dtype = max(elements, key=lambda dtype: elements[dtype])
    quantised = {name: count for name, count in elements.items() if name not in _PLAIN_GGUF}
    if quantised:
        dtype = max(quantised, key=lambda name: quantised[name])
    mix = _GGUF_MIXES.get(metadata.get("general.file_type", ""), "")
    return "gguf_" + (mix if mix.startswith(dtype.lower()) else dtype.lower())


def _quantisation(names: Names, metadata: Mapping[str, str]) -> str | None:
    """The scheme by which weights were packed or scaled, known by what is stored beside them."""
    for scheme, companions in _COMPANIONS.items():
        if all(names.has(companion) for companion in companions):
            return scheme
    dtypes = _dtypes_of_weights(names)
    if names.has("...comfy_quant | ...weight_scale") or "_quantization_metadata" in metadata:
        return _scaled_precision(dtypes, names, metadata)
    if names.has("scaled_fp8 | ...scaled_fp8 | ...scale_weight"):
        return "fp8_e5m2_scaled" if "F8_E5M2" in dtypes and "F8_E4M3" not in dtypes else "fp8_e4m3_scaled"
    return "int8" if names.has("...scale") and dtypes & {"I8", "U8"} else None


_COMPANIONS = {
    "nf4": ("...quant_state.bitsandbytes__nf4",),
    "fp4": ("...quant_state.bitsandbytes__fp4",),
    "int4_svdquant": ("...qweight", "...wscales"),
    "int8": ("...SCB",),
}
"""Schemes that each store something of their own beside a weight."""


def _dtypes_of_weights(names: Names) -> set[str]:
    return {names.tensors[group[0]].dtype for key, group in names.groups.items() if key.endswith("weight")}


def _scaled_precision(dtypes: set[str], names: Names, metadata: Mapping[str, str]) -> str:
    formats = _named_formats(metadata)
    for word in ("nvfp4", "mxfp8", "mxfp4"):
        if word in formats:
            return word
    if "F8_E4M3" in dtypes:
        return "fp8_e4m3_scaled"
    if "F8_E5M2" in dtypes:
        return "fp8_e5m2_scaled"
    if "I8" in dtypes:
        return "int8"
    return "nvfp4" if names.has("...weight_scale_2") or dtypes & {"U8", "F4"} else "mixed"


def _named_formats(metadata: Mapping[str, str]) -> str:
    """ComfyUI writes `{"layers": {name: {"format": ...}}}`; all formats in one text, or nothing."""
    layers = read_json_object(metadata.get("_quantization_metadata", "")).get("layers")
    if not isinstance(layers, dict):
        return ""
    return " ".join({str(layer.get("format")) for layer in layers.values() if isinstance(layer, dict)})


def _unpacked_parameters(tensors: Mapping[str, Tensor], scheme: str) -> int:
    per_byte = 2 if scheme in {"nf4", "fp4", "nvfp4", "int4_svdquant", "mxfp4"} else 1
    return sum(
        tensor.element_count * _packed_in_one(name, tensor, per_byte)
        for name, tensor in tensors.items()
        if not name.endswith(_SCALES) and ".quant_state." not in name and not _scales_a_weight(name, tensors)
    )


def _scales_a_weight(name: str, tensors: Mapping[str, Tensor]) -> bool:
    """A norm has a `scale` too, but no `weight` beside it."""
    return name.endswith(".scale") and f"{name.removesuffix('.scale')}.weight" in tensors


def _packed_in_one(name: str, tensor: Tensor, per_byte: int) -> int:
    """How many weights one element holds: 4-bit weights lie two in a byte or eight in a 32-bit word."""
    if not name.endswith("weight"):
        return 1
    return {"U8": per_byte, "I8": per_byte, "I32": 4 * per_byte}.get(tensor.dtype, 1)
