"""What is said of one model of the sample library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.header import Tensor
from sd_model_manager.library.sample.adapters import Layer


@dataclass(frozen=True, slots=True)
class Training:
    """How a LoRA was made. `subject` is its training folder's name behind the number of repeats."""

    layers: Callable[[], Iterable[Layer]]
    rank: int
    base: Mapping[str, str]
    subject: str
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """What a sidecar beside the model tells of it, as Civitai would."""

    creator: str
    version: str = "v1.0"
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class SampleModel:
    """`content` is how its tensors are made: a LoRA's by training, another's by its structure.

    `picture` is the extension of its preview, empty for none.
    """

    path: str
    title: str
    type: ModelType
    base_model: str
    content: Training | Callable[[], dict[str, Tensor]]
    published: Publication | None = None
    picture: str = ".webp"
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        return self.path.rpartition("/")[2].removesuffix(".safetensors")
