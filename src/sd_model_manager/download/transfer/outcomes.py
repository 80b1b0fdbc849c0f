"""How an attempt can end other than well. These never leave the transfer; users see AppErrors."""

from __future__ import annotations

from sd_model_manager.lib.errors import AppError


class Interrupted(Exception):
    """It may go better next time. `error` is what the user is told when it never does.

    `is_refusal`: storage did not accept the URL, which may have expired.
    """

    def __init__(self, error: AppError, *, retry_after_seconds: float | None = None, is_refusal: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after_seconds = retry_after_seconds
        self.is_refusal = is_refusal


class StartOver(Exception):
    """What is on the disk cannot be continued. `reason` is a sentence for the user, `None` when nothing is lost.

    `can_resume`: whether asking for parts of the file makes sense with this server.
    """

    def __init__(self, reason: str | None, *, can_resume: bool = True) -> None:
        super().__init__(reason or "")
        self.reason = reason
        self.can_resume = can_resume


class Stopped(Exception):
    """The transfer is being stopped, and this connection with it."""
