"""The form of an activity: what it shows, what was typed, what the services take.

A form holds texts only, by the names of its inputs, so that a refused save gives back
exactly what was typed. `read_draft` and `read_changes` turn them into values.
"""

from .form import RecordForm
from .reading import faults_at, read_changes, read_draft, read_repeat
from .showing import blank_form, posted_form, stored_form

__all__ = [
    "RecordForm",
    "blank_form",
    "faults_at",
    "posted_form",
    "read_changes",
    "read_draft",
    "read_repeat",
    "stored_form",
]
