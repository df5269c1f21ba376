"""Files on their way in: what is too large is passed over while it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from veriga.documents.queries import allowed

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

REFUSED: Final = "veriga.too_large"
API: Final = "/api/"  # where the door has asked for a token before anything is read


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of each file, and stops it at the administrator's limit.

    Nothing that comes from somebody who has not signed in is kept at all.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._most = allowed().most_bytes
        request: Any = self.request
        if not request.path.startswith(API) and not request.user.is_authenticated:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self._most:
            refused(self.request).append(str(self.file_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None  # the next handler has it


def refused(request: HttpRequest | None) -> list[str]:
    """Return the names of the files of this request that were too large."""
    if request is None:
        return []
    names: list[str] = request.META.setdefault(REFUSED, [])
    return names
