"""What people do: write, tap, share, block. Each act makes the Update Telegram would make."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from bot.sandbox import chats
from bot.sandbox.files import StoredFile, as_media
from bot.sandbox.formatting import found_entities

if TYPE_CHECKING:
    from bot.sandbox.channels import Channel
    from bot.sandbox.people import Person
    from bot.sandbox.world import World

CHAT_INSTANCE = "-4611686018427387904"


class Impossible(Exception):  # noqa: N818, it is an answer, not a mistake of ours
    """An act Telegram's own app would not offer; the sentence says why."""


def _check_can_write(person: Person) -> None:
    if person.deactivated:
        raise Impossible(f"person {person.id} has deleted the account")
    if person.blocked:
        raise Impossible(f"person {person.id} has blocked the bot; unblock first")
    person.unread = 0  # whoever acts in a chat has seen it


def write(
    world: World, person: Person, content: dict[str, Any], reply_to: int | None = None
) -> dict[str, int]:
    """A message from the person to the bot."""
    _check_can_write(person)
    message: dict[str, Any] = {"from": person.as_user(), "chat": person.as_chat(), "date": world.clock.now()}
    if reply_to is not None:
        found = world.messages.get(person.id, reply_to)
        if found is None:
            raise Impossible(f"message {reply_to} is not in the chat")
        message["reply_to_message"] = {k: v for k, v in found[0].items() if k != "reply_to_message"}
    if not person.started:
        person.started = True
        world.people.save(person)
    world.messages.add(person.id, message | content, from_bot=False)
    _take_one_time_keyboard(world, person)
    world.store.commit()
    message_id = world.messages.last_id
    world.events.add("message", person.id)
    update_id = world.updates.add("message", {"message_id": message_id} | message | content)
    return {"update_id": update_id, "message_id": message_id}


def _take_one_time_keyboard(world: World, person: Person) -> None:
    keyboard = world.messages.keyboard_of(person.id)
    if keyboard and keyboard.get("one_time_keyboard"):
        world.messages.keep_keyboard(person.id, {"remove_keyboard": True})


def say(world: World, person: Person, text: str, reply_to: int | None = None) -> dict[str, int]:
    """A text, with the commands and links in it marked as Telegram marks them."""
    text = text.strip()
    if not text:
        raise Impossible("an empty message cannot be sent")
    entities = found_entities(text)
    return write(
        world, person, {"text": text, "entities": entities} if entities else {"text": text}, reply_to
    )


def send_file(world: World, person: Person, file: StoredFile, caption: str = "") -> dict[str, int]:
    """A file of any kind, with a caption if there is one."""
    content: dict[str, Any] = as_media(file)
    if caption:
        content["caption"] = caption
        if entities := found_entities(caption):
            content["caption_entities"] = entities
    return write(world, person, content)


def send_sticker(world: World, person: Person, file: StoredFile, emoji: str) -> dict[str, int]:
    """The sticker of an emoji."""
    content = as_media(file)
    content["sticker"]["emoji"] = emoji
    return write(world, person, content)


def share_contact(
    world: World, person: Person, phone_number: str, user_id: int | None = None, first_name: str = ""
) -> dict[str, int]:
    """A phone number: the own one by the keyboard's button, or somebody else's card.

    A card with a name and no `user_id` is somebody who is not on Telegram.
    """
    contact: dict[str, Any] = {"phone_number": phone_number, "first_name": first_name}
    owner = None if first_name else world.people.by_id.get(user_id or person.id)
    if not first_name:
        contact["first_name"] = owner.first_name if owner else "?"
        contact["user_id"] = user_id or person.id
    if owner and owner.last_name:
        contact["last_name"] = owner.last_name
    return write(world, person, {"contact": contact})


def tap(world: World, person: Person, message_id: int, data: str, resend: bool = False) -> dict[str, Any]:
    """A tap on an inline button. `resend`: the app repeats its last tap, with a new update id."""
    _check_can_write(person)
    query_id = _known_query(world, person, message_id, data) if resend else None
    if query_id is None:
        query_id = str(secrets.randbits(62))
        world.store.write(
            "INSERT INTO callbacks VALUES (?, ?, ?, ?, ?)",
            (query_id, person.id, message_id, data, time.time()),
        )
        world.store.commit()
    query: dict[str, Any] = {
        "id": query_id,
        "from": person.as_user(),
        "chat_instance": CHAT_INSTANCE,
        "data": data,
    }
    found = world.messages.get(person.id, message_id)
    # Telegram still tells about taps on a message that is gone, but not what was in it.
    gone = {"chat": person.as_chat(), "message_id": message_id, "date": 0}
    query["message"] = found[0] if found else gone
    return {"update_id": world.updates.add("callback_query", query), "callback_query_id": query_id}


def _known_query(world: World, person: Person, message_id: int, data: str) -> str | None:
    row = world.store.execute(
        "SELECT id FROM callbacks WHERE chat_id = ? AND message_id = ? AND data = ? ORDER BY at DESC LIMIT 1",
        (person.id, message_id, data),
    ).fetchone()
    return row[0] if row else None


def button_data(world: World, person: Person, message_id: int, row: int, col: int) -> str:
    """What the button at a place carries."""
    found = world.messages.get(person.id, message_id)
    if found is None:
        raise Impossible(f"message {message_id} is not in the chat")
    try:
        button = found[0].get("reply_markup", {})["inline_keyboard"][row][col]
    except (KeyError, IndexError):
        raise Impossible(f"message {message_id} has no button at row {row}, column {col}") from None
    if "callback_data" not in button:
        raise Impossible(f"button {button['text']!r} sends nothing to the bot")
    return str(button["callback_data"])


def set_blocked(world: World, person: Person, blocked: bool) -> dict[str, Any]:
    """The person blocks the bot or takes it back; doing it twice changes nothing."""
    if person.deactivated:
        raise Impossible(f"person {person.id} has deleted the account")
    if person.blocked == blocked:
        return {"update_id": None}
    person.blocked = blocked
    world.people.save(person)
    world.events.add("person", person.id)
    change = {
        "chat": person.as_chat(),
        "from": person.as_user(),
        "date": world.clock.now(),
        "old_chat_member": _membership(world, not blocked),
        "new_chat_member": _membership(world, blocked),
    }
    return {"update_id": world.updates.add("my_chat_member", change)}


def _membership(world: World, blocked: bool) -> dict[str, Any]:
    member: dict[str, Any] = {
        "user": world.bot_user(world.bot_id),
        "status": "kicked" if blocked else "member",
    }
    return member | {"until_date": 0} if blocked else member


def edit(world: World, person: Person, message_id: int, text: str) -> dict[str, int]:
    """The person corrects a text of his own."""
    _check_can_write(person)
    found = world.messages.get(person.id, message_id)
    if found is None or found[1] or "text" not in found[0]:
        raise Impossible(f"message {message_id} is no text of person {person.id}")
    if not text.strip():
        raise Impossible("an empty message cannot be sent")
    kept = {name: value for name, value in found[0].items() if name != "entities"}
    edited = kept | {"text": text.strip(), "edit_date": world.clock.now()}
    if entities := found_entities(edited["text"]):
        edited["entities"] = entities
    world.messages.replace(person.id, edited)
    world.store.commit()
    world.events.add("edit", person.id)
    return {"update_id": world.updates.add("edited_message", edited)}


def react(world: World, person: Person, message_id: int, emoji: str) -> dict[str, int]:
    """A reaction on a message of the bot; an empty one takes it away."""
    _check_can_write(person)
    if world.messages.get(person.id, message_id) is None:
        raise Impossible(f"message {message_id} is not in the chat")
    before = world.messages.react(person.id, message_id, emoji, by_bot=False)
    world.store.commit()
    world.events.add("reaction", person.id)
    change = {
        "chat": person.as_chat(),
        "message_id": message_id,
        "user": person.as_user(),
        "date": world.clock.now(),
        "old_reaction": _reactions(before),
        "new_reaction": _reactions(emoji),
    }
    return {"update_id": world.updates.add("message_reaction", change)}


def _reactions(emoji: str) -> list[dict[str, str]]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def vote(world: World, person: Person, message_id: int, chosen: list[int]) -> dict[str, int]:
    """A vote in a poll; none chosen takes the vote back. Only polls that are not anonymous tell who voted."""
    _check_can_write(person)
    found = world.messages.get(person.id, message_id)
    if found is None or "poll" not in found[0]:
        raise Impossible(f"message {message_id} is no poll")
    message, poll = found[0], found[0]["poll"]
    before = world.messages.chosen(message_id)
    if poll["is_closed"]:
        raise Impossible("the poll is closed")
    if before and not poll["allows_revoting"]:
        raise Impossible("in this poll a vote cannot be changed")
    if not all(place in range(len(poll["options"])) for place in chosen):
        raise Impossible("the poll has no such option")
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise Impossible("the poll takes one answer")
    for place, option in enumerate(poll["options"]):
        option["voter_count"] = int(place in chosen)
    poll["total_voter_count"] = int(bool(chosen))
    world.messages.vote(message_id, chosen)
    world.messages.replace(person.id, message)
    world.store.commit()
    world.events.add("edit", person.id)
    update_id = world.updates.add("poll", poll)
    if not poll["is_anonymous"]:
        persistent = [poll["options"][place]["persistent_id"] for place in chosen]
        answer = {"poll_id": poll["id"], "user": person.as_user(), "option_ids": chosen}
        update_id = world.updates.add("poll_answer", answer | {"option_persistent_ids": persistent})
    return {"update_id": update_id}


def subscribe(world: World, person: Person, channel: Channel, member: bool) -> dict[str, Any]:
    """The person joins or leaves a channel; where the bot is an administrator it hears of it."""
    before = world.channels.is_member(channel, person.id)
    if before == member:
        return {"update_id": None}
    world.channels.set_member(channel, person.id, member)
    world.events.add("channel", person.id)
    if not channel.bot_is_admin:
        return {"update_id": None}
    user = person.as_user()
    change = {
        "chat": channel.as_chat(),
        "from": user,
        "date": world.clock.now(),
        "old_chat_member": chats.membership(user, before),
        "new_chat_member": chats.membership(user, member),
    }
    return {"update_id": world.updates.add("chat_member", change)}


def deactivate(world: World, person: Person) -> None:
    """The person deletes the account; Telegram tells nobody."""
    person.deactivated = True
    world.people.save(person)
    world.events.add("person", person.id)
