"""Keyboards of a call: checked against Telegram's limits and brought into the shape a message carries."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import errors, limits

ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
Markup = dict[str, Any]


def check(markup: Any) -> Markup | None:
    """The keyboard as given, or a refusal; None where the call carries none."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise errors.Refusal(errors.MARKUP_PARSE)
    if "inline_keyboard" in markup:
        _check_inline(_rows(markup["inline_keyboard"]))
    elif "keyboard" in markup:
        _check_reply(_rows(markup["keyboard"]))
    if len(json.dumps(markup, ensure_ascii=False).encode()) > limits.MARKUP_LIMIT_BYTES:
        raise errors.Refusal(errors.MARKUP_TOO_LONG)
    return markup


def inline(markup: Markup | None) -> Markup | None:
    """Only an inline keyboard stays on the message itself; an empty one is none."""
    if markup is None or not any(markup.get("inline_keyboard", ())):
        return None
    return {"inline_keyboard": [row for row in markup["inline_keyboard"] if row]}


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise errors.Refusal(errors.MARKUP_PARSE)
    return rows


def _check_size(rows: list[list[Any]], buttons: int, in_row: int) -> None:
    if sum(map(len, rows)) > buttons or any(len(row) > in_row for row in rows):
        raise errors.Refusal(errors.MARKUP_TOO_LONG)


def _check_inline(rows: list[list[Any]]) -> None:
    _check_size(rows, limits.INLINE_BUTTONS_LIMIT, limits.INLINE_ROW_LIMIT)
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise errors.Refusal(errors.BUTTON_KIND, "expected an Object")
    if not button.get("text"):
        raise errors.Refusal(errors.BUTTON_KIND, 'field "text" must be of type String and not empty')
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if len(actions) != 1:
        raise errors.Refusal(errors.BUTTON_KIND, "exactly one of the optional fields must be used")
    if actions == ["callback_data"]:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= limits.CALLBACK_DATA_LIMIT_BYTES:
            raise errors.Refusal(errors.BUTTON_DATA)
    if actions == ["copy_text"]:
        copied = button["copy_text"].get("text", "") if isinstance(button["copy_text"], dict) else ""
        if not 1 <= len(copied) <= limits.COPY_TEXT_LIMIT:
            raise errors.Refusal(errors.BUTTON_COPY)
    if actions == ["url"] and not _is_button_url(str(button["url"])):
        raise errors.Refusal(errors.BUTTON_URL)


def _is_button_url(url: str) -> bool:
    return " " not in url and ("." in url or url.startswith(("tg://", "http://localhost", "mailto:")))


def _check_reply(rows: list[list[Any]]) -> None:
    _check_size(rows, limits.REPLY_BUTTONS_LIMIT, limits.REPLY_ROW_LIMIT)
    for row in rows:
        for button in row:
            text = button.get("text") if isinstance(button, dict) else button
            if not isinstance(text, str) or not text:
                raise errors.Refusal(errors.MARKUP_PARSE)
