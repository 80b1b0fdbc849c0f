"""`/api/mature`: what is seen of mature content, and its lock."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from sd_model_manager.domain.events import ModelsChanged
from sd_model_manager.ui.api.dependencies import ServicesDep
from sd_model_manager.ui.api.errors import failure
from sd_model_manager.ui.api.schemas.envelope import Answer
from sd_model_manager.ui.api.schemas.mature import MatureOut, PassphraseIn, UnlockIn
from sd_model_manager.ui.api.security import Attempts
from sd_model_manager.ui.api.viewing import COOKIE, ViewingDep, read_viewing
from sd_model_manager.wiring import Services

router = APIRouter(prefix="/api/mature", tags=["mature content"])


def get_attempts(request: Request) -> Attempts:
    attempts: Attempts = request.app.state.mature_attempts
    return attempts


AttemptsDep = Annotated[Attempts, Depends(get_attempts)]


@router.get("")
def get_mature(services: ServicesDep, viewing: ViewingDep) -> Answer[MatureOut]:
    """What holds for you now."""
    return Answer(
        data=MatureOut(
            treatment=viewing.treatment,
            mature_from=viewing.mature_from,
            has_passphrase=services.mature_lock.is_set,
            is_locked=viewing.is_locked,
        )
    )


@router.post("/unlock", response_model=Answer[MatureOut])
def unlock(request: Request, services: ServicesDep, attempts: AttemptsDep, body: UnlockIn) -> Response:
    """Give the passphrase: for twelve hours, or until the browser is closed or it is locked, mature content can be
    revealed and its settings changed. 403 `WRONG_PASSPHRASE`, 429 `TOO_MANY_ATTEMPTS`."""
    return _refuse(request, services, attempts, body.passphrase) or _answer_open(request, services)


@router.post("/lock", response_model=Answer[MatureOut])
def lock(services: ServicesDep) -> Response:
    """Every browser has to give the passphrase again."""
    services.mature_lock.close_all()
    services.hub.publish(ModelsChanged())
    response = _answer(services, "")
    response.delete_cookie(COOKIE, samesite="strict", httponly=True)
    return response


@router.put("/passphrase", response_model=Answer[MatureOut])
def set_passphrase(request: Request, services: ServicesDep, attempts: AttemptsDep, body: PassphraseIn) -> Response:
    """Set, change or, with `null`, remove the passphrase. This browser stays unlocked, others do not."""
    if refusal := _refuse(request, services, attempts, body.current):
        return refusal
    if body.passphrase is None:
        services.mature_lock.remove()
    else:
        services.mature_lock.set(body.passphrase)
    services.hub.publish(ModelsChanged())
    return _answer_open(request, services)


def _refuse(request: Request, services: Services, attempts: Attempts, passphrase: str) -> Response | None:
    client = request.client.host if request.client else ""
    if attempts.are_too_many(client):
        return failure(429, "Too many wrong passphrases. Wait a minute and try again.", "TOO_MANY_ATTEMPTS")
    if services.mature_lock.opens_with(passphrase):
        return None
    attempts.note_failure(client)
    return failure(403, "That is not the passphrase of mature content. Try again.", "WRONG_PASSPHRASE")


def _answer_open(request: Request, services: Services) -> Response:
    """With a cookie that scripts cannot read, and that the browser forgets when it is closed."""
    given_pass = services.mature_lock.make_pass()
    response = _answer(services, given_pass)
    if given_pass:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, given_pass, httponly=True, samesite="strict", secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="strict", httponly=True)
    return response


def _answer(services: Services, given_pass: str) -> Response:
    answer = get_mature(services, read_viewing(services, given_pass))
    return JSONResponse(answer.model_dump(mode="json"))
