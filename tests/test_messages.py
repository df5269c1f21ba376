"""What the check of translations finds that a page would show garbled."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment
from scripts import messages

HEADER = f'msgid ""\nmsgstr "Plural-Forms: {messages.PLURALS}\\n"\n\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of nothing yet, with its own catalogues."""
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    monkeypatch.setattr(messages, "FOLDER", tmp_path / "sl")
    for folder in ("sl", "web/templates"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def found(package: Path, name: str, source: str, catalogue: str) -> list[str]:
    """Return what is wrong with a file of the program and its catalogue."""
    (package / name).write_text(source)
    (package / "sl" / "one.po").write_text(HEADER + catalogue)
    return list(messages.problems())


def pair(msgid: str, msgstr: str) -> str:
    return f'msgid "{msgid}"\nmsgstr "{msgstr}"\n'


TEMPLATE, MODULE = "web/templates/page.html", "web/page.py"


class TestALonePerCentSign:
    def test_is_found_in_a_translation(self, package: Path) -> None:
        source = "{% trans num=3 %}{{ num }} % of all{% endtrans %}"
        for right in ("%(num)s %% vsega", "%(num)s odstotki vsega"):
            text = pair("%(num)s %% of all", right)
            assert found(package, TEMPLATE, source, text) == []
        wrong = pair("%(num)s %% of all", "%(num)s % vsega")
        (line,) = found(package, TEMPLATE, source, wrong)
        assert line.startswith("one.po: '%(num)s % vsega' has a lone %")

    @pytest.mark.parametrize(
        ("name", "source"),
        [
            (TEMPLATE, "{{ _('%s of 95 %%', num=3) }}"),
            (TEMPLATE, "{{ _('%s of 95 %%') }}"),  # filled in as well
            (MODULE, "_('%s of 95 %%') % {'num': 3}"),
        ],
    )
    def test_is_found_in_what_is_translated(
        self, package: Path, name: str, source: str
    ) -> None:
        named = source.replace("%s", "%(num)s")
        right = pair("%(num)s of 95 %%", "%(num)s od 95 %%")
        assert found(package, name, named, right) == []
        lone = pair("%(num)s of 95 %", "%(num)s od 95 %%")
        (line,) = found(package, name, named.replace("%%", "%"), lone)
        assert "'%(num)s of 95 %' has a lone %" in line

    def test_is_found_in_a_plural(self, package: Path) -> None:
        source = "{% trans n=1 %}one{% pluralize %}{{ n }} % of it{% endtrans %}"
        forms = ["%(n)s %% a", "%(n)s %% b", "%(n)s % c", "%(n)s %% d"]
        text = 'msgid "one"\nmsgid_plural "%(n)s %% of it"\n'
        text += "".join(f'msgstr[{n}] "{form}"\n' for n, form in enumerate(forms))
        (line,) = found(package, TEMPLATE, source, text)
        assert "'%(n)s % c'" in line

    def test_may_stand_where_nothing_is_filled_in(self, package: Path) -> None:
        assert (
            found(package, MODULE, "_('95 % or so')", pair("95 % or so", "95 %")) == []
        )


def test_a_template_takes_every_sentence_for_one_that_is_filled_in() -> None:
    # What the check relies on, whatever becomes of Jinja.
    engine = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    engine.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: many, newstyle=True
    )
    assert engine.from_string("{{ _('95 %%') }}").render() == "95 %"
    with pytest.raises(ValueError, match="incomplete format"):
        engine.from_string("{{ _('95 %') }}").render()
