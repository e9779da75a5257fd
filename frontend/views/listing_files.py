"""Photos and documents of a listing: shown to whoever may see the listing, changed by its owner."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import Refused
from frontend.forms.listings import DocumentForm, PhotoForm
from frontend.refusals import at_form
from frontend.requests import actor, now
from marketplace.selectors import listings as select
from marketplace.services import attachments

_AN_HOUR = "private, max-age=3600"


@require_GET
@login_required
def page(request: HttpRequest, code: UUID) -> HttpResponse:
    return _page(request, code, PhotoForm(), DocumentForm())


@require_POST
@login_required
def add_photo(request: HttpRequest, code: UUID) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            caption = form.cleaned_data["caption"]
            attachments.add_photo(code, content, caption=caption, by=actor(request), at=now())
        except Refused as error:
            at_form(form, error, "file")
        else:
            messages.success(request, _("The photo is added."))
            return redirect("listing-files", code)
    return _page(request, code, form, DocumentForm())


@require_POST
@login_required
def remove_photo(request: HttpRequest, code: UUID, photo: UUID) -> HttpResponse:
    attachments.remove_photo(code, photo, by=actor(request), at=now())
    return redirect("listing-files", code)


@require_POST
@login_required
def add_document(request: HttpRequest, code: UUID) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = form.cleaned_data.pop("file").read()
            attachments.add_document(code, content, **form.cleaned_data, by=actor(request), at=now())
        except Refused as error:
            at_form(form, error, "file")
        else:
            messages.success(request, _("The document is added."))
            return redirect("listing-files", code)
    return _page(request, code, PhotoForm(), form)


@require_POST
@login_required
def remove_document(request: HttpRequest, code: UUID, document: UUID) -> HttpResponse:
    attachments.remove_document(code, document, by=actor(request), at=now())
    return redirect("listing-files", code)


@require_GET
def photo(request: HttpRequest, code: UUID, photo: UUID) -> FileResponse:
    found = select.photo(photo, viewer=actor(request))
    return FileResponse(found.file.open(), headers={"Cache-Control": _AN_HOUR})


@require_GET
def document(request: HttpRequest, code: UUID, document: UUID) -> FileResponse:
    """Hand the document out as a download, never to be opened as a page of ours."""
    found = select.document(document, viewer=actor(request))
    name = f"{found.title}{found.file.name[found.file.name.rfind('.') :]}"
    return FileResponse(found.file.open(), as_attachment=True, filename=name, content_type=found.content_type)


def _page(request: HttpRequest, code: UUID, photo_form: PhotoForm, document_form: DocumentForm) -> HttpResponse:
    viewer = actor(request)
    listing = select.own(viewer).get(code=code)
    context = {
        "listing": listing,
        "photos": listing.photos.order_by("ordinal"),
        "documents": select.documents(listing, viewer=viewer),
        "photo_form": photo_form,
        "document_form": document_form,
    }
    return render(request, "listings/files.html", context)
