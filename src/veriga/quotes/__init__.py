"""Quotes: offers with lines and prices."""
