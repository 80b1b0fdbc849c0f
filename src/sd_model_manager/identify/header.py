"""What a reader of a file format hands to the families: names, shapes and metadata, never weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from sd_model_manager.domain.local import Problem
from sd_model_manager.domain.taxonomy import FileFormat


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as its header announces it.

    `dtype` is the container's own upper-case word: safetensors' (`F16`, `BF16`, `F8_E4M3`, ...) for safetensors and
    torch files, ggml's (`Q4_K`, `F16`, ...) for GGUF. `shape` is in torch order, outermost first.
    """

    dtype: str
    shape: tuple[int, ...]

    @property
    def element_count(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """All that can be known of a file without reading its weights.

    `tensors` keeps the file's order. `metadata` holds text alone; what a container stores as numbers or lists is
    written as JSON. `data_start` is where the weights begin (safetensors: 8 + header length; `None` where a format has
    no such place). `problems` are what is wrong with the file; a header with problems still says what it can.
    """

    format: FileFormat
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    data_start: int | None = None
    problems: tuple[Problem, ...] = ()
