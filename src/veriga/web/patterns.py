"""Markup that a page repeats: a template rendered once, with holes to fill by `%`."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.template import engines


@lru_cache(maxsize=128)
def pattern(template: str, language: str, **flags: Hashable) -> str:
    """Return the template with its holes, without the space between its elements.

    `%(name)s` is a hole. What fills it must be safe to stand in markup.
    """
    made = engines["jinja2"].get_template(template).render(dict(flags))
    return "".join(line.strip() for line in made.splitlines())
