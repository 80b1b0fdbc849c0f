"""A transfer from Civitai as it is: its endpoint, its two storages, and all the ways in which they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sd_model_manager.domain.published import PublishedFile, PublishedVersion
from sd_model_manager.download.place import place
from sd_model_manager.download.plan import choose_file, plan_destination
from sd_model_manager.download.transfer import Fetched, FileUrl, Transfer, TransferRequest, TransferSettings
from sd_model_manager.download.verify import Verdict, WrongHash, verify
from sd_model_manager.lib.address_guard import AddressGuard
from sd_model_manager.lib.errors import (
    AppError,
    NotAllowed,
    SourceBroken,
    SourceForbidden,
    SourceGone,
    SourceNeedsLogin,
    SourceNotFound,
    SourceRateLimited,
    SourceUnavailable,
)
from sd_model_manager.sources.civitai.source import CivitaiSource
from tests.download.conftest import make_settings
from tests.support.fake_world.fixture import fake_world
from tests.support.fake_world.library import FakeModel
from tests.support.fake_world.world import GOOD_KEY, FakeWorld

__all__ = ["fake_world"]

SIZE = 1_500_000


@dataclass
class Order:
    """A file of a model at the fake Civitai, on its way into a library folder."""

    world: FakeWorld
    model: FakeModel
    version: PublishedVersion
    file: PublishedFile
    source: CivitaiSource
    library: Path

    @property
    def content(self) -> bytes:
        payload = self.model.versions[0].files[0].payload
        return payload.read(0, payload.size_bytes)

    def fetch(self, settings: TransferSettings | None = None, **request: Any) -> Fetched:
        def resolve() -> FileUrl:
            asked = self.source.resolve_file(self.version, self.file)
            return FileUrl(asked.url, asked.headers)

        part = plan_destination(self.library, self.version, self.file).part_path
        asked = TransferRequest(
            resolve, part, self.file.size_bytes, self.file.sha256, explain_refusal=self.source.explain_refusal
        )
        guard = AddressGuard(self.world.private_hosts)
        return Transfer(asked, settings or make_settings(), guard).run(lambda done, total: None, lambda: None)

    def verify(self, fetched: Fetched) -> Verdict:
        aside = plan_destination(self.library, self.version, self.file).quarantine_path
        return verify(fetched, quarantine_path=aside, size_bytes=self.file.size_bytes, sha256=self.file.sha256)

    @property
    def left(self) -> list[Path]:
        return [path for path in self.library.rglob("*") if path.is_file()]


@pytest.fixture
def order(fake_world: FakeWorld, tmp_path: Path) -> Callable[..., Order]:
    def make(key: str = GOOD_KEY) -> Order:
        model = fake_world.add_model(size_bytes=SIZE)
        source = CivitaiSource(fake_world.api_url, key)
        reference = source.recognise(fake_world.page_url(model))
        assert reference is not None
        version = source.fetch_version(reference)
        source.close()
        return Order(fake_world, model, version, choose_file(version), source, tmp_path / "models")

    return make


@pytest.mark.parametrize("backend", ["r2", "b2", "alternate"])
def test_a_model_arrives_verified_in_its_folder(order: Callable[..., Order], backend: str) -> None:
    asked = order()
    asked.world.backend = backend  # type: ignore[assignment]
    fetched = asked.fetch()
    assert asked.verify(fetched) is Verdict.VERIFIED
    final = place(fetched.path, plan_destination(asked.library, asked.version, asked.file).path)
    assert final.read_bytes() == asked.content
    assert asked.left == [asked.library / "loras" / asked.file.name]
    assert fetched.suggested_filename == asked.file.name


FAULTS: dict[str, dict[str, Any]] = {
    "no answer": {"kind": "drop"},
    "cut off": {"kind": "cut", "after_bytes": 400_000, "times": 2},
    "reset": {"kind": "reset", "after_bytes": 400_000, "times": 2},
    "stalled": {"kind": "hold", "after_bytes": 300_000},
    "silent": {"kind": "slow_headers"},
    "ranges ignored": {"kind": "ignore_range", "times": None},
    "another offset": {"kind": "wrong_offset", "skip": 1},
    "changed in the middle": {"kind": "changed_etag", "skip": 1},
    "no mark": {"kind": "no_etag", "times": None},
    "no length": {"kind": "no_length", "times": None},
    "length too large": {"kind": "length_off", "amount": 900},
    "length too small": {"kind": "length_off", "amount": -900},
    "total too large": {"kind": "total_off", "amount": 900},
    "total too small": {"kind": "total_off", "amount": -900},
    "drips": {"kind": "slow", "amount": 100},
    "expired": {"kind": "expired"},
    "expired in the middle": {"kind": "expired", "skip": 1, "times": 2},
    "storage fails": {"kind": "reply", "status": 503, "times": 3},
    "storage wants a pause": {"kind": "reply", "status": 429, "times": 2},
    "site fails": {"kind": "reply", "server": "api", "path": "/api/download", "status": 502, "times": 2},
    "site wants a pause": {"kind": "reply", "server": "api", "path": "/api/download", "status": 429, "times": 2},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("connections", [1, 4])
def test_the_right_bytes_arrive_whatever_fails_on_the_way(
    order: Callable[..., Order], fault: dict[str, Any], connections: int
) -> None:
    asked = order()
    asked.world.fault(**fault)
    fetched = asked.fetch(make_settings(connections=connections, max_attempts=8, stall_timeout_seconds=0.4))
    assert asked.verify(fetched) is Verdict.VERIFIED
    assert fetched.path.read_bytes() == asked.content


def test_links_that_work_once_are_enough(order: Callable[..., Order]) -> None:
    asked = order()
    asked.world.storage.one_time = True
    assert asked.verify(asked.fetch()) is Verdict.VERIFIED


def test_an_expired_link_in_the_journal_of_yesterday_does_not_matter(order: Callable[..., Order]) -> None:
    asked = order()
    asked.world.fault("cut", after_bytes=600_000)
    asked.world.fault("reply", server="api", path="/api/download", status=502, skip=1, times=None)
    with pytest.raises(SourceUnavailable):
        asked.fetch(make_settings(connections=1, max_segment_bytes=SIZE, min_segment_bytes=SIZE))
    asked.world.faults.clear()
    asked.world.storage.expire_links()
    asked.world.backend = "b2"
    fetched = asked.fetch()
    assert asked.verify(fetched) is Verdict.VERIFIED
    ranges = [request.headers["range"] for request in asked.world.requests_to("storage-b2")]
    assert ranges[0].startswith("bytes=600000-")


PAGES: dict[str, tuple[dict[str, Any], type[AppError]]] = {
    "maintenance page": ({"kind": "html"}, SourceBroken),
    "maintenance page of the site": ({"kind": "html", "server": "api", "path": "/api/download"}, SourceBroken),
    "error in place of the file": ({"kind": "json_error"}, SourceBroken),
    "packed": ({"kind": "gzip"}, SourceBroken),
    "nothing": ({"kind": "empty"}, SourceBroken),
    "a circle": ({"kind": "redirect", "server": "api", "text": "/api/download/models/1"}, SourceNotFound),
    "a private address": ({"kind": "redirect", "server": "api", "text": "http://10.0.0.1/x"}, NotAllowed),
    "the login page": ({"kind": "redirect", "server": "api", "text": "/login?reason=download-auth"}, SourceNeedsLogin),
    "the model's page": ({"kind": "redirect", "server": "api", "text": "/model-versions/7"}, SourceForbidden),
}


@pytest.mark.parametrize(("fault", "kind"), PAGES.values(), ids=PAGES)
def test_what_is_not_the_file_is_refused_and_nothing_is_kept(
    order: Callable[..., Order], fault: dict[str, Any], kind: type[AppError]
) -> None:
    asked = order()
    asked.world.fault(**fault)
    with pytest.raises(kind):
        asked.fetch()
    assert asked.left == []


def test_a_missing_key_is_named(order: Callable[..., Order]) -> None:
    asked = order(key="")
    asked.world.login_required = True
    with pytest.raises(SourceNeedsLogin, match="civitai_api_key"):
        asked.fetch()


def test_an_archived_model_is_gone(order: Callable[..., Order]) -> None:
    asked = order()
    asked.model.facts["mode"] = "Archived"
    with pytest.raises(SourceGone):
        asked.fetch()


def test_early_access_says_until_when(order: Callable[..., Order]) -> None:
    asked = order()
    asked.model.versions[0].facts["paidAccess"] = {"endsAt": "2030-01-02T03:04:00.000Z"}
    with pytest.raises(SourceForbidden, match="2030-01-02"):
        asked.fetch()


def test_the_days_quota_is_not_asked_for_again(order: Callable[..., Order]) -> None:
    asked = order()
    asked.world.quota = 0
    with pytest.raises(SourceRateLimited, match="24 hours"):
        asked.fetch()
    assert len(asked.world.requests_to("api", "/api/download")) == 1


def test_a_download_counts_once_against_the_quota(order: Callable[..., Order]) -> None:
    asked = order()
    asked.world.quota = 1
    assert asked.verify(asked.fetch()) is Verdict.VERIFIED


def test_wrong_bytes_are_put_aside_and_fetched_anew(order: Callable[..., Order]) -> None:
    asked = order()
    asked.world.fault("corrupt", after_bytes=700_000, times=None)
    with pytest.raises(WrongHash) as caught:
        asked.verify(asked.fetch())
    assert asked.left == [Path(caught.value.details["kept_at"])]
    asked.world.faults.clear()
    assert asked.verify(asked.fetch()) is Verdict.VERIFIED


def test_the_host_of_a_link_in_an_answer_is_not_trusted(order: Callable[..., Order], fake_world: FakeWorld) -> None:
    fake_world.fault("undefined_host", server="api", times=None)
    asked = order()
    assert asked.verify(asked.fetch()) is Verdict.VERIFIED
