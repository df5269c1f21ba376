"""Every read of what only events have."""

from .details import details_of

__all__ = ["details_of"]
