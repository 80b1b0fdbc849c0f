"""What routes ask for: the services of this application.

None of it waits for anything, and `async` says so: FastAPI sends every other function to a thread and back.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from sd_model_manager.ui.api.live import LiveFeed
from sd_model_manager.ui.api.security import AccessPolicy
from sd_model_manager.wiring import Services


async def get_services(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


async def get_feed(connection: HTTPConnection) -> LiveFeed:
    feed: LiveFeed = connection.app.state.feed
    return feed


async def get_policy(connection: HTTPConnection) -> AccessPolicy:
    policy: AccessPolicy = connection.app.state.policy
    return policy


Number = Annotated[int, Path(ge=0, le=2**63 - 1)]
"""A number that databases can hold."""

ServicesDep = Annotated[Services, Depends(get_services)]
FeedDep = Annotated[LiveFeed, Depends(get_feed)]
PolicyDep = Annotated[AccessPolicy, Depends(get_policy)]
