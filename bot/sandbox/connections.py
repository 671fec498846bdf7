"""Open connections, so that a fault can tear one without an answer: no web framework offers that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    Protocol = asyncio.Protocol
else:
    Protocol = AutoHTTPProtocol

_OPEN: dict[tuple[str, int], asyncio.BaseTransport] = {}


class TearableProtocol(Protocol):
    """The server's own protocol, which also remembers its transport by the client's address."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the transport."""
        super().connection_made(transport)
        self._peer: tuple[str, int] = tuple(transport.get_extra_info("peername")[:2])
        _OPEN[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        _OPEN.pop(self._peer, None)
        super().connection_lost(exc)


async def tear(scope: Scope, receive: Receive) -> None:
    """Close the call's connection with a reset and wait until the server has noticed."""
    transport = _OPEN.get(tuple(scope["client"]))
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    await gone(receive)


async def gone(receive: Receive) -> None:
    """Wait until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
