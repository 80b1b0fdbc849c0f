"""Pictures and films that the user gives a model: kept by their content in a folder of ours, never among models."""

from __future__ import annotations

import errno
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from sd_model_manager.domain.ids import ModelId
from sd_model_manager.lib.errors import BadInput, DamagedFile, NoSpace, NotFound
from sd_model_manager.lib.pictures import FILM_SUFFIXES, MEDIA_TYPE_OF_SUFFIX, find_picture_suffix
from sd_model_manager.library.thumbnails import Thumbnails, ThumbnailSize
from sd_model_manager.registry.own_previews import OwnPreviewChoices

MAX_PICTURE_BYTES = 20 * 1024 * 1024
MAX_FILM_BYTES = 50 * 1024 * 1024
_FILM_TYPES = frozenset(MEDIA_TYPE_OF_SUFFIX[suffix] for suffix in FILM_SUFFIXES)


class Upload:
    """A file that is being received. As a context it leaves nothing behind unless it was kept. Raises BadInput where
    it grows too large, NoSpace where the disk is full."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
        self.path = Path(name)
        self._file = os.fdopen(descriptor, "wb")
        self._max_bytes = max_bytes
        self._digest = sha256()
        self.size_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, chunk: bytes) -> None:
        self.size_bytes += len(chunk)
        _check_size(self.size_bytes, self._max_bytes)
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _explain(error) from error

    def finish(self) -> str:
        """All of it is on the disk; its SHA-256."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _explain(error) from error
        self._file.close()
        return self._digest.hexdigest()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class OwnPreviews:
    """`choices` is the registry's side. Safe to share between threads and processes."""

    def __init__(self, folder: Path, choices: OwnPreviewChoices, thumbnails: Thumbnails) -> None:
        self._folder = folder
        self._choices = choices
        self._thumbnails = thumbnails

    def receive(self, model_id: ModelId, media_type: str) -> Upload:
        """Begin. Raises NotFound without such a model, BadInput for what is neither picture nor film."""
        if media_type not in MEDIA_TYPE_OF_SUFFIX.values():
            known = ", ".join(MEDIA_TYPE_OF_SUFFIX.values())
            raise BadInput(f"'{media_type}' is no kind of preview. Send one of {known}.", code="NOT_A_PICTURE")
        self._choices.check(model_id)
        return Upload(self._folder, MAX_FILM_BYTES if media_type in _FILM_TYPES else MAX_PICTURE_BYTES)

    def keep(self, model_id: ModelId, upload: Upload) -> None:
        """Make what was received the preview of a model. What kind it is, its bytes say.

        Raises:
            DamagedFile: it cannot be shown.
            BadInput: it is too large for its kind.
            NotFound: there is no such model.
        """
        digest = upload.finish()
        name = f"{digest}{self._check(upload)}"
        before = self._choices.choose(model_id, name, lambda: _place(upload.path, self._folder / name))
        if before and before != name:
            self._remove(before)

    def copy(self, model_id: ModelId, path: Path) -> None:
        """Make one of its other previews the preview of a model; raises like `keep`."""
        try:
            with path.open("rb") as file, Upload(self._folder, MAX_FILM_BYTES) as upload:
                while chunk := file.read(1024 * 1024):
                    upload.write(chunk)
                self.keep(model_id, upload)
        except FileNotFoundError as error:
            raise NotFound("The preview is gone from the disk. Scan the library to refresh it.") from error

    def copy_content(self, model_id: ModelId, content: bytes) -> None:
        """The same of a cover, which is no file by itself."""
        with Upload(self._folder, MAX_PICTURE_BYTES) as upload:
            upload.write(content)
            self.keep(model_id, upload)

    def forget(self, model_id: ModelId) -> None:
        """Take the choice back: what lies beside the model is shown again. Raises NotFound."""
        if before := self._choices.choose(model_id, None, lambda: None):
            self._remove(before)

    def path_of(self, model_id: ModelId, name: str) -> Path:
        """Raises NotFound for what is not its preview, or not any more."""
        path = self._folder / name
        if not self._choices.is_chosen(model_id, name) or not path.is_file():
            raise NotFound("There is no such preview; it may have been replaced.")
        return path

    def _check(self, upload: Upload) -> str:
        """The suffix of its content. A film is believed by its first bytes where no decoder is installed."""
        suffix = find_picture_suffix(upload.path)
        if suffix is None:
            raise DamagedFile("This is no picture or film that a browser shows.", code="NOT_A_PICTURE")
        _check_size(upload.size_bytes, MAX_FILM_BYTES if suffix in FILM_SUFFIXES else MAX_PICTURE_BYTES)
        try:
            original = self._thumbnails.find_original(upload.path, ThumbnailSize.SMALL, name="The preview")
            if original:
                self._thumbnails.check(original)
        except NotFound as error:
            raise DamagedFile(error.message, code="NOT_A_PICTURE") from error
        return suffix

    def _remove(self, name: str) -> None:
        self._choices.remove_unless_chosen(name, lambda: (self._folder / name).unlink(missing_ok=True))


def _place(source: Path, target: Path) -> None:
    """The same content is the same file: one that is there already stays."""
    if not target.exists():
        source.replace(target)


def _check_size(size_bytes: int, max_bytes: int) -> None:
    if size_bytes > max_bytes:
        mebibytes = max_bytes // 1024**2
        raise BadInput(f"The preview is too large; {mebibytes} MiB are allowed for its kind.", code="TOO_LARGE")


def _explain(error: OSError) -> Exception:
    if error.errno == errno.ENOSPC:
        return NoSpace("The disk that holds the data folder is full. Make room and send the preview again.")
    return error
