"""Phone numbers: what is read, and how it is shown and dialled."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.checks import settle_phones
from veriga.common.errors import Problems
from veriga.common.phones import PhoneForm, dialled_phone, read_phone, shown_phone


class TestReading:
    @pytest.mark.parametrize(
        "typed",
        [
            "041 234 567", "041/234-567", "(041) 234 567", "+386 41 234 567",
            "00386 41 234 567", "(00386)41 234-567", "+386 (0)41 234 567", "041234567",
        ],
    )  # fmt: skip
    def test_every_writing_is_the_same_number(self, typed: str) -> None:
        assert read_phone(typed) == "+38641234567"

    @pytest.mark.parametrize("typed", ["01 345 67 89 int. 12", "01 345 67 89 ext 12"])
    def test_an_extension_is_kept(self, typed: str) -> None:
        assert read_phone(typed) == "+38613456789;ext=12"

    def test_the_country_decides_where_no_code_is_typed(self) -> None:
        assert read_phone("01 2345678", "AT") == "+4312345678"
        assert read_phone("(0043)1 2345678", "US") == "+4312345678"

    @pytest.mark.parametrize(
        "typed", ["", "112", "1", "Ana", "041", "+999 123456", "041 234 567 (Ana)"]
    )
    def test_what_is_no_whole_number_is_none(self, typed: str) -> None:
        assert read_phone(typed) is None


class TestShowing:
    def test_the_house_form(self) -> None:
        assert shown_phone("+38641234567") == "(00386)41 234-567"
        assert shown_phone("+38614567890") == "(00386)1 456-7890"
        assert shown_phone("+38613456789;ext=12") == "(00386)1 345-6789 int. 12"

    def test_the_international_form(self) -> None:
        form = PhoneForm.INTERNATIONAL
        assert shown_phone("+38641234567", form) == "+386 41 234 567"

    def test_what_was_stored_otherwise_stays(self) -> None:
        assert shown_phone("Ana: 041 23") == "Ana: 041 23"

    def test_what_is_dialled(self) -> None:
        assert dialled_phone("+38641234567") == "+38641234567"
        assert dialled_phone("(00386)41 234-567") == "+38641234567"
        shown = shown_phone("+38613456789;ext=12")
        assert dialled_phone(shown) == "+38613456789;ext=12"
        assert dialled_phone("041 234") == "041234"

    @given(
        region=st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
        form=st.sampled_from(PhoneForm),
        extension=st.sampled_from(["", "1", "12", "4567"]),
    )
    def test_what_is_shown_is_read_back(
        self, region: str, form: PhoneForm, extension: str
    ) -> None:
        number = phonenumbers.example_number(region)
        assert number is not None
        kind = phonenumbers.PhoneNumberFormat.E164
        stored = phonenumbers.format_number(number, kind)
        stored += f";ext={extension}" if extension else ""

        assert read_phone(shown_phone(stored, form)) == stored


class Stored:
    phone = "int. 12"


class TestSettling:
    def test_only_what_changes_is_read(self) -> None:
        problems, values = Problems(), {"phone": "int. 12", "mobile": "041 234 567"}
        settle_phones(problems, values, ("phone", "mobile"), stored=Stored())
        assert (problems.errors, values) == (
            [],
            {"phone": "int. 12", "mobile": "+38641234567"},
        )

    def test_what_is_no_number_is_named(self) -> None:
        problems, values = Problems(), {"phone": "12"}
        settle_phones(problems, values, ("phone",), stored=Stored())
        (error,) = problems.errors
        assert (error.field, error.code) == ("phone", "not_a_phone")
