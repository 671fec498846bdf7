"""Pictures of a question: one as it is, several options together on one numbered sheet.

A question stays one message, and Telegram's message holds one picture. Sheets are kept in a cache by the
content of their pictures; making one takes a tenth of a second, so it is done outside of any transaction.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from core.quizzes.screens import Screen

log = logging.getLogger(__name__)
VERSION = 1  # of the layout below: a change makes all sheets anew
CELL = 480  # pixels
GAP = 16
BADGE = 64
LARGEST = 40_000_000  # pixels of one picture that is opened at all
_PAPER, _INK, _CARD = (255, 255, 255), (255, 255, 255), (242, 243, 245)
_MARK = (36, 41, 46)


def shown(screen: Screen, folder: Path | None = None) -> Path | None:
    """Return the picture to send with a screen; a sheet is made in `folder` where it is not there yet.

    Not for the event loop nor for a transaction: it reads, draws and writes files.
    """
    if not screen.sheet:
        return screen.picture
    numbered = [(0, screen.picture)] if screen.picture is not None else []
    return sheet([*numbered, *screen.sheet], folder)


def sheet(pictures: Sequence[tuple[int, Path]], folder: Path | None = None) -> Path | None:
    """Return the sheet of numbered pictures (0 stands above, unnumbered); None where none can be read."""
    folder = folder or _cache()
    target = folder / f"{_name(pictures)}.jpg"
    if target.is_file():
        return target
    images = [(number, image) for number, path in pictures if (image := _opened(path)) is not None]
    if not images:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{target.stem}.{os.getpid()}.part"
    _drawn(images).save(part, "JPEG", quality=88)
    part.replace(target)
    return target


def _cache() -> Path:
    return Path(tempfile.gettempdir()) / f"kvizor-pictures-{os.getuid()}"


def _name(pictures: Sequence[tuple[int, Path]]) -> str:
    digest = hashlib.sha256(f"{VERSION}".encode())
    for number, path in pictures:
        digest.update(f"\n{number}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _opened(path: Path) -> Image | None:
    """Return a picture in a size that fits a cell; None where it is none, or far too large."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            if image.width * image.height > LARGEST:
                raise ValueError(f"it has {image.width} × {image.height} pixels")
            return ImageOps.contain(ImageOps.exif_transpose(image).convert("RGB"), (CELL, CELL))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.warning("The picture %s cannot be read (%s); it is left out.", path.name, error)
        return None


def _drawn(images: list[tuple[int, Image]]) -> Image:
    from PIL import Image, ImageDraw

    heads = [image for number, image in images if number == 0]
    cells = [(number, image) for number, image in images if number != 0]
    columns = max(1, min(4, ceil(sqrt(len(cells)))))
    rows = ceil(len(cells) / columns)
    above = sum(image.height + GAP for image in heads)
    width = GAP + columns * (CELL + GAP)
    paper = Image.new("RGB", (width, above + GAP + rows * (CELL + GAP)), _PAPER)
    top = GAP
    for image in heads:
        paper.paste(image, ((width - image.width) // 2, top))
        top += image.height + GAP
    draw = ImageDraw.Draw(paper)
    for place, (number, image) in enumerate(cells):
        left, upper = GAP + place % columns * (CELL + GAP), top + place // columns * (CELL + GAP)
        draw.rectangle((left, upper, left + CELL, upper + CELL), fill=_CARD)
        paper.paste(image, (left + (CELL - image.width) // 2, upper + (CELL - image.height) // 2))
        _badge(draw, left, upper, number)
    return paper


def _badge(draw: ImageDraw, left: int, upper: int, number: int) -> None:
    from PIL import ImageFont

    box = (left + GAP // 2, upper + GAP // 2, left + GAP // 2 + BADGE, upper + GAP // 2 + BADGE)
    draw.ellipse(box, fill=_MARK, outline=_INK, width=3)
    centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    draw.text(centre, str(number), fill=_INK, anchor="mm", font=ImageFont.load_default(BADGE * 0.55))
