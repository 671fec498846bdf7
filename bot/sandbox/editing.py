"""The methods that change what is already in a chat: edits, deletions, answers to taps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, limits, markup
from bot.sandbox.albums import media_of
from bot.sandbox.messages import EDITABLE, FILES, MEDIA
from bot.sandbox.sending import Done, addressed, caption_of, text_of

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.messages import Message
    from bot.sandbox.world import World

COMPARED = ("text", "entities", "caption", "caption_entities", "reply_markup", *MEDIA)


def _own_message(world: World, call: Call, now: float) -> Message:
    """The bot's message the call wants to change."""
    chat = addressed(world, call)
    found = world.messages.get(chat.id, call.integer("message_id"))
    if found is None:
        raise errors.Refusal(errors.EDIT_NOT_FOUND)
    message, from_bot = found
    if not from_bot:
        raise errors.Refusal(errors.CANT_EDIT)
    world.throttle.take_edit(chat.id, now)
    return message


def _changed(
    world: World, call: Call, message: Message, apart: tuple[str, ...], content: dict[str, Any]
) -> Done:
    """The message with new content and the keyboard of the call; refused if nothing is new."""
    edited = {
        name: value for name, value in message.items() if name not in (*apart, "reply_markup")
    } | content
    keyboard = markup.inline(markup.check(call.structure("reply_markup")))
    if keyboard:
        edited["reply_markup"] = keyboard
    if all(edited.get(name) == message.get(name) for name in COMPARED):
        raise errors.Refusal(errors.NOT_MODIFIED)
    edited["edit_date"] = world.clock.now()
    chat_id = message["chat"]["id"]
    result = world.messages.replace(chat_id, edited)
    world.events.add("edit", chat_id)
    return Done(result, message["message_id"], edited.get("text") or edited.get("caption"))


def edit_text(world: World, call: Call, now: float) -> Done:
    """editMessageText."""
    message = _own_message(world, call, now)
    if "text" not in message:
        raise errors.Refusal(errors.NO_TEXT_TO_EDIT)
    return _changed(world, call, message, ("text", "entities"), text_of(call))


def edit_caption(world: World, call: Call, now: float) -> Done:
    """editMessageCaption."""
    message = _own_message(world, call, now)
    if not any(name in message for name in FILES):
        raise errors.Refusal(errors.NO_CAPTION_TO_EDIT)
    content = caption_of(call.text("caption"), call.text("parse_mode"), call.structure("caption_entities"))
    return _changed(world, call, message, ("caption", "caption_entities"), content)


def edit_markup(world: World, call: Call, now: float) -> Done:
    """editMessageReplyMarkup."""
    return _changed(world, call, _own_message(world, call, now), (), {})


def edit_media(world: World, call: Call, now: float) -> Done:
    """editMessageMedia."""
    message = _own_message(world, call, now)
    if not any(name in message for name in ("text", *EDITABLE)):
        raise errors.Refusal(errors.NO_MEDIA_TO_EDIT)
    apart = ("text", "entities", "caption", "caption_entities", *MEDIA)
    return _changed(world, call, message, apart, media_of(world, call, call.structure("media")))


def delete_message(world: World, call: Call, now: float) -> Done:
    """deleteMessage."""
    chat = addressed(world, call)
    world.throttle.take_edit(chat.id, now)
    message_id = call.integer("message_id")
    found = world.messages.get(chat.id, message_id)
    if found is None:
        raise errors.Refusal(errors.DELETE_NOT_FOUND)
    if world.clock.now() - found[0]["date"] > limits.DELETE_LIFE_SECONDS:
        raise errors.Refusal(errors.CANT_DELETE)
    world.messages.delete(chat.id, message_id)
    world.events.add("delete", chat.id)
    return Done("true", message_id)


def answer_callback(world: World, call: Call, now: float) -> Done:
    """answerCallbackQuery: real time counts, the movable clock does not age a tap."""
    text = call.text("text")
    if len(text) > limits.CALLBACK_ANSWER_LIMIT:
        raise errors.Refusal(errors.ANSWER_TOO_LONG)
    row = world.store.execute(
        "SELECT chat_id, message_id, at FROM callbacks WHERE id = ?", (call.text("callback_query_id"),)
    ).fetchone()
    if row is None or time.time() - row[2] > limits.CALLBACK_LIFE_SECONDS:
        raise errors.Refusal(errors.QUERY_TOO_OLD)
    if text:
        world.messages.toast(row[0], row[1], text, call.flag("show_alert"), time.time())
    world.events.add("answer", row[0])
    return Done("true", row[1], text or None, row[0])
