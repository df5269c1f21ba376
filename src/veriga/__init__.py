"""Veriga: a CRM in which every piece of work knows what set it off."""

__version__ = "0.1.0"
