"""Photos and documents of a listing: made anew from what was uploaded, in an order, few."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.core.actor import Actor
from common import audit, uploads
from common.errors import Refused, gettext_noop
from common.uploads import FileKind
from marketplace import policies
from marketplace.models import Listing, ListingDocument, ListingPhoto

MOST_PHOTOS = 12
MOST_DOCUMENTS = 20


class TooManyFiles(Refused):
    """The listing has as many as it may have."""


@transaction.atomic
def add_photo(listing_code: UUID, content: bytes, *, caption: str = "", by: Actor, at: datetime) -> ListingPhoto:
    """Add a picture behind the others.

    Raises:
        Listing.DoesNotExist: no such listing, or not the party's own.
        UploadRefused: no picture, too large, or something else at once.
        TooManyFiles: there are twelve.
    """
    listing = _own_locked(listing_code, by=by)
    clean = uploads.clean(content, accept=[FileKind.PICTURE])
    ordinals = list(listing.photos.values_list("ordinal", flat=True))
    if len(ordinals) >= MOST_PHOTOS:
        raise _too_many(MOST_PHOTOS)
    photo = ListingPhoto(
        listing=listing, caption=caption.strip()[:120], ordinal=max(ordinals, default=-1) + 1, added_at=at
    )
    photo.file.save(f"{photo.code}{clean.extension}", ContentFile(clean.content), save=False)
    # Django fills these on assignment only, and not yet on a row that is being made.
    photo.width, photo.height = photo.file.width, photo.file.height
    photo.save()
    audit.record("listing.add_photo", listing, by=by, at=at)
    return photo


@transaction.atomic
def remove_photo(listing_code: UUID, code: UUID, *, by: Actor, at: datetime) -> None:
    """Remove a picture and its file; raises DoesNotExist for either."""
    listing = _own_locked(listing_code, by=by)
    photo = listing.photos.get(code=code)
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    audit.record("listing.remove_photo", listing, by=by, at=at)


@transaction.atomic
def add_document(
    listing_code: UUID, content: bytes, *, title: str, is_public: bool = True, by: Actor, at: datetime
) -> ListingDocument:
    """Add a data sheet or certificate; raises as `add_photo`, with twenty as the most."""
    listing = _own_locked(listing_code, by=by)
    clean = uploads.clean(content)
    if listing.documents.count() >= MOST_DOCUMENTS:
        raise _too_many(MOST_DOCUMENTS)
    document = ListingDocument(
        listing=listing,
        title=title.strip()[:120] or gettext_noop("Document"),
        content_type=clean.media_type,
        size=len(clean.content),
        sha256=clean.sha256,
        is_public=is_public,
        added_at=at,
    )
    document.file.save(f"{document.code}{clean.extension}", ContentFile(clean.content), save=False)
    document.save()
    audit.record("listing.add_document", listing, by=by, at=at)
    return document


@transaction.atomic
def remove_document(listing_code: UUID, code: UUID, *, by: Actor, at: datetime) -> None:
    """Remove a document and its file; raises DoesNotExist for either."""
    listing = _own_locked(listing_code, by=by)
    document = listing.documents.get(code=code)
    storage, name = document.file.storage, document.file.name
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))
    audit.record("listing.remove_document", listing, by=by, at=at)


def _own_locked(code: UUID, *, by: Actor) -> Listing:
    owner_id = policies.require_binding(by)
    return Listing.objects.select_for_update().defer("search", "search_text").get(code=code, owner_id=owner_id)


def _too_many(most: int) -> TooManyFiles:
    return TooManyFiles(
        gettext_noop("At most %(most)s files of this kind."),
        fix=gettext_noop("Remove one first."),
        field="file",
        params={"most": most},
    )
