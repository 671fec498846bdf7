"""The send methods: check as Telegram checks, deliver into the chat, answer with the Message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, formatting, limits, markup
from bot.sandbox.files import StoredFile, as_media

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.calls import Call
    from bot.sandbox.channels import Channel
    from bot.sandbox.people import Person
    from bot.sandbox.world import World


@dataclass(frozen=True)
class Done:
    """What a method did: its result as JSON text, and what the log shall know of it."""

    result: str
    message_id: int | None = None
    text: str | None = None
    chat_id: int | None = None  # where the call itself does not name it


TRUE = Done("true")
NOT_COPIED = frozenset({
    "message_id", "from", "chat", "date", "edit_date", "reply_markup", "reply_to_message", "media_group_id",
    "has_protected_content",
})  # fmt: skip


def text_of(call: Call) -> dict[str, Any]:
    """The text of a call as the fields of a Message."""
    raw = call.text("text")
    if not raw:
        raise errors.Refusal(errors.TEXT_EMPTY)
    text, entities = formatting.read(raw, call.text("parse_mode"), call.structure("entities"))
    if not text:
        raise errors.Refusal(errors.TEXT_EMPTY)
    if len(text) > limits.TEXT_LIMIT:
        raise errors.Refusal(errors.TEXT_TOO_LONG)
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(raw: str, mode: str, given: list[Any] | None) -> dict[str, Any]:
    """A caption as the fields of a Message."""
    text, entities = formatting.read(raw, mode, given) if raw else ("", [])
    if len(text) > limits.CAPTION_LIMIT:
        raise errors.Refusal(errors.CAPTION_TOO_LONG)
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def file_of(world: World, call: Call, kind: str, given: str) -> StoredFile:
    """The file a parameter means: an upload of this call, or one sent before."""
    name = given.removeprefix("attach://")
    upload = call.uploads.get(name) or (call.uploads.get(kind) if not given else None)
    if upload is not None:
        return world.files.add(kind, upload.name, upload.content, upload.mime)
    if not given:
        raise errors.Refusal(errors.NO_FILE, kind)
    known = world.files.get(given)
    if known is None or (known.kind != kind and "document" not in (known.kind, kind)):
        raise errors.Refusal(errors.WRONG_FILE)
    return known


def addressed(world: World, call: Call) -> Person | Channel:
    """Whom the call is for, or Telegram's refusal."""
    chat_id = call.text("chat_id")
    if chat_id == str(call.bot_id):
        raise errors.Refusal(errors.TO_ITSELF)
    return world.channels.find(chat_id) or world.people.in_chat(chat_id)


def envelope(world: World, call: Call, chat: Person | Channel) -> dict[str, Any]:
    """What every message of the bot carries, whatever is in it."""
    chat_json, message = chat.as_chat(), {"date": world.clock.now()} | _reply(world, call, chat)
    if chat_json["type"] == "private":
        message["from"] = world.bot_user(call.bot_id)
    else:
        message["sender_chat"] = chat_json
    if call.flag("protect_content"):
        message["has_protected_content"] = True
    return message | {"chat": chat_json}


def deliver(world: World, call: Call, chat: Person | Channel, content: dict[str, Any], now: float) -> Done:
    """Put a checked message into the chat, if the limits and the person let it in."""
    keyboard = markup.check(call.structure("reply_markup"))
    message = envelope(world, call, chat)
    world.throttle.take_send(chat.id, now)
    chat.check_reachable()
    message |= content
    on_message = markup.inline(keyboard)
    if on_message:
        message["reply_markup"] = on_message
    result = world.messages.add(chat.id, message, from_bot=True)
    world.messages.keep_keyboard(chat.id, keyboard)
    world.events.add("message", chat.id)
    words = content.get("text") or content.get("caption") or next(iter(content), "")
    return Done(result, world.messages.last_id, words)


def _reply(world: World, call: Call, chat: Person | Channel) -> dict[str, Any]:
    given = call.structure("reply_parameters") or {}
    wanted = given.get("message_id") or call.integer("reply_to_message_id")
    if not wanted:
        return {}
    found = world.messages.get(chat.id, int(wanted))
    if found is None:
        if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
            return {}
        raise errors.Refusal(errors.REPLY_NOT_FOUND)
    return {"reply_to_message": {k: v for k, v in found[0].items() if k != "reply_to_message"}}


def send_message(world: World, call: Call, now: float) -> Done:
    """sendMessage."""
    chat = addressed(world, call)
    return deliver(world, call, chat, text_of(call), now)


def send_file(kind: str) -> Callable[[World, Call, float], Done]:
    """The send method of one kind of file."""

    def send(world: World, call: Call, now: float) -> Done:
        chat = addressed(world, call)
        content: dict[str, Any] = {}
        if kind not in ("sticker", "video_note"):
            content = caption_of(
                call.text("caption"), call.text("parse_mode"), call.structure("caption_entities")
            )
        file = file_of(world, call, kind, call.text(kind))
        return deliver(world, call, chat, as_media(file) | content, now)

    return send


def _place(call: Call) -> dict[str, float]:
    place = {}
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            place[name] = float(call.text(name))
        except ValueError:
            raise errors.Refusal(errors.PLACE, name) from None
        if not abs(place[name]) <= most:
            raise errors.Refusal(errors.PLACE, name)
    return place


def send_location(world: World, call: Call, now: float) -> Done:
    """sendLocation."""
    return deliver(world, call, addressed(world, call), {"location": _place(call)}, now)


def send_venue(world: World, call: Call, now: float) -> Done:
    """sendVenue: a place with a name; the location is repeated beside it, as Telegram does."""
    place = _place(call)
    venue = {"location": place, "title": call.text("title"), "address": call.text("address")}
    return deliver(world, call, addressed(world, call), {"venue": venue, "location": place}, now)


def send_contact(world: World, call: Call, now: float) -> Done:
    """sendContact."""
    chat = addressed(world, call)
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.text(name) for name in names if call.text(name)}
    for name in ("phone_number", "first_name"):
        if name not in contact:
            raise errors.Refusal(errors.CONTACT, name.replace("_", " "))
    return deliver(world, call, chat, {"contact": contact}, now)


def copy_message(world: World, call: Call, now: float) -> Done:
    """copyMessage: the same content again, as the bot's own."""
    chat = addressed(world, call)
    found = world.messages.get(call.integer("from_chat_id"), call.integer("message_id"))
    if found is None:
        raise errors.Refusal(errors.COPY_NOT_FOUND)
    content = {name: value for name, value in found[0].items() if name not in NOT_COPIED}
    if "caption" in call.parameters and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")}
        content |= caption_of(
            call.text("caption"), call.text("parse_mode"), call.structure("caption_entities")
        )
    done = deliver(world, call, chat, content, now)
    return Done(f'{{"message_id": {done.message_id}}}', done.message_id, done.text)


def send_chat_action(world: World, call: Call, now: float) -> Done:
    """sendChatAction: no message, no limit, but no entry to who blocked the bot."""
    chat = addressed(world, call)
    chat.check_reachable()
    world.events.add("typing", chat.id)
    return TRUE
