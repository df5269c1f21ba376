"""What the tables say of themselves."""

from __future__ import annotations

from veriga.access.models import Team, Token, User


def test_names_speak_for_rows() -> None:
    assert str(Team(name="Zahod")) == "Zahod"
    assert str(User(name="Maja Kovač")) == "Maja Kovač"
    assert str(Token(name="skripta", hint="vrg_abcd")) == "skripta (vrg_abcd…)"


def test_nobody_is_of_djangos_staff() -> None:
    user = User()
    assert not user.is_staff
    assert not user.is_superuser
