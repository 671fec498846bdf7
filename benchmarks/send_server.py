"""A Bot API server for sending: strict bucket, latency, 429, and books of what it accepted; it costs little.

`python -m benchmarks.send_server` prints its port. `/set?rate=…&latency=…` (milliseconds; rate 0: no limit)
begins a new count, `/stats` tells it.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter, deque
from urllib.parse import parse_qs

_CHAT = re.compile(rb'chat_id(?:"\s*:\s*|=|"\r\n\r\n)"?(-?\d+)')
_ANSWER = (
    b'{"ok":true,"result":{"message_id":%d,"from":{"id":1,"is_bot":true,"first_name":"Bench",'
    b'"username":"bench_bot"},"chat":{"id":%d,"first_name":"A","type":"private"},"date":1767225600,"text":"x"}}'
)
_TOO_MANY = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1",'
    b'"parameters":{"retry_after":1}}'
)


class Books:
    """What is allowed and what was accepted."""

    def __init__(self, rate: float = 0.0, latency: float = 0.0) -> None:
        self.rate, self.latency = rate, latency / 1000
        self.depth = max(1.0, rate / 10)
        self.tokens, self.at = self.depth, time.monotonic()
        self.chats: Counter[int] = Counter()
        self.too_many = 0
        self.first = self.last = 0.0
        self.window: deque[float] = deque()
        self.busiest = 0

    def accept(self, chat: int) -> bool:
        """Take one message in, or refuse it."""
        now = time.monotonic()
        if self.rate:
            self.tokens = min(self.depth, self.tokens + (now - self.at) * self.rate)
            self.at = now
            if self.tokens < 1 - 1e-6:
                self.too_many += 1
                return False
            self.tokens -= 1
        self.chats[chat] += 1
        self.first, self.last = self.first or now, now
        self.window.append(now)
        while self.window[0] <= now - 1.0:
            self.window.popleft()
        self.busiest = max(self.busiest, len(self.window))
        return True

    def told(self) -> bytes:
        """Return the counts as JSON."""
        accepted = sum(self.chats.values())
        seconds = self.last - self.first
        return json.dumps(
            {
                "accepted": accepted,
                "duplicates": accepted - len(self.chats),
                "too_many": self.too_many,
                "per_second": (accepted - 1) / seconds if seconds else 0.0,
                "busiest_second": self.busiest,
            }
        ).encode()


class Talk(asyncio.Protocol):
    """One kept-open connection; requests are read by their Content-Length."""

    books = Books()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end]
            found = re.search(rb"(?i)content-length: (\d+)", head)
            length = int(found[1]) if found else 0
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self.serve(head.split(b" ", 2)[1], body)

    def serve(self, path: bytes, body: bytes) -> None:
        """Tell, set or accept."""
        books = Talk.books
        if path == b"/stats":
            self.say(200, books.told())
        elif path.startswith(b"/set"):
            asked = parse_qs(path.partition(b"?")[2].decode())
            Talk.books = Books(float(asked["rate"][0]), float(asked["latency"][0]))
            self.say(200, b"{}")
        else:
            found = _CHAT.search(body)
            chat = int(found[1]) if found else 0
            number = sum(books.chats.values()) if not chat else len(books.chats) + 1
            if books.accept(chat):
                asyncio.get_running_loop().call_later(books.latency, self.say, 200, _ANSWER % (number, chat))
            else:
                asyncio.get_running_loop().call_later(books.latency, self.say, 429, _TOO_MANY)

    def say(self, status: int, body: bytes) -> None:
        """Write one answer."""
        if not self.transport.is_closing():
            head = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, len(body)) + body)


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Talk, "127.0.0.1", 0, backlog=1000)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
