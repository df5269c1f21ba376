"""Writing code lists and custom fields."""

from .custom_fields import create_field, move_field, update_field
from .installing import install_code_lists

__all__ = ["create_field", "install_code_lists", "move_field", "update_field"]
