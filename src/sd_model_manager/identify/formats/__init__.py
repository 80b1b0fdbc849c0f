"""Readers of file formats: bytes in, a header out. One module for each; `READERS` is all of them.

The first that recognises a file reads it, so the strongest marks come first: GGUF's version looks like a length of
safetensors, safetensors' length may begin like a pickle, and nearly anything may begin like ONNX.
"""

from __future__ import annotations

from sd_model_manager.identify.formats import (
    bare_pickle,
    gguf,
    no_model,
    onnx,
    safetensors,
    torch_legacy,
    torch_zip,
    unmarked_pickle,
)
from sd_model_manager.identify.formats.reader import FormatReader

READERS: tuple[FormatReader, ...] = (
    gguf,
    torch_zip,
    safetensors,
    torch_legacy,
    bare_pickle,
    unmarked_pickle,
    no_model,
    onnx,
)
