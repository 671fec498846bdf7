"""Everything the sandbox knows, put together once: the two APIs and the page all speak of this one world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.channels import Channels
from bot.sandbox.clock import Clock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.journal import Journal
from bot.sandbox.messages import Messages
from bot.sandbox.people import People
from bot.sandbox.store import Store
from bot.sandbox.throttle import Limits, Throttle
from bot.sandbox.updates import Updates

if TYPE_CHECKING:
    from pathlib import Path

BOT_NAME = "Kvizor"
BOT_USERNAME = "kvizor_sandbox_bot"


class World:
    """The nouns of the sandbox, sharing one store."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self.clock = Clock(self.store)
        self.people = People(self.store)
        self.channels = Channels(self.store)
        self.messages = Messages(self.store, self.people)
        self.updates = Updates(self.store)
        self.files = Files(self.store)
        self.journal = Journal(self.store)
        self.events = Events()
        self.faults = Faults()
        self.limits = Limits()
        self.throttle = Throttle(self.limits)
        self.load()

    def load(self) -> None:
        """Read what belongs to the bot itself back from the file."""
        self.revoked: list[str] = self.store.setting("revoked", [])
        self.last_token: str = self.store.setting("last_token", "")
        self.bot_id: int = self.store.setting("bot_id", 0)

    def bot_user(self, bot_id: int) -> dict[str, Any]:
        """The bot as Telegram's User."""
        return {"id": bot_id, "is_bot": True, "first_name": BOT_NAME, "username": BOT_USERNAME}

    def note_token(self, token: str) -> None:
        """Remember the token last used, so that it can be revoked by a button."""
        if token != self.last_token:
            self.last_token = token
            self.bot_id = int(token.partition(":")[0])
            self.store.keep("last_token", token)
            self.store.keep("bot_id", self.bot_id)

    def revoke(self, token: str | None) -> str:
        """From now on the token is answered 401."""
        token = token or self.last_token
        self.revoked = sorted({*self.revoked, token})
        self.store.keep("revoked", self.revoked)
        return token

    def reset(self) -> None:
        """Forget everything: people, chats, log, clock, limits and faults."""
        self.store.empty()
        self.faults.set([])
        vars(self.limits).update(vars(Limits()))
        self.throttle.restart()
        self.journal.polls = 0
        for part in (self.clock, self.people, self.channels, self.messages, self.updates, self):
            part.load()
        self.events.add("reset")
