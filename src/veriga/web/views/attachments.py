"""Attachments: uploading, looking at one, fetching it, taking it away and back."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.rules import Actor
from veriga.activities.queries.activities import get_activity
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.documents.models import MEGABYTE, Attachment
from veriga.documents.queries import (
    allowed,
    get_attachment,
    list_of_activity,
    list_of_company,
    may_delete,
    path_of,
)
from veriga.documents.rules import OPAQUE, USUAL, type_of
from veriga.documents.services import (
    Upload,
    attach,
    change_limits,
    delete_attachment,
    restore_attachment,
)
from veriga.documents.services.files import megabytes
from veriga.web.formats import number
from veriga.web.pages import Typed, done, faults, is_htmx, reader, show, writer
from veriga.web.uploads import refused
from veriga.work.messages import message_of

from .saving import moved, show_window

TEXT_SHOWN: Final = 200_000  # bytes
# Nothing in a stored file may run or fetch anything, wherever it is opened.
SHUT: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SANDBOX: Final = f"{SHUT}; sandbox"
# The browser's own viewer does not start inside a sandbox.
FRAMED: Final = f"{SHUT}; object-src 'self'; frame-ancestors 'self'"
KINDS: Final = {"image": "photo", "pdf": "file-type-pdf", "text": "file-text"}


def size_of(size: int) -> str:
    """Return a size in bytes as people read it: "340 kB", "2,4 MB"."""
    if size < MEGABYTE:
        return f"{number(max(1, round(size / 1024)))} kB"
    return f"{number(size / MEGABYTE, 1)} MB"


def shown(files: list[Attachment], *, refer: bool) -> list[dict[str, Any]]:
    """Return what a list says of each file; `refer`: also which activity it is at."""
    return [
        {
            "file": file,
            "name": file.name,
            "size": size_of(file.size),
            "icon": KINDS.get(file.preview, "file"),
            "maker": file.made_by.name if file.made_by else "",
            "reference": file.activity.reference if refer and file.activity else "",
        }
        for file in files
    ]


def section_of(
    actor: Actor, files: list[Attachment], address: str, *, refer: bool = False
) -> dict[str, Any]:
    """Return the context of attachments/section.html, at a record or a company."""
    limits = allowed()
    return {
        "attached": shown(files, refer=refer),
        "attach_url": f"{address}attachments/",
        "attach_limits": limits,
        "attach_accept": ",".join(f".{ending}" for ending in limits.endings),
        "attach_most": megabytes(limits.most_bytes),
        "can_attach": actor.can_record,
    }


@require_POST
def add_to_activity(request: HttpRequest, reference: str) -> HttpResponse:
    """Attach the files that were sent to an activity."""
    address = reverse("activities:record", kwargs={"reference": reference})
    store = partial(attach, reference=reference)

    def read() -> list[Attachment]:
        return list_of_activity(get_activity(reader(request), reference))

    return _add(request, store, read, address, {"reference": reference})


@require_POST
def add_to_company(request: HttpRequest, id: int) -> HttpResponse:
    """Attach the files that were sent to a company."""
    address = reverse("companies:page", kwargs={"id": id})
    store = partial(attach, company_id=id)

    def read() -> list[Attachment]:
        return list_of_company(reader(request), id)

    return _add(request, store, read, address, {})


@require_GET
def page(request: HttpRequest, id: int) -> HttpResponse:
    """One file: what it is, and what is in it if a browser can show that."""
    actor = reader(request)
    file = get_attachment(actor, id)
    activity, company = file.activity, file.company
    back = (
        reverse("activities:record", kwargs={"reference": activity.reference})
        if activity
        else reverse("companies:page", kwargs={"id": file.company_id}) + "?tab=files"
    )
    values = {
        "nav": "companies",
        "file": file,
        "size": size_of(file.size),
        "back": back,
        "back_words": activity.reference if activity else company and company.name,
        "can_delete": may_delete(actor, file),
        "text": _text_of(file) if file.preview == "text" else "",
    }
    return show_window(request, "attachments/page.html", values)


@require_GET
def content(request: HttpRequest, id: int) -> HttpResponseBase:
    """The file itself, to be saved; with `view` shown, if it is safe to show."""
    file = get_attachment(reader(request), id)
    tag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    path = path_of(file)
    if not path.is_file():
        raise NotFound
    kind = type_of(file.name)
    is_shown = "view" in request.GET and kind.preview in {"image", "pdf"}
    response = FileResponse(
        path.open("rb"), content_type=kind.media_type if is_shown else OPAQUE
    )
    how = "inline" if is_shown else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name)}"
    response["Content-Length"] = str(file.size)
    # It lies compressed already, or is not worth it.
    response["Content-Encoding"] = "identity"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    is_framed = is_shown and kind.preview == "pdf"
    response["Content-Security-Policy"] = FRAMED if is_framed else SANDBOX
    response["X-Frame-Options"] = "SAMEORIGIN" if is_framed else "DENY"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def delete(request: HttpRequest, id: int) -> HttpResponse:
    """Take a file away; the toast brings it back."""
    file = delete_attachment(context=writer(request), attachment_id=id)
    text = _("The attachment %(name)s was removed.") % {"name": file.name}
    undo_url = reverse("attachments:restore", kwargs={"id": id})
    return _tell(request, file, text, undo_url)


@require_POST
def restore(request: HttpRequest, id: int) -> HttpResponse:
    """Bring a file back."""
    file = restore_attachment(context=writer(request), attachment_id=id)
    text = _("The attachment %(name)s is back.") % {"name": file.name}
    return _tell(request, file, text)


@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """What may be attached; for administrators."""
    if not reader(request).is_administrator:
        raise NotAllowed
    now = allowed()
    values: dict[str, Any] = {
        "megabytes": str(now.most_bytes // MEGABYTE),
        "most_files": str(now.most_files),
        "endings": " ".join(now.endings),
    }
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in values}
        typed = Typed(request.POST)
        try:
            sizes = {n: typed.number(n) for n in ("megabytes", "most_files")}
            typed.raise_if_any()
            change_limits(
                context=writer(request),
                megabytes=sizes["megabytes"],
                most_files=sizes["most_files"],
                endings=values["endings"],
            )
            text = _("The limits are saved and in force.")
            return moved(request, reverse("attachment_limits"), text)
        except Invalid as error:
            errors = faults(error)
    context = {
        "nav": "settings",
        "values": values,
        "errors": errors,
        "usual": " ".join(USUAL),
    }
    status = 422 if errors else 200
    return show(request, "attachments/limits.html", context, status=status)


# --- the parts -------------------------------------------------------------------


def _add(
    request: HttpRequest, store: Any, read: Any, address: str, event: dict[str, Any]
) -> HttpResponse:
    """Attach every file of the request; say which were refused, and why."""
    context = writer(request)
    files = request.FILES.getlist("file")
    key = request.POST.get("key", "") if len(files) == 1 else ""
    limit = megabytes(allowed().most_bytes)
    too_large = Invalid.of("file", "file_too_large", limit=limit)
    too_big = refused(request)
    # Whoever sends one file knows which is meant.
    is_one = is_htmx(request) and len(files) + len(too_big) == 1

    def fault(name: str | None, error: Invalid) -> str:
        return message_of(error) if is_one else f"{name}: {message_of(error)}"

    problems = [fault(name, too_large) for name in too_big]
    if not files and not problems:
        problems.append(message_of(Invalid("file_missing")))
    stored = 0
    for file in files:
        try:
            upload = Upload(file.name or "", file.chunks(), key)
            store(context=context, upload=upload)
            stored += 1
        except Invalid as error:
            problems.append(fault(file.name, error))
    said = ngettext(
        "%(num)s file was attached.", "%(num)s files were attached.", stored
    ) % {"num": number(stored)}
    if not is_htmx(request):
        if problems:
            text = " ".join([said, *problems] if stored else problems)
            values = {"status": 422, "message": text}
            return show(request, "errors/page.html", values, status=422)
        return done(request, address, said)
    if problems:
        values = {"message": " ".join(problems)}
        return show(request, "errors/piece.html", values, status=422)
    values = section_of(context.actor, read(), address, refer=not event)
    response = show(request, "attachments/section.html", values)
    response["HX-Trigger"] = json.dumps({"veriga:changed": event})
    return response


def _tell(
    request: HttpRequest, file: Attachment, text: str, undo_url: str = ""
) -> HttpResponse:
    """Answer that a file went or came back: its record is shown again."""
    if file.activity is not None:
        reference = str(file.activity.reference)
        address = reverse("activities:record", kwargs={"reference": reference})
    else:
        reference = ""
        address = reverse("companies:page", kwargs={"id": file.company_id})
        address = f"{address}?tab=files"
    if not is_htmx(request):
        return done(request, address, text, undo_url=undo_url)
    response = HttpResponse(status=204)
    event = {"address": address, "reference": reference, "text": text}
    if file.activity is None:
        return moved(request, address, text)
    response["HX-Trigger"] = json.dumps(
        {"veriga:saved": {**event, "undo_url": undo_url}}
    )
    return response


def _text_of(file: Attachment) -> str:
    """Return the beginning of a text, whatever it is written in."""
    path = path_of(file)
    if not path.is_file():
        return ""
    with path.open("rb") as source:
        data = source.read(TEXT_SHOWN)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Cut in the middle of a letter is UTF-8 all the same.
        is_cut = error.start > len(data) - 4
        return data.decode("utf-8-sig" if is_cut else "cp1250", "replace")
