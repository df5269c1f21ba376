"""The product's addresses and the plain page that they are compared with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from veriga.config.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from veriga.config.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ROWS = [
    (f"D-26-{n:05d}", f"Klic {n}", "Alpina Pak d.o.o.", "23. 11. 2026")
    for n in range(50)
]
SOURCE = """<!doctype html><html lang="sl"><head><title>Plain</title></head><body>
<table>{% for row in rows %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""


@login_not_required
def plain(request: HttpRequest) -> HttpResponse:
    """Render 50 rows of 4 cells with the pages' own engine, behind their middleware."""
    global _template
    if _template is None:
        _template = engines["jinja2"].env.from_string(SOURCE)
    return HttpResponse(_template.render(rows=ROWS))


_template = None
urlpatterns = [path("plain/", plain), *product]
