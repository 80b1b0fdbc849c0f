"""One line per event, on the console and in a rotating file, secrets hidden."""

from __future__ import annotations

import logging
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sd_model_manager.lib.redaction import SecretFilter

_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s"
_FILE_BYTES = 10 * 1024 * 1024
_FILES_KEPT = 5


def configure_logging(level: str, folder: Path | None, secret_filter: SecretFilter) -> None:
    """Set up the root logger. Where the folder cannot be written to, the console alone is used, and says so."""
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    trouble: OSError | None = None
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "sd-model-manager.log"
            handlers.append(RotatingFileHandler(file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"))
        except OSError as error:
            trouble = error
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.addFilter(secret_filter)
    logging.basicConfig(level=level, handlers=handlers, force=True)
    for server in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(server)
        logger.handlers.clear()  # uvicorn started by hand would write its own lines, with whole addresses
        logger.propagate = True
    for noisy in ("httpx", "httpcore", "alembic", "multipart"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if trouble is not None:
        logging.getLogger(__name__).warning("no log file can be written: %s. Set log_dir to another folder.", trouble)
