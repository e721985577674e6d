"""Pictures from outside: looked at, drawn anew without what a camera wrote into them, and made no larger than a page needs."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 12_000_000
MOST_PIXELS = 50_000_000
WIDEST = 1_600
SMALL = 640
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_QUALITY = 82


class NoPicture(ValueError):
    """What was sent cannot be shown; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture drawn anew: one of image/png, image/jpeg, image/webp, with its size in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int


def drawn_anew(content: bytes) -> tuple[Drawn, Drawn | None]:
    """A file as a picture at most 1,600 pixels wide, and a copy 640 wide where that saves anything. Raises NoPicture.

    What the file is called does not count, only what it is. Of one that moves the first picture stays.
    """
    if len(content) > LARGEST_FILE:
        raise NoPicture(_("This file is larger than 12 MB. Save the picture smaller, and send it again."))
    picture, kind = _read(content)
    large = _written(_fitting(picture, WIDEST), kind)
    small = _written(_fitting(picture, SMALL), kind) if picture.width > SMALL else None
    return large, small if small and len(small.content) < len(large.content) else None


def squared(content: bytes, *, side: int) -> Drawn:
    """The middle of a picture as a square, `side` pixels at most. Raises NoPicture."""
    if len(content) > LARGEST_FILE:
        raise NoPicture(_("This file is larger than 12 MB. Save the picture smaller, and send it again."))
    picture, kind = _read(content)
    edge = min(side, *picture.size)
    return _written(ImageOps.fit(picture, (edge, edge), Image.Resampling.LANCZOS), kind)


def _read(content: bytes) -> tuple[Image.Image, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(content), formats=_FORMATS)
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture(_("This picture has more than 50 million pixels. Save it smaller, and send it again."))
            kind = "PNG" if opened.format == "GIF" else str(opened.format)
            opened.draft("RGB", (2 * WIDEST, 2 * WIDEST))
            opened.load()
            return _upright(opened, kind), kind
    except NoPicture:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise NoPicture(_("This is no PNG, JPEG, WebP or GIF picture that can be read.")) from error


def _upright(opened: Image.Image, kind: str) -> Image.Image:
    """Turned as the camera was held, in colors that the format can carry, and with nothing but its pixels."""
    turned = ImageOps.exif_transpose(opened)
    has_holes = "A" in turned.getbands() or "transparency" in turned.info
    plain = turned.convert("RGBA" if has_holes and kind != "JPEG" else "RGB")
    plain.info = {}
    return plain


def _fitting(picture: Image.Image, widest: int) -> Image.Image:
    if picture.width <= widest:
        return picture
    height = max(round(picture.height * widest / picture.width), 1)
    return picture.resize((widest, height), Image.Resampling.LANCZOS)


def _written(picture: Image.Image, kind: str) -> Drawn:
    file = BytesIO()
    if kind == "PNG":
        picture.save(file, kind, optimize=True)
    else:
        picture.save(file, kind, quality=_QUALITY, **({"progressive": True} if kind == "JPEG" else {}))
    return Drawn(file.getvalue(), _TYPES[kind], picture.width, picture.height)
