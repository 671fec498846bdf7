"""A text file from outside: gzip or plain, encoding detected, read line by line in constant memory."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from core.sales.reasons import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT_MB = 1024  # of unpacked text: a shop's whole history fits, an archive bomb does not
LIMIT_BYTES = LIMIT_MB * 1024 * 1024
_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_NOT_TEXT = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@contextmanager
def text_lines(path: Path, limit_bytes: int = LIMIT_BYTES) -> Iterator[Iterator[str]]:
    """Open the file and give its lines without line ends; raises ImportFileError in a sentence."""
    with _reading(path):
        encoding = detect_encoding(path, limit_bytes)
        with _open(path) as raw:
            text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=None)
            yield (line.removesuffix("\n") for line in text)


def detect_encoding(path: Path, limit_bytes: int = LIMIT_BYTES) -> str:
    """Return utf-16 or utf-8-sig by their marks, utf-8 if nearly all of it decodes, else cp1251.

    A single damaged byte must not turn a whole UTF-8 file into cp1251, hence "nearly": at most one bad
    byte for ten good letters; of Russian text in cp1251 hardly any letter is valid UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    total = bad = good = 0
    with _open(path) as raw:
        for block in iter(lambda: raw.read(_BLOCK), b""):
            if total == 0:
                if block.startswith(_UTF16):
                    return "utf-16"
                _refuse_foreign(block)
            total += len(block)
            if total > limit_bytes:
                raise ImportFileError("too-big", limit=limit_bytes // (1024 * 1024))
            if not block.isascii() or decoder.getstate()[0]:
                text = decoder.decode(block)
                bad += text.count("\ufffd")
                good += _letters(text)
    return "utf-8-sig" if bad * 10 <= good else "cp1251"


def _letters(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")


def _refuse_foreign(block: bytes) -> None:
    if block.startswith(_NOT_TEXT):
        raise ImportFileError("not-text")


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise ImportFileError("broken-archive") from None
    except OSError as error:
        raise ImportFileError("unreadable", name=path.name, why=error.strerror or "no reason given") from None
