"""How the control API shows a chat: what a person sees now, in plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import profile
from bot.sandbox.formatting import as_html
from bot.sandbox.messages import FILES, MEDIA, summary

if TYPE_CHECKING:
    from bot.sandbox.messages import Message
    from bot.sandbox.people import Person
    from bot.sandbox.world import World


def chat(world: World, person: Person, limit: int, before: int | None) -> dict[str, Any]:
    """The chat as the person sees it, oldest message first."""
    language = person.language_code or ""
    return {
        "person": person.as_json(),
        "messages": messages(world, person, limit, before),
        "channels": [
            channel.as_json() | {"member": world.channels.is_member(channel, person.id)}
            for channel in world.channels.by_id.values()
        ],
        "bot": world.bot_user(world.bot_id),
        "keyboard": world.messages.keyboard_of(person.id),
        "toasts": world.messages.toasts(person.id),
        "commands": profile.commands_for(world, person),
        "description": profile.words_for(world, "description", language),
    }


def messages(world: World, person: Person, limit: int, before: int | None) -> list[dict[str, Any]]:
    """The messages with what was done to them since: reactions and votes."""
    reactions, shown = world.messages.reactions(person.id), []
    for body, from_bot in world.messages.in_chat(person.id, limit, before):
        one = message(body, from_bot)
        one["reactions"] = reactions.get(body["message_id"], {})
        if "poll" in body:
            one["media"]["chosen"] = world.messages.chosen(body["message_id"])
        shown.append(one)
    return shown


def message(body: Message, from_bot: bool) -> dict[str, Any]:
    """One message: its words as HTML, its buttons as rows, its file by an address."""
    words = body.get("text") or body.get("caption") or ""
    entities = body.get("entities") or body.get("caption_entities") or []
    kind = next(
        (kind for kind in MEDIA if kind in body and not (kind == "document" and "animation" in body)), None
    )
    reply = body.get("reply_to_message")
    return {
        "message_id": body["message_id"],
        "from_bot": from_bot,
        "date": body["date"],
        "edited": "edit_date" in body,
        "text": body.get("text"),
        "caption": body.get("caption"),
        "html": as_html(words, entities),
        "buttons": [
            [_button(b) for b in row] for row in body.get("reply_markup", {}).get("inline_keyboard", [])
        ],
        "media": _media(kind, body) if kind else None,
        "album": body.get("media_group_id"),
        "reply_to": {"message_id": reply["message_id"], "text": summary(reply)[:80]} if reply else None,
    }


def _button(button: dict[str, Any]) -> dict[str, Any]:
    shown = {"text": button["text"]}
    if "callback_data" in button:
        shown["data"] = button["callback_data"]
    shown |= {name: value for name, value in button.items() if name not in ("text", "callback_data")}
    return shown


def _media(kind: str, body: Message) -> dict[str, Any]:
    content = body[kind][-1] if kind == "photo" else body[kind]
    shown: dict[str, Any] = {"kind": kind}
    if kind in FILES:
        shown["url"] = f"/sandbox/files/{content['file_id']}"
        shown["name"] = content.get("file_name", kind)
        shown["size"] = content["file_size"]
    else:
        shown |= content | {"kind": kind}
    for name in ("width", "height", "emoji", "duration"):
        if name in content:
            shown[name] = content[name]
    return shown
