"""Everything that can go wrong in a way a user should read about.

    AppError
    ├── BadInput                 the request cannot be meant                  400
    ├── NotAllowed               refused on purpose                           403
    ├── NotFound                 no such thing                                404
    ├── Conflict                 it contradicts what there is                 409
    │   ├── FileExists
    │   └── TaskStateConflict
    ├── NoSpace                  the disk is too full                         507
    ├── DamagedFile              the bytes are not what they should be        422
    └── SourceError              a source could not serve us                  502
        ├── SourceOffline            it cannot be reached                     retry
        ├── SourceRateLimited        it asks us to wait                       retry
        ├── SourceUnavailable        it failed on its side                    retry
        ├── SourceNotFound           it knows no such thing
        ├── SourceNeedsLogin         a key is missing or wrong                user must act
        ├── SourceForbidden          not with this account                    user must act
        ├── SourceGone               taken away for good
        └── SourceBroken             its answer makes no sense

`ui/api/errors.py` is the only map from these to HTTP statuses.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sd_model_manager.lib.codes import CommandLineCode, FailureCode, ProblemCode

Code = FailureCode | CommandLineCode | ProblemCode


class AppError(Exception):
    """What happened, why, and what to do, in one sentence a user understands.

    `code` is the stable machine word in API answers; `details` are what the sentence names, for whoever says it in
    another language: ids, numbers, names, never secrets.
    """

    code: ClassVar[Code] = "ERROR"
    can_retry: ClassVar[bool] = False

    def __init__(self, message: str, *, code: Code | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.error_code: Code = code or self.code
        self.details: dict[str, Any] = details


class BadInput(AppError):
    code: ClassVar[Code] = "BAD_INPUT"


class NotAllowed(AppError):
    code: ClassVar[Code] = "NOT_ALLOWED"


class NotFound(AppError):
    code: ClassVar[Code] = "NOT_FOUND"


class Conflict(AppError):
    code: ClassVar[Code] = "CONFLICT"


class FileExists(Conflict):
    code: ClassVar[Code] = "FILE_EXISTS"


class TaskStateConflict(Conflict):
    code: ClassVar[Code] = "TASK_STATE"


class NoSpace(AppError):
    code: ClassVar[Code] = "NO_SPACE"


class DamagedFile(AppError):
    code: ClassVar[Code] = "DAMAGED_FILE"


class SourceError(AppError):
    code: ClassVar[Code] = "SOURCE_ERROR"


class SourceOffline(SourceError):
    code: ClassVar[Code] = "SOURCE_OFFLINE"
    can_retry = True


class SourceRateLimited(SourceError):
    """`retry_after_seconds` is what the source asked for, `None` where it did not say."""

    code: ClassVar[Code] = "SOURCE_RATE_LIMITED"
    can_retry = True

    def __init__(self, message: str, *, retry_after_seconds: float | None = None, **details: Any) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds, **details)
        self.retry_after_seconds = retry_after_seconds


class SourceUnavailable(SourceError):
    code: ClassVar[Code] = "SOURCE_UNAVAILABLE"
    can_retry = True


class SourceNotFound(SourceError):
    code: ClassVar[Code] = "SOURCE_NOT_FOUND"


class SourceNeedsLogin(SourceError):
    code: ClassVar[Code] = "SOURCE_NEEDS_LOGIN"


class SourceForbidden(SourceError):
    code: ClassVar[Code] = "SOURCE_FORBIDDEN"


class SourceGone(SourceError):
    code: ClassVar[Code] = "SOURCE_GONE"


class SourceBroken(SourceError):
    code: ClassVar[Code] = "SOURCE_BROKEN"
