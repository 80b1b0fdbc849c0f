"""What every source offers to the rest of the program."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from sd_model_manager.domain.browsing import BrowseOffer, BrowsePage, BrowseWish, FoundName, NamedField
from sd_model_manager.domain.published import PublishedFile, PublishedImage, PublishedVersion, Reference
from sd_model_manager.lib.errors import SourceError


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """Where a file is asked for, and what is expected of it.

    `headers` may carry the key and are for the origin of `url` alone: a redirect to another origin goes without them.
    """

    url: str
    filename: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    expected_size_bytes: int | None = None
    expected_sha256: str | None = None


class Source(Protocol):
    """A place where models are published. Methods may be called from any thread."""

    @property
    def name(self) -> str:
        """The stable word for it: `civitai`, `url`, ..."""

    def recognise(self, text: str) -> Reference | None:
        """What a pasted text names here, found without any request; `None` where another source may know it.

        Raises:
            BadInput: it is from this source and names no model; the message says what to paste instead.
        """

    def fetch_version(self, reference: Reference) -> PublishedVersion:
        """Ask the source for the version a reference names; the file it chose is the one marked primary.

        Raises:
            BadInput: the reference chose a file that the version does not have.
            SourceError: the subclass says why the source could not tell.
        """

    def fetch_model_versions(self, model_id: str) -> tuple[PublishedVersion, ...]:
        """Every version of a model, the default one first."""

    def fetch_versions_by_sha256(self, hashes: Collection[str]) -> Mapping[str, PublishedVersion]:
        """Which of these files are published here; what the source does not know is left out."""

    def resolve_file(self, version: PublishedVersion, file: PublishedFile) -> DownloadRequest:
        """Where to ask for a file, without asking.

        Raises:
            SourceError: the source has said that this version cannot be downloaded.
        """

    def explain_refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:
        """Turn what came instead of a file into an error: a status of 300 and above, or a web page.

        `headers` in any case; `body` may be cut after a few kilobytes.
        """

    def close(self) -> None:
        """Let go of open connections."""


@runtime_checkable
class AccountSource(Protocol):
    """A source whose keys belong to accounts."""

    def fetch_account_name(self) -> str:
        """Who the key belongs to.

        Raises:
            SourceNeedsLogin: the key is missing, wrong or expired.
            SourceError: the source could not tell.
        """


@runtime_checkable
class BrowsableSource(Source, Protocol):
    """A source that can be looked around in, beside being asked for what a link names."""

    @property
    def browsing(self) -> BrowseOffer:
        """What can be asked there; told without any request."""

    def browse(self, wish: BrowseWish) -> BrowsePage:
        """One page of what fits. The bound on maturity is passed on as far as the source knows one; whoever shows the
        answer looks again.

        Raises:
            SourceError: the source could not tell.
        """

    def make_thumbnail_url(self, image: PublishedImage) -> str:
        """Where a still picture of it lies, some 450 pixels wide where the source makes such."""


@runtime_checkable
class NamingSource(Protocol):
    """A source that helps to spell the tags and creators to look for."""

    def find_names(self, field: NamedField, part: str) -> tuple[FoundName, ...]:
        """Some tags or creators with this in their name.

        Raises:
            SourceError: the source could not tell.
        """
