"""A tiny bot in plain aiogram: greets, asks, edits, toasts and takes a file. Knows nothing of Kvizor.

Runs as `python -m tests.sandbox.small_bot URL`, or inside a test through `dispatcher()`.
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

TOKEN = "123456:test-token"
GREETING = (
    "Здравствуйте, <b>{name}</b>! Я помогу подобрать занятие и не пришлю лишнего.\n\n"
    "Можно хранить ваши ответы? <i>Отказаться можно в любой момент: /stop</i>"
)


def connect(url: str, token: str = TOKEN) -> Bot:
    """A bot that speaks to the sandbox instead of Telegram."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


def keys(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """An inline keyboard of (text, data)."""
    lines = [[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=lines)


def dispatcher() -> Dispatcher:
    """The bot's few handlers."""
    handlers = Dispatcher()

    @handlers.message(CommandStart())
    async def start(message: Message) -> None:
        buttons = keys([("✅ Согласен", "consent")], [("Что хранится?", "what")])
        name = message.from_user.first_name if message.from_user else ""
        await message.answer(GREETING.format(name=name), parse_mode="HTML", reply_markup=buttons)

    @handlers.callback_query(F.data == "consent")
    async def consent(query: CallbackQuery) -> None:
        await query.answer("Спасибо!")
        roles = keys(
            [("🧘 Новичок", "role:new"), ("💪 Опытный", "role:old")], [("🎁 Ищу подарок", "role:gift")]
        )
        assert isinstance(query.message, Message)
        await query.message.edit_text("<b>1 из 3.</b> Кто вы?", parse_mode="HTML", reply_markup=roles)

    @handlers.callback_query(F.data == "what")
    async def what(query: CallbackQuery) -> None:
        await query.answer("Имя, ответы и покупки. Больше ничего.", show_alert=True)

    @handlers.callback_query(F.data.startswith("role:"))
    async def role(query: CallbackQuery) -> None:
        await query.answer()
        assert isinstance(query.message, Message)
        await query.message.edit_text("<b>2 из 3.</b> В каком вы городе? Напишите.", parse_mode="HTML")

    @handlers.message(F.contact)
    async def contact(message: Message) -> None:
        await message.answer("Готово! Подобрал для вас занятие 🎉", reply_markup=ReplyKeyboardRemove())

    @handlers.message(F.document)
    async def document(message: Message) -> None:
        await message.reply("В файле 3 покупки. Загрузить?", reply_markup=keys([("Загрузить", "import")]))

    @handlers.callback_query(F.data == "import")
    async def load(query: CallbackQuery) -> None:
        await query.answer()
        assert isinstance(query.message, Message)
        await query.message.edit_text("Загружено: 3 покупки.")

    @handlers.message(Command("stop"))
    async def stop(message: Message) -> None:
        await message.answer("Больше не пишу.")

    @handlers.message(F.text)
    async def city(message: Message) -> None:
        button = KeyboardButton(text="Поделиться номером", request_contact=True)
        keyboard = ReplyKeyboardMarkup(
            keyboard=[[button], [KeyboardButton(text="Пропустить")]], resize_keyboard=True
        )
        await message.answer("<b>3 из 3.</b> Ваш телефон?", parse_mode="HTML", reply_markup=keyboard)

    return handlers


async def main(url: str) -> None:
    """Poll until stopped."""
    bot = connect(url)
    await bot.set_my_commands(
        [
            BotCommand(command="start", description="начать"),
            BotCommand(command="stop", description="не писать мне"),
        ]
    )
    await bot.set_my_description("Подбираю занятие за минуту и пишу только по делу.")
    await dispatcher().start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
