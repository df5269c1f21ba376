"""What the tables say of themselves."""

from __future__ import annotations

from veriga.parties.models import Company, Contact, Share


def test_names_speak_for_rows() -> None:
    assert str(Company(name="Žito")) == "Žito"
    assert str(Contact(first_name="Maja", last_name="Kovač")) == "Maja Kovač"
    assert str(Contact(last_name="Kovač")) == "Kovač"
    assert str(Share(company_id=1, user_id=2)) == "1 for 2"


def test_the_website_becomes_a_link() -> None:
    assert Company(website="alfa.si").website_address == "https://alfa.si"
    assert Company(website="http://alfa.si").website_address == "http://alfa.si"
    assert Company().website_address == ""
