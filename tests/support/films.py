"""Writes short, real films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
from PIL import Image

_CODEC_OF_SUFFIX = {".mp4": "libx264", ".webm": "libvpx-vp9"}


def write_film(path: Path, frames: Sequence[str | Image.Image], size: tuple[int, int], *, codec: str = "") -> None:
    """One frame of each colour or picture, `size` pixels across and down."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec or _CODEC_OF_SUFFIX[path.suffix], rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for shown in frames:
            picture = Image.new("RGB", size, shown) if isinstance(shown, str) else shown
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
