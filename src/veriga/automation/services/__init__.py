"""Every write of rules: keeping them, and doing what they say."""

from .keeping import (
    NewStep,
    RuleDraft,
    create_rule,
    delete_rule,
    install_rules,
    switch_rule,
    update_rule,
)
from .watching import watch

__all__ = [
    "NewStep",
    "RuleDraft",
    "create_rule",
    "delete_rule",
    "install_rules",
    "switch_rule",
    "update_rule",
    "watch",
]
