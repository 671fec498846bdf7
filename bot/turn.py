"""One person's turn: all that a handler needs to answer one update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot

    from bot.memory import Memory
    from bot.texts import Say, Texts
    from core.db import Database
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Turn:
    """Who speaks (`sender`), in which language he is answered (`say`), when, and with what.

    `key` names the update: an act that carries it is done once, however often the update is handled.
    """

    bot: Bot
    db: Database
    library: Library
    settings: Settings
    texts: Texts
    sender: Sender
    say: Say
    now: datetime
    key: str
    memory: Memory

    @property
    def chat_id(self) -> int:
        """The person's own chat with the bot, which has his id."""
        return self.sender.telegram_id
