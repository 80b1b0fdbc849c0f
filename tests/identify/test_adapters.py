"""What an adapter changes is read alike from every trainer's naming and every kind of network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from sd_model_manager.identify.adapters import Adapter, adapter_share, read_adapter
from sd_model_manager.identify.header import Tensor
from sd_model_manager.identify.names import UNTOLD, Names


def read(tensors: Mapping[str, Sequence[int]], **metadata: str) -> Adapter:
    return read_adapter(Names({name: Tensor("F16", tuple(shape)) for name, shape in tensors.items()}), metadata)


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("lora_unet_blocks_3_attn_to_q.lora_down.weight", "lora_unet_blocks_3_attn_to_q.lora_up.weight"),
        ("lora_transformer_blocks_3_attn_to_q.lora_down.weight", "lora_transformer_blocks_3_attn_to_q.lora_up.weight"),
        ("transformer.blocks.3.attn.to_q.lora_A.weight", "transformer.blocks.3.attn.to_q.lora_B.weight"),
        ("base_model.model.blocks.3.attn.to_q.lora_A.weight", "base_model.model.blocks.3.attn.to_q.lora_B.weight"),
        ("unet.base_model.model.blocks.3.attn.to_q.lora_A.default.weight",
         "unet.base_model.model.blocks.3.attn.to_q.lora_B.default.weight"),
        ("blocks.3.attn.to_q.lora_A.default_0.weight", "blocks.3.attn.to_q.lora_B.default_0.weight"),
        ("diffusion_model.blocks.3.attn.to_q.lora_A.weight", "diffusion_model.blocks.3.attn.to_q.lora_B.weight"),
        ("blocks.3.attn.to_q.lora_A", "blocks.3.attn.to_q.lora_B"),
        ("unet.blocks.3.attn.processor.to_q_lora.down.weight", "unet.blocks.3.attn.processor.to_q_lora.up.weight"),
        ("unet.blocks.3.attn.to_q.lora_linear_layer.down.weight",
         "unet.blocks.3.attn.to_q.lora_linear_layer.up.weight"),
        ("lora_unet__blocks_3_attn_to_q.lora_down.weight", "lora_unet__blocks_3_attn_to_q.lora_up.weight"),
    ],
)  # fmt: skip
def test_a_module_is_found_in_every_trainers_naming(down: str, up: str) -> None:
    adapter = read({down: (16, 320), up: (640, 16)})
    assert adapter.backbone.shape("blocks.*.attn.to_q") == (640, 320)
    assert (adapter.network, adapter.rank) == ("lora", 16)


@pytest.mark.parametrize(
    ("prefix", "encoder"),
    [
        ("lora_te_", "te_"),
        ("lora_te1_", "te1_"),
        ("lora_te2_", "te2_"),
        ("text_encoder.", "te_"),
        ("text_encoder_2.", "te2_"),
        ("clip_g.", "te2_"),
    ],
)
def test_text_encoders_are_kept_apart_from_the_diffusion_model(prefix: str, encoder: str) -> None:
    adapter = read({f"{prefix}mlp.lora_down.weight": (4, 768), f"{prefix}mlp.lora_up.weight": (768, 4)})
    assert not adapter.backbone.has("mlp")
    assert adapter.text.has(f"{encoder}mlp")


@pytest.mark.parametrize(
    ("parts", "network", "rank", "shape"),
    [
        ({"lora_down.weight": (8, 64, 3, 3), "lora_up.weight": (96, 8, 1, 1)}, "locon", 8, (96, 64, 3, 3)),
        ({"lora_down.weight": (8, 64, 1, 1), "lora_up.weight": (96, 8, 1, 1)}, "lora", 8, (96, 64, 1, 1)),
        ({"lora_down.weight": (8, 64), "lora_up.weight": (96, 8), "dora_scale": (1, 64)}, "dora", 8, (96, 64)),
        ({"lora_A.weight": (8, 64), "lora_B.weight": (96, 8), "lora_magnitude_vector": (96,)}, "dora", 8, (96, 64)),
        ({"hada_w1_a": (96, 8), "hada_w1_b": (8, 64), "hada_w2_a": (96, 8)}, "loha", 8, (96, 64)),
        ({"lokr_w1": (4, 4), "lokr_w2": (24, 16)}, "lokr", None, (96, 64)),
        ({"lokr_w1": (4, 4), "lokr_w2_a": (24, 8), "lokr_w2_b": (8, 16)}, "lokr", None, (96, 64)),
        ({"lokr_w1": (4, 4), "lokr_w2": (24, 16), "dora_scale": (1, 64)}, "lokr", None, (96, 64)),
        ({"a1.weight": (64, 8), "a2.weight": (8, 64), "b1.weight": (96, 8)}, "glora", 8, (96, 64)),
        ({"oft_blocks": (4, 24, 24), "alpha": ()}, "oft", None, (96,)),
        ({"oft_blocks": (3, 6, 16, 16)}, "boft", None, (96,)),
        ({"diff": (96, 64), "diff_b": (96,)}, "full", None, (96, 64)),
    ],
)  # fmt: skip
def test_network_rank_and_layer_are_told_by_the_parts(
    parts: dict[str, Sequence[int]], network: str, rank: int | None, shape: tuple[int, ...]
) -> None:
    adapter = read({f"lora_unet_blocks_0_ff.{part}": size for part, size in parts.items()})
    assert (adapter.network, adapter.rank) == (network, rank)
    layer = adapter.backbone.shape("blocks.*.ff")
    assert layer is not None
    assert layer[: len(shape)] == shape


def test_a_rotation_tells_both_sides_of_a_square_layer_and_one_of_others() -> None:
    adapter = read(
        {"lora_unet_b_0_attn1_to_q.oft_blocks": (4, 80, 80), "lora_unet_b_0_attn2_to_k.oft_blocks": (4, 80, 80)}
    )
    assert adapter.backbone.shape("b.*.attn1.to_q") == (320, 320, UNTOLD)
    assert adapter.backbone.shape("b.*.attn2.to_k") == (320, UNTOLD, UNTOLD)


def test_scaled_activations_are_ia3() -> None:
    adapter = read({"lora_unet_b_0_ff.weight": (320,), "lora_unet_b_0_ff.on_input": ()})
    assert adapter.network == "ia3"
    assert adapter.rank is None


def test_metadata_tells_dylora_whose_tensors_are_those_of_a_lora() -> None:
    tensors = {"x.lora_down.weight": (4, 8), "x.lora_up.weight": (8, 4)}
    assert read(tensors, ss_network_module="networks.dylora").network == "dylora"


def test_parts_of_a_joint_layer_count_as_the_layer() -> None:
    parts = {f"transformer.double_blocks.0.img_attn.qkv.{n}.lora_down.weight": (4, 3072) for n in range(3)}
    assert read(parts).backbone.has("double_blocks.*.img_attn.qkv")


def test_a_model_with_alphas_is_no_adapter() -> None:
    snake = {f"decoder.{n}.alpha": Tensor("F32", (8,)) for n in range(9)}
    assert adapter_share(Names(snake)) == 0


def test_mixed_ranks_are_told_by_their_bounds() -> None:
    tensors = {f"x.{n}.lora_down.weight": (rank, 8) for n, rank in enumerate((4, 16, 16))}
    adapter = read(tensors)
    assert (adapter.rank, adapter.ranks) == (16, (4, 16))
