"""From places to paths: where library folders and their archives lie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sd_model_manager.domain.catalogue import LibraryFolder
from sd_model_manager.domain.ids import FolderId
from sd_model_manager.domain.local import Place
from sd_model_manager.domain.taxonomy import Category
from sd_model_manager.lib.errors import BadInput, NotFound
from sd_model_manager.lib.paths import join_within


class Places:
    """Knows the library folders; `list_folders` is asked anew each time, since they change while the program runs."""

    def __init__(self, list_folders: Callable[[], list[LibraryFolder]], archive_dir: str = "") -> None:
        self._list_folders = list_folders
        self._archive_dir = archive_dir

    def root_of(self, folder: LibraryFolder, category: Category) -> Path:
        """The archive of a library folder lies beside it, so that no engine lists it."""
        path = Path(folder.path)
        if category is Category.ACTIVE:
            return path
        return Path(self._archive_dir) / path.name if self._archive_dir else path.with_name(f"{path.name}-archive")

    def snapshot(self) -> dict[tuple[FolderId, Category], Path]:
        """Every root there is at this moment."""
        folders = self._list_folders()
        return {(f.folder_id, category): self.root_of(f, category) for f in folders for category in Category}

    def path_of(self, place: Place) -> Path:
        """Raises NotFound where its library folder was removed."""
        for folder in self._list_folders():
            if folder.folder_id == place.folder_id:
                return self.root_of(folder, place.category) / place.relative_path
        raise NotFound("The library folder of this file was removed.", code="FOLDER_REMOVED")

    def checked_path_of(self, place: Place) -> Path:
        """Like `path_of`, through the safe join: refuses what leads out of the folder."""
        for folder in self._list_folders():
            if folder.folder_id == place.folder_id:
                return join_within(self.root_of(folder, place.category), place.relative_path)
        raise NotFound("The library folder of this file was removed.", code="FOLDER_REMOVED")

    def first_folder(self) -> LibraryFolder:
        """Where downloads go. Raises NotFound where there is no library folder."""
        folders = self._list_folders()
        if not folders:
            raise NotFound(
                "There is no library folder yet. Add one in the settings, or set model_dir.", code="NO_FOLDER"
            )
        return folders[0]

    def resolve_folder(self, text: str) -> tuple[LibraryFolder, str]:
        """A library folder, or a folder inside one, from what a user names: an absolute path, or one relative to the
        first library folder. Returns the library folder and the path below it.

        Raises BadInput where it lies in none.
        """
        path = Path(text).expanduser()
        if not path.is_absolute():
            folder = self.first_folder()
            return folder, self._relative(join_within(Path(folder.path), text), folder)
        for folder in self._list_folders():
            if path == Path(folder.path) or path.is_relative_to(folder.path):
                below = path.relative_to(folder.path)
                return folder, self._relative(join_within(Path(folder.path), below.as_posix()), folder)
        raise BadInput(f"{text} is not inside a library folder. Add it as one first.", code="NOT_IN_LIBRARY", path=text)

    def place_of(self, path: Path) -> Place | None:
        """The place of an absolute path, `None` where it lies in no library folder."""
        for folder in self._list_folders():
            for category in Category:
                root = self.root_of(folder, category)
                if path.is_relative_to(root):
                    return Place(FolderId(folder.folder_id), path.relative_to(root).as_posix(), category)
        return None

    @staticmethod
    def _relative(path: Path, folder: LibraryFolder) -> str:
        relative = path.relative_to(folder.path).as_posix()
        return "" if relative == "." else relative
