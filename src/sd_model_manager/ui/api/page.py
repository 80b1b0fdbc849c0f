"""Serves the built page: its files for good, its entry for every address that is not the API's."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).parent.parent / "static"

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>SD Model Manager</title>
<h1>The page is not built</h1>
<p>The API works: see <a href="/docs">/docs</a>. To build the page, run <code>npm ci</code> and
<code>npm run build</code> in <code>src/sd_model_manager/ui/frontend</code>, or install without
<code>SDMM_SKIP_FRONTEND</code>.</p></html>"""


_PACKED = {"br": ".br", "gzip": ".gz"}
"""How the build packs a file beside itself, the smallest first; the type is guessed from the name before that."""


class ImmutableFiles(StaticFiles):
    """Files whose names hold a hash of their content, packed where the browser can unpack them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in _PACKED.items():
            if encoding in accepted and self.lookup_path(f"{path}{suffix}")[1] is not None:
                response = await super().get_response(f"{path}{suffix}", scope)
                response.headers["Content-Encoding"] = encoding
                response.headers["Vary"] = "Accept-Encoding"
                return response
        return await super().get_response(path, scope)

    def file_response(self, full_path: str, stat_result: object, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[override]
        response = super().file_response(full_path, stat_result, scope, status_code)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def add_page(app: FastAPI, folder: Path = STATIC_FOLDER) -> None:
    """Routes of the page; to be added last, since it answers whatever nobody else does."""
    if (folder / "assets").is_dir():
        app.mount("/assets", ImmutableFiles(directory=folder / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def get_page(path: str) -> Response:
        if path.split("/", 1)[0] in {"api", "ws", "assets"}:
            raise HTTPException(404)
        file = _find_file(folder, path)
        if file is not None:
            return FileResponse(file, headers={"Cache-Control": "no-cache"})
        return HTMLResponse(_NOT_BUILT, 503)


def _find_file(folder: Path, path: str) -> Path | None:
    """A file of the page's root (its icon, its manifest) by its plain name; otherwise the entry of the application."""
    entry = folder / "index.html"
    candidate = folder / path
    if path and "/" not in path and "\\" not in path and not path.startswith(".") and candidate.is_file():
        return candidate
    return entry if entry.is_file() else None
