"""Documents that tests hand in: drawn here, of nobody."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


def licence(*lines: str, size: tuple[int, int] = (1200, 800), form: str = "PNG") -> bytes:
    """Return a picture with these lines printed on it."""
    font_file = next((name for name in _FONTS if Path(name).exists()), None)
    font = ImageFont.truetype(font_file, 44) if font_file else ImageFont.load_default(44)
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for place, line in enumerate(lines or ("SPECIMEN",)):
        pen.text((80, 80 + 90 * place), line, fill="black", font=font)
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
