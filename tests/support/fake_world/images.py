"""The preview CDN: real small pictures, made from their address."""

from __future__ import annotations

import hashlib
import io
import re

from PIL import Image, ImageDraw

from tests.support.fake_world.server import Reply, Request, text_reply

_PATH = re.compile(r"/[^/]+/([0-9a-f-]{36})/([^/]*)/([^/]+)\.(\w+)")
_VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"


def answer(request: Request) -> Reply:
    found = _PATH.fullmatch(request.path)
    if found is None:
        return text_reply(404, "Not found", "text/plain")
    uuid, options, _, extension = found.groups()
    is_still = "anim=false" in options or extension in {"jpeg", "jpg", "png"}
    if not is_still:
        return Reply(200, {"Content-Type": "video/mp4"}, (_VIDEO,), len(_VIDEO))
    width = int(match[1]) if (match := re.search(r"width=(\d+)", options)) else 832
    picture = make_picture(uuid, min(width, 832))
    return Reply(
        200, {"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=31536000"}, (picture,), len(picture)
    )


def make_picture(seed: str, width: int) -> bytes:
    """A JPEG of 2:3 in two colours, the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    height = width * 3 // 2
    picture = Image.new("RGB", (width, height), tuple(digest[:3]))
    ImageDraw.Draw(picture).ellipse((width // 5, height // 4, width * 4 // 5, height * 3 // 4), fill=tuple(digest[3:6]))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
