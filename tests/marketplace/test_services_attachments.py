"""Photos and documents of a listing: what is kept of them, how many, and who reads them."""

import io
from datetime import date

import pytest
from PIL import Image

from common.uploads import UploadRefused
from marketplace.models import Listing, ListingDocument, ListingPhoto
from marketplace.policies import MayNotBind
from marketplace.selectors import listings as reads
from marketplace.services import attachments
from tests import make
from tests.accounts import pictures

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


def with_position(form: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (24.0, 28.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("form", "kept_as"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG")])
def test_a_photo_is_made_anew_and_loses_where_it_was_taken(form, kept_as):
    listing, sent = make.listing(), with_position(form)

    photo = attachments.add_photo(listing.code, sent, caption=" 主轴 ", by=make.actor(listing.owner), at=AT)

    stored = photo.file.open().read()
    kept = Image.open(io.BytesIO(stored))
    assert stored != sent
    assert (kept.format, kept.size, dict(kept.getexif())) == (kept_as, (64, 48), {})
    assert (photo.width, photo.height, photo.caption, photo.ordinal) == (64, 48, "主轴", 0)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"MZ" + bytes(200),
        pictures.pdf(),
        make.picture() + b"PK\x03\x04",
    ],
    ids=["empty", "script", "program", "pdf", "two things"],
)
def test_what_is_no_picture_by_its_content_is_no_photo(sent):
    listing = make.listing()

    with pytest.raises(UploadRefused):
        attachments.add_photo(listing.code, sent, by=make.actor(listing.owner), at=AT)

    assert not ListingPhoto.objects.exists()


def test_a_listing_has_at_most_twelve_photos_and_twenty_documents(settings):
    listing = make.listing()
    by = make.actor(listing.owner)
    for number in range(attachments.MOST_PHOTOS):
        attachments.add_photo(listing.code, make.picture(), caption=str(number), by=by, at=AT)
    for number in range(attachments.MOST_DOCUMENTS):
        attachments.add_document(listing.code, pictures.pdf(), title=str(number), by=by, at=AT)

    with pytest.raises(attachments.TooManyFiles, match="At most 12"):
        attachments.add_photo(listing.code, make.picture(), by=by, at=AT)
    with pytest.raises(attachments.TooManyFiles, match="At most 20"):
        attachments.add_document(listing.code, pictures.pdf(), title="x", by=by, at=AT)

    assert (listing.photos.count(), listing.documents.count()) == (12, 20)
    assert list(listing.photos.order_by("ordinal").values_list("caption", flat=True)) == [str(n) for n in range(12)]


def test_a_file_larger_than_the_limit_is_refused():
    listing = make.listing()

    with pytest.raises(UploadRefused, match="larger than 20 MB"):
        attachments.add_document(
            listing.code, b"%PDF-" + bytes(20 * 1024 * 1024), title="x", by=make.actor(listing.owner), at=AT
        )

    assert not ListingDocument.objects.exists()


def test_a_document_is_kept_with_its_kind_size_and_hash():
    listing = make.listing()

    kept = attachments.add_document(
        listing.code, pictures.pdf(), title=" 检定证书 ", by=make.actor(listing.owner), at=AT
    )

    stored = kept.file.open().read()
    assert (kept.content_type, kept.size, kept.title, kept.is_public) == (
        "application/pdf", len(stored), "检定证书", True,
    )  # fmt: skip
    assert len(kept.sha256) == 64


@pytest.mark.parametrize("act", ["add_photo", "add_document"])
def test_only_who_may_bind_the_owner_adds_files(act):
    listing = make.listing()
    fields = {"title": "x"} if act == "add_document" else {}
    member = make.actor(listing.owner, user_=make.member(listing.owner))

    with pytest.raises(MayNotBind):
        getattr(attachments, act)(listing.code, make.picture(), **fields, by=member, at=AT)
    for stranger in (make.actor(make.organisation()), make.operator()):
        with pytest.raises(Listing.DoesNotExist):
            getattr(attachments, act)(listing.code, make.picture(), **fields, by=stranger, at=AT)

    assert not listing.photos.exists()
    assert not listing.documents.exists()


def test_what_is_not_public_is_read_by_the_owner_and_content_reviewers():
    listing = make.listing()
    by = make.actor(listing.owner)
    open_, closed = (
        attachments.add_document(listing.code, pictures.pdf(), title="x", is_public=is_public, by=by, at=AT)
        for is_public in (True, False)
    )

    for viewer in (by, make.reviewer(), make.operator()):
        assert list(reads.documents(listing, viewer=viewer)) == [open_, closed]
        assert reads.document(closed.code, viewer=viewer) == closed
    for viewer in (make.actor(make.organisation()), make.mediator()):
        assert list(reads.documents(listing, viewer=viewer)) == [open_]
        with pytest.raises(ListingDocument.DoesNotExist):
            reads.document(closed.code, viewer=viewer)


def test_the_files_of_a_draft_are_for_its_owner_alone():
    listing = make.listing(published=False, valid_until=date(2026, 12, 31))
    by = make.actor(listing.owner)
    photo = attachments.add_photo(listing.code, make.picture(), by=by, at=AT)
    paper = attachments.add_document(listing.code, pictures.pdf(), title="x", by=by, at=AT)

    assert reads.photo(photo.code, viewer=by) == photo
    for viewer in (make.actor(make.organisation()), make.operator()):
        with pytest.raises(ListingPhoto.DoesNotExist):
            reads.photo(photo.code, viewer=viewer)
        with pytest.raises(ListingDocument.DoesNotExist):
            reads.document(paper.code, viewer=viewer)


def test_removing_takes_the_file_with_the_row(django_capture_on_commit_callbacks):
    listing = make.listing()
    by = make.actor(listing.owner)
    photo = attachments.add_photo(listing.code, make.picture(), by=by, at=AT)
    paper = attachments.add_document(listing.code, pictures.pdf(), title="x", by=by, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove_photo(listing.code, photo.code, by=by, at=AT)
        attachments.remove_document(listing.code, paper.code, by=by, at=AT)

    assert not listing.photos.exists()
    assert not listing.documents.exists()
    assert not photo.file.storage.exists(photo.file.name)
    assert not paper.file.storage.exists(paper.file.name)


def test_a_file_is_not_removed_through_another_listing():
    listing = make.listing()
    by = make.actor(listing.owner)
    photo = attachments.add_photo(listing.code, make.picture(), by=by, at=AT)
    other = make.listing(listing.owner)

    with pytest.raises(ListingPhoto.DoesNotExist):
        attachments.remove_photo(other.code, photo.code, by=by, at=AT)

    assert listing.photos.get() == photo
