"""Every write of the heart: one transaction each, under the lock of the company."""

from .changing import finish_activity, reopen_activity, update_activity
from .checking import repair
from .columns import refresh_company_columns, refresh_owner_columns
from .creating import UNSET, Draft, create_activity
from .deleting import delete_activity
from .entries import add_entry, change_entry, edit_entry, lock_entry
from .linking import (
    Changed,
    Linked,
    link_activities,
    split_chain,
    take_out,
    take_out_and_move,
)
from .marking import Accepted, Marked, accept_quote, close_sale, set_stage, state_sale
from .numbering import set_prefix, take_numbers
from .restoring import restore_activity, stored_values
from .series import create_series, delete_series, update_series
from .sums import sum_chains
from .undoing import undo_change

__all__ = [
    "UNSET",
    "Accepted",
    "Changed",
    "Draft",
    "Linked",
    "Marked",
    "accept_quote",
    "add_entry",
    "change_entry",
    "close_sale",
    "create_activity",
    "create_series",
    "delete_activity",
    "delete_series",
    "edit_entry",
    "finish_activity",
    "link_activities",
    "lock_entry",
    "refresh_company_columns",
    "refresh_owner_columns",
    "reopen_activity",
    "repair",
    "restore_activity",
    "set_prefix",
    "set_stage",
    "split_chain",
    "state_sale",
    "stored_values",
    "sum_chains",
    "take_numbers",
    "take_out",
    "take_out_and_move",
    "undo_change",
    "update_activity",
    "update_series",
]
