"""The methods about a chat: who is in it, what is known of it, the bot's reactions in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.channels import Channel
from bot.sandbox.sending import TRUE, Done, addressed

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.world import World

# Telegram's own set; anything else is REACTION_INVALID.
EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣"
    " ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡"
    " 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
REACTIONS = frozenset(EMOJI.split())
RIGHTS = (
    "can_be_edited", "can_manage_chat", "can_change_info", "can_post_messages", "can_edit_messages",
    "can_delete_messages", "can_invite_users", "can_restrict_members", "can_promote_members",
    "can_manage_video_chats", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages", "is_anonymous",
)  # fmt: skip
GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
)  # fmt: skip


def _json(value: Any) -> Done:
    return Done(json.dumps(value, ensure_ascii=False))


def get_chat(world: World, call: Call, now: float) -> Done:
    """getChat."""
    chat = addressed(world, call)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, True)}
    usernames = {"active_usernames": [chat.username]} if chat.username else {}
    return _json(chat.as_chat() | full | usernames)


def get_chat_member(world: World, call: Call, now: float) -> Done:
    """getChatMember: of a channel where the bot is an administrator, or of a private chat."""
    chat = addressed(world, call)
    user_id = call.integer("user_id")
    if isinstance(chat, Channel) and not chat.bot_is_admin:
        raise errors.Refusal(errors.MEMBER_LIST)
    if user_id == call.bot_id:
        return _json(bot_member(world, call.bot_id))
    person = world.people.by_id.get(user_id)
    if person is None:
        raise errors.Refusal(errors.USER_NOT_FOUND)
    here = world.channels.is_member(chat, user_id) if isinstance(chat, Channel) else chat is person
    return _json(membership(person.as_user(), here))


def membership(user: dict[str, Any], here: bool) -> dict[str, Any]:
    """A person as Telegram's ChatMember."""
    return {"user": user, "status": "member" if here else "left"}


def bot_member(world: World, bot_id: int) -> dict[str, Any]:
    """The bot as an administrator."""
    rights = dict.fromkeys(RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
    return {"user": world.bot_user(bot_id), "status": "administrator"} | rights


def set_reaction(world: World, call: Call, now: float) -> Done:
    """setMessageReaction: one emoji of Telegram's set, or none."""
    chat = addressed(world, call)
    given = call.structure("reaction") or []
    if len(given) > 1:
        raise errors.Refusal(errors.REACTIONS)
    emoji = [str(reaction.get("emoji")) for reaction in given]
    if not REACTIONS.issuperset(emoji):
        raise errors.Refusal(errors.REACTION)
    message_id = call.integer("message_id")
    if world.messages.get(chat.id, message_id) is None:
        raise errors.Refusal(errors.REACT_NOT_FOUND)
    world.messages.react(chat.id, message_id, emoji[0] if emoji else "", by_bot=True)
    world.events.add("reaction", chat.id)
    return TRUE if not emoji else Done("true", message_id, emoji[0])
