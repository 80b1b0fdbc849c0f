"""Run as a process of its own: writes the first frame of a film to its output, as a PPM. See `video_frame`.

A decoder that crashes, hangs or eats memory on a hostile film ends this process and nothing else.
"""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av

_FORMAT_OF_SUFFIX = {".mp4": "mp4", ".webm": "webm"}
"""Named, never guessed: the formats that libav would guess include lists of other files to open."""

_CODECS = "h264,hevc,av1,libdav1d,vp8,libvpx,vp9,libvpx-vp9,mpeg4"
"""What browsers show; the decoders of the other hundreds are never reached."""

_MAX_PIXELS = 64_000_000
_MAX_PACKETS = 400
_MAX_PACKET_BYTES = 32 * 1024 * 1024
_MAX_MEMORY_BYTES = 2 * 1024**3
_MAX_CPU_SECONDS = 10
_OPTIONS = {"probesize": "5000000", "analyzeduration": "5000000", "codec_whitelist": _CODECS}


def main(path: Path, suffix: str, width: int, height: int) -> int:
    """0 where a frame was written, at most `width` by `height`; otherwise 1. libav's own errors end it as well."""
    _limit_this_process()
    with path.open("rb") as file:
        picture = read_first_frame(file, suffix, (width, height))
    sys.stdout.buffer.write(picture)
    return 0 if picture else 1


def read_first_frame(file: io.BufferedReader, suffix: str, box: tuple[int, int]) -> bytes:
    """Upright, as a PPM; empty where none of the first packets holds a frame, or it has too many pixels."""
    import av

    with av.open(file, "r", format=_FORMAT_OF_SUFFIX[suffix], container_options=_OPTIONS) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        codec.thread_count = 1
        codec.options = {"max_pixels": str(_MAX_PIXELS), "codec_whitelist": _CODECS}
        if codec.name not in _CODECS.split(",") or codec.width * codec.height > _MAX_PIXELS:
            return b""
        read_bytes = 0
        for packet in islice(container.demux(stream), _MAX_PACKETS):
            read_bytes += packet.size
            if read_bytes > _MAX_PACKET_BYTES:
                return b""
            for frame in packet.decode():
                return _to_ppm(frame, box)
    return b""


def _to_ppm(frame: av.VideoFrame, box: tuple[int, int]) -> bytes:
    if frame.width * frame.height > _MAX_PIXELS:
        return b""
    is_sideways = frame.rotation % 180 != 0
    width, height = box[::-1] if is_sideways else box
    factor = min(1.0, width / frame.width, height / frame.height)
    small = frame.reformat(max(1, int(frame.width * factor)), max(1, int(frame.height * factor)), "rgb24")
    image = small.to_image()  # type: ignore[no-untyped-call]
    if frame.rotation:
        image = image.rotate(frame.rotation, expand=True)
    target = io.BytesIO()
    image.save(target, "PPM")
    return target.getvalue()


def _limit_this_process() -> None:
    """Where the system can; elsewhere the one who waits has its own clock."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in (
        (resource.RLIMIT_AS, _MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, _MAX_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
