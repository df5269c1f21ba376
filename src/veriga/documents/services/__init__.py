"""Writing attachments."""

from .attaching import Upload, attach, delete_attachment, restore_attachment
from .counting import repair_counts
from .files import sweep_files
from .limits import change_limits

__all__ = [
    "Upload",
    "attach",
    "change_limits",
    "delete_attachment",
    "repair_counts",
    "restore_attachment",
    "sweep_files",
]
