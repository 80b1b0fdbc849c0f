"""The words by which programs, and the page in its reader's language, know what is said in English.

A code that is gone from here may still stand in a database, so whoever reads one takes any.
"""

from __future__ import annotations

from typing import Any, Literal

FailureCode = Literal[
    "ERROR",
    "INTERNAL",
    "BAD_INPUT",
    "INVALID",
    "NOT_ALLOWED",
    "NOT_FOUND",
    "CONFLICT",
    "METHOD_NOT_ALLOWED",
    "HTTP_ERROR",
    "BAD_CURSOR",
    "TOO_LARGE",
    # who may speak to the server
    "UNAUTHORIZED",
    "TOKEN_REQUIRED",
    "TOO_MANY_ATTEMPTS",
    "UNKNOWN_HOST",
    "FOREIGN_ORIGIN",
    # settings, folders and what is kept
    "BAD_SETTING",
    "SETTING_LOCKED",
    "UNKNOWN_SETTING",
    "UNKNOWN_SOURCE",
    "NO_KEY",
    "KEYS_UNREADABLE",
    "BAD_PATH",
    "NOT_A_FOLDER",
    "NOT_IN_LIBRARY",
    "NO_FOLDER",
    "FOLDER_REMOVED",
    "FOLDER_OVERLAPS",
    "NAME_TAKEN",
    "TOO_MANY_TAGS",
    "BAD_QUERY",
    # mature content
    "MATURE",
    "MATURE_HIDDEN",
    "MATURE_BLURRED",
    "MATURE_LOCKED",
    "WRONG_PASSPHRASE",
    # pictures
    "NOT_A_PICTURE",
    "NO_BLURRED_FILM",
    # tasks
    "TASK_STATE",
    # what a link names
    "BAD_URL",
    "BAD_AIR",
    "BAD_ID",
    "BAD_HASH",
    "LINK_WITH_PASSWORD",
    "NOT_A_MODEL_LINK",
    "ADDRESS_REFUSED",
    "NO_SUCH_FILE",
    "NOTHING_TO_DOWNLOAD",
    "ONE_NAME_FOR_MANY",
    "ALREADY_ON_DISK",
    "ALREADY_QUEUED",
    # what stops a download on this machine
    "BAD_PROXY",
    "FILE_EXISTS",
    "NO_SPACE",
    "DISK_FAILED",
    "DISK_READ_FAILED",
    "FILE_TOO_LARGE",
    "PLACE_FAILED",
    "DAMAGED_FILE",
    "WRONG_HASH",
    "WRONG_SIZE",
    "NOT_A_MODEL",
    "DOWNLOAD_FORGOTTEN",
    # what a source says
    "SOURCE_ERROR",
    "SOURCE_OFFLINE",
    "SOURCE_BAD_PROXY",
    "SOURCE_RATE_LIMITED",
    "SOURCE_DOWNLOAD_QUOTA",
    "SOURCE_UNAVAILABLE",
    "SOURCE_LINK_EXPIRED",
    "SOURCE_NOT_FOUND",
    "SOURCE_NEEDS_LOGIN",
    "SOURCE_GATED",
    "SOURCE_FORBIDDEN",
    "SOURCE_REGION",
    "SOURCE_EARLY_ACCESS",
    "SOURCE_DOWNLOADS_DISABLED",
    "SOURCE_GONE",
    "SOURCE_BROKEN",
    "SOURCE_SENT_PAGE",
    "SOURCE_SENT_TOO_MUCH",
    "SOURCE_ANSWER_TOO_LARGE",
    # files of other programs
    "NOT_COMFYUI",
    "CHANGED_SINCE",
    "UNCHANGED",
    "READ_ONLY",
    "UNREADABLE",
    "NOT_WRITTEN",
    "OTHER_SHAPE",
    "OTHER_MODEL",
    "NOT_ENOUGH_KNOWN",
    "NOT_PRESENT",
    "SHARED",
    "BUSY",
    "UNKNOWN_FORMAT",
    "SIDECAR_REFUSED",
    # files of models
    "FILE_UNREADABLE",
    "NOT_A_FILE",
]
"""Why something was refused or failed."""

CommandLineCode = Literal["BAD_CONFIGURATION", "DATABASE_UNUSABLE", "NO_TENSORS"]
"""What only the command line says."""

ProblemCode = Literal[
    "truncated",
    "incomplete",
    "missing_weights",
    "damaged",
    "file_unreadable",
    "not_found",
    "not_a_file",
    "bad_input",
    "unknown_format",
    "invalid_header",
    "invalid_json",
    "header_too_large",
    "bad_metadata",
    "duplicate_tensor",
    "unknown_dtype",
    "size_mismatch",
    "overlapping_offsets",
    "offsets_out_of_range",
    "holes",
    "trailing_bytes",
    "odd_zip",
    "contains_code",
    "unsafe_pickle",
    "archive",
    "empty_file",
    "blank_file",
    "html_page",
    "lfs_pointer",
    "json_text",
    "text_file",
    "image_file",
    "numpy_file",
]
"""What is wrong with a model's file."""

ScanProblemCode = Literal[
    "UNREADABLE",
    "INTERNAL",
    "FOLDER_UNREADABLE",
    "FOLDER_EMPTY",
    "FOLDER_OFFLINE",
    "SIDECAR_UNREADABLE",
    "NAME_UNREADABLE",
    "NOT_A_FILE",
    "INCOMPLETE",
]
"""Why a scan could not take something in."""

CautionCode = Literal[
    "EARLY_ACCESS",
    "PAID",
    "DOWNLOADS_DISABLED",
    "ARCHIVED",
    "TAKEN_DOWN",
    "LICENCE",
    "PICKLE",
    "SCAN",
    "NO_HASH",
    "EXPIRING_LINK",
    "GATED",
    "MIRROR",
    "NO_SPACE",
    "OTHER_TYPE",
    "OTHER_BASE_MODEL",
]
"""What to know before fetching a file."""

LicenceTerm = Literal[
    "NO_CREDIT_NEEDED",
    "CREDIT_REQUIRED",
    "NO_COMMERCIAL_USE",
    "SELLING_IMAGES",
    "GENERATION_ON_CIVITAI",
    "GENERATION_SERVICES",
    "SELLING_THE_MODEL",
    "MERGES_ALLOWED",
    "NO_MERGES",
    "SAME_TERMS",
]
"""What the creator of a model allows and asks for; the four between `NO_COMMERCIAL_USE` and `MERGES_ALLOWED` are kinds
of commercial use that are allowed."""

QueryProblem = Literal[
    "SORT_TWICE",
    "TOO_MANY_TERMS",
    "TOO_MANY_VALUES",
    "TOO_LONG",
    "BAD_CHARACTER",
    "NO_SEPARATOR",
    "NO_VALUE",
    "ONE_VALUE",
    "UNKNOWN_FIELD",
    "UNKNOWN_VALUE",
    "NOTHING_MEANT",
    "NO_NAME",
    "NO_HASH",
    "NO_NUMBER",
    "NO_TIME",
    "BOTH",
]
"""Why a search cannot be read."""


class AnyTexts:
    """`AnyText` for several."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> dict[str, Any]:
        return {"type": "tuple", "items_schema": [{"type": "str"}], "variadic_item_index": 0}


class AnyText:
    """Marks a code of a kept value: pydantic, which reads it back, takes one that is not known any more."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> dict[str, Any]:
        return {"type": "str"}
