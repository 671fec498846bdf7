"""The methods that change what is already in a chat: edits, deletions, answers to taps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, markup
from bot.sandbox.files import as_media
from bot.sandbox.messages import MEDIA
from bot.sandbox.sending import Done, caption_of, file_of, text_of

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.messages import Message
    from bot.sandbox.world import World

COMPARED = ("text", "entities", "caption", "caption_entities", "reply_markup", *MEDIA)


def _own_message(world: World, call: Call, now: float) -> Message:
    """The bot's message the call wants to change."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    found = world.messages.get(person.id, call.integer("message_id"))
    if found is None:
        raise errors.Refusal(errors.EDIT_NOT_FOUND)
    message, from_bot = found
    if not from_bot:
        raise errors.Refusal(errors.CANT_EDIT)
    world.throttle.take_edit(person.id, now)
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
    if "text" in message:
        raise errors.Refusal(errors.NO_CAPTION_TO_EDIT)
    content = caption_of(call.text("caption"), call.text("parse_mode"), call.structure("caption_entities"))
    return _changed(world, call, message, ("caption", "caption_entities"), content)


def edit_markup(world: World, call: Call, now: float) -> Done:
    """editMessageReplyMarkup."""
    return _changed(world, call, _own_message(world, call, now), (), {})


def edit_media(world: World, call: Call, now: float) -> Done:
    """editMessageMedia."""
    message = _own_message(world, call, now)
    media = call.structure("media")
    if not isinstance(media, dict) or media.get("type") not in MEDIA:
        raise errors.Refusal(errors.BAD_PARAMETER, "can't parse InputMedia: media not found")
    file = file_of(world, call, media["type"], str(media.get("media", "")))
    caption = caption_of(
        media.get("caption") or "", media.get("parse_mode") or "", media.get("caption_entities")
    )
    apart = ("text", "entities", "caption", "caption_entities", *MEDIA)
    return _changed(world, call, message, apart, as_media(file) | caption)


def delete_message(world: World, call: Call, now: float) -> Done:
    """deleteMessage."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    world.throttle.take_edit(person.id, now)
    message_id = call.integer("message_id")
    found = world.messages.get(person.id, message_id)
    if found is None:
        raise errors.Refusal(errors.DELETE_NOT_FOUND)
    if world.clock.now() - found[0]["date"] > errors.DELETE_LIFE_SECONDS:
        raise errors.Refusal(errors.CANT_DELETE)
    world.messages.delete(person.id, message_id)
    world.events.add("delete", person.id)
    return Done("true", message_id)


def answer_callback(world: World, call: Call, now: float) -> Done:
    """answerCallbackQuery: real time counts, the movable clock does not age a tap."""
    text = call.text("text")
    if len(text) > errors.CALLBACK_ANSWER_LIMIT:
        raise errors.Refusal(errors.ANSWER_TOO_LONG)
    row = world.store.execute(
        "SELECT chat_id, message_id, at FROM callbacks WHERE id = ?", (call.text("callback_query_id"),)
    ).fetchone()
    if row is None or time.time() - row[2] > errors.CALLBACK_LIFE_SECONDS:
        raise errors.Refusal(errors.QUERY_TOO_OLD)
    if text:
        world.messages.toast(row[0], row[1], text, call.flag("show_alert"), time.time())
    world.events.add("answer", row[0])
    return Done("true", row[1], text or None)
