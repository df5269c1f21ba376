"""A list as a file, narrowed as its page is."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from veriga.common.errors import NotFound
from veriga.web.exports import PAGES, csv_pieces, table_of, xlsx_file
from veriga.web.pages import reader, user_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: HttpRequest, page: str, form: str) -> HttpResponseBase:
    """The rows of a list page as `csv` or `xlsx`; 422 if there are too many."""
    if page not in PAGES or form not in {"csv", "xlsx"}:
        raise NotFound
    now = timezone.now()
    table = table_of(
        page,
        reader(request),
        request.GET,
        now=now,
        kept=user_of(request).list_columns,
    )
    if form == "csv":
        # Written before it is sent: an error halfway is an answer, not half a file.
        text = "".join(csv_pieces(table))
        answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(xlsx_file(table), content_type=XLSX)
    name = quote(f"{table.name} {timezone.localdate(now)}.{form}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
