"""The families, in the order in which they are asked: whatever looks like another comes before it."""

from __future__ import annotations

from itertools import chain

from sd_model_manager.identify.families import (
    chroma,
    clip,
    detectors,
    face_restore,
    flux1,
    flux2,
    kolors,
    llm,
    longcat,
    sd1,
    sd2,
    sd3,
    sdxl,
    svd,
    t5,
    upscalers,
    vision,
)  # fmt: skip
from sd_model_manager.identify.families.family import Family

FAMILIES: tuple[Family, ...] = tuple(
    chain.from_iterable(
        module.FAMILIES
        for module in (
            sd3, chroma, flux2, longcat, flux1,
            svd, kolors, sdxl, sd2, sd1,
            t5, clip, vision, llm, upscalers, face_restore, detectors,
        )
    )
)  # fmt: skip
