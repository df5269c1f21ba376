"""Writing code lists and custom fields."""

from .custom_fields import create_field, move_field, update_field
from .entries import create_entry, move_entry, update_entry
from .installing import install_code_lists
from .notices import notify, read_all_notices, read_notice
from .preferences import change_preferences, change_working_time
from .silence import set_silence_limits
from .views import delete_view, pin_view, save_view

__all__ = [
    "change_preferences",
    "change_working_time",
    "create_entry",
    "create_field",
    "delete_view",
    "install_code_lists",
    "move_entry",
    "move_field",
    "notify",
    "pin_view",
    "read_all_notices",
    "read_notice",
    "save_view",
    "set_silence_limits",
    "update_entry",
    "update_field",
]
