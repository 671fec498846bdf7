"""The numbers Telegram holds a bot to; each names the row of the fact sheet (`reference/telegram.md`)."""

from __future__ import annotations

TEXT_LIMIT = 4096  # §3 "Text 1-4096 after entity parsing"
CAPTION_LIMIT = 1024  # §3 "caption 0-1024"
RAW_TEXT_LIMIT_BYTES = 32_768  # §2 "> 32 768 bytes before parsing"
CALLBACK_DATA_LIMIT_BYTES = 64  # §3 "callback_data 1-64 bytes"
CALLBACK_ANSWER_LIMIT = 200  # §3 "callback answer text 0-200"
COPY_TEXT_LIMIT = 256  # §3 "copy_text button 1-256 chars"
INLINE_BUTTONS_LIMIT, INLINE_ROW_LIMIT = 100, 8  # §3 "Inline keyboard: ≤ 100 buttons, ≤ 8 per row"
REPLY_BUTTONS_LIMIT, REPLY_ROW_LIMIT = 300, 12  # §3 "reply keyboard ≤ 300/12"
MARKUP_LIMIT_BYTES = 10_240  # §3 "whole markup ≲ 10 KB"
ALBUM_LIMIT = 10  # §3 "Album 2-10 items"
POLL_QUESTION_LIMIT = 300  # §3 "sendPoll question 1-300"
POLL_OPTIONS_LIMIT, POLL_OPTION_LIMIT = 12, 100  # §3 "1-12 options of 1-100 chars"
POLL_EXPLANATION_LIMIT, POLL_EXPLANATION_LINES = 200, 2  # §3 "explanation 0-200 with ≤ 2 line feeds"
POLL_DESCRIPTION_LIMIT = 1024  # §3 "description 0-1024"
POLL_PERIOD_SECONDS = (5, 2_628_000)  # §3 "open_period 5-2 628 000 s"
COMMANDS_LIMIT = 100  # §8 "setMyCommands … ≤ 100 commands"
WORDS_LIMITS = {"name": 64, "description": 512, "short_description": 120}  # §8 "0-512 … 0-120"
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024  # §3 "upload ≤ 50 MB"
DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024  # §3 "download ≤ 20 MB"
CALLBACK_LIFE_SECONDS = 150  # §0 "Callback clicks live only 150 s"
DELETE_LIFE_SECONDS = 48 * 3600  # §3 "deleteMessage only < 48 h"
UPDATES_LIMIT = 100_000  # §0 "the queue holds at most 100 000 updates", more are dropped without a word
TOTAL_RATE_PER_SECOND = 30.0  # §1 "bulk notifications, whole bot ~30 msg/s"
CHAT_RATE_PER_SECOND = 1.0  # §1 "one chat: avoid > 1 msg/s; short bursts allowed, then 429"
# §1 "message edits: subject to the same per-chat limits", kept generous
EDIT_RATE_PER_SECOND, EDIT_BURST = 5.0, 20.0
