"""Files people and the bot have sent: kept whole, with ids that stay valid for ever."""

from __future__ import annotations

import hashlib
import mimetypes
import secrets
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.store import Store


@dataclass(frozen=True)
class StoredFile:
    """One file as Telegram describes it, without its content."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    width: int
    height: int
    size: int

    def as_json(self) -> dict[str, Any]:
        """The fields every kind of file shares."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    @property
    def path(self) -> str:
        """The path getFile answers."""
        return f"{self.kind}s/{self.file_id}/{self.name}"


class Files:
    """Files by id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, kind: str, name: str, content: bytes, mime: str = "") -> StoredFile:
        """Keep a file; the same content gets the same unique id, never the same file id."""
        name = name.replace("/", "_") or kind
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        unique_id = hashlib.sha256(content).hexdigest()[:16]
        file_id = f"{kind[:2].upper()}AC{unique_id}{secrets.token_hex(12)}"
        width, height = picture_size(content)
        self._store.write(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (file_id, unique_id, kind, name, mime, width, height, content),
        )
        self._store.commit()
        return StoredFile(file_id, unique_id, kind, name, mime, width, height, len(content))

    def get(self, file_id: str) -> StoredFile | None:
        """A file's description by its id."""
        row = self._store.execute(
            "SELECT file_id, unique_id, kind, name, mime, width, height, length(content) FROM files"
            " WHERE file_id = ?",
            (file_id,),
        ).fetchone()
        return StoredFile(*row) if row else None

    def content(self, file_id: str) -> bytes:
        """A file's bytes."""
        row = self._store.execute("SELECT content FROM files WHERE file_id = ?", (file_id,)).fetchone()
        return bytes(row[0]) if row else b""


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG; a square where it cannot be told."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) > 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:4] == b"GIF8" and len(content) > 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    return _jpeg_size(content) if content[:2] == b"\xff\xd8" else (512, 512)


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 512, 512


def as_media(file: StoredFile) -> dict[str, Any]:
    """The part of a Message that carries the file."""
    common = file.as_json()
    sized = common | {"width": file.width, "height": file.height}
    if file.kind == "photo":
        return {"photo": [sized]}
    if file.kind == "sticker":
        extra = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
        return {"sticker": sized | extra}
    named = {"file_name": file.name, "mime_type": file.mime}
    if file.kind in ("video", "animation"):
        moving = sized | named | {"duration": 1}
        # Telegram repeats an animation as a document, for old clients.
        return {file.kind: moving} | ({"document": common | named} if file.kind == "animation" else {})
    if file.kind == "video_note":
        return {"video_note": common | {"duration": 1, "length": file.width}}
    if file.kind == "voice":
        return {"voice": common | {"duration": 1, "mime_type": file.mime}}
    if file.kind == "audio":
        return {"audio": common | named | {"duration": 1}}
    return {"document": common | named}


def sample_picture(width: int = 240, height: int = 160) -> bytes:
    """A small PNG with an evening sky, for people who send a photo without bringing one."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    rows = bytearray()
    for y in range(height):
        share = y / height
        sky = bytes((int(70 + 170 * share), int(110 + 60 * share), int(190 - 70 * share)))
        rows += b"\0" + sky * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
