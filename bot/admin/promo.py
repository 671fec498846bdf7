"""/promo CODE: what a gift is worth and whose it is; one tap redeems it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData

from bot.admin.views import button, keyboard
from bot.screens import edit_or_send, toast
from core.mailing import promo

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.filters import CommandObject
    from aiogram.types import CallbackQuery, Message

    from bot.turn import Turn
    from core.mailing.promo import Promo


class PromoTap(CallbackData, prefix="pm"):
    """Redeem this code."""

    code: str


def router() -> Router:
    """Build the router of promo codes."""
    routes = Router(name="admin-promo")
    routes.message.register(_asked, Command("promo"))
    routes.callback_query.register(_redeem, PromoTap.filter(F.code != ""))
    return routes


async def _asked(message: Message, command: CommandObject, turn: Turn) -> None:
    given = (command.args or "").strip()
    if not given:
        await message.answer(turn.say("promo-how"))
        return
    found = await turn.db.read(promo.look, given, turn.now)
    await _show(turn, None, found)


async def _redeem(query: CallbackQuery, callback_data: PromoTap, turn: Turn) -> None:
    found = await turn.db.write(promo.redeem, callback_data.code, turn.now)
    await toast(query)
    await _show(turn, query.message.message_id if query.message else None, found)


async def _show(turn: Turn, message_id: int | None, found: Promo | None) -> None:
    if found is None:
        await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("promo-unknown"))
        return
    rows = []
    if found.state is promo.State.VALID:
        rows.append([button(turn.say("promo-button-redeem"), PromoTap(code=found.code).pack())])
    await edit_or_send(turn.bot, turn.chat_id, message_id, _card(turn, found), keyboard(*rows))


def _card(turn: Turn, found: Promo) -> str:
    say = turn.say
    state = "now" if found.redeemed_now else found.state.value
    day = promo.last_day(found.expires_at, say.language)
    used = _moment(turn, found.redeemed_at) if found.redeemed_at else ""
    name = found.name or say("promo-nameless")
    told = say(f"promo-state-{state}", day=day, at=used)
    whose = say("promo-whose", name=name, number=found.subscriber_id, series=found.series, step=found.step)
    return f"<b>{found.code}</b>\n{told}\n{whose}"


def _moment(turn: Turn, at: datetime) -> str:
    local = at.astimezone(turn.settings.zone)
    return f"{local:%d.%m.%Y %H:%M}" if turn.say.language == "ru" else f"{local:%Y-%m-%d %H:%M}"
