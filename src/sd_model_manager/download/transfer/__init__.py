"""The transfer engine: the right bytes always arrive, and what has arrived is never fetched twice."""

from __future__ import annotations

from sd_model_manager.download.transfer.bandwidth import Bandwidth
from sd_model_manager.download.transfer.engine import Progress, ShouldStop, StillOurs, Transfer
from sd_model_manager.download.transfer.journal import discard
from sd_model_manager.download.transfer.request import (
    Clock,
    ExplainRefusal,
    Fetched,
    FileUrl,
    TransferRequest,
    TransferSettings,
)

__all__ = [
    "Bandwidth",
    "Clock",
    "ExplainRefusal",
    "Fetched",
    "FileUrl",
    "Progress",
    "ShouldStop",
    "StillOurs",
    "Transfer",
    "TransferRequest",
    "TransferSettings",
    "discard",
]
