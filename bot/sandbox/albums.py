"""Albums and the media they are made of: sendMediaGroup, and the InputMedia of an edit."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, limits
from bot.sandbox.files import as_media
from bot.sandbox.messages import EDITABLE
from bot.sandbox.sending import Done, addressed, caption_of, envelope, file_of

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.world import World

GROUPED = frozenset({"photo", "video", "document", "audio"})
OWN_KIND = ("document", "audio")


def media_of(world: World, call: Call, given: Any) -> dict[str, Any]:
    """An InputMedia as the fields of a Message."""
    if not isinstance(given, dict) or not given.get("media"):
        raise errors.Refusal(errors.INPUT_MEDIA, "media not found")
    if given.get("type") not in EDITABLE:
        raise errors.Refusal(errors.INPUT_MEDIA, f'type "{given.get("type")}" is unsupported')
    name = str(given["media"])
    if name.startswith("attach://") and name.removeprefix("attach://") not in call.uploads:
        raise errors.Refusal(errors.INPUT_MEDIA, "media not found")
    caption = caption_of(
        given.get("caption") or "", given.get("parse_mode") or "", given.get("caption_entities")
    )
    return as_media(file_of(world, call, given["type"], name)) | caption


def _items(call: Call) -> list[dict[str, Any]]:
    items = call.structure("media")
    if not items:
        raise errors.Refusal(errors.ALBUM_EMPTY)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise errors.Refusal(errors.INPUT_MEDIA, "expected an Object")
    if len(items) > limits.ALBUM_LIMIT:
        raise errors.Refusal(errors.ALBUM_TOO_LONG)
    kinds = {item.get("type") for item in items}
    for kind in kinds - GROUPED:
        raise errors.Refusal(errors.INPUT_MEDIA, f'type "{kind}" can\'t be used in sendMediaGroup')
    for kind in OWN_KIND:
        if kind in kinds and len(kinds) > 1:
            raise errors.Refusal(errors.ALBUM_MIXED, kind)
    return items


def send_album(world: World, call: Call, now: float) -> Done:
    """sendMediaGroup: several messages of one group; an only item is a plain message.

    A keyboard is not looked at: §3 "no inline keyboard on albums".
    """
    chat = addressed(world, call)
    contents = [media_of(world, call, item) for item in _items(call)]
    message = envelope(world, call, chat)
    if len(contents) > 1:
        message["media_group_id"] = str(secrets.randbits(53))
    world.throttle.take_send(chat.id, now, len(contents))
    chat.check_reachable()
    bodies = [world.messages.add(chat.id, message | content, from_bot=True) for content in contents]
    world.events.add("message", chat.id)
    words = next((content["caption"] for content in contents if "caption" in content), "album")
    return Done(f"[{', '.join(bodies)}]", world.messages.last_id, words)
