"""The bot this database belongs to: another bot's token is refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import SettingsError
from core.people.models import Bot

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def claim(session: Session, telegram_id: int, username: str, now: datetime) -> None:
    """Bind the database to this bot at the first start; raises SettingsError for any other bot later."""
    bot = session.get(Bot, 1)
    if bot is None:
        session.add(Bot(id=1, telegram_id=telegram_id, username=username, claimed_at=now))
    elif bot.telegram_id != telegram_id:
        raise SettingsError(
            f"BOT_TOKEN: this database serves @{bot.username} ({bot.telegram_id}), the token belongs to "
            f"@{username} ({telegram_id}); use that bot's token or another DATABASE_URL."
        )
    else:
        bot.username = username
