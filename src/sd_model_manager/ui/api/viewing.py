"""What somebody gets to see of mature content: from the settings, and the passphrase that was or was not given."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.maturity import MatureLevel, Treatment, Viewing
from sd_model_manager.domain.tasks import Task, TaskKind
from sd_model_manager.lib.errors import NotAllowed
from sd_model_manager.registry.catalog import Catalog
from sd_model_manager.ui.api.dependencies import Number, ServicesDep
from sd_model_manager.ui.api.presenters.models import ModelPresenter
from sd_model_manager.ui.api.presenters.tasks import TaskPresenter
from sd_model_manager.wiring import Services

COOKIE = "sdmm_mature"
MATURE_SETTINGS = frozenset({"mature_content", "mature_from"})


async def get_viewing(connection: HTTPConnection, services: ServicesDep) -> Viewing:
    given_pass = connection.cookies.get(COOKIE, "")
    if services.settings.is_current and services.mature_lock.is_current:
        return read_viewing(services, given_pass)  # what is remembered; the rest asks the database
    return await run_in_threadpool(read_viewing, services, given_pass)


def read_viewing(services: Services, given_pass: str) -> Viewing:
    """While the passphrase is not given, what is to be shown is blurred: a lock that locks nothing would be none."""
    services.settings.catch_up()  # another process may have been told
    treatment = Treatment(services.settings.get("mature_content"))
    is_locked = not services.mature_lock.is_open_to(given_pass)
    if is_locked and treatment is Treatment.SHOW:
        treatment = Treatment.BLUR
    return Viewing(treatment, MatureLevel(services.settings.get("mature_from")), is_locked)


ViewingDep = Annotated[Viewing, Depends(get_viewing)]


def hides_task(services: Services, task: Task) -> bool:
    """Whether nobody is told what a task is about: what is hidden is so for everybody, whoever knows a passphrase."""
    if task.kind is not TaskKind.DOWNLOAD:
        return False
    mature_below = read_viewing(services, "").mature_below
    return bool(services.hidden_downloads.among([task.task_id], mature_below))


def require_open(viewing: Viewing) -> None:
    """Raises NotAllowed while the passphrase is not given."""
    if viewing.is_locked:
        raise NotAllowed(
            "Mature content is locked. Unlock it with its passphrase, in the settings or from the palette.",
            code="MATURE_LOCKED",
        )


def reveal_to(viewing: Viewing) -> Viewing:
    """The same with nothing blurred. Raises NotAllowed while the passphrase is not given."""
    require_open(viewing)
    return replace(viewing, is_revealing=True)


async def get_catalog(services: ServicesDep, viewing: ViewingDep) -> Catalog:
    return services.catalog.without_mature(viewing.mature_below)


CatalogDep = Annotated[Catalog, Depends(get_catalog)]
"""The models that are shown to whoever asks. Routes ask this and not the services, lest they tell of others."""


def require_shown(catalog: CatalogDep, viewing: ViewingDep, model_id: Number) -> None:
    """For routes that change a model. Raises NotFound; NotAllowed where it is hidden."""
    if viewing.treatment is Treatment.HIDE:
        catalog.get_mature_bits(ModelId(model_id))


SHOWN_ONLY = [Depends(require_shown)]


async def get_task_presenter(services: ServicesDep, viewing: ViewingDep) -> TaskPresenter:
    return TaskPresenter(services.hidden_downloads, viewing.mature_below)


TaskPresenterDep = Annotated[TaskPresenter, Depends(get_task_presenter)]


async def get_presenter(services: ServicesDep, viewing: ViewingDep) -> ModelPresenter:
    return ModelPresenter(services.places, viewing)


PresenterDep = Annotated[ModelPresenter, Depends(get_presenter)]
