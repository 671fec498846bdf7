"""The sandbox's control API as a program uses it: acts of people, the clock, an ear for the chats."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from bot.sandbox.character import Act

ANSWER_SECONDS = 2.0  # a bot that is silent for so long has nothing to say
SETTLE_SECONDS = 0.06  # after this much quiet the bot has said everything
TOAST_SECONDS = 0.25
FOLLOW_SECONDS = 900.0


class Sandbox:
    """The control API, and an ear for what happens in the chats."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url, self._http = url.rstrip("/"), http
        self._heard: dict[int, float] = {}
        self._answered_tap: set[int] = set()

    async def ask(self, path: str, body: Any = None, form: aiohttp.FormData | None = None) -> Any:
        """GET without a body, POST with one. An act that is impossible now gives None."""
        method = "GET" if body is None and form is None else "POST"
        address = f"{self._url}/sandbox/{path}"
        async with self._http.request(method, address, json=body, data=form) as answer:
            if answer.status == 409:
                return None
            answer.raise_for_status()
            return await answer.json()

    async def listen(self) -> None:
        """Note for ever when each chat last changed."""
        seq = (await self.ask("events?timeout=0"))["seq"]
        while True:
            said = await self.ask(f"events?after={seq}&timeout=20")
            seq = said["seq"]
            for event in said["events"]:
                if event["chat_id"] is not None:
                    self._heard[event["chat_id"]] = time.monotonic()
                    if event["kind"] == "answer":
                        self._answered_tap.add(event["chat_id"])

    async def chat(self, person_id: int) -> Any:
        """What the person sees."""
        return await self.ask(f"chats/{person_id}?limit=12")

    async def act(self, person_id: int, act: Act, before: Any) -> Any:
        """Do it, wait until the bot has answered and is quiet; gives the chat then."""
        self._answered_tap.discard(person_id)
        if await self.ask(f"people/{person_id}/{act.name}", act.body) is None:
            return before
        return await self._answered(person_id, of_bot(before))

    async def _answered(self, person_id: int, before: list[Any]) -> Any:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            await asyncio.sleep(SETTLE_SECONDS / 3)
            quiet = time.monotonic() - self._heard.get(person_id, 0)
            # A tap the bot has answered without a word needs no more patience.
            patience = TOAST_SECONDS if person_id in self._answered_tap else 0.0
            late = time.monotonic() > deadline or (patience > 0 and quiet > patience)
            if quiet > SETTLE_SECONDS or late:
                chat = await self.chat(person_id)
                if late or of_bot(chat) != before:
                    return chat
                # Heard only the person's own words so far; the bot is still thinking.

    async def upload(self, person_id: int, name: str, content: str) -> Any:
        """The person sends a document and waits for the answer."""
        before = await self.chat(person_id)
        form = aiohttp.FormData()
        form.add_field("file", content.encode(), filename=name, content_type="text/csv")
        await self.ask(f"people/{person_id}/document", form=form)
        return await self._answered(person_id, of_bot(before))

    async def forward(self, seconds: float) -> datetime:
        """Move the clock and wait until the bot has followed; gives the time then."""
        await self.ask("clock", {"forward_seconds": seconds})
        return await self.followed()

    async def followed(self) -> datetime:
        """Wait until the bot has reached the wanted time."""
        deadline = time.monotonic() + FOLLOW_SECONDS
        while time.monotonic() < deadline:
            clock = await self.ask("clock")
            if abs(clock["offset_seconds"] - clock["applied_seconds"]) < 1:
                return datetime.fromisoformat(clock["now"])
            await asyncio.sleep(0.05)
        raise SystemExit(
            f"The bot did not follow the clock within {FOLLOW_SECONDS:.0f} seconds. Is it running?"
        )


def of_bot(chat: Any) -> list[Any]:
    """What the bot has said in a chat, as far as a change of it can be seen."""
    return [(m["message_id"], m["html"], m["buttons"]) for m in chat["messages"] if m["from_bot"]]
