"""The reference of benchmarks/answer.py: a bare aiogram bot, 64 tasks, that answers and stores nothing.

`python -m benchmarks.echo_bot URL one|two`: `one` Telegram call an update (a message back), or `two`, the
calls a tap really needs (answerCallbackQuery and editMessageText).
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=f"Answer {n}", callback_data=f"q:1:{n}")] for n in range(5)]
)


async def one(query: CallbackQuery, bot: Bot) -> None:
    await bot.send_message(query.from_user.id, "The next question", reply_markup=KEYBOARD)


async def two(query: CallbackQuery, bot: Bot) -> None:
    await query.answer()
    await bot.edit_message_text(
        "The next question", chat_id=query.from_user.id, message_id=1, reply_markup=KEYBOARD
    )


async def main(url: str, calls: str) -> None:
    bot = Bot("1000000001:BENCH", session=AiohttpSession(api=TelegramAPIServer.from_base(url), limit=400))
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.callback_query.register(one if calls == "one" else two)
    await dispatcher.start_polling(bot, tasks_concurrency_limit=64, handle_signals=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
