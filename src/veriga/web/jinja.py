"""The Jinja2 environment of all pages: escaping, translation, addresses, components."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from veriga.web import formats

SPRITE: Final = "dist/icons.svg"
PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_-]+")

# Where each macro of `ui` lives: templates/components/<file>.html
COMPONENTS: Final = {
    "actions": "button link_button icon_button key_hint menu menu_item menu_line",
    "activities": "state kind_icon counts activity_table activity_row",
    "forms": (
        "field text_input text_area select checkbox date_input time_input picker"
        " form_errors form_actions hidden"
    ),
    "layout": (
        "page_head tabs badge empty_state pager breadcrumb person avatar key_list pair"
        " panel note dialog result_count"
    ),
    "record": "record_head record_commands entry",
}


class Components:
    """The macros of templates/components, as attributes: `{{ ui.button(...) }}`.

    A global rather than imports, because a block that is rendered alone as an htmx
    fragment does not run the imports at the top of its template.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files = {
            macro: f"components/{name}.html"
            for name, macros in COMPONENTS.items()
            for macro in macros.split()
        }

    def __getattr__(self, name: str) -> Macro:
        try:
            file = self._files[name]
        except KeyError:
            raise AttributeError(name) from None
        macro: Macro = getattr(self._environment.get_template(file).module, name)
        return macro


class Addresses:
    """Django's reverse with its answers remembered as patterns.

    A list of fifty rows asks for three hundred addresses; `reverse` takes some 15 µs
    for each, a remembered pattern less than 1.
    """

    def __init__(self) -> None:
        self._patterns: dict[tuple[object, ...], str] = {}

    def __call__(self, name: str, **kwargs: object) -> str:
        """Return the address of the view called `name`."""
        key = (get_script_prefix(), name, *kwargs)
        values = {part: str(value) for part, value in kwargs.items()}
        is_plain = all(map(PLAIN_VALUE.fullmatch, values.values()))
        pattern = self._patterns.get(key) if is_plain else None
        if pattern is not None:
            return pattern % values
        address = reverse(name, kwargs=kwargs or None)
        if is_plain:
            self._remember(key, address, values)
        return address

    def _remember(
        self, key: tuple[object, ...], address: str, values: dict[str, str]
    ) -> None:
        """Keep the pattern if each value stands in one place of the address only."""
        pattern = address.replace("%", "%%")
        for part, value in values.items():
            place = f"/{value}/"
            if address.count(value) != 1 or place not in address:
                return
            pattern = pattern.replace(place, f"/%({part})s/")
        self._patterns[key] = pattern


def query_string(*parts: object, **changes: object) -> str:
    """Return `?a=1&b=2` of a QueryDict or dict and changes; None takes a key away."""
    pairs: dict[str, list[object]] = {}
    for part in parts:
        lists: Callable[[], Any] = getattr(part, "lists", lambda: part.items())  # type: ignore[attr-defined]  # noqa: B023
        for name, value in lists():
            pairs[name] = value if isinstance(value, list) else [value]
    for name, value in changes.items():
        pairs[name] = value if isinstance(value, list) else [value]
    text = urlencode(
        [(n, v) for n, values in pairs.items() for v in values if v not in (None, "")]
    )
    return f"?{text}" if text else ""


def icon_maker() -> Callable[..., Markup]:
    """Return the function `icon(name, cls)`, which draws one icon of the sprite."""

    def draw(name: str, cls: str = "") -> Markup:
        classes = escape(f"icon {cls}".rstrip())
        address = escape(f"{static(SPRITE)}#{name}")
        return Markup(
            f'<svg class="{classes}" aria-hidden="true"><use href="{address}"/></svg>'
        )

    return draw if settings.DEBUG else cache(draw)


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for."""
    options.setdefault("autoescape", True)
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["undefined"] = StrictUndefined
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n"]
    made = Environment(**options)  # noqa: S701  # autoescape is on, two lines above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.filters.update(formats.FILTERS)
    made.globals.update(
        static=static,
        url=Addresses(),
        query_string=query_string,
        icon=icon_maker(),
        ui=Components(made),
    )
    return made
