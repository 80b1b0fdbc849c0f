"""The web application: `uvicorn sd_model_manager.ui.api.main:create_app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.concurrency import run_in_threadpool

from sd_model_manager import __version__
from sd_model_manager.config import Settings, load_settings
from sd_model_manager.lib.logging_config import configure_logging
from sd_model_manager.lib.redaction import SecretFilter
from sd_model_manager.ui.api.errors import add_error_handlers
from sd_model_manager.ui.api.live import LiveFeed
from sd_model_manager.ui.api.page import add_page
from sd_model_manager.ui.api.reference_page import add_reference_page
from sd_model_manager.ui.api.routes import (
    bulk,
    collections,
    comfyui,
    discover,
    downloads,
    engines,
    exports,
    mature,
    models,
    previews,
    searches,
    settings,
    sockets,
    system,
    tasks,
    updates,
)
from sd_model_manager.ui.api.schemas.envelope import Failure
from sd_model_manager.ui.api.security import DEV_ORIGINS, AccessPolicy, Attempts, Gate
from sd_model_manager.ui.api.viewing import hides_task
from sd_model_manager.ui.api.vitals import Vitals
from sd_model_manager.wiring import build_services

ROUTERS = (
    system.router,
    exports.router,
    models.router,
    bulk.router,
    collections.router,
    searches.router,
    previews.router,
    downloads.router,
    discover.router,
    tasks.router,
    updates.router,
    settings.router,
    mature.router,
    engines.router,
    comfyui.router,
    sockets.router,
)


def create_app(configuration: Settings | None = None) -> FastAPI:
    """Build the application; with no argument from the environment, as servers that import it do.

    Raises BadInput where the configuration is wrong.
    """
    chosen = configuration or load_settings()
    secrets = SecretFilter([chosen.access_token.get_secret_value()])
    configure_logging(chosen.log_level, chosen.log_dir, secrets)
    policy = AccessPolicy(
        host=chosen.host,
        extra_hosts=chosen.extra_host_names,
        token=chosen.access_token.get_secret_value(),
        is_open_to_all=chosen.insecure_no_auth,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = await run_in_threadpool(build_services, chosen)
        app.state.services = services
        app.state.feed = LiveFeed(services.hub, partial(hides_task, services))
        app.state.vitals = Vitals(services)
        services.settings.on_change = lambda: services.settings.hide_secrets(secrets)
        services.settings.on_change()
        app.state.feed.start()
        await run_in_threadpool(services.start)
        try:
            yield
        finally:
            app.state.feed.stop()
            await run_in_threadpool(app.state.vitals.close)
            await run_in_threadpool(services.stop)

    app = FastAPI(
        title="SD Model Manager",
        version=__version__,
        summary="Find, identify, download and organise Stable Diffusion model files.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={"default": {"model": Failure, "description": "What went wrong and what to do."}},
    )
    app.state.policy = policy
    app.state.mature_attempts = Attempts()
    add_error_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    add_reference_page(app)
    add_page(app)
    app.add_middleware(
        GZipMiddleware, minimum_size=2000, compresslevel=1
    )  # a tenth of the size, in under a millisecond
    app.add_middleware(
        CORSMiddleware,
        allow_origins=sorted(DEV_ORIGINS),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
    )
    app.add_middleware(Gate, policy=policy)
    return app
