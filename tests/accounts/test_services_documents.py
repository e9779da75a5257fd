"""Who else has handed in the same picture, or one very like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.core import pictures
from accounts.models import VerificationCase, VerificationDocument
from accounts.services import documents
from tests import make

pytestmark = pytest.mark.django_db
HASH = 0x5A5A_1234_0F0F_7777


def page(picture_hash: int | None, *, case: VerificationCase | None = None) -> VerificationDocument:
    """A page with this hash, of a party of its own."""
    return VerificationDocument.objects.create(
        case=case or make.approved_case(make.organisation(verified=False)),
        path="x",
        media_type="image/png",
        size_bytes=1,
        sha256=f"{VerificationDocument.objects.count():064d}",
        picture_hash=picture_hash,
        uploaded_at=make.MONDAY_9AM,
    )


def flipped(value: int, *bits: int) -> int:
    """Return the hash with these bits turned, signed."""
    raw = value & (2**64 - 1)
    for bit in bits:
        raw ^= 1 << bit
    return raw - 2**64 if raw >= 2**63 else raw


@pytest.mark.parametrize("value", [HASH, flipped(HASH, 63), -1, 0])
def test_pictures_that_differ_in_four_bits_are_found_and_in_five_are_not(value):
    mine = page(value)
    page(flipped(value, 0, 20, 40, 63))
    page(flipped(value, 0, 13, 26, 39))
    page(flipped(value, 0, 13, 26, 39, 52))
    page(flipped(value, 0, 1, 2, 3, 4))
    page(None)

    assert documents.others_with_same_picture(mine.case) == 2


def test_a_partys_own_pages_do_not_count_and_another_counts_once():
    mine = page(HASH)
    page(HASH, case=mine.case)
    other = page(HASH)
    page(flipped(HASH, 1), case=other.case)

    assert documents.others_with_same_picture(mine.case) == 1


def test_equal_files_without_a_hash_are_found_by_their_content():
    mine, other = page(None), page(None)
    VerificationDocument.objects.update(sha256="a" * 64)

    assert documents.others_with_same_picture(mine.case) == 1
    assert documents.others_with_same_picture(other.case) == 1


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=pictures.SAME_PICTURE_BITS))
def test_four_bits_leave_one_of_five_bands_alike(value, bits):
    bands = [(0, 13), (13, 13), (26, 13), (39, 13), (52, 12)]
    other = flipped(value, *bits) & (2**64 - 1)

    assert any((value ^ other) >> start & (2**width - 1) == 0 for start, width in bands)
