"""Writes that cross rooms."""
