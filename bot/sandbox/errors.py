"""Everything the sandbox refuses: one table, in Telegram's own words.

A row says to which methods and when it happens, and quotes the row of the platform fact sheet
(`reference/telegram.md`) it comes from. `SERVER` marks words that stand not there but in the open source of
the Bot API server or TDLib; `OURS` marks words of our own for what Telegram's words are not known for.
docs/sandbox.md shows this table, and a test provokes every row over HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox import limits

SERVER = "Bot API server or TDLib source"
OURS = "words of our own"
SEND, EDIT, TEXT, CAPTION, KEYBOARD = "send*", "edit*", "any text", "any caption", "any reply_markup"


@dataclass(frozen=True)
class Row:
    """One answer that is not `ok`; `{}` in the words is filled by the call."""

    methods: str
    when: str
    status: int
    description: str
    source: str


class Refusal(Exception):  # noqa: N818, it is an answer, not a mistake of ours
    """The call is answered with a row of the table; `details` fill the row's blanks."""

    def __init__(self, row: Row, *details: object, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(row.description)
        self.status = row.status
        self.description = row.description.format(*details) if details else row.description
        self.parameters = parameters


# fmt: off
# -- the call itself
UNAUTHORIZED = Row("every method", "the token was revoked", 401, "Unauthorized",
    '§2 "401 | fatal for the process"')
NOT_FOUND = Row("every method", "a token of the wrong shape, or no such method or file", 404, "Not Found",
    '§2 "404 `Not Found` | bad token shape/method"')
CONFLICT = Row("getUpdates", "another getUpdates began meanwhile", 409, "Conflict: terminated by other "
    "getUpdates request; make sure that only one bot instance is running",
    '§2 "409 | second poller or webhook active"; §7 "terminated by other getUpdates"')
ENTITY_TOO_LARGE = Row("every upload", f"more than {limits.UPLOAD_LIMIT_BYTES >> 20} MB", 413,
    "Request Entity Too Large", '§2 "413 | permanent"; §3 "upload ≤ 50 MB"')
TOO_MANY_REQUESTS = Row("send*, edit*", f"above {limits.TOTAL_RATE_PER_SECOND:g} messages a second or "
    f"{limits.CHAT_RATE_PER_SECOND:g} a second into one chat", 429, "Too Many Requests: retry after {}",
    '§1 "one chat: avoid > 1 msg/s … whole bot ~30 msg/s"; §2 "429 with retry_after ≥ 1"')
RESTART = Row("every method", "the fault http500 is on", 500, "Internal Server Error: restart",
    '§2 "500 `Internal Server Error: restart` | ambiguous"')
JSON_BODY = Row("every method", "a JSON body that is none", 400, "Bad Request: can't parse JSON object",
    SERVER)
JSON_FIELD = Row("every method", "a parameter that should be JSON and is not", 400,
    "Bad Request: can't parse {} JSON object", SERVER)
NOT_A_NUMBER = Row("every method", "a parameter that should be a whole number and is not", 400,
    'Bad Request: parameter "{}" must be an integer', OURS)
WEBHOOK = Row("setWebhook", "with an address: there is only getUpdates here", 400,
    "Bad Request: bad webhook: the sandbox serves getUpdates only", OURS)

# -- who it is for
BLOCKED = Row(SEND, "the person has blocked the bot", 403, "Forbidden: bot was blocked by the user",
    '§2 "403 `Forbidden: bot was blocked by the user` | permanent until unblock"')
DEACTIVATED = Row(SEND, "the person has deleted the account", 403, "Forbidden: user is deactivated",
    '§2 "403 `Forbidden: user is deactivated` | permanent"')
NEVER_STARTED = Row(SEND, "the person has never written to the bot", 403,
    "Forbidden: bot can't initiate conversation with a user",
    '§2 "403 `Forbidden: bot can\'t initiate conversation with a user` | permanent until /start"')
TO_ITSELF = Row(SEND, "chat_id is the bot's own", 403, "Forbidden: the bot can't send messages to the bot",
    '§2 "403 `the bot can\'t send messages to the bot` | drop target"')
NOT_IN_CHANNEL = Row(SEND, "the bot is not in the channel", 403,
    "Forbidden: bot is not a member of the channel chat", '§2 "403 … `bot is not a member…`"')
CHAT_NOT_FOUND = Row("every chat_id", "nobody and no channel has it", 400, "Bad Request: chat not found",
    '§2 "400 `chat not found` | permanent for this bot"')
MEMBER_LIST = Row("getChatMember", "the bot is no administrator of the channel", 400,
    "Bad Request: member list is inaccessible", SERVER)
USER_NOT_FOUND = Row("getChatMember", "user_id is nobody's", 400, "Bad Request: user not found", SERVER)

# -- texts
TEXT_EMPTY = Row(TEXT, "empty, or nothing left after parsing", 400, "Bad Request: message text is empty",
    '§2 "400 … `message text is empty` | template or per-user data fault"')
TEXT_TOO_LONG = Row(TEXT, f"more than {limits.TEXT_LIMIT} characters after parsing", 400,
    "Bad Request: message is too long", '§2 "400 `message is too long` (> 4096)"')
RAW_TEXT_TOO_LONG = Row(TEXT, f"more than {limits.RAW_TEXT_LIMIT_BYTES} bytes before parsing", 400,
    "Bad Request: text is too long", '§2 "`text is too long` (> 32 768 bytes before parsing)"')
CAPTION_TOO_LONG = Row(CAPTION, f"more than {limits.CAPTION_LIMIT} characters after parsing", 400,
    "Bad Request: message caption is too long", '§2 "`message caption is too long`"; §3 "caption 0-1024"')
PARSE_MODE = Row("any parse_mode", "not HTML, MarkdownV2 or Markdown", 400,
    "Bad Request: unsupported parse_mode", SERVER)
ENTITIES = '§2 "400 `can\'t parse entities: …`"'
PARSE = "Bad Request: can't parse entities: "
TAG_UNKNOWN = Row(TEXT, "HTML: a tag Telegram does not know", 400,
    PARSE + 'Unsupported start tag "{}" at byte offset {}', ENTITIES)
TAG_CUT = Row(TEXT, "HTML: the text ends inside a tag's name", 400,
    PARSE + "Unclosed start tag at byte offset {}",
    ENTITIES)
TAG_UNCLOSED = Row(TEXT, "HTML: the text ends inside a tag", 400,
    PARSE + 'Unclosed start tag "{}" at byte offset {}', ENTITIES)
TAG_NEVER_ENDED = Row(TEXT, "HTML: a tag is never ended", 400,
    PARSE + 'Can\'t find end tag corresponding to start tag "{}"', ENTITIES)
TAG_UNMATCHED = Row(TEXT, "HTML: tags are ended in the wrong order", 400,
    PARSE + 'Unmatched end tag at byte offset {}, expected "</{}>", found "</{}>"', ENTITIES)
TAG_UNEXPECTED_END = Row(TEXT, "HTML: an end without a start", 400,
    PARSE + "Unexpected end tag at byte offset {}", ENTITIES)
TAG_END_CUT = Row(TEXT, "HTML: an end tag is not closed", 400, PARSE + "Unclosed end tag at byte offset {}",
    ENTITIES)
SPAN_CLASS = Row(TEXT, "HTML: a span that is no spoiler", 400,
    PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset {}', ENTITIES)
CUSTOM_EMOJI = Row(TEXT, "HTML: a custom emoji without its number", 400,
    PARSE + "Invalid custom emoji identifier specified", ENTITIES)
ATTRIBUTE_NAME = Row(TEXT, "HTML: an attribute without a name", 400,
    PARSE + 'Empty attribute name in the tag "{}" at byte offset {}', ENTITIES)
ATTRIBUTE_VALUE = Row(TEXT, "HTML: an attribute with no value after =", 400,
    PARSE + "Unexpected end of name token at byte offset {}", ENTITIES)
MARK_RESERVED = Row(TEXT, "MarkdownV2: a reserved character", 400,
    PARSE + "Character '{}' is reserved and must be escaped with the preceding '\\'", ENTITIES)
MARK_NEVER_ENDED = Row(TEXT, "MarkdownV2: a mark is never ended", 400,
    PARSE + "Can't find end of {} entity at byte offset {}", ENTITIES)
MARK_LINK = Row(TEXT, "MarkdownV2: a link is never ended", 400,
    PARSE + "Can't find end of a URL at byte offset {}", ENTITIES)
OLD_MARK_NEVER_ENDED = Row(TEXT, "Markdown: a mark is never ended", 400,
    PARSE + "Can't find end of the entity starting at byte offset {}", ENTITIES)
ENTITY_SHAPE = Row("any entities", "an entity that is no object with a type", 400,
    PARSE + "can't parse MessageEntity: expected an Object", ENTITIES)
ENTITY_BOUNDS = Row("any entities", "an entity outside the text", 400, PARSE + "entity out of text bounds",
    ENTITIES)

# -- keyboards
BUTTON_DATA = Row(KEYBOARD, f"callback_data not of 1-{limits.CALLBACK_DATA_LIMIT_BYTES} bytes", 400,
    "Bad Request: BUTTON_DATA_INVALID", '§2 "400 … BUTTON_*_INVALID"; §3 "callback_data 1-64 bytes"')
BUTTON_URL = Row(KEYBOARD, "a link button whose link is none", 400, "Bad Request: BUTTON_URL_INVALID",
    '§2 "400 … BUTTON_*_INVALID"')
BUTTON_COPY = Row(KEYBOARD, f"copy_text not of 1-{limits.COPY_TEXT_LIMIT} characters", 400,
    "Bad Request: BUTTON_COPY_TEXT_INVALID", '§2 "400 … BUTTON_*_INVALID"; §3 "copy_text button 1-256 chars"')
BUTTON_KIND = Row(KEYBOARD, "a button without words, or that does nothing or two things", 400,
    "Bad Request: can't parse inline keyboard button: {}", SERVER)
MARKUP_TOO_LONG = Row(KEYBOARD, f"inline above {limits.INLINE_BUTTONS_LIMIT} buttons or "
    f"{limits.INLINE_ROW_LIMIT} a row, reply above {limits.REPLY_BUTTONS_LIMIT} or {limits.REPLY_ROW_LIMIT}, "
    f"or above {limits.MARKUP_LIMIT_BYTES >> 10} KB", 400, "Bad Request: reply markup is too long",
    '§2 "`reply markup is too long`"; §3 "≤ 100 buttons, ≤ 8 per row; reply keyboard ≤ 300/12; ≲ 10 KB"')
MARKUP_PARSE = Row(KEYBOARD, "of the wrong shape", 400,
    "Bad Request: can't parse reply keyboard markup JSON object", SERVER)

# -- files, albums, places, polls
NO_FILE = Row("send* of a file", "the file is missing", 400, "Bad Request: there is no {} in the request",
    SERVER)
WRONG_FILE = Row("send* of a file", "a file_id nobody knows, or of another kind", 400,
    "Bad Request: wrong file identifier/HTTP URL specified",
    '§2 "400 … `wrong file identifier/HTTP URL specified`"')
WRONG_FILE_ID = Row("getFile", "a file_id nobody knows", 400,
    "Bad Request: wrong file_id or the file is temporarily unavailable", SERVER)
FILE_TOO_BIG = Row("getFile", f"more than {limits.DOWNLOAD_LIMIT_BYTES >> 20} MB", 400,
    "Bad Request: file is too big", '§3 "Files: download ≤ 20 MB"')
INPUT_MEDIA = Row("sendMediaGroup, editMessageMedia", "an item of the wrong shape or kind", 400,
    "Bad Request: can't parse InputMedia: {}", SERVER)
ALBUM_EMPTY = Row("sendMediaGroup", "no items", 400, "Bad Request: there are no messages to send", SERVER)
ALBUM_TOO_LONG = Row("sendMediaGroup", f"more than {limits.ALBUM_LIMIT} items", 400,
    "Bad Request: too many messages to send as an album", '§3 "Album 2-10 items"')
ALBUM_MIXED = Row("sendMediaGroup", "a document or audio beside another kind", 400,
    "Bad Request: {} can't be mixed with other media types",
    '§3 "documents and audio only with their own kind"')
PLACE = Row("sendLocation, sendVenue", "a coordinate is missing or no number on the globe", 400,
    "Bad Request: {} is empty", SERVER)
CONTACT = Row("sendContact", "no phone number or no first name", 400, "Bad Request: {} is empty", SERVER)
POLL_WORDS = Row("sendPoll", "an empty question or option", 400, "Bad Request: text must be non-empty",
    SERVER)
POLL_QUESTION = Row("sendPoll", f"a question above {limits.POLL_QUESTION_LIMIT} characters", 400,
    f"Bad Request: poll question length must not exceed {limits.POLL_QUESTION_LIMIT}",
    '§3 "sendPoll question 1-300"')
POLL_NO_OPTIONS = Row("sendPoll", "no options", 400, "Bad Request: poll must have at least one answer option",
    '§3 "1-12 options"')
POLL_OPTIONS = Row("sendPoll", f"more than {limits.POLL_OPTIONS_LIMIT} options", 400,
    f"Bad Request: poll can't have more than {limits.POLL_OPTIONS_LIMIT} options", '§3 "1-12 options"')
POLL_OPTION = Row("sendPoll", f"an option above {limits.POLL_OPTION_LIMIT} characters", 400,
    f"Bad Request: poll options length must not exceed {limits.POLL_OPTION_LIMIT}", '§3 "of 1-100 chars"')
POLL_KIND = Row("sendPoll", "neither regular nor quiz", 400, "Bad Request: unsupported poll type specified",
    SERVER)
POLL_RIGHT = Row("sendPoll", "a quiz without a right option of its own", 400,
    "Bad Request: wrong correct option ID specified", SERVER)
POLL_EXPLANATION = Row("sendPoll", f"an explanation above {limits.POLL_EXPLANATION_LIMIT} characters or "
    f"{limits.POLL_EXPLANATION_LINES} line feeds, or a description above {limits.POLL_DESCRIPTION_LIMIT}",
    400,
    "Bad Request: poll {} is too long", '§3 "explanation 0-200 with ≤ 2 line feeds"; ' + OURS)
POLL_PERIOD = Row("sendPoll", "open_period outside {}-{} s".format(*limits.POLL_PERIOD_SECONDS), 400,
    "Bad Request: wrong poll open period specified", '§3 "open_period 5-2 628 000 s"; ' + OURS)
POLL_NOT_FOUND = Row("stopPoll", "no such poll of the bot", 400,
    "Bad Request: message with poll to stop not found", SERVER)
POLL_CLOSED = Row("stopPoll", "closed before", 400, "Bad Request: poll has already been closed", SERVER)

# -- what is already there
REPLY_NOT_FOUND = Row(SEND, "an answer to a message that is not there", 400,
    "Bad Request: message to be replied not found", SERVER)
COPY_NOT_FOUND = Row("copyMessage", "no such message", 400, "Bad Request: message to copy not found", SERVER)
NOT_MODIFIED = Row(EDIT, "nothing would change", 400, "Bad Request: message is not modified: specified new "
    "message content and reply markup are exactly the same as a current content and reply markup of the "
    "message",
    '§2 "400 `message is not modified…` | benign on edit"')
EDIT_NOT_FOUND = Row(EDIT, "no such message", 400, "Bad Request: message to edit not found",
    '§2 "400 `message to edit/delete not found`"')
CANT_EDIT = Row(EDIT, "the message is not the bot's", 400, "Bad Request: message can't be edited", SERVER)
NO_TEXT_TO_EDIT = Row("editMessageText", "the message carries a file", 400,
    "Bad Request: there is no text in the message to edit", SERVER)
NO_CAPTION_TO_EDIT = Row("editMessageCaption", "the message carries none", 400,
    "Bad Request: there is no caption in the message to edit", SERVER)
NO_MEDIA_TO_EDIT = Row("editMessageMedia", "the message carries no file and no text", 400,
    "Bad Request: there is no media in the message to edit", SERVER)
DELETE_NOT_FOUND = Row("deleteMessage", "no such message", 400, "Bad Request: message to delete not found",
    '§2 "400 `message to edit/delete not found`"')
CANT_DELETE = Row("deleteMessage", f"older than {limits.DELETE_LIFE_SECONDS // 3600} hours", 400,
    "Bad Request: message can't be deleted for everyone", '§2 "`message can\'t be deleted` (> 48 h)"')
REACT_NOT_FOUND = Row("setMessageReaction", "no such message", 400, "Bad Request: message to react not found",
    SERVER)
REACTION = Row("setMessageReaction", "not one of Telegram's emoji", 400, "Bad Request: REACTION_INVALID",
    SERVER)
REACTIONS = Row("setMessageReaction", "more than one: a bot has one", 400, "Bad Request: REACTIONS_TOO_MANY",
    SERVER)
QUERY_TOO_OLD = Row("answerCallbackQuery", f"unknown, or older than {limits.CALLBACK_LIFE_SECONDS} s", 400,
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
    '§2 "400 `query is too old and response timeout expired…` | benign"; §0 "live only 150 s"')
ANSWER_TOO_LONG = Row("answerCallbackQuery", f"more than {limits.CALLBACK_ANSWER_LIMIT} characters", 400,
    "Bad Request: MESSAGE_TOO_LONG", '§3 "callback answer text 0-200"')

# -- the bot itself
COMMANDS_SHAPE = Row("setMyCommands", "no list", 400, "Bad Request: can't parse list of bot commands", SERVER)
COMMANDS_MANY = Row("setMyCommands", f"more than {limits.COMMANDS_LIMIT}", 400,
    "Bad Request: BOT_COMMANDS_TOO_MUCH",
    '§8 "≤ 100 commands"; ' + SERVER)
COMMAND = Row("setMyCommands", "a command not of 1-32 small letters, digits and _", 400,
    "Bad Request: BOT_COMMAND_INVALID", SERVER)
COMMAND_WORDS = Row("setMyCommands", "a description not of 1-256 characters", 400,
    "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID", SERVER)
WORDS_TOO_LONG = Row("setMyName, setMyDescription, setMyShortDescription", "above 64, 512, 120 characters",
    400,
    "Bad Request: bot {} is too long", '§8 "setMyDescription 0-512 … setMyShortDescription 0-120"; ' + OURS)
# fmt: on

TABLE: dict[str, Row] = {name: row for name, row in globals().items() if isinstance(row, Row)}
