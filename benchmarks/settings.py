"""The installation's settings, with the plain page and a statement counter added."""

from veriga.config.settings import *  # noqa: F403
from veriga.config.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.counting.CountStatements", *_MIDDLEWARE]
