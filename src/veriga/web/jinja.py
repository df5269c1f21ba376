"""The Jinja2 environment of all pages: escaping, translation, addresses, components."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup

from veriga.web import formats, pieces
from veriga.web.board_cards import board_cards
from veriga.web.columns import MORE, heading_of, usual_codes
from veriga.web.desk_lines import desk_lines, replied_lines
from veriga.web.forms.conditions import NARROWED
from veriga.web.forms.custom import words_of
from veriga.web.kept import Kept, frozen
from veriga.web.party_rows import company_rows, contact_rows
from veriga.web.rows import activity_rows
from veriga.web.running_rows import running_rows
from veriga.web.strip import month_label
from veriga.web.strip.points import strip_points

# Where each macro of `ui` lives: templates/components/<file>.html
COMPONENTS: Final = {
    "actions": "button link_button icon_button key_hint menu menu_item menu_line",
    "activities": "state kind_icon kind_name counts activity_table row_menu",
    "figures": "share_cell wait_cell waiting",
    "forms": (
        "field text_input text_area select checkbox date_input time_input picker"
        " form_errors form_actions hidden"
    ),
    "layout": (
        "page_head views_button export_button condition_chips tabs badge limit_flag"
        " empty_state pager breadcrumb person avatar key_list pair"
        " panel note dialog result_count"
    ),
    "record": "record_head record_commands entry",
    "strip": "chain_strip",
}


# Small ones, whose arguments are texts and flags.
REMEMBERED: Final = {
    *("button", "link_button", "icon_button", "key_hint", "menu_item", "menu_line"),
    *("badge", "avatar", "person", "breadcrumb", "hidden", "record_commands"),
    *("state", "kind_icon", "kind_name"),
}
MOST_REMEMBERED: Final = 500  # of each


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

    def __getattr__(self, name: str) -> Callable[..., str]:
        """Return the macro, and keep it as an attribute."""
        try:
            file = self._files[name]
        except KeyError:
            raise AttributeError(name) from None
        macro: Macro = getattr(self._environment.get_template(file).module, name)
        made: Callable[..., str] = macro
        if name in REMEMBERED:
            made = remembered(macro)
        setattr(self, name, made)
        return made


def remembered(macro: Macro) -> Callable[..., Markup]:
    """Return `macro` with its last answers kept.

    A component sees nothing but its arguments and the language, so the same ones make
    the same markup: a page calls some fifty, nearly all as the page before it did.
    """
    kept: dict[tuple[Hashable, ...], Markup] = {}

    def call(*args: Any, **named: Any) -> Markup:
        key = (
            translation.get_language(),
            len(args),
            *map(frozen, args),
            *((name, frozen(value)) for name, value in named.items()),
        )
        try:
            found = kept.get(key)
        except TypeError:  # text that is still to be made, a row: no part of a key
            return Markup(macro(*args, **named))  # noqa: S704  # a template's
        if found is None:
            if len(kept) >= MOST_REMEMBERED:
                kept.clear()
            found = kept[key] = Markup(macro(*args, **named))  # noqa: S704
        return found

    return call


_said: dict[tuple[str | None, str], Markup] = {}


def say(text: str, /, **values: object) -> Markup:
    """Return `text` in the language of the page, with `values` escaped into it.

    What Jinja2's own `_` does, at a third of its cost: a page says some hundred things.
    """
    key = (translation.get_language(), text)
    said = _said.get(key)
    if said is None:
        said = _said[key] = Markup(translation.gettext(text))  # noqa: S704  # ours
    return said % values


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


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for."""
    options.setdefault("autoescape", True)
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["undefined"] = StrictUndefined
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n", Kept]
    made = Environment(**options)  # noqa: S701  # autoescape is on, two lines above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals["_"] = say
    made.filters.update(formats.FILTERS)
    made.globals.update(
        static=static,
        url=pieces.url,
        query_string=query_string,
        icon=pieces.icon,
        kind_mark=pieces.kind_icon,
        state_mark=pieces.state_mark,
        counts_mark=pieces.counts_mark,
        activity_rows=activity_rows,
        company_rows=company_rows,
        contact_rows=contact_rows,
        usual_columns=usual_codes,
        narrowed_pages=NARROWED,
        more_columns=MORE,
        column_name=heading_of,
        strip_points=strip_points,
        day_writer=formats.days,
        custom_words=words_of,
        running_rows=running_rows,
        board_cards=board_cards,
        desk_lines=desk_lines,
        replied_lines=replied_lines,
        month_label=month_label,
        messages_of=get_messages,
        ui=Components(made),
    )
    return made
