"""Detectors of faces, hands and people, such as ADetailer uses."""

from __future__ import annotations

from sd_model_manager.domain.taxonomy import ModelType
from sd_model_manager.identify.families.family import Family, Sign, has

YOLO = Family(
    id="yolo",
    title="YOLO",
    signs={
        ModelType.OTHER: (
            Sign(
                "YOLO layers: convolutions with batch normalisation, numbered",
                has("model.0.conv.weight", "model.0.bn.running_mean | model.0.conv.bias"),
            ),
            Sign("YOLO layers: convolutions with batch normalisation, numbered", has("model.model.0.conv.weight")),
        ),
    },
)
FAMILIES = (YOLO,)
