"""Keeps the index of words up with the models, in the quiet after changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sd_model_manager.db.engine import Database
from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.lib.events import EventHub
from sd_model_manager.registry.texts import index_texts

log = logging.getLogger(__name__)

_QUIET_SECONDS = 1.0
_BREATH_SECONDS = 0.01


class WordIndexer:
    """A thread that indexes when nothing changed for a second: until then what is new is found without the index.

    `warm_up` is called once, when the program has been quiet for the first time.
    """

    def __init__(self, database: Database, hub: EventHub[Event], warm_up: Callable[[], object]) -> None:
        self._database = database
        self._hub = hub
        self._warm_up = warm_up
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="word-index", daemon=True)

    def start(self) -> None:
        self._changed.set()
        self._hub.subscribe(self._note)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _note(self, event: Event) -> None:
        if isinstance(event, ModelsChanged):
            self._changed.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait()
            self._changed.clear()
            if self._stopping.wait(_QUIET_SECONDS) or self._changed.is_set():
                continue
            try:
                self._index()
            except Exception:  # the outermost edge of this thread: the next change tries again
                log.exception("the index of words could not be brought up to date; searching goes on without it")

    def _index(self) -> None:
        self._warm_up()
        self._warm_up = lambda: None
        while not self._changed.is_set() and index_texts(self._database):
            self._stopping.wait(_BREATH_SECONDS)  # whoever waits to write comes first
