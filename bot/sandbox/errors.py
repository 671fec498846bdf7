"""Everything the sandbox refuses and every limit it holds: one table.

Each row quotes the row of the platform fact sheet (`reference/telegram.md`) it comes from;
the words are Telegram's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One answer that is not `ok`: an HTTP status and Telegram's words for it."""

    status: int
    description: str


class Refusal(Exception):  # noqa: N818, it is an answer, not a mistake of ours
    """The call is answered with a row of the table; `detail` fills the row's blank."""

    def __init__(self, row: Row, detail: str = "", parameters: dict[str, Any] | None = None) -> None:
        super().__init__(row.description)
        self.status = row.status
        self.description = row.description.format(detail) if "{}" in row.description else row.description
        self.parameters = parameters


# §2 "401 | TelegramUnauthorizedError | fatal for the process | stop all lanes, alert: token revoked"
UNAUTHORIZED = Row(401, "Unauthorized")
# §2 "404 `Not Found` | TelegramNotFound | fatal config | bad token shape/method"
NOT_FOUND = Row(404, "Not Found")
# §2 "409 | TelegramConflictError | fatal config | second poller or webhook active"
CONFLICT = Row(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
# §2 "413 | TelegramEntityTooLarge | permanent"; §3 "upload ≤ 50 MB"
ENTITY_TOO_LARGE = Row(413, "Request Entity Too Large")
# §2 "429 with retry_after ≥ 1 | TelegramRetryAfter | not sent, transient"
TOO_MANY_REQUESTS = Row(429, "Too Many Requests: retry after {}")
# §2 "500 `Internal Server Error: restart` | RestartingTelegram | ambiguous"
RESTART = Row(500, "Internal Server Error: restart")

# §2 "403 `Forbidden: bot was blocked by the user` (USER_IS_BLOCKED) | permanent until unblock"
BLOCKED = Row(403, "Forbidden: bot was blocked by the user")
# §2 "403 `Forbidden: user is deactivated` | permanent"
DEACTIVATED = Row(403, "Forbidden: user is deactivated")
# §2 "403 `Forbidden: bot can't initiate conversation with a user` (PEER_ID_INVALID) | permanent until /start"
NEVER_STARTED = Row(403, "Forbidden: bot can't initiate conversation with a user")
# §2 "403 `the bot can't send messages to the bot`"
TO_ITSELF = Row(403, "Forbidden: the bot can't send messages to the bot")

# §2 "400 `chat not found`, `private chat not found` | TelegramBadRequest | permanent for this bot"
CHAT_NOT_FOUND = Row(400, "Bad Request: chat not found")
# §2 "400 `message is too long` (> 4096)"
TEXT_TOO_LONG = Row(400, "Bad Request: message is too long")
# §2 "400 … `message caption is too long`"
CAPTION_TOO_LONG = Row(400, "Bad Request: message caption is too long")
# §2 "400 … `text is too long` (> 32 768 bytes before parsing)"
RAW_TEXT_TOO_LONG = Row(400, "Bad Request: text is too long")
# §2 "400 `can't parse entities: …`"
CANT_PARSE = Row(400, "Bad Request: can't parse entities: {}")
# §2 "400 … `message text is empty`"
TEXT_EMPTY = Row(400, "Bad Request: message text is empty")
# §2 "400 … BUTTON_*_INVALID"; §3 "callback_data 1-64 bytes"
BUTTON_DATA = Row(400, "Bad Request: BUTTON_DATA_INVALID")
# §2 "400 … BUTTON_*_INVALID" (a link that is no link)
BUTTON_URL = Row(400, "Bad Request: BUTTON_URL_INVALID")
# §2 "400 … BUTTON_*_INVALID" (a button nothing happens by, or with no words on it)
BUTTON_KIND = Row(400, "Bad Request: can't parse inline keyboard button: {}")
# §2 "400 … `reply markup is too long`"; §3 "≤ 100 buttons, ≤ 8 per row; reply keyboard ≤ 300/12"
MARKUP_TOO_LONG = Row(400, "Bad Request: reply markup is too long")
# §2 "400 … template or per-user data fault": a reply_markup that is no JSON of the right shape
MARKUP_PARSE = Row(400, "Bad Request: can't parse reply keyboard markup JSON object")
# §2 "400 … `wrong file identifier/HTTP URL specified`"
WRONG_FILE = Row(400, "Bad Request: wrong file identifier/HTTP URL specified")
# §2 "400 … per-user data fault": a file parameter that is missing
NO_FILE = Row(400, "Bad Request: there is no {} in the request")
# §2 "400 `message is not modified…` | benign on edit | treat as success"
NOT_MODIFIED = Row(
    400,
    "Bad Request: message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message",
)
# §2 "400 `message to edit/delete not found`"
EDIT_NOT_FOUND = Row(400, "Bad Request: message to edit not found")
# §2 "400 `message to edit/delete not found`"
DELETE_NOT_FOUND = Row(400, "Bad Request: message to delete not found")
# §2 "400 … `message can't be deleted` (> 48 h)"; §3 "deleteMessage only < 48 h"
CANT_DELETE = Row(400, "Bad Request: message can't be deleted for everyone")
# §2 (permanent): a message that is not the bot's own
CANT_EDIT = Row(400, "Bad Request: message can't be edited")
# §2 (permanent): text edited in a message that carries a file
NO_TEXT_TO_EDIT = Row(400, "Bad Request: there is no text in the message to edit")
# §2 (permanent): caption edited in a message that carries none
NO_CAPTION_TO_EDIT = Row(400, "Bad Request: there is no caption in the message to edit")
# §2 "400 `query is too old and response timeout expired or query ID is invalid` | benign"
QUERY_TOO_OLD = Row(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
# §3 "callback answer text 0-200"
ANSWER_TOO_LONG = Row(400, "Bad Request: MESSAGE_TOO_LONG")
# §2 (permanent, template fault): a reply to a message that is not there
REPLY_NOT_FOUND = Row(400, "Bad Request: message to be replied not found")
# §3 "Files: download ≤ 20 MB"
FILE_TOO_BIG = Row(400, "Bad Request: file is too big")
# §2 "wrong file identifier"
WRONG_FILE_ID = Row(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
# §2 (fatal config): a parameter of the wrong shape
BAD_PARAMETER = Row(400, "Bad Request: {}")
# Ours, not Telegram's: whoever wants a webhook is told that there is none here
WEBHOOK_UNSUPPORTED = Row(400, "Bad Request: bad webhook: the sandbox serves getUpdates only")

TEXT_LIMIT = 4096  # §3 "Text 1-4096 after entity parsing"
CAPTION_LIMIT = 1024  # §3 "caption 0-1024"
RAW_TEXT_LIMIT_BYTES = 32_768  # §2 "> 32 768 bytes before parsing"
CALLBACK_DATA_LIMIT_BYTES = 64  # §3 "callback_data 1-64 bytes"
CALLBACK_ANSWER_LIMIT = 200  # §3 "callback answer text 0-200"
INLINE_BUTTONS_LIMIT, INLINE_ROW_LIMIT = 100, 8  # §3 "Inline keyboard: ≤ 100 buttons, ≤ 8 per row"
REPLY_BUTTONS_LIMIT, REPLY_ROW_LIMIT = 300, 12  # §3 "reply keyboard ≤ 300/12"
MARKUP_LIMIT_BYTES = 10_240  # §3 "whole markup ≲ 10 KB"
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024  # §3 "upload ≤ 50 MB"
DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024  # §3 "download ≤ 20 MB"
CALLBACK_LIFE_SECONDS = 150  # §0 "Callback clicks live only 150 s"
DELETE_LIFE_SECONDS = 48 * 3600  # §3 "deleteMessage only < 48 h"
UPDATES_LIMIT = 100_000  # §0 "the queue holds at most 100 000 updates"
TOTAL_RATE_PER_SECOND = 30.0  # §1 "bulk notifications, whole bot ~30 msg/s"
CHAT_RATE_PER_SECOND = 1.0  # §1 "one chat: avoid > 1 msg/s; short bursts allowed, then 429"
EDIT_RATE_PER_SECOND, EDIT_BURST = (
    5.0,
    20.0,
)  # §1 "message edits: subject to the same per-chat limits", kept generous
