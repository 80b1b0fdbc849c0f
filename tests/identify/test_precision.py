"""Precision is told by where the elements are; parameters are counted as the model has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.names import Names
from sd_model_manager.identify.precision import Storage, read_storage


def storage(
    tensors: Mapping[str, tuple[str, Sequence[int]]], format_: FileFormat = FileFormat.SAFETENSORS, **metadata: str
) -> Storage:
    held = {name: Tensor(dtype, tuple(shape)) for name, (dtype, shape) in tensors.items()}
    return read_storage(Header(format_, held, {k.replace("__", "."): v for k, v in metadata.items()}), Names(held))


def test_many_small_tensors_do_not_outvote_a_big_one() -> None:
    biases = {f"b.{n}.bias": ("F32", (8,)) for n in range(50)}
    assert storage({"a.weight": ("F16", (512, 512)), **biases}) == Storage("fp16", 512 * 512 + 400)


def test_two_halves_of_different_precision_are_mixed() -> None:
    assert storage({"a.weight": ("F16", (64, 64)), "b.weight": ("F8_E4M3", (64, 64))}).precision == "mixed"


def test_a_file_of_indices_alone_has_no_precision() -> None:
    assert storage({"position_ids": ("I64", (1, 77))}).precision is None


@pytest.mark.parametrize(
    ("beside", "dtype", "shape", "precision"),
    [
        ({"a.weight.quant_state.bitsandbytes__nf4": ("U8", (80,))}, "U8", (2048, 1), "nf4"),
        ({"a.SCB": ("F32", (64,)), "a.weight_format": ("U8", ())}, "I8", (64, 64), "int8"),
        ({"a.scale_weight": ("F32", ()), "scaled_fp8": ("F8_E4M3", (2,))}, "F8_E4M3", (64, 64), "fp8_e4m3_scaled"),
        ({"a.weight_scale": ("F32", ()), "a.comfy_quant": ("U8", (26,))}, "F8_E4M3", (64, 64), "fp8_e4m3_scaled"),
        ({"a.weight_scale": ("F32", ()), "a.comfy_quant": ("U8", (26,))}, "F8_E5M2", (64, 64), "fp8_e5m2_scaled"),
        ({"a.weight_scale": ("F8_E4M3", (64, 4)), "a.weight_scale_2": ("F32", ())}, "U8", (64, 32), "nvfp4"),
        ({"a.scale": ("F32", (64,))}, "I8", (64, 64), "int8"),
    ],
)  # fmt: skip
def test_quantised_weights_are_named_and_counted_unpacked(
    beside: dict[str, tuple[str, Sequence[int]]], dtype: str, shape: Sequence[int], precision: str
) -> None:
    assert storage({"a.weight": (dtype, shape), **beside}) == Storage(precision, 64 * 64)


def test_svdquant_is_known_by_what_stands_beside_its_weights() -> None:
    tensors = {"a.qweight": ("I8", (64, 32)), "a.wscales": ("BF16", (1, 64)), "a.lora_down": ("BF16", (64, 16))}
    assert storage(tensors) == Storage("int4_svdquant", 64 * 64)


def test_the_scale_of_a_norm_is_a_parameter() -> None:
    tensors = {"a.weight": ("F8_E4M3", (8, 8)), "a.scale_weight": ("F32", ()), "n.key_norm.scale": ("BF16", (128,))}
    assert storage(tensors).parameters == 64 + 128


@pytest.mark.parametrize(
    ("dtype", "file_type", "precision"),
    [
        ("Q8_0", "7", "gguf_q8_0"),
        ("Q4_K", "15", "gguf_q4_k_m"),
        ("Q4_K", "14", "gguf_q4_k_s"),
        ("Q4_K", "", "gguf_q4_k"),
        ("Q5_0", "15", "gguf_q5_0"),
        ("F16", "1", "gguf_f16"),
    ],
)
def test_a_gguf_is_named_by_its_tensors_and_by_its_file_type_where_both_agree(
    dtype: str, file_type: str, precision: str
) -> None:
    tensors = {"a.weight": (dtype, (64, 64)), "a.bias": ("F32", (64,))}
    assert storage(tensors, FileFormat.GGUF, general__file_type=file_type).precision == precision
