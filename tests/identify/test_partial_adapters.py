"""An adapter rarely changes every layer; one that changes some is still of its family, or of none."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from sd_model_manager.domain.taxonomy import FileFormat, ModelType
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.identity import identify_header
from sd_model_manager.identify.names import fold
from tests.identify.header_cases import HeaderCase, read_cases
from tests.identify.test_family_contract import SPECIAL_OF

IN_BLOCKS = re.compile(r"blocks|layers|refiner")
AS_WELL = {
    "chroma": {"flux1"},
    "chroma-radiance": {"flux1", "chroma"},
    "pixart-alpha": {"sana"},
    "sana": {"pixart-alpha"},
}
"""Families whose adapters may be built exactly like those of others."""


def _models() -> Iterator[HeaderCase]:
    for group in ("diffusers_models", "native_models"):
        for case in read_cases(group):
            plain = not case.case_id.startswith(
                ("nat-fp8", "nat-mdm", "fp8", "nf4", "int8", "nvfp4", "gguf", "svdquant")
            )
            if plain and case.expected["kind"] == "diffusion_model" and case.expected.get("family"):
                yield case


def _partial_adapter(case: HeaderCase) -> Header:
    """A LoRA of rank 8 on half of the kinds of layers, chosen by the case's name."""
    layers = {
        name.removesuffix(".weight"): tensor.shape
        for name, tensor in case.header.tensors.items()
        if name.endswith(".weight") and len(tensor.shape) == 2 and IN_BLOCKS.search(name)
    }
    kinds = sorted({fold(name) for name in layers})
    chosen = set(random.Random(case.case_id).sample(kinds, (len(kinds) + 1) // 2))
    tensors: dict[str, Tensor] = {}
    for name, (out, in_) in layers.items():
        if fold(name) in chosen:
            tensors[f"diffusion_model.{name}.lora_A.weight"] = Tensor("BF16", (8, in_))
            tensors[f"diffusion_model.{name}.lora_B.weight"] = Tensor("BF16", (out, 8))
    return Header(FileFormat.SAFETENSORS, tensors)


def test_adapters_of_half_of_the_layers_are_hardly_ever_taken_for_another_familys() -> None:
    wrong, total = [], 0
    for case in _models():
        header = _partial_adapter(case)
        if not header.tensors:
            continue
        total += 1
        identity = identify_header(header)
        assert identity.type is ModelType.LORA, case.case_id
        family = case.expected["family"]
        kin = {family, None, *case.expected.get("family_ok", ()), *SPECIAL_OF.get(family, ()), *AS_WELL.get(family, ())}
        if identity.family not in kin and family not in SPECIAL_OF.get(identity.family or "", ()):
            wrong.append(f"{case.case_id}: {identity.family}")
    assert total > 90
    assert len(wrong) <= 0.02 * total, wrong
