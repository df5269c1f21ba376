"""Files at activities and companies: the body of a POST is the file itself."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from veriga.activities.queries.activities import get_activity
from veriga.api import shapes
from veriga.api.answers import answer, nothing, only_known
from veriga.api.auth import reader, writer
from veriga.api.schemas.attachments import AttachmentName, AttachmentOut, AttachmentsOut
from veriga.common.errors import NotFound
from veriga.documents.queries import (
    get_attachment,
    list_of_activity,
    list_of_company,
    path_of,
)
from veriga.documents.rules import OPAQUE
from veriga.documents.services import Upload, attach, delete_attachment

CHUNK: Final = 1 << 16  # bytes
router = Router(tags=["attachments"])


@router.get("/activities/{ref}/attachments", response=AttachmentsOut)
def read_attachments(request: HttpRequest, ref: str) -> HttpResponse:
    """Return the files of an activity, oldest first."""
    files = list_of_activity(get_activity(reader(request), ref))
    items = [shapes.attachment(file, ref) for file in files]
    return answer({"items": items, "next": None})


@router.post("/activities/{ref}/attachments", response={201: AttachmentOut})
def attach_file(
    request: HttpRequest, ref: str, query: Query[AttachmentName]
) -> HttpResponse:
    """Attach the body of the request, a file as it is, to an activity."""
    only_known(request, AttachmentName)
    return _attach(request, query.name, reference=ref)


@router.get("/companies/{int:company_id}/attachments", response=AttachmentsOut)
def read_company_attachments(request: HttpRequest, company_id: int) -> HttpResponse:
    """Return the files of a company and of its activities, newest first, up to 500."""
    files = list_of_company(reader(request), company_id)
    items = [shapes.attachment(file, shapes.at(file)) for file in files]
    return answer({"items": items, "next": None})


@router.post("/companies/{int:company_id}/attachments", response={201: AttachmentOut})
def attach_company_file(
    request: HttpRequest, company_id: int, query: Query[AttachmentName]
) -> HttpResponse:
    """Attach the body of the request, a file as it is, to a company."""
    only_known(request, AttachmentName)
    return _attach(request, query.name, company_id=company_id)


@router.get("/attachments/{int:attachment_id}", response=AttachmentOut)
def read_attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Return what is known of a file."""
    file = get_attachment(reader(request), attachment_id)
    return answer(shapes.attachment(file, shapes.at(file)))


@router.get("/attachments/{int:attachment_id}/content", response=bytes)
def read_content(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """Return the file itself, as application/octet-stream."""
    file = get_attachment(reader(request), attachment_id)
    path = path_of(file)
    if not path.is_file():
        raise NotFound
    response = FileResponse(path.open("rb"), content_type=OPAQUE)
    response["Content-Disposition"] = "attachment"
    response["Content-Length"] = str(file.size)
    response["Content-Encoding"] = "identity"  # not worth compressing
    return response


@router.delete("/attachments/{int:attachment_id}", response={204: None})
def remove_attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Take a file away; in the pages it can be brought back for 30 days."""
    delete_attachment(context=writer(request), attachment_id=attachment_id)
    return nothing()


def _attach(request: HttpRequest, name: str, **place: Any) -> HttpResponse:
    upload = Upload(name, _body(request), request.headers.get("Idempotency-Key", ""))
    file = attach(context=writer(request), upload=upload, **place)
    return answer(
        shapes.attachment(file, shapes.at(file)),
        201,
        address=f"/api/v1/attachments/{file.pk}",
    )


def _body(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK):
        yield chunk
