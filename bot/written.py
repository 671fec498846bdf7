"""Files that commands write where they are told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import KvizorError

if TYPE_CHECKING:
    from pathlib import Path


class OutputError(KvizorError):
    """A file named for output cannot be written."""


def write_file(path: Path, content: bytes) -> None:
    """Write a file; raises OutputError naming it and what is in the way."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"The file {path} cannot be written: {error.strerror}; choose another.") from None
