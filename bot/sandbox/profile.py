"""The methods about the bot itself, a chat or a file: its names, its commands, what it stored."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, limits
from bot.sandbox.sending import TRUE, Done

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.people import Person
    from bot.sandbox.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DEFAULT_SCOPE = {"type": "default"}
WORDS = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}


def _json(value: Any) -> Done:
    return Done(json.dumps(value, ensure_ascii=False))


def get_me(world: World, call: Call, now: float) -> Done:
    """getMe."""
    can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
           "can_connect_to_business": False, "has_main_web_app": False}  # fmt: skip
    return _json(world.bot_user(call.bot_id) | can)


def _commands_key(scope: dict[str, Any] | None, language: str) -> str:
    return f"commands:{json.dumps(scope or DEFAULT_SCOPE, sort_keys=True)}:{language}"


def set_commands(world: World, call: Call, now: float) -> Done:
    """setMyCommands."""
    commands = call.structure("commands")
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise errors.Refusal(errors.COMMANDS_SHAPE)
    if len(commands) > limits.COMMANDS_LIMIT:
        raise errors.Refusal(errors.COMMANDS_MANY)
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise errors.Refusal(errors.COMMAND)
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise errors.Refusal(errors.COMMAND_WORDS)
    world.store.keep(_commands_key(call.structure("scope"), call.text("language_code")), commands)
    world.events.add("commands")
    return TRUE


def delete_commands(world: World, call: Call, now: float) -> Done:
    """deleteMyCommands."""
    world.store.keep(_commands_key(call.structure("scope"), call.text("language_code")), None)
    world.events.add("commands")
    return TRUE


def get_commands(world: World, call: Call, now: float) -> Done:
    """getMyCommands: exactly the list set for this scope and language."""
    key = _commands_key(call.structure("scope"), call.text("language_code"))
    return _json(world.store.setting(key, None) or [])


def commands_for(world: World, person: Person) -> list[dict[str, str]]:
    """The commands a person sees: the narrowest scope first, in each the own language first."""
    scopes: list[dict[str, Any]] = [
        {"type": "chat", "chat_id": person.id},
        {"type": "all_private_chats"},
        DEFAULT_SCOPE,
    ]
    for scope in scopes:
        for language in (person.language_code or "", ""):
            found: list[dict[str, str]] | None = world.store.setting(_commands_key(scope, language), None)
            if found:
                return found
    return []


def set_words(world: World, call: Call, now: float) -> Done:
    """setMyName, setMyDescription, setMyShortDescription."""
    name = WORDS[call.method.removeprefix("setMy")]
    if len(call.text(name)) > limits.WORDS_LIMITS[name]:
        raise errors.Refusal(errors.WORDS_TOO_LONG, name.replace("_", " "))
    world.store.keep(f"{name}:{call.text('language_code')}", call.text(name))
    world.events.add("commands")
    return TRUE


def get_words(world: World, call: Call, now: float) -> Done:
    """getMyName, getMyDescription, getMyShortDescription."""
    name = WORDS[call.method.removeprefix("getMy")]
    return _json({name: words_for(world, name, call.text("language_code"))})


def words_for(world: World, name: str, language: str) -> str:
    """The bot's words in a language, or those for all languages."""
    own: str = world.store.setting(f"{name}:{language}", "")
    return own or str(world.store.setting(f"{name}:", ""))


def set_menu_button(world: World, call: Call, now: float) -> Done:
    """setChatMenuButton."""
    world.store.keep(
        f"menu_button:{call.chat_id or ''}", call.structure("menu_button") or {"type": "default"}
    )
    return TRUE


def get_menu_button(world: World, call: Call, now: float) -> Done:
    """getChatMenuButton."""
    own = world.store.setting(f"menu_button:{call.chat_id or ''}", None)
    return _json(own or world.store.setting("menu_button:", {"type": "default"}))


def get_webhook(world: World, call: Call, now: float) -> Done:
    """getWebhookInfo: there is never one here."""
    allowed = {"allowed_updates": world.updates.allowed} if world.updates.allowed else {}
    counts = {"has_custom_certificate": False, "pending_update_count": len(world.updates)}
    return _json({"url": ""} | counts | allowed)


def delete_webhook(world: World, call: Call, now: float) -> Done:
    """deleteWebhook: only dropping pending updates has an effect."""
    if call.flag("drop_pending_updates"):
        world.updates.waiting(world.updates.next_id, 1)
    return TRUE


def set_webhook(world: World, call: Call, now: float) -> Done:
    """setWebhook is refused: the sandbox serves getUpdates only. An empty address removes, as at Telegram."""
    if call.text("url"):
        raise errors.Refusal(errors.WEBHOOK)
    return TRUE


def get_file(world: World, call: Call, now: float) -> Done:
    """getFile."""
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise errors.Refusal(errors.WRONG_FILE_ID)
    if file.size > limits.DOWNLOAD_LIMIT_BYTES:
        raise errors.Refusal(errors.FILE_TOO_BIG)
    return _json(file.as_json() | {"file_path": file.path})
