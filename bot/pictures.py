"""Pictures of a quiz: one as it is, or those of the options numbered on one sheet; uploaded once each."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from aiogram.types import BufferedInputFile, FSInputFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiogram.types import InputFile
    from PIL.Image import Image

FileKey = tuple[
    tuple[str, int, int], ...
]  # path, last change and size of each file: a changed one is another
TILE = (480, 320)  # pixels of one picture on a sheet
GAP = 8
BADGE = 44  # height of the number on a picture


@dataclass(frozen=True, slots=True)
class Picture:
    """Files with the numbers they carry; a single one without a number (0) is sent as it is."""

    parts: tuple[tuple[int, Path], ...]

    @property
    def key(self) -> FileKey:
        """Name the picture as it is now. Raises OSError where a file has gone."""
        return tuple(file_key(path) for _, path in self.parts)

    def upload(self) -> InputFile:
        """Return what is sent to Telegram for the first time."""
        if len(self.parts) == 1 and not self.parts[0][0]:
            return FSInputFile(self.parts[0][1])
        return BufferedInputFile(sheet(self.parts), "options.jpg")


def file_key(path: Path) -> tuple[str, int, int]:
    """Name a file as it is now. Raises OSError where it has gone."""
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size


def of(picture: Path | None, options: Sequence[tuple[int, Path]]) -> Picture | None:
    """Return the picture of a screen: its own, its options', or both on one sheet."""
    parts = ([(0, picture)] if picture is not None else []) + list(options)
    return Picture(tuple(parts)) if parts else None


def sheet(parts: Sequence[tuple[int, Path]]) -> bytes:
    """Put pictures beside each other, each with its number, and return a JPEG."""
    from PIL import Image

    columns = 1 if len(parts) == 1 else 2 if len(parts) <= 4 else 3 if len(parts) <= 9 else 4
    rows = -(-len(parts) // columns)
    width, height = TILE
    whole = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), "white")
    for place, (number, path) in enumerate(parts):
        row, column = divmod(place, columns)
        tile = _tile(path, number)
        whole.paste(tile, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    made = BytesIO()
    whole.save(made, "JPEG", quality=88)
    return made.getvalue()


def _tile(path: Path, number: int) -> Image:
    """Return one picture fitted into a tile, with its number in the corner; a broken one is a grey tile."""
    from PIL import Image, ImageDraw, ImageFont, ImageOps

    tile = Image.new("RGB", TILE, "#f0f0f0")
    try:
        with Image.open(path) as read:
            fitted = ImageOps.contain(read.convert("RGB"), TILE)
    except (OSError, Image.DecompressionBombError):
        fitted = tile.copy()
    tile.paste(fitted, ((TILE[0] - fitted.width) // 2, (TILE[1] - fitted.height) // 2))
    if number:
        draw, font = ImageDraw.Draw(tile), ImageFont.load_default(BADGE - 14)
        box = (GAP, GAP, GAP + BADGE + 12 * (number > 9), GAP + BADGE)
        draw.rounded_rectangle(box, radius=10, fill="#1f2937")
        draw.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), str(number), "white", font, anchor="mm")
    return tile
