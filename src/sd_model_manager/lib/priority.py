"""How threads that work in the background share the processors with those that answer."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress


def step_back(niceness: int) -> None:
    """Let this thread's equals go first, 19 at most. Linux counts niceness by thread, and threads made by this one
    inherit it; elsewhere it is of the whole process, which also answers the page, and nothing is changed."""
    if sys.platform == "linux":
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
