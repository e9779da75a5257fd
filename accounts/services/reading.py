"""Reads the print in a picture, on this machine and without the network."""

import io
import logging
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

log = logging.getLogger(__name__)
_LONG_SIDE_PX = 2000


class ReaderMissingError(Exception):
    """The reader cannot run on this machine; people read instead."""


@lru_cache(maxsize=1)
def _reader() -> Any:
    try:
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.WARNING)
        return RapidOCR()
    except Exception as error:  # models, engine or processor may be missing, each with an error of its own
        log.warning("The reader of documents cannot run: %s", error)
        raise ReaderMissingError(str(error)) from error


def text_of_picture(content: bytes) -> str:
    """Return the lines read from a picture, from top to bottom.

    Raises:
        ReaderMissingError: the reader cannot run here.
    """
    reader = _reader()
    with Image.open(io.BytesIO(content)) as picture:
        picture.thumbnail((_LONG_SIDE_PX, _LONG_SIDE_PX))
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    try:
        result = reader(np.ascontiguousarray(pixels))
    except Exception as error:
        log.warning("The reader of documents failed: %s", error)
        raise ReaderMissingError(str(error)) from error
    return "\n".join(result.txts or ())
