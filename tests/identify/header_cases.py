"""Reads the cases of `tests/identify/cases`: headers without weights, each with what it is."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sd_model_manager.domain.local import Identity
from sd_model_manager.domain.taxonomy import FileFormat
from sd_model_manager.identify.header import Header, Tensor

CASES = Path(__file__).parent / "cases"
GROUPS = ("observed", "diffusers_models", "native_models", "adapters", "encoders_and_upscalers", "special_files")

FORMATS = {
    "safetensors": FileFormat.SAFETENSORS,
    "gguf": FileFormat.GGUF,
    "torch-zip": FileFormat.TORCH_ZIP,
    "torch-legacy": FileFormat.TORCH_LEGACY,
}


@dataclass(frozen=True)
class HeaderCase:
    case_id: str
    header: Header
    expected: dict[str, Any]
    raw: dict[str, Any]

    def accepts(self, identity: Identity) -> list[str]:
        """What of the identity is not as expected, in words; nothing if all is well."""
        wrong = []
        if identity.type.value not in self._accepted("kind"):
            wrong.append(f"type {identity.type.value}, expected {self._accepted('kind')}")
        families = self._accepted("family")
        if "any" not in families and identity.family not in families:
            wrong.append(f"family {identity.family}, expected {families}")
        for fact in ("variant", "precision", "network", "rank", "prediction"):
            if self.expected.get(fact) is not None and getattr(identity, fact) not in self._accepted(fact):
                wrong.append(f"{fact} {getattr(identity, fact)}, expected {self._accepted(fact)}")
        if "elements" in self.expected and identity.parameters != self.expected["elements"]:
            wrong.append(f"{identity.parameters} parameters, expected {self.expected['elements']}")
        return [f"{self.case_id}: {line}" for line in wrong]

    def _accepted(self, fact: str) -> list[Any]:
        return [self.expected.get(fact), *self.expected.get(f"{fact}_ok", ())]


def read_cases(group: str) -> Iterator[HeaderCase]:
    with lzma.open(CASES / f"{group}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield parse_case(json.loads(line))


def parse_case(raw: dict[str, Any]) -> HeaderCase:
    metadata = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in (raw["metadata"] or {}).items()
    }
    header = Header(
        format=FORMATS[raw["container"]],
        tensors={name: Tensor(dtype, tuple(shape)) for name, (dtype, shape) in raw["tensors"].items()},
        metadata=metadata,
    )
    return HeaderCase(raw["id"], header, raw["expected"], raw)
