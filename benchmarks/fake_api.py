"""A Bot API server that costs nearly nothing: hands out prepared updates, says yes to every method.

`python -m benchmarks.fake_api PORT UPDATES.jsonl` serves the file's updates through getUpdates once
`POST /go` has been called, counts what it is asked, and tells it on `GET /counts`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path

ME = b'{"ok":true,"result":{"id":1000000001,"is_bot":true,"first_name":"Bench","username":"bench_bot"}}'
MESSAGE = (
    b'{"ok":true,"result":{"message_id":%d,"date":1767225600,"chat":{"id":1,"type":"private","first_name":"A"},'
    b'"from":{"id":1000000001,"is_bot":true,"first_name":"Bench"},"text":"ok"}}'
)
TRUE = b'{"ok":true,"result":true}'
BATCH = 100


class FakeApi:
    """Connections are kept open; a request is read by its Content-Length and answered at once."""

    def __init__(self, updates: list[bytes]) -> None:
        self.updates = updates
        self.served = 0
        self.going = asyncio.Event()
        self.counts: Counter[str] = Counter()
        self.message_id = 1000
        self.first_at = self.last_at = 0.0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n"):
                    if line[:15].lower() == b"content-length:":
                        length = int(line[15:])
                if length:
                    await reader.readexactly(length)
                path = head.split(b" ", 2)[1].decode()
                body = await self.answer(path.rsplit("/", 1)[-1])
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    % len(body)
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, method: str) -> bytes:
        self.counts[method] += 1
        if method == "getUpdates":
            return await self.hand_out()
        if method == "counts":
            return json.dumps({**self.counts, "first_at": self.first_at, "last_at": self.last_at}).encode()
        if method == "go":
            self.going.set()
            return TRUE
        if method == "getMe":
            return ME
        if method.startswith(("send", "edit")):
            self.last_at = time.monotonic()
            self.message_id += 1
            return MESSAGE % self.message_id
        return TRUE

    async def hand_out(self) -> bytes:
        if self.served >= len(self.updates) or not self.going.is_set():
            await asyncio.sleep(0.2)
            if not self.going.is_set() or self.served >= len(self.updates):
                return b'{"ok":true,"result":[]}'
        if self.served == 0:
            self.first_at = time.monotonic()
        batch = self.updates[self.served : self.served + BATCH]
        self.served += len(batch)
        return b'{"ok":true,"result":[' + b",".join(batch) + b"]}"


async def main(port: int, path: Path) -> None:
    updates = path.read_bytes().splitlines() if path.exists() else []
    server = await asyncio.start_server(FakeApi(updates).talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
