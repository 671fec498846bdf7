"""The send methods: check as Telegram checks, deliver into the chat, answer with the Message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, formatting, markup
from bot.sandbox.files import StoredFile, as_media
from bot.sandbox.people import check_reachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.calls import Call
    from bot.sandbox.people import Person
    from bot.sandbox.world import World


@dataclass(frozen=True)
class Done:
    """What a method did: its result as JSON text, and what the log shall know of it."""

    result: str
    message_id: int | None = None
    text: str | None = None


TRUE = Done("true")


def text_of(call: Call) -> dict[str, Any]:
    """The text of a call as the fields of a Message."""
    raw = call.text("text")
    if not raw:
        raise errors.Refusal(errors.TEXT_EMPTY)
    text, entities = formatting.read(raw, call.text("parse_mode"), call.structure("entities"))
    if not text:
        raise errors.Refusal(errors.TEXT_EMPTY)
    if len(text) > errors.TEXT_LIMIT:
        raise errors.Refusal(errors.TEXT_TOO_LONG)
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(raw: str, mode: str, given: list[Any] | None) -> dict[str, Any]:
    """A caption as the fields of a Message."""
    text, entities = formatting.read(raw, mode, given) if raw else ("", [])
    if len(text) > errors.CAPTION_LIMIT:
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


def deliver(world: World, call: Call, person: Person, content: dict[str, Any], now: float) -> Done:
    """Put a checked message into the chat, if the limits and the person let it in."""
    keyboard = markup.check(call.structure("reply_markup"))
    message: dict[str, Any] = {
        "from": world.bot_user(call.bot_id),
        "chat": person.as_chat(),
        "date": world.clock.now(),
    } | _reply(world, call, person)
    world.throttle.take_send(person.id, now)
    check_reachable(person)
    message |= content
    on_message = markup.inline(keyboard)
    if on_message:
        message["reply_markup"] = on_message
    if call.flag("protect_content"):
        message["has_protected_content"] = True
    result = world.messages.add(person.id, message, from_bot=True)
    world.messages.keep_keyboard(person.id, keyboard)
    world.events.add("message", person.id)
    words = content.get("text") or content.get("caption") or next(iter(content), "")
    return Done(result, world.messages.last_id, words)


def _reply(world: World, call: Call, person: Person) -> dict[str, Any]:
    given = call.structure("reply_parameters") or {}
    wanted = given.get("message_id") or call.integer("reply_to_message_id")
    if not wanted:
        return {}
    found = world.messages.get(person.id, int(wanted))
    if found is None:
        if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
            return {}
        raise errors.Refusal(errors.REPLY_NOT_FOUND)
    return {"reply_to_message": {k: v for k, v in found[0].items() if k != "reply_to_message"}}


def send_message(world: World, call: Call, now: float) -> Done:
    """sendMessage."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    return deliver(world, call, person, text_of(call), now)


def send_file(kind: str) -> Callable[[World, Call, float], Done]:
    """The send method of one kind of file."""

    def send(world: World, call: Call, now: float) -> Done:
        person = world.people.in_chat(call.parameters.get("chat_id"))
        content: dict[str, Any] = {}
        if kind != "sticker":
            content = caption_of(
                call.text("caption"), call.text("parse_mode"), call.structure("caption_entities")
            )
        file = file_of(world, call, kind, call.text(kind))
        return deliver(world, call, person, as_media(file) | content, now)

    return send


def send_location(world: World, call: Call, now: float) -> Done:
    """sendLocation."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    try:
        place = {name: float(call.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise errors.Refusal(errors.BAD_PARAMETER, "bad location coordinates") from None
    return deliver(world, call, person, {"location": place}, now)


def send_contact(world: World, call: Call, now: float) -> Done:
    """sendContact."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.text(name) for name in names if call.text(name)}
    return deliver(world, call, person, {"contact": contact}, now)


def copy_message(world: World, call: Call, now: float) -> Done:
    """copyMessage: the same content again, as the bot's own."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    found = world.messages.get(call.integer("from_chat_id"), call.integer("message_id"))
    if found is None:
        raise errors.Refusal(errors.BAD_PARAMETER, "message to copy not found")
    apart = {"message_id", "from", "chat", "date", "edit_date", "reply_markup", "reply_to_message"}
    content = {name: value for name, value in found[0].items() if name not in apart}
    if "caption" in call.parameters and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")}
        content |= caption_of(
            call.text("caption"), call.text("parse_mode"), call.structure("caption_entities")
        )
    done = deliver(world, call, person, content, now)
    return Done(f'{{"message_id": {done.message_id}}}', done.message_id, done.text)


def send_chat_action(world: World, call: Call, now: float) -> Done:
    """sendChatAction: no message, no limit, but no entry to who blocked the bot."""
    person = world.people.in_chat(call.parameters.get("chat_id"))
    check_reachable(person)
    world.events.add("typing", person.id)
    return TRUE
