"""Every write to users, teams, passwords and API tokens."""

from .passwords import change_own_password, password_link, set_password_by_link
from .targets import Cell, set_targets
from .teams import create_team, rename_team
from .tokens import create_token, revoke_token
from .users import (
    activate_user,
    create_user,
    deactivate_user,
    keep_columns,
    keep_offline,
    update_own_profile,
    update_user,
)

__all__ = [
    "Cell",
    "activate_user",
    "change_own_password",
    "create_team",
    "create_token",
    "create_user",
    "deactivate_user",
    "keep_columns",
    "keep_offline",
    "password_link",
    "rename_team",
    "revoke_token",
    "set_password_by_link",
    "set_targets",
    "update_own_profile",
    "update_user",
]
