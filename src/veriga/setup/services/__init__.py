"""Writing code lists and custom fields."""

from .custom_fields import create_field, move_field, update_field
from .entries import create_entry, move_entry, update_entry
from .installing import install_code_lists

__all__ = [
    "create_entry",
    "create_field",
    "install_code_lists",
    "move_entry",
    "move_field",
    "update_entry",
    "update_field",
]
