"""The template tag `kept`: rendered once for its values, and blind to all others."""

from __future__ import annotations

import pytest
from django.utils import translation
from jinja2 import Environment, TemplateSyntaxError
from markupsafe import Markup

from veriga.web.jinja import environment, remembered
from veriga.web.kept import MOST


@pytest.fixture
def made() -> Environment:
    """An environment of its own, so that nothing kept leaves a test."""
    return environment()


class TestKept:
    def test_is_rendered_once_for_each_value(self, made: Environment) -> None:
        asked = []
        made.globals["note"] = lambda text: asked.append(text) or text
        page = made.from_string("{% kept name %}<b>{{ note(name) }}</b>{% endkept %}")
        for name in ("Ana", "<Borut>", "Ana", "<Borut>"):
            escaped = name.replace("<", "&lt;").replace(">", "&gt;")
            assert page.render(name=name) == f"<b>{escaped}</b>"
        assert asked == ["Ana", "<Borut>"]

    @pytest.mark.parametrize("values", [(Markup("<i>"), "<i>"), (1, True), (0, False)])
    @pytest.mark.parametrize("turned", [False, True])
    def test_equal_values_that_are_written_otherwise(
        self, made: Environment, values: tuple[object, object], turned: bool
    ) -> None:
        page = made.from_string("{% kept a %}{{ a }}{% endkept %}")
        plain = made.from_string("{{ a }}")
        component = remembered(
            made.from_string("{% macro m(a) %}{{ a }}{% endmacro %}").module.m
        )
        for value in reversed(values) if turned else values:
            wanted = plain.render(a=value)
            assert page.render(a=value) == wanted
            assert component(value) == component(a=value) == wanted

    def test_each_language_has_its_own(self, made: Environment) -> None:
        page = made.from_string('{% kept %}{{ _("Companies") }}{% endkept %}')
        with translation.override("en"):
            assert page.render() == "Companies"
        with translation.override("sl"):
            assert page.render() == "Stranke"

    def test_pieces_of_one_page_are_told_apart(self, made: Environment) -> None:
        page = made.from_string(
            "{% kept a %}1{{ a }}{% endkept %}{% kept a %}2{{ a }}{% endkept %}"
        )
        assert page.render(a="x") == "1x2x"

    def test_what_it_does_not_name_does_not_compile(self, made: Environment) -> None:
        for inside in (
            "{{ user.name }}",
            "{% if user %}{% endif %}",
            "{{ a ~ user }}",
        ):
            with pytest.raises(TemplateSyntaxError, match="user"):
                made.from_string("{% kept a %}" + inside + "{% endkept %}")
        with pytest.raises(TemplateSyntaxError, match="include"):
            made.from_string('{% kept %}{% include "head.html" %}{% endkept %}')

    def test_its_own_names_and_everybodys_are_allowed(self, made: Environment) -> None:
        page = made.from_string(
            "{% kept a %}{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}"
            "{% for one in a %}{% set y = one %}{{ twice(y) }}{{ loop.index }}"
            '{% endfor %}{{ icon("x")|length > 0 }}{% endkept %}'
        )
        assert page.render(a=("p", "q")) == "pp1qq2True"

    def test_memory_is_bounded(self, made: Environment) -> None:
        page = made.from_string("{% kept n %}{{ n }}{% endkept %}")
        for n in range(MOST + 5):
            assert page.render(n=n) == str(n)
        (kept,) = (e for name, e in made.extensions.items() if name.endswith("Kept"))
        assert len(kept._pieces) == 5
