"""Channels, albums, edits of media, polls and reactions, as plain aiogram sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BufferedInputFile,
    ChatMemberAdministrator,
    ChatMemberLeft,
    ChatMemberMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    ReactionTypeEmoji,
    Update,
)

from bot.sandbox.files import sample_picture
from tests.sandbox import small_bot
from tests.sandbox.process import SandboxProcess

KINDS = ["message", "edited_message", "message_reaction", "poll", "poll_answer", "chat_member"]
KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="ok", callback_data="x")]])


@pytest.fixture
async def bot(free_sandbox: SandboxProcess) -> AsyncIterator[Bot]:
    bot = small_bot.connect(free_sandbox.url)
    await bot.get_updates(allowed_updates=KINDS)
    yield bot
    await bot.session.close()


def picture(name: str = "sky.png", width: int = 240) -> BufferedInputFile:
    return BufferedInputFile(sample_picture(width), name)


async def last(bot: Bot) -> Update:
    return (await bot.get_updates(offset=-1))[-1]


async def test_a_channel_tells_who_is_subscribed(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.get_chat_member("@news", anna)
    free_sandbox.post("channels", {"username": "news", "title": "Новости", "bot_is_admin": False})
    with pytest.raises(TelegramBadRequest, match="member list is inaccessible"):
        await bot.get_chat_member("@news", anna)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the channel chat"):
        await bot.send_message("@news", "hello")
    free_sandbox.post("channels", {"username": "@news", "title": "Новости"})
    assert isinstance(await bot.get_chat_member("@news", anna), ChatMemberLeft)
    free_sandbox.post(f"people/{anna}/channel", {"channel": "@news"})
    joined = (await last(bot)).chat_member
    assert joined is not None
    assert (joined.old_chat_member.status, joined.new_chat_member.status) == ("left", "member")
    channel = await bot.get_chat("@NEWS")
    assert (channel.title, channel.type) == ("Новости", "channel")
    assert isinstance(await bot.get_chat_member(channel.id, anna), ChatMemberMember)
    assert isinstance(await bot.get_chat_member("@news", bot.id), ChatMemberAdministrator)
    post = await bot.send_message("@news", "hello")
    assert post.sender_chat is not None
    free_sandbox.post(f"people/{anna}/channel", {"channel": "@news", "member": False})
    assert isinstance(await bot.get_chat_member("@news", anna), ChatMemberLeft)


async def test_an_album_is_several_messages_of_one_group(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    sent = await bot.send_media_group(
        anna, [InputMediaPhoto(media=picture(), caption="<b>one</b>", parse_mode="HTML")] * 3
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.message_id - sent[0].message_id for message in sent] == [0, 1, 2]
    seen = free_sandbox.get(f"chats/{anna}")["messages"]
    assert [(message["album"], message["html"]) for message in seen] == [
        (sent[0].media_group_id, "<b>one</b>")
    ] * 3
    (alone,) = await bot.send_media_group(anna, [InputMediaPhoto(media=picture())])
    assert alone.media_group_id is None


async def test_an_album_of_ten_is_let_in_whole_and_the_rest_is_owed(sandbox: SandboxProcess) -> None:
    anna = sandbox.started()
    bot = small_bot.connect(sandbox.url)
    try:
        assert len(await bot.send_media_group(anna, [InputMediaPhoto(media=picture())] * 10)) == 10
        with pytest.raises(Exception, match="Too Many Requests: retry after"):
            await bot.send_message(anna, "at once")
    finally:
        await bot.session.close()


async def test_a_photo_changes_its_file_its_caption_and_its_keys(
    free_sandbox: SandboxProcess, bot: Bot
) -> None:
    anna = free_sandbox.started()
    sent = await bot.send_photo(anna, picture(), caption="one", reply_markup=KEYS)
    place: dict[str, Any] = {"chat_id": anna, "message_id": sent.message_id}
    edited = await bot.edit_message_media(InputMediaPhoto(media=picture(width=300), caption="two"), **place)
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.photo and edited.photo[0].width, edited.reply_markup) == ("two", 300, None)
    await bot.edit_message_caption(**place, caption="three", reply_markup=KEYS)
    await bot.edit_message_media(InputMediaDocument(media=picture(), caption="four"), **place)
    (seen,) = free_sandbox.get(f"chats/{anna}")["messages"]
    assert (seen["caption"], seen["media"]["kind"], seen["edited"]) == ("four", "document", True)
    text = await bot.send_message(anna, "text")
    edited = await bot.edit_message_media(
        InputMediaPhoto(media=picture()), chat_id=anna, message_id=text.message_id
    )
    assert not isinstance(edited, bool)
    assert edited.text is None
    assert edited.photo


async def test_a_vote_reaches_the_bot_and_can_be_taken_back(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    sent = await bot.send_poll(anna, "Сколько?", ["одна", "две"], is_anonymous=False)
    vote = {"message_id": sent.message_id, "option_ids": [1]}
    free_sandbox.post(f"people/{anna}/vote", vote)
    answer = (await last(bot)).poll_answer
    assert answer is not None
    assert sent.poll is not None
    assert (answer.poll_id, answer.option_ids) == (sent.poll.id, [1])
    assert answer.user is not None
    assert answer.user.id == anna
    free_sandbox.post(f"people/{anna}/vote", vote | {"option_ids": []})
    answer = (await last(bot)).poll_answer
    assert answer is not None
    assert answer.option_ids == []
    closed = await bot.stop_poll(anna, sent.message_id)
    assert closed.is_closed
    with pytest.raises(Exception, match="409"):
        free_sandbox.post(f"people/{anna}/vote", vote)


async def test_a_quiz_poll_takes_one_vote_for_good(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    sent = await bot.send_poll(
        anna, "2+2?", ["3", "4"], type="quiz", correct_option_ids=[1], explanation="<b>4</b>",
        explanation_parse_mode="HTML",
    )  # fmt: skip
    assert sent.poll is not None
    assert (sent.poll.correct_option_ids, sent.poll.explanation) == ([1], "4")
    vote = {"message_id": sent.message_id, "option_ids": [0]}
    free_sandbox.post(f"people/{anna}/vote", vote)
    poll = (await last(bot)).poll  # anonymous: nobody learns who it was
    assert poll is not None
    assert [option.voter_count for option in poll.options] == [1, 0]
    with pytest.raises(Exception, match="409"):
        free_sandbox.post(f"people/{anna}/vote", vote | {"option_ids": [1]})


async def test_reactions_go_both_ways(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    sent = await bot.send_message(anna, "hello")
    free_sandbox.post(f"people/{anna}/react", {"message_id": sent.message_id, "emoji": "👍"})
    free_sandbox.post(f"people/{anna}/react", {"message_id": sent.message_id, "emoji": "👎"})
    change = (await last(bot)).message_reaction
    assert change is not None
    assert [getattr(reaction, "emoji", "") for reaction in change.old_reaction] == ["👍"]
    assert [getattr(reaction, "emoji", "") for reaction in change.new_reaction] == ["👎"]
    said = free_sandbox.post(f"people/{anna}/text", {"text": "спасибо"})["message_id"]
    await bot.set_message_reaction(anna, said, [ReactionTypeEmoji(emoji="❤")])
    seen = free_sandbox.get(f"chats/{anna}")["messages"]
    assert [message["reactions"] for message in seen] == [{"person": "👎"}, {"bot": "❤"}]


async def test_a_person_corrects_a_text_and_sends_places_cards_and_stickers(
    free_sandbox: SandboxProcess, bot: Bot
) -> None:
    anna, ben = free_sandbox.started("Anna"), free_sandbox.started("Ben")
    said = free_sandbox.post(f"people/{anna}/text", {"text": "Казнь"})["message_id"]
    free_sandbox.post(f"people/{anna}/edit", {"message_id": said, "text": "Казань"})
    edited = (await last(bot)).edited_message
    assert edited is not None
    assert (edited.message_id, edited.text) == (said, "Казань")
    free_sandbox.post(f"people/{anna}/location", {"latitude": 55.79, "longitude": 49.12})
    message = (await last(bot)).message
    assert message is not None
    assert message.location is not None
    assert message.location.latitude == 55.79
    free_sandbox.post(f"people/{anna}/contact", {"phone_number": "+79160000000", "user_id": ben})
    message = (await last(bot)).message
    assert message is not None
    assert message.contact is not None
    assert (message.contact.user_id, message.contact.first_name) == (ben, "Ben")
    free_sandbox.post(f"people/{anna}/sticker", {"emoji": "🔥"})
    message = (await last(bot)).message
    assert message is not None
    assert message.sticker is not None
    assert message.sticker.emoji == "🔥"


async def test_a_place_with_a_name_and_other_kinds_are_sent(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    venue = await bot.send_venue(anna, 55.75, 37.61, "Тёплый дом", "Арбат, 1")
    assert venue.venue is not None
    assert venue.location is not None
    for method in (bot.send_voice, bot.send_video, bot.send_audio, bot.send_animation, bot.send_sticker):
        await method(anna, BufferedInputFile(b"content", "file.bin"))
    kinds = [message["media"]["kind"] for message in free_sandbox.get(f"chats/{anna}")["messages"]]
    assert kinds == ["venue", "voice", "video", "audio", "animation", "sticker"]


async def test_messages_not_looked_at_are_counted(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    for word in ("one", "two"):
        await bot.send_message(anna, word)
    assert free_sandbox.get(f"people/{anna}")["unread"] == 2
    free_sandbox.post(f"people/{anna}/read")
    assert free_sandbox.get(f"people/{anna}")["unread"] == 0


def test_a_person_changes_names_and_language_and_stays_who_he_was(free_sandbox: SandboxProcess) -> None:
    anna = free_sandbox.started("Anna", language_code="ru")
    free_sandbox.post(f"people/{anna}/block")
    changed = free_sandbox.post(
        f"people/{anna}", {"first_name": "Anya", "language_code": "en", "is_premium": True}
    )
    kept = ("first_name", "language_code", "is_premium", "blocked", "started")
    assert [changed[name] for name in kept] == ["Anya", "en", True, True, True]
