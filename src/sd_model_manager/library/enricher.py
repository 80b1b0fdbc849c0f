"""Finds out what local files are: asks a source for thousands by their hashes at once, never for one at a time."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from sd_model_manager.domain.catalogue import ModelFilter
from sd_model_manager.domain.events import Event, ModelsChanged
from sd_model_manager.domain.ids import ModelId
from sd_model_manager.domain.lookups import AskedHash, DueContent, LookupOutcome
from sd_model_manager.domain.published import PublishedVersion
from sd_model_manager.domain.tasks import Task
from sd_model_manager.lib.errors import SourceError, SourceForbidden, SourceNeedsLogin
from sd_model_manager.library.enrichment_wish import EnrichmentWish, read_wish
from sd_model_manager.library.patience import Patience
from sd_model_manager.registry.lookups import LookupRegistry
from sd_model_manager.registry.published import PublishedRegistry
from sd_model_manager.tasks.running import RunningTask

log = logging.getLogger(__name__)

HASHES_AT_ONCE = 10_000
VERSIONS_AT_ONCE = 100
SINGLE_QUESTIONS = 50
"""How many questions about one file alone a run may ask: by other hashes, and whether something is gone."""

ARCHIVE_QUESTIONS = 100
"""The same for an archive, which is asked for nothing else."""


class HashSource(Protocol):
    """What a source has to offer for this; see `sources/civitai/source.py`."""

    def find_hashes(self, hashes: Collection[str]) -> Mapping[str, frozenset[str]]: ...

    def fetch_versions_of_hits(self, hits: Mapping[str, frozenset[str]]) -> Mapping[str, PublishedVersion]: ...

    def fetch_with_siblings(
        self, versions: Sequence[PublishedVersion]
    ) -> tuple[tuple[PublishedVersion, ...], tuple[PublishedVersion, ...]]: ...

    def find_version_by_hash(self, kind: AskedHash, digits: str) -> PublishedVersion | None: ...

    def knows_version(self, version_id: str) -> bool: ...


class SingleHashSource(Protocol):
    """A source that takes one SHA-256 at a time; see `sources/civarchive/source.py`."""

    def find_version_by_sha256(self, sha256: str) -> PublishedVersion | None: ...


@dataclass(frozen=True, slots=True)
class HashArchive:
    """Who may remember what the first source does not know, and what it answered so far."""

    lookups: LookupRegistry
    source: Callable[[], SingleHashSource]


class Enricher:
    """Handles enrichment tasks. Every answer is kept at once, so that an interrupted one goes on where it was.

    Args:
        find_models: the models that a filter leaves.
    """

    def __init__(
        self,
        lookups: LookupRegistry,
        published: PublishedRegistry,
        source: Callable[[], HashSource],
        archive: HashArchive,
        find_models: Callable[[ModelFilter], Collection[ModelId]],
        publish: Callable[[Event], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lookups = lookups
        self._published = published
        self._source = source
        self._archive = archive
        self._find_models = find_models
        self._publish = publish
        self._now = now

    def run(self, running: RunningTask) -> None:
        wish = read_wish(running.task.payload)
        run = _Run(
            self._lookups, self._published, self._source(), self._archive, running, wish, self._publish, self._now
        )
        try:
            run.ask(self._find_asked(wish))
        finally:
            run.save_counts()

    def _find_asked(self, wish: EnrichmentWish) -> frozenset[ModelId] | None:
        """`None` for the whole library."""
        if wish.model_ids is not None:
            return frozenset(wish.model_ids)
        return None if wish.wanted == ModelFilter() else frozenset(self._find_models(wish.wanted))

    def discard(self, task: Task) -> None:
        """What was found stays."""


class _Run:
    """One run of a task."""

    def __init__(
        self,
        lookups: LookupRegistry,
        published: PublishedRegistry,
        source: HashSource,
        archive: HashArchive,
        running: RunningTask,
        wish: EnrichmentWish,
        publish: Callable[[Event], None],
        now: Callable[[], datetime],
    ) -> None:
        self._lookups = lookups
        self._published = published
        self._source = source
        self._archive = archive
        self._running = running
        self._wish = wish
        self._publish = publish
        self._now = now
        self._patience = Patience(running.task.attempts)
        self._counts: Counter[str] = Counter(running.task.result.get("outcomes", {}))
        for outcome in (LookupOutcome.UNREACHABLE, LookupOutcome.NEEDS_LOGIN, LookupOutcome.FORBIDDEN):
            self._counts.pop(outcome.value, None)  # those are asked again
        self._total = 0
        self._missed: set[ModelId] = set()
        self._questions_left = SINGLE_QUESTIONS

    def ask(self, among: frozenset[ModelId] | None) -> None:
        """Raises TaskStopped, TaskPostponed and SourceError."""
        tried: set[ModelId] = set()
        while due := [d for d in self._list_due(among) if d.model_id not in tried]:
            self._total = self._counts.total() + len(due)
            self._report()
            for start in range(0, len(due), HASHES_AT_ONCE):
                self._ask_for(due[start : start + HASHES_AT_ONCE])
            tried.update(d.model_id for d in due)
        if self._wish.weights:
            self._ask_by_other_hashes(among)
        if self._wish.civarchive:
            self._ask_archive(among)
        self._patience.finish()

    def save_counts(self) -> None:
        self._running.save_result(outcomes=dict(self._counts))
        self._running.settle(self._counts.total(), max(self._total, self._counts.total()))

    def _list_due(self, among: frozenset[ModelId] | None) -> list[DueContent]:
        not_since = self._running.task.created_at if self._wish.again else None
        return _only(among, self._lookups.list_due(now=self._now(), not_since=not_since))

    def _ask_for(self, due: Sequence[DueContent]) -> None:
        by_digest: dict[str, list[DueContent]] = defaultdict(list)
        for content in due:
            by_digest[content.digest].append(content)
        try:
            hits = self._source.find_hashes(by_digest)
        except SourceError as error:
            self._fail(due, error)
            return
        self._patience.succeeded()
        self._note_misses([content for content in due if content.digest not in hits])
        found = sorted(hits)
        for start in range(0, len(found), VERSIONS_AT_ONCE):
            self._report()
            some = {digest: hits[digest] for digest in found[start : start + VERSIONS_AT_ONCE]}
            self._fetch(some, [content for digest in some for content in by_digest[digest]])

    def _fetch(self, hits: Mapping[str, frozenset[str]], due: Sequence[DueContent]) -> None:
        try:
            version_of = self._source.fetch_versions_of_hits(hits)
        except SourceError as error:
            self._fail(due, error)
            return
        self._patience.succeeded()
        if not self._wish.full:
            self._note_answers(due, version_of)
            return
        try:
            completed, others = self._source.fetch_with_siblings(list(version_of.values()))
        except SourceError as error:  # what is known already is not lost where the rest cannot be had
            log.warning("what is said of %d models as a whole is missing: %s", len(version_of), error.message)
            self._note_answers(due, version_of)
            self._patience.failed(error)
            return
        self._note_answers(due, dict(zip(version_of, completed, strict=True)))
        self._published.complete((), others, now=self._now())

    def _note_answers(self, due: Sequence[DueContent], version_of: Mapping[str, PublishedVersion]) -> None:
        self._note_matches([(content, version_of[content.digest]) for content in due if content.digest in version_of])
        self._note_misses([content for content in due if content.digest not in version_of])

    def _note_matches(
        self, matches: Sequence[tuple[DueContent, PublishedVersion]], lookups: LookupRegistry | None = None
    ) -> None:
        if not matches:
            return
        (lookups or self._lookups).save_matches(matches, now=self._now())
        self._counts[LookupOutcome.MATCHED.value] += len(matches)
        self._publish(ModelsChanged.naming(content.model_id for content, _ in matches))
        self._report()

    def _note_misses(self, missed: Sequence[DueContent]) -> None:
        plain = [content for content in missed if not self._may_be_gone(content)]
        if plain:
            contradicted = self._lookups.save_misses(plain, now=self._now())
            self._counts[LookupOutcome.NOT_FOUND.value] += len(plain)
            self._missed.update(content.model_id for content in plain)
            if contradicted:
                self._publish(ModelsChanged.naming(contradicted))
        for content in missed:
            if self._may_be_gone(content):
                self._ask_whether_gone(content)
        self._report()

    def _may_be_gone(self, content: DueContent) -> bool:
        return content.version_id is not None and content.is_doubtful(self._now())

    def _ask_whether_gone(self, content: DueContent) -> None:
        """What the look-ups by hash have missed for hours is gone only where the version's own page is, too."""
        assert content.version_id is not None
        self._running.checkpoint()
        if self._questions_left <= 0:
            self._lookups.save_misses([content], now=self._now())
            self._counts[LookupOutcome.NOT_FOUND.value] += 1
            return
        self._questions_left -= 1
        try:
            is_known = self._source.knows_version(content.version_id)
        except SourceError as error:
            self._fail([content], error)
            return
        outcome = LookupOutcome.MATCHED if is_known else LookupOutcome.GONE
        self._lookups.save_confirmation(content, outcome, now=self._now())
        self._counts[outcome.value] += 1

    def _ask_by_other_hashes(self, among: frozenset[ModelId] | None) -> None:
        for content in _only(among, self._lookups.list_due_by_other_hashes(now=self._now())):
            if self._questions_left < len(content.others):
                return
            for kind, digits in content.others.items():
                self._questions_left -= 1
                if self._was_found_by(kind, digits, content):
                    break

    def _was_found_by(self, kind: AskedHash, digits: str, content: DueContent) -> bool:
        """Whether there is nothing more to ask for this file: it is known now, or the source did not answer."""
        self._running.checkpoint()
        by_other = replace(content, kind=kind, misses=max(0, content.misses - 1))
        try:
            version = self._source.find_version_by_hash(kind, digits)
        except SourceError as error:
            self._fail((), error)
            return True
        self._patience.succeeded()
        if version is None:
            self._lookups.save_misses([by_other], now=self._now())
            return False
        self._note_late_match(by_other, version)
        return True

    def _ask_archive(self, among: frozenset[ModelId] | None) -> None:
        """An archive that asks for a pause puts the task off, too; what it answered is not asked for again."""
        lookups, not_since = self._archive.lookups, self._running.task.created_at if self._wish.again else None
        due = _only(among, lookups.list_due_after("civitai", now=self._now(), not_since=not_since))
        for content in due[:ARCHIVE_QUESTIONS]:
            self._running.checkpoint()
            try:
                version = self._archive.source().find_version_by_sha256(content.digest)
            except SourceError as error:
                lookups.save_failure([content], _outcome_of(error), now=self._now())
                self._patience.failed(error)
                continue
            self._patience.succeeded()
            if version is None:
                lookups.save_misses([content], now=self._now())
            else:
                self._note_late_match(content, version, lookups)
            self._report()

    def _note_late_match(
        self, content: DueContent, version: PublishedVersion, lookups: LookupRegistry | None = None
    ) -> None:
        """What this run has counted as not found before is counted once."""
        self._counts[LookupOutcome.NOT_FOUND.value] -= content.model_id in self._missed
        self._note_matches([(content, version)], lookups)

    def _fail(self, due: Sequence[DueContent], error: SourceError) -> None:
        outcome = _outcome_of(error)
        self._lookups.save_failure(due, outcome, now=self._now())
        self._counts[outcome.value] += len(due)
        log.warning("%d files could not be looked up: %s", len(due), error.message)
        self._patience.failed(error)

    def _report(self) -> None:
        self._running.report(self._counts.total(), max(self._total, self._counts.total()))


def _only(among: frozenset[ModelId] | None, due: Sequence[DueContent]) -> list[DueContent]:
    return [content for content in due if among is None or content.model_id in among]


def _outcome_of(error: SourceError) -> LookupOutcome:
    if isinstance(error, SourceNeedsLogin):
        return LookupOutcome.NEEDS_LOGIN
    return LookupOutcome.FORBIDDEN if isinstance(error, SourceForbidden) else LookupOutcome.UNREACHABLE
