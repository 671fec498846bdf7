"""getUpdates: a real long poll, with one poller at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sandbox import connections, errors

if TYPE_CHECKING:
    from starlette.types import Receive

    from bot.sandbox.calls import Call
    from bot.sandbox.world import World

LONGEST_SECONDS = 50


async def get_updates(world: World, call: Call, receive: Receive) -> str | None:
    """Updates as a JSON array; waits for the first one. None when the client has left meanwhile."""
    updates = world.updates
    world.journal.polls += 1
    if updates.poll is not None:
        updates.poll.set()
    mine = updates.poll = asyncio.Event()
    kinds = call.structure("allowed_updates")
    if isinstance(kinds, list):
        updates.allow([str(kind) for kind in kinds])
    limit = min(max(call.integer("limit", 100), 1), 100)
    found = updates.waiting(call.integer("offset"), limit)
    timeout = min(max(call.integer("timeout"), 0), LONGEST_SECONDS)
    try:
        if not found and timeout:
            if await _left(mine, updates.arrived, receive, timeout):
                return None
            found = updates.waiting(0, limit)
        if mine.is_set():
            raise errors.Refusal(errors.CONFLICT)
    finally:
        if updates.poll is mine:
            updates.poll = None
    return f"[{', '.join(found)}]"


async def _left(mine: asyncio.Event, arrived: asyncio.Event, receive: Receive, seconds: float) -> bool:
    """Wait for an update, a rival or the end of time; tells whether the client left instead."""
    arrived.clear()
    rival, update = asyncio.ensure_future(mine.wait()), asyncio.ensure_future(arrived.wait())
    leaving = asyncio.ensure_future(connections.gone(receive))
    try:
        await asyncio.wait({rival, update, leaving}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return leaving.done()
    finally:
        for task in (rival, update, leaving):
            task.cancel()
