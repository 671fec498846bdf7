"""What control requests carry, read strictly: a mistake in a test should fail there, with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request


class Wrong(ValueError):  # noqa: N818, it is an answer, not a mistake of ours
    """The request cannot be understood; the sentence says why."""


async def structure(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object."""
    body = await request.body()
    if not body:
        return {}
    given = await request.json()
    if not isinstance(given, dict):
        raise Wrong("the body must be a JSON object")
    return given


def number(request: Request, name: str) -> int | None:
    """A number from the address, if it is there."""
    given = request.query_params.get(name)
    if given is None or given == "":
        return None
    try:
        return int(given)
    except ValueError:
        raise Wrong(f"{name} must be a number") from None


def needed(given: dict[str, Any], name: str) -> Any:
    """A field that must be there."""
    if name not in given:
        raise Wrong(f"{name} is missing")
    return given[name]
