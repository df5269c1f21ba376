"""Errors that an operator can mend: each is one line, and exit code 2."""

from __future__ import annotations


class SettingError(Exception):
    """An environment variable is wrong; the text says which and what to do."""


class UsageError(Exception):
    """A command cannot be carried out as it was given; the text says why."""
