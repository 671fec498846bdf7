"""Settings: the environment and `.env`, read once, wrong values named in one sentence."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingsError
from core.words import Language  # noqa: TC001 - read when the class is made

OFFICIAL_API = "https://api.telegram.org"


class Settings(BaseSettings):
    """Every variable Kvizor reads. The README table is checked against these fields by a test."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    bot_token: str = Field("", description="token from @BotFather; empty: `make run` starts the sandbox")
    admin_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Telegram ids of the owners, separated by commas"
    )
    database_url: str = Field(
        "sqlite:///var/kvizor.db", description="SQLite file, or postgresql://user:password@host/base"
    )
    telegram_api_url: str = Field(OFFICIAL_API, description="another Bot API server, e.g. the sandbox")
    time_zone: str = Field(
        "Europe/Moscow", description="the business's time zone: days and schedules follow it"
    )
    currency: str = Field("RUB", description="the base currency, three letters")
    language: Language = Field("ru", description="language of those whose Telegram tells none")
    business_name: str = Field(
        "Kvizor", description="how the bot calls your business in its texts", max_length=64
    )
    quizzes_dir: Path = Field(Path("quizzes"), description="folder with the quiz files")
    entry_quiz: str = Field("entry", description="id of the quiz a newcomer is offered")
    rate_limit: int = Field(30, ge=1, le=1000, description="messages a second Telegram allows this bot")
    rate_reserve: int = Field(5, ge=0, le=500, description="of these, kept for replies to people")
    cap_day: int = Field(
        0, ge=0, description="advertising letters a person gets in 24 hours at most; 0: as many as you send"
    )
    cap_week: int = Field(0, ge=0, description="the same in seven days")
    cap_topic_week: int = Field(0, ge=0, description="the same in seven days about one topic")
    scores_file: str = Field(
        "", description="YAML with your own points, weights and thresholds of scores; empty: as shipped"
    )
    grace_hours: int = Field(24, ge=1, description="a letter counts as unanswered after so many hours")
    digest: Literal["daily", "weekly", "off"] = Field(
        "daily", description="how often owners get the digest: daily, weekly (on Mondays) or off"
    )
    digest_hour: int = Field(9, ge=0, le=23, description="the hour of the business's day it is sent at")
    guards: str = Field(
        "", description="other thresholds of the guards (docs/guards.md), e.g. jump_ratio=3, ignored_days=60"
    )
    sandbox_port: int = Field(8081, ge=1, le=65535, description="port of the sandbox page on 127.0.0.1")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")
    log_format: Literal["console", "json"] = Field(
        "console", description="console for people, json for machines"
    )

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("bot_token")
    @classmethod
    def _token_shape(cls, value: str) -> str:
        head, colon, tail = value.partition(":")
        if value and not (head.isdigit() and colon and len(tail) >= 5):
            raise ValueError("it should look like 123456:ABC-DEF…, as @BotFather gave it")
        return value

    @field_validator("currency")
    @classmethod
    def _currency_code(cls, value: str) -> str:
        if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
            raise ValueError("it should be three capital letters as in ISO 4217, e.g. RUB")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone; write e.g. Europe/Moscow or Asia/Yekaterinburg") from error
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _bare_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("it should begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("rate_reserve")
    @classmethod
    def _reserve_below_limit(cls, value: int, info: object) -> int:
        limit = getattr(info, "data", {}).get("rate_limit", 30)
        if value >= limit:
            raise ValueError(f"it should be below RATE_LIMIT ({limit}), or no broadcast could leave")
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.time_zone)


def load(**overrides: object) -> Settings:
    """Read the settings; raises SettingsError with one sentence a wrong variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(item) for item in error.errors())) from None


def _sentence(item: object) -> str:
    place = item["loc"]  # type: ignore[index]
    name = str(place[0]).upper()
    given = "" if name == "BOT_TOKEN" else f" (given: {str(item['input'])[:60]!r})"  # type: ignore[index]
    return f"{name}: {str(item['msg']).removeprefix('Value error, ')}{given}."  # type: ignore[index]
