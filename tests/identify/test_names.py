"""Patterns find tensors whatever their block numbers, roots and separators."""

from __future__ import annotations

from sd_model_manager.identify.header import Tensor
from sd_model_manager.identify.names import PACKED, UNTOLD, Names, fold


def names(*given: str, separator: str = ".") -> Names:
    return Names({name: Tensor("F16", (n + 1, 8)) for n, name in enumerate(given)}, separator=separator)


def test_numbers_that_stand_alone_are_folded() -> None:
    assert fold("blocks.11.norm1.ff_2.0.weight") == "blocks.*.norm1.ff_*.*.weight"


def test_an_exact_pattern_finds_one_tensor() -> None:
    found = names("blocks.0.ff.0.weight", "blocks.0.ff.2.weight")
    assert found.has("blocks.0.ff.2.weight")
    assert not found.has("blocks.0.ff.1.weight")


def test_a_star_finds_any_block() -> None:
    assert names("blocks.17.ff.0.weight").has("blocks.*.ff.0.weight")


def test_a_trailing_dot_finds_anything_below_and_nothing_beside() -> None:
    found = names("guidance_in.in_layer.weight")
    assert found.has("guidance_in.")
    assert not found.has("guidance.")


def test_dots_in_front_find_an_ending_and_dots_behind_a_beginning() -> None:
    found = names("input_blocks.4.1.attn2.to_k.weight", "lllite_unet_x.weight")
    assert found.has("...attn2.to_k.weight")
    assert not found.has("...n2.to_k.weight")
    assert found.has("lllite_unet_...")


def test_one_of_several_patterns_is_enough() -> None:
    assert names("b.weight").find("a.weight | b.weight") == "b.weight"


def test_below_a_root_the_root_is_left_out() -> None:
    found = names("model.diffusion_model.img_in.weight", "vae.x").under("model.diffusion_model.")
    assert found.has("img_in.weight")
    assert not found.has("x")
    assert len(found) == 1


def test_a_root_with_a_number_takes_only_that_number() -> None:
    found = names("embedders.0.a.weight", "embedders.1.b.weight").under("embedders.1.")
    assert found.has("b.weight")
    assert not found.has("a.weight")


def test_blocks_are_counted_where_the_pattern_asks() -> None:
    found = names(
        "down_blocks.1.attentions.0.transformer_blocks.9.ff", "down_blocks.2.attentions.1.transformer_blocks.3.ff"
    )
    assert found.blocks("down_blocks.#") == 3
    assert found.blocks("down_blocks.*.attentions.*.transformer_blocks.#") == 10
    assert found.blocks("up_blocks.#") == 0


def test_modules_joined_by_underscores_are_asked_in_the_same_words() -> None:
    found = names("double_blocks_7_img_attn_qkv", separator="_")
    assert found.has("double_blocks.*.img_attn.qkv")
    assert found.has("double_blocks.")
    assert found.has("...img_attn.qkv")
    assert found.blocks("double_blocks.#") == 8


def test_packed_weights_do_not_tell_their_lengths() -> None:
    packed = Names({"a.weight": Tensor("U8", (9000, 1)), "b.weight": Tensor("U8", (64, 32))})
    assert packed.shape("a.weight") == (PACKED, PACKED)
    assert packed.shape("b.weight") == (64, PACKED)
    assert packed.telling_lengths().shape("b.weight") == (64, UNTOLD)


def test_a_number_in_what_is_below_is_meant_as_it_stands() -> None:
    found = names("up_blocks.1.attentions.0.proj_in")
    assert found.has("up_blocks.1.attentions.")
    assert not found.has("up_blocks.3.attentions.")
    assert found.has("up_blocks.*.attentions.")
