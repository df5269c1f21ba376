"""Writing code lists and custom fields."""

from .custom_fields import create_field, move_field, update_field
from .entries import create_entry, move_entry, update_entry
from .installing import install_code_lists
from .letters import claim_letter, forget_letters, letter_failed, letter_sent
from .notice_settings import change_notice_settings
from .notices import notify, read_all_notices, read_notice, tell
from .preferences import change_offline, change_preferences, change_working_time
from .silence import set_silence_limits
from .views import delete_view, pin_view, save_view

__all__ = [
    "change_notice_settings",
    "change_offline",
    "change_preferences",
    "change_working_time",
    "claim_letter",
    "create_entry",
    "create_field",
    "delete_view",
    "forget_letters",
    "install_code_lists",
    "letter_failed",
    "letter_sent",
    "move_entry",
    "move_field",
    "notify",
    "pin_view",
    "read_all_notices",
    "read_notice",
    "save_view",
    "set_silence_limits",
    "tell",
    "update_entry",
    "update_field",
]
