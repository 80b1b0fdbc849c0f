"""A header as a test case that a bug report can carry: names, dtypes and shapes, and nothing that is the user's own.

Of the metadata only what a rule reads and a program wrote is kept: titles, file names, tags, prompts, paths, hashes and
training settings stay behind. Tensors that are named by the user (a textual inversion) are renamed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header

_CONTAINERS = {
    FileFormat.SAFETENSORS: "safetensors",
    FileFormat.GGUF: "gguf",
    FileFormat.TORCH_ZIP: "torch-zip",
    FileFormat.TORCH_LEGACY: "torch-legacy",
}
_KEPT = frozenset(
    {
        "diffusers.class_name",
        "format",
        "modelspec.architecture",
        "modelspec.implementation",
        "modelspec.prediction_type",
        "modelspec.sai_model_spec",
        "ot_branch",
        "pickle.wrapper",
        "ss_base_model_version",
        "ss_network_alpha",
        "ss_network_dim",
        "ss_network_module",
        "ss_v2",
        "ss_v_parameterization",
        "ss_zero_terminal_snr",
        "_quantization_metadata",
    },
)
_KEPT_BEGINNINGS = (
    "general.architecture",
    "general.file_type",
    "general.quantization_version",
    "general.type",
    "comfy.gguf.orig_shape.",
)
_BUNDLED = re.compile(r"^bundle_emb\.(?P<name>.+?)\.(?=string_to_param|emb_params|clip_|t5)")
_LONE_TOKEN_DIMS = 2


def strip_header(header: Header, *, case_id: str) -> dict[str, Any]:
    """The case as JSON values, in the form of `tests/identify/cases`; `expected` is left for a person to fill in."""
    return {
        "id": case_id,
        "source": "reported",
        "container": _CONTAINERS.get(header.format, header.format.value),
        "metadata": _strip_metadata(header.metadata),
        "tensors": {
            name: [tensor.dtype, list(tensor.shape)]
            for name, tensor in zip(_strip_names(header), header.tensors.values(), strict=True)
        },
        "expected": {},
    }


def _strip_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in metadata.items() if key in _KEPT or key.startswith(_KEPT_BEGINNINGS)}


def _strip_names(header: Header) -> list[str]:
    """The tensors' names in order, those that users choose replaced."""
    if _is_lone_token(header):
        return ["<token>"]
    names: dict[str, str] = {}
    return [_BUNDLED.sub(lambda found: f"bundle_emb.{_number(names, found['name'])}.", name) for name in header.tensors]


def _is_lone_token(header: Header) -> bool:
    if len(header.tensors) != 1:
        return False
    name, tensor = next(iter(header.tensors.items()))
    return len(tensor.shape) <= _LONE_TOKEN_DIMS and name != "emb_params" and not name.startswith("string_to_param")


def _number(names: dict[str, str], name: str) -> str:
    return names.setdefault(name, f"embedding{len(names) + 1}")
