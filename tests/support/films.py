"""Writes short, real films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

_CODEC_OF_SUFFIX = {".mp4": "libx264", ".webm": "libvpx-vp9"}


def write_film(path: Path, colours: Sequence[str], size: tuple[int, int], *, codec: str = "") -> None:
    """One frame of each colour."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec or _CODEC_OF_SUFFIX[path.suffix], rate=10)
        stream.width, stream.height = size  # type: ignore[union-attr]
        stream.pix_fmt = "yuv420p"  # type: ignore[union-attr]
        for colour in colours:
            frame = av.VideoFrame.from_image(Image.new("RGB", size, colour))
            container.mux(stream.encode(frame))  # type: ignore[union-attr]
        container.mux(stream.encode())  # type: ignore[union-attr]
