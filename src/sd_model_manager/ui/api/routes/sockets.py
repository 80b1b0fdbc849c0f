"""The WebSockets: progress of one download, and everything the page needs to stay live."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio
from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from sd_model_manager import __version__
from sd_model_manager.domain.ids import TaskId
from sd_model_manager.lib.errors import NotFound
from sd_model_manager.ui.api.dependencies import FeedDep, ServicesDep
from sd_model_manager.ui.api.live import FellBehind, Mailbox
from sd_model_manager.ui.api.schemas.live import HelloMessage

router = APIRouter()

_MAX_PER_SECOND = 10
_NORMAL, _TRY_AGAIN_LATER, _UNKNOWN_TASK = 1000, 1013, 4404


@router.websocket("/ws/download/{task_id}")
async def follow_download(socket: WebSocket, task_id: str, services: ServicesDep, feed: FeedDep) -> None:
    """The state at once, then each change, ten a second at most; closed with 1000 after the final one."""
    await socket.accept()
    with feed.task(TaskId(task_id)) as mailbox:
        try:
            task = await run_in_threadpool(services.queue.store.get, TaskId(task_id))
        except NotFound:
            await socket.close(_UNKNOWN_TASK, "there is no such task")
            return
        message = await run_in_threadpool(feed.write_progress, task)
        mailbox.put_older(task.task_id, message, is_last=task.state.is_final)
        await _until_gone(socket, lambda: _send_all(socket, mailbox, _MAX_PER_SECOND))


@router.websocket("/ws/events")
async def follow_events(socket: WebSocket, feed: FeedDep) -> None:
    """Task changes, models added, changed or gone, folders that changed.

    A client that reads less than it is told is closed with 1013; it connects again, and asks for everything anew.
    """
    await socket.accept()
    with feed.everything() as mailbox:
        hello = HelloMessage(version=__version__, models_changed_seconds_ago=feed.models_changed_seconds_ago)
        await socket.send_text(hello.model_dump_json())
        await _until_gone(socket, lambda: _send_all(socket, mailbox, None))


async def _send_all(socket: WebSocket, mailbox: Mailbox, max_per_second: int | None) -> None:
    """A message is sent when it comes, unless so many were in the last second; then the latest, when that is over.

    Tasks tell of their progress less often than that, so that only bursts of changes ever wait here.
    """
    sent_at: deque[float] = deque(maxlen=max_per_second)
    while True:
        if max_per_second and len(sent_at) == max_per_second:
            await anyio.sleep_until(sent_at[0] + 1.0)
        message, is_last = await mailbox.take()
        sent_at.append(anyio.current_time())
        await socket.send_text(message)
        if is_last:
            await socket.close(_NORMAL)
            return


async def _until_gone(socket: WebSocket, send: Callable[[], Awaitable[None]]) -> None:
    """Send until it is done or the client has left, whichever is first."""
    async with anyio.create_task_group() as group:

        async def listen() -> None:
            await _listen(socket)
            group.cancel_scope.cancel()

        group.start_soon(listen)
        with suppress(WebSocketDisconnect):
            try:
                await send()
            except FellBehind:
                await socket.close(_TRY_AGAIN_LATER, "too much was left unread")
        group.cancel_scope.cancel()


async def _listen(socket: WebSocket) -> None:
    """Nothing is expected from the client but its leaving."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
