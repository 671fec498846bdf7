"""Polls: sendPoll, stopPoll, and what happens to them when a person votes."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors, formatting, limits, markup
from bot.sandbox.sending import Done, addressed, deliver

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.world import World


def _words(call: Call, name: str, most: int) -> str:
    mode, given = call.text(f"{name}_parse_mode"), call.structure(f"{name}_entities")
    text, _ = formatting.read(call.text(name), mode, given)
    lines = limits.POLL_EXPLANATION_LINES if name == "explanation" else most
    if len(text) > most or text.count("\n") > lines:
        raise errors.Refusal(errors.POLL_EXPLANATION, name)
    return text


def _question(call: Call) -> str:
    question, _ = formatting.read(
        call.text("question"), call.text("question_parse_mode"), call.structure("question_entities")
    )
    if not question:
        raise errors.Refusal(errors.POLL_WORDS)
    if len(question) > limits.POLL_QUESTION_LIMIT:
        raise errors.Refusal(errors.POLL_QUESTION)
    return question


def _options(call: Call) -> list[dict[str, Any]]:
    given = call.structure("options") or []
    if not given:
        raise errors.Refusal(errors.POLL_NO_OPTIONS)
    if len(given) > limits.POLL_OPTIONS_LIMIT:
        raise errors.Refusal(errors.POLL_OPTIONS)
    texts = [str(option.get("text", "") if isinstance(option, dict) else option).strip() for option in given]
    if not all(texts):
        raise errors.Refusal(errors.POLL_WORDS)
    if any(len(text) > limits.POLL_OPTION_LIMIT for text in texts):
        raise errors.Refusal(errors.POLL_OPTION)
    return [{"persistent_id": secrets.token_hex(8), "text": text, "voter_count": 0} for text in texts]


def _quiz(call: Call, options: int) -> dict[str, Any]:
    right = call.structure("correct_option_ids")
    if right is None and call.text("correct_option_id"):
        right = [call.integer("correct_option_id")]
    if not isinstance(right, list) or not right or not all(right_id in range(options) for right_id in right):
        raise errors.Refusal(errors.POLL_RIGHT)
    return {"correct_option_ids": right, "correct_option_id": right[0]}


def _flag(call: Call, name: str, default: bool) -> bool:
    return call.flag(name) if call.text(name) else default


def _poll(call: Call) -> dict[str, Any]:
    kind, question, options = call.text("type") or "regular", _question(call), _options(call)
    if kind not in ("regular", "quiz"):
        raise errors.Refusal(errors.POLL_KIND)
    poll = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": _flag(call, "is_anonymous", True),
        "type": kind,
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": _flag(call, "allows_revoting", kind == "regular"),
        "members_only": False,
    }
    if kind == "quiz":
        poll |= _quiz(call, len(options))
    for name, most in (
        ("explanation", limits.POLL_EXPLANATION_LIMIT),
        ("description", limits.POLL_DESCRIPTION_LIMIT),
    ):
        if words := _words(call, name, most):
            poll[name] = words
    if call.text("open_period"):
        least, most = limits.POLL_PERIOD_SECONDS
        if not least <= call.integer("open_period") <= most:
            raise errors.Refusal(errors.POLL_PERIOD)
        poll["open_period"] = call.integer("open_period")
    return poll


def of_person(question: str, options: list[str], takes_many: bool) -> dict[str, Any]:
    """A poll as a person's app makes it: anonymous."""
    return {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": [
            {"persistent_id": secrets.token_hex(8), "text": text, "voter_count": 0} for text in options
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": takes_many,
        "allows_revoting": True,
        "members_only": False,
    }


def send_poll(world: World, call: Call, now: float) -> Done:
    """sendPoll, regular or quiz."""
    chat = addressed(world, call)
    poll = _poll(call)
    done = deliver(world, call, chat, {"poll": poll}, now)
    return Done(done.result, done.message_id, poll["question"])


def stop_poll(world: World, call: Call, now: float) -> Done:
    """stopPoll: gives the poll as it ended."""
    chat = addressed(world, call)
    found = world.messages.get(chat.id, call.integer("message_id"))
    if found is None or "poll" not in found[0] or not found[1]:
        raise errors.Refusal(errors.POLL_NOT_FOUND)
    message = found[0]
    if message["poll"]["is_closed"]:
        raise errors.Refusal(errors.POLL_CLOSED)
    message["poll"]["is_closed"] = True
    message.pop("reply_markup", None)
    keyboard = markup.inline(markup.check(call.structure("reply_markup")))
    if keyboard:
        message["reply_markup"] = keyboard
    world.messages.replace(chat.id, message)
    world.updates.add("poll", message["poll"])
    world.events.add("edit", chat.id)
    return Done(json.dumps(message["poll"], ensure_ascii=False), message["message_id"])
