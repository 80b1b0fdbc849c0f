"""The only map from an error to an HTTP status, and the shape in which errors leave."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from sd_model_manager.lib.errors import (
    AppError,
    BadInput,
    Code,
    Conflict,
    DamagedFile,
    NoSpace,
    NotAllowed,
    NotFound,
    SourceError,
)
from sd_model_manager.lib.redaction import redact
from sd_model_manager.ui.api.schemas.envelope import Failure

log = logging.getLogger(__name__)

STATUS_OF: tuple[tuple[type[AppError], int], ...] = (
    (BadInput, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (DamagedFile, 422),
    (SourceError, 502),
    (NoSpace, 507),
)


def failure(status: int, message: str, code: Code, details: dict[str, Any] | None = None) -> JSONResponse:
    body = Failure(error=redact(message), code=code, details=details or {})
    return JSONResponse(body.model_dump(mode="json"), status_code=status)


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_app_error(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - Starlette's signature
    assert isinstance(error, AppError)
    status = next((status for kind, status in STATUS_OF if isinstance(error, kind)), 500)
    return failure(status, error.message, error.error_code, error.details)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - likewise
    assert isinstance(error, RequestValidationError)
    fields = {_field_of(e["loc"]): str(e["msg"]) for e in error.errors()}
    named = "; ".join(f"{field}: {message}" for field, message in fields.items())
    return failure(422, f"The request is not valid. {named}", "INVALID", fields)


async def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return failure(404, f"There is nothing at {request.url.path}. /docs lists what there is.", "NOT_FOUND")
    if error.status_code == 405:
        return failure(405, f"{request.method} is not possible at {request.url.path}.", "METHOD_NOT_ALLOWED")
    return failure(error.status_code, str(error.detail), "HTTP_ERROR")


async def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return failure(500, f"Something unexpected went wrong ({type(error).__name__}); the log says more.", "INTERNAL")


def _field_of(location: tuple[Any, ...]) -> str:
    """`("body", "url")` is `url`; a body that is no JSON at all is `body`."""
    parts = [str(part) for part in location]
    return ".".join(parts[1:]) if len(parts) > 1 and parts[0] in {"body", "query", "path"} else ".".join(parts)
