"""`/api/health`, and logging in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from sd_model_manager import __version__
from sd_model_manager.ui.api.dependencies import PolicyDep, ServicesDep
from sd_model_manager.ui.api.errors import failure
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.settings import HealthOut, LoginIn
from sd_model_manager.ui.api.security import COOKIE
from sd_model_manager.ui.api.vitals import Vitals
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api", tags=["system"])

_SESSION_SECONDS = 30 * 24 * 3600


@router.get("/health", response_model_exclude_none=True)
async def get_health(request: Request, policy: PolicyDep) -> Answer[HealthOut]:
    """Whether the server is up. Answers at once, also while everything else is busy."""
    services: Services | None = getattr(request.app.state, "services", None)
    if services is None or not policy.is_authorised(request.scope):
        return Answer(data=HealthOut(status="ok"))
    vitals: Vitals = request.app.state.vitals
    counts = await vitals.read()
    return Answer(
        data=HealthOut(
            status="ok" if counts else "degraded",
            version=__version__,
            database=services.database.kind,
            models=counts.models if counts else None,
            tasks=counts.tasks if counts else None,
        )
    )


@router.post("/login", response_model=Answer[None])
async def log_in(request: Request, policy: PolicyDep, body: LoginIn) -> Response:
    """Exchange the access token for a cookie that scripts cannot read and other sites cannot send."""
    client = request.client.host if request.client else ""
    if refusal := policy.try_token(client, body.token):
        return failure(refusal.status, refusal.message, refusal.code)
    response = JSONResponse(Answer[None](data=None).model_dump())
    if policy.needs_token:
        response.set_cookie(
            COOKIE,
            policy.session,
            max_age=_SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
    return response


@router.post("/logout", response_model=Answer[None])
async def log_out(services: ServicesDep) -> Response:  # noqa: ARG001 - only who is in can log out
    response = JSONResponse(Answer[None](data=None).model_dump())
    response.delete_cookie(COOKIE, samesite="strict", httponly=True)
    return response
