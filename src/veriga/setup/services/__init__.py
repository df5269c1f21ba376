"""Writing code lists."""

from .entries import create_entry, move_entry, update_entry
from .installing import install_code_lists

__all__ = ["create_entry", "install_code_lists", "move_entry", "update_entry"]
