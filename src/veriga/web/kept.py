"""The template tag `kept`: a piece of a page that is rendered once for its values.

    {% kept section, role %} ... {% endkept %}

What stands inside may use these values, the language and what every template has
(`url`, `icon`, `ui`, ...), and nothing else: the template does not compile if it does.
So what was rendered for one person cannot hold what belongs to another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any, Final

from django.urls import get_script_prefix
from django.utils.translation import get_language
from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

MOST: Final = 2_000
# Translation is a function of the language, which is part of every key.
WORDS: Final = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext", "loop"})


def frozen(value: Any) -> Hashable:
    """Return a value as it can stand in a key: lists and what is in them as tuples.

    What is equal and yet written otherwise is told apart: markup from the text of the
    same letters, and a truth value from the number.
    """
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return tuple((name, frozen(part)) for name, part in value.items())
    if isinstance(value, Markup | bool):
        return type(value).__name__, value
    return value  # type: ignore[no-any-return]


class Kept(Extension):
    """Adds `{% kept %}`; the pieces of one environment are kept together."""

    tags = {"kept"}  # noqa: RUF012  # as Jinja2 declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._pieces: dict[tuple[Hashable, ...], Markup] = {}
        self._places = count()  # each tag's own number

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the tag as a call of `_piece` with its values."""
        line = next(parser.stream).lineno
        names = []
        while parser.stream.current.type != "block_end":
            names.append(parser.stream.expect("name").value)
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        foreign = self._foreign(body, set(names))
        if foreign:
            raise TemplateSyntaxError(
                f"kept does not name {', '.join(sorted(foreign))}", line, parser.name
            )
        place = nodes.Const(next(self._places))
        values = nodes.Tuple([nodes.Name(name, "load") for name in names], "load")
        call = self.call_method("_piece", [place, values])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _foreign(self, body: list[nodes.Node], named: set[str]) -> set[str]:
        """Return the names used inside that are neither values nor everybody's."""
        if "ui" not in self.environment.globals:
            return set()  # no page is made here: only its texts are collected
        used: set[str] = set()
        made: set[str] = set()
        whole = nodes.Scope(body)
        # What is included sees everything that the page has.
        used.update("include" for _ in whole.find_all(nodes.Include))
        made.update(macro.name for macro in whole.find_all(nodes.Macro))
        for name in whole.find_all(nodes.Name):
            (used if name.ctx == "load" else made).add(name.name)
        everybodys = set(self.environment.globals) | WORDS
        return used - made - named - everybodys

    def _piece(
        self, place: int, values: tuple[Any, ...], caller: Callable[[], Markup]
    ) -> Markup:
        key = (place, get_language(), get_script_prefix(), *map(frozen, values))
        piece = self._pieces.get(key)
        if piece is None:
            if len(self._pieces) >= MOST:
                self._pieces.clear()
            piece = self._pieces[key] = Markup(caller())  # noqa: S704  # a template's
        return piece
